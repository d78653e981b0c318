"""What the rating of a child asks for, taken up on the child's page: given at once, outside a meeting."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from meetings_app.actions.forms import offer_owners
from meetings_app.actions.queries import possible_owners
from meetings_app.actions.recommended_queries import Fate, RecommendedAction
from meetings_app.actions.taking_up import Asked
from meetings_app.audit.events import EventKind
from meetings_app.child_record.changes import child_for
from meetings_app.child_record.routes import blueprint
from meetings_app.children.queries import find_child
from meetings_app.errors import RuleBroken
from meetings_app.meetings.raising import raised_for_child, raised_now, take_up_raised
from meetings_app.meetings.running_forms import ActionForm
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now, partnership, saw, today
from meetings_app.web.guard import requires


@blueprint.route("/children/<reference>/raised/<any(high, medium):rating>/<int:number>", methods=["GET", "POST"])
@requires(Permission.GIVE_ACTION)
def raised(reference: str, rating: str, number: int) -> ResponseReturnValue:
    """Ask who does what the rating asks for and by when, and give it."""
    child = child_for(reference, Permission.GIVE_ACTION)
    row = _asked(child, rating, number)
    form = ActionForm(what=row.text, due_on=max(row.due_on, today()))
    agency_of = offer_owners(form.owner, possible_owners(db(), child.id), row.agency_id, row.agency)
    if form.validate_on_submit() and form.due_on.data is not None:
        owner, whole = int(form.owner.data), found(find_child(db(), reference))
        asked = Asked(form.what.data, agency_of[owner], owner, form.due_on.data)
        try:
            action = take_up_raised(db(), actor(), now(), partnership(), whole, row, asked)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash(f"Action {action.reference} is given.", "success")
            return redirect(url_for("child_record.show", reference=reference, _anchor="actions"))
    saw(EventKind.CHILD_VIEWED, child.id)
    page = render_template("child_record/raised.html", child=child, row=row, form=form, has_errors=bool(form.errors))
    return page, 400 if form.errors else 200


def _asked(child: Any, rating: str, number: int) -> RecommendedAction:
    """Give what the child's rating asks for and nobody has answered, or answer 404."""
    asking = raised_now(db(), child.id, today())
    rows = raised_for_child(db(), child.id, partnership(), today(), asking)
    wanted = (rating, number, Fate.OFFERED)
    return found(next((row for row in rows if (row.assessment, row.number, row.fate) == wanted), None))
