"""Pages of one item while the meeting is held: the decision, its actions, and the signatures of a closure."""

from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.password_again import confirmed
from meetings_app.actions import service as actions
from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.queries import find_action
from meetings_app.audit.events import EventKind
from meetings_app.clock import london_date
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.meetings import closures, deciding
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.item_addresses import item_address
from meetings_app.meetings.item_page import action_of_item, fill_owners
from meetings_app.meetings.item_saving import add_action, save_item
from meetings_app.meetings.item_shown import item_of, live_rows, present_forms, show_item
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.routes_arranging import office
from meetings_app.meetings.running_forms import ActionForm, WithdrawForm
from meetings_app.meetings.signing_checks import what_keeps
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting
from meetings_app.web.context import actor, db, found, now, saw
from meetings_app.web.forms import Form, VersionedForm
from meetings_app.web.guard import requires


@blueprint.route("/meetings/<reference>/items/<number>", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def item(reference: str, number: str) -> ResponseReturnValue:
    """Show one item and keep what is decided on it; a second saver sees both texts and loses nothing."""
    meeting, entry = item_of(reference, number)
    return save_item(meeting, entry) if request.method == "POST" else show_item(meeting, entry)


@blueprint.post("/meetings/<reference>/items/<number>/actions")
@requires(Permission.RECORD_MEETING)
def item_action(reference: str, number: str) -> ResponseReturnValue:
    """Write down an action on this item, with whatever else is typed on the page, and stay there."""
    meeting, entry = item_of(reference, number)
    if "discussion" in request.form:
        return save_item(meeting, entry, adding="actions")
    action = ActionForm()
    owners = fill_owners(db(), meeting, entry, action)
    if action.validate():
        try:
            add_action(meeting, entry, action, owners)
        except RuleBroken as broken:
            action.refuse(broken)
        else:
            return redirect(item_address(meeting, entry) + "#actions")
    forms = replace(present_forms(meeting, entry, live_rows(meeting, entry)), action=action)
    return show_item(meeting, entry, 400, forms)


@blueprint.route("/meetings/<reference>/items/<number>/actions/<action_reference>", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def item_action_change(reference: str, number: str, action_reference: str) -> ResponseReturnValue:
    """Change an action while it is still proposed."""
    meeting, entry = item_of(reference, number)
    action = _proposed(meeting, entry, action_reference)
    form = ActionForm(what=action.what, owner=str(action.owner_id), due_on=action.due_on)
    agency_of = fill_owners(db(), meeting, entry, form)
    if form.validate_on_submit() and form.due_on.data is not None:
        owner = int(form.owner.data)
        try:
            deciding.change_action(
                db(), actor(), now(), meeting, entry, action, form.opened_at, what=form.what.data,
                agency_id=agency_of[owner], owner_id=owner, due_on=form.due_on.data,
            )  # fmt: skip
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return redirect(item_address(meeting, entry) + "#actions")
    if not form.is_submitted():
        form.version.data = str(action.version)
    page = render_template("meetings/running/action.html", meeting=meeting, item=entry, action=action, form=form)
    return page, 400 if form.errors else 200


@blueprint.post("/meetings/<reference>/items/<number>/actions/<action_reference>/remove")
@requires(Permission.RECORD_MEETING)
def item_action_remove(reference: str, number: str, action_reference: str) -> ResponseReturnValue:
    """Take back an action that is still proposed."""
    meeting, entry = item_of(reference, number)
    deciding.remove_action(db(), actor(), now(), meeting, entry, _proposed(meeting, entry, action_reference))
    return redirect(item_address(meeting, entry) + "#actions")


@blueprint.route("/meetings/<reference>/items/<number>/withdraw/<action_reference>", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def item_action_withdraw(reference: str, number: str, action_reference: str) -> ResponseReturnValue:
    """Withdraw an open action of the child: only a meeting may, and it says why."""
    meeting, entry = item_of(reference, number)
    action = found(find_action(db(), action_reference))
    if action.child_id != entry.child_id:
        abort(404)
    apart_at(db(), actor(), meeting).check("what", action.what)
    form = WithdrawForm()
    if form.validate_on_submit():
        actions.withdraw(db(), actor(), now(), meeting, action, form.opened_at, form.reason.data)
        flash(f"Action {action.reference} is withdrawn.", "success")
        return redirect(item_address(meeting, entry))
    form.version.data = str(action.version)
    page = render_template("meetings/running/withdraw.html", meeting=meeting, item=entry, action=action, form=form)
    return page, 400 if form.errors else 200


@blueprint.get("/closures")
@requires(Permission.CLOSE_ENTRY)
def closures_waiting() -> ResponseReturnValue:
    """List the closures that wait for a chair's signature."""
    rows = closures.waiting_closures(db())
    saw(EventKind.WAITING_VIEWED, what="closures", children=[row.child_id for row in rows])
    kept = what_keeps(db(), office().partnership.ratings, [row.id for row in rows], london_date(now()))
    return render_template("meetings/running/closures.html", rows=rows, kept=kept, form=Form(), me=actor().account_id)


@blueprint.post("/closures/<child_reference>/sign")
@requires(Permission.CLOSE_ENTRY)
@confirmed
def closure_sign(child_reference: str) -> ResponseReturnValue:
    """Sign a closure as one of the two chairs; with the second signature the child leaves the list."""
    closure = found(closures.find_waiting(db(), child_reference))
    form = VersionedForm()
    left = closures.sign(db(), actor(), now(), office(), closure, form.opened_at)
    flash("Both chairs have signed: the child is off the list." if left else "Your signature is recorded.", "success")
    return redirect(url_for("meetings.closures_waiting"))


def _proposed(meeting: Meeting, entry: AgendaItem, reference: str) -> Action:
    action = found(action_of_item(db(), meeting, entry, reference))
    if action.state is not ActionState.PROPOSED:
        raise DomainError("This action has been given and can no longer be changed here.")
    apart_at(db(), actor(), meeting).check("what", action.what)
    return action
