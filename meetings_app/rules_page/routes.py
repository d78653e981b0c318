"""The page Rules: what rules now, from whom it comes, and since when."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from meetings_app.permissions import Actor, Permission, Role
from meetings_app.rules_page import queries, showing
from meetings_app.rules_page.values import RATINGS
from meetings_app.rules_page.words import agencies_of
from meetings_app.web.context import actor, db, partnership
from meetings_app.web.guard import requires

blueprint = Blueprint("rules_page", __name__, url_prefix="/settings/rules")


@blueprint.get("")
@requires(Permission.SEE_RULES)
def index() -> ResponseReturnValue:
    """Show every rule that is in force."""
    versions = queries.every_version(db())
    agencies, raised = agencies_of(partnership().agencies), partnership().raised
    return render_template(
        "rules/index.html",
        sections=showing.in_force(versions, agencies),
        may_change=may_change(actor()),
        agencies=agencies,
        raised=[("High", raised.high), ("Medium", raised.medium)],
        reasons=showing.reasons(versions[RATINGS], {tool.code: tool.name for tool in partnership().tools}),
    )


def may_change(person: Actor) -> bool:
    """Say whether a person changes the rules: administrators do, and a coordinator of the whole county.

    One set of rules holds for the county, so that a coordinator of some areas changes none for the others.
    """
    return person.has(Role.ADMINISTRATOR) or any(
        grant.role is Role.COORDINATOR and grant.area_id is None for grant in person.grants
    )
