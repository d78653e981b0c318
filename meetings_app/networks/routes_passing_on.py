"""The pages on which an action of an RMM is passed on to the network meeting, and called back."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from meetings_app.actions.models import Action
from meetings_app.actions.queries import find_action
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.networks import passing_on, queries
from meetings_app.networks.blueprint import BOTH, blueprint, form_page
from meetings_app.networks.record_forms import CallBackForm, PassOnForm
from meetings_app.networks.states import SubjectKind
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now
from meetings_app.web.guard import requires


@blueprint.route("/networks/actions-of-rmms/<reference>", methods=BOTH)
@requires(Permission.RECORD_MEETING)
def pass_action_on(reference: str) -> ResponseReturnValue:
    """Pass an action of an RMM on to the network meeting, with the network it is about."""
    action, form = _action(reference), PassOnForm()
    networks = queries.subjects(db(), SubjectKind.NETWORK, "")
    form.network.choices = {"": "Choose", **{each.reference: f"{each.name}, {each.reference}" for each in networks}}
    back = url_for("actions.show", reference=action.reference)
    if form.validate_on_submit():
        try:
            passing_on.pass_on(db(), actor(), now(), action, queries.find_subject(db(), form.network.data or ""))
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The next network meeting hears of it.", "success")
            return redirect(back)
    return form_page(form, "Pass on to the network meeting", "Pass it on", back, offers=True, **_as_it_is(action))


@blueprint.route("/networks/actions-of-rmms/<reference>/back", methods=BOTH)
@requires(Permission.RECORD_MEETING)
def call_action_back(reference: str) -> ResponseReturnValue:
    """Call back an action that was passed on to the network meeting, with the reason; the RMM keeps it as it is."""
    action, form = _action(reference), CallBackForm()
    back = url_for("actions.show", reference=action.reference)
    if form.validate_on_submit():
        try:
            passing_on.call_back(db(), actor(), now(), action, form.reason.data or "")
        except RuleBroken as broken:
            form.refuse(broken)
        except DomainError as problem:
            form.form_errors.append(problem.message)
        else:
            flash("The network meeting hears of it no more. The RMM keeps it.", "success")
            return redirect(back)
    return form_page(
        form, "Call back from the network meeting", "Call it back", back, offers=False, **_as_it_is(action)
    )


def _action(reference: str) -> Action:
    """Give the action of an address to whoever records its RMM, or answer 404."""
    action: Action = found(find_action(db(), reference))
    return found(action if passing_on.may_pass_on(actor(), action) else None)


def _as_it_is(action: Action) -> dict[str, Any]:
    """Give what the page says of where the action is passed on to; a network is named to who may see it."""
    row = passing_on.watched(db(), action)
    return {
        "caption": f"Action {action.reference}", "intro": "networks/_passed.html", "action": action, "passed": row,
        "network": queries.subject_by_id(db(), row.subject_id) if row else None,
        "ended": passing_on.ended(db(), action),
    }  # fmt: skip
