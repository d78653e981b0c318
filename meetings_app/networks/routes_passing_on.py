"""The page on which an action of an RMM is passed on to the network meeting."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from meetings_app.actions.queries import find_action
from meetings_app.errors import RuleBroken
from meetings_app.networks import passing_on, queries
from meetings_app.networks.blueprint import BOTH, blueprint, form_page
from meetings_app.networks.record_forms import PassOnForm
from meetings_app.networks.states import SubjectKind
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now
from meetings_app.web.guard import requires


@blueprint.route("/networks/actions-of-rmms/<reference>", methods=BOTH)
@requires(Permission.RECORD_MEETING)
def pass_action_on(reference: str) -> ResponseReturnValue:
    """Pass an action of an RMM on to the network meeting, with the network it is about."""
    action, form = found(find_action(db(), reference)), PassOnForm()
    found(action if passing_on.may_pass_on(actor(), action) else None)
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
    return form_page(form, "Pass on to the network meeting", "Pass it on", back, caption=f"Action {action.reference}")
