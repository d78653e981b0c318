"""Pages of one item while the meeting is held: the decision, its actions, and the signatures of a closure."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.gate import confirmed
from meetings_app.actions import service as actions
from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.queries import find_action
from meetings_app.audit.events import EventKind
from meetings_app.errors import Conflict, DomainError, RuleBroken
from meetings_app.meetings import agency_views, closures, deciding, plan_reviews, queries
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.gate import ClosureAnswers
from meetings_app.meetings.item_addresses import item_address, next_address, recommended_address, strategy_address
from meetings_app.meetings.item_page import (
    action_of_item,
    fill_agencies,
    fill_choices,
    fill_owners,
    item_view,
    keep_the_chairs_part,
    suggest,
)
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.routes_arranging import office
from meetings_app.meetings.running_forms import ActionForm, AgencyViewForm, DecisionForm, WithdrawForm
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.web.context import actor, db, found, now, saw
from meetings_app.web.forms import Form, VersionedForm, shown
from meetings_app.web.guard import requires


@blueprint.route("/meetings/<reference>/items/<number>", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def item(reference: str, number: str) -> ResponseReturnValue:
    """Show one item and keep what is decided on it; a second saver sees both texts and loses nothing."""
    meeting, entry = item_of(reference, number)
    decision = queries.decision_of(db(), entry.key)
    form, chair = DecisionForm(), actor().may(Permission.DECIDE, meeting.area_id)
    if not form.is_submitted():
        form.show(deciding.stored_decision(decision), deciding.stored_answers(db(), meeting, entry))
        form.version.data = str(decision.version)
        if decision.changed_by_id is None and decision.outcome is None:
            suggest(db(), office(), meeting, entry, form)
        return _page(meeting, entry, form, chair, 200)
    return save_item(meeting, entry, form, chair)


@blueprint.post("/meetings/<reference>/items/<number>/actions")
@requires(Permission.RECORD_MEETING)
def item_action(reference: str, number: str) -> ResponseReturnValue:
    """Write down an action on this item, with whatever else is typed on the page, and stay there."""
    meeting, entry = item_of(reference, number)
    form, chair = DecisionForm(), actor().may(Permission.DECIDE, meeting.area_id)
    if form.discussion.name in request.form:
        return save_item(meeting, entry, form, chair, adding="actions")
    action = ActionForm()
    owners = fill_owners(db(), meeting, entry, action)
    if action.validate():
        try:
            _add_action(meeting, entry, action, owners)
        except RuleBroken as broken:
            action.refuse(broken)
        else:
            return redirect(item_address(meeting, entry) + "#actions")
    return _page(meeting, entry, None, chair, 400, beside={"action_form": action})


def save_item(
    meeting: Meeting, entry: AgendaItem, form: DecisionForm, chair: bool, *, adding: str = "", removing: str = ""
) -> ResponseReturnValue:
    """Keep the decision with the action and the view typed beside it: whichever button is pressed, no word is lost.

    `adding` is the part of the page whose button was pressed, and to which the person comes back; `removing` the
    agency whose view is taken back. Whoever does not see the answers to a closure leaves them as they are.
    """
    answers = form.answers() if chair else deciding.stored_answers(db(), meeting, entry)
    if not chair:
        keep_the_chairs_part(form, deciding.stored_decision(queries.decision_of(db(), entry.key)))
    fill_choices(db(), office(), meeting, form, chair=chair)
    action, view = ActionForm(), AgencyViewForm()
    owners = fill_owners(db(), meeting, entry, action)
    fill_agencies(db(), view)
    reviews = plan_reviews.form_for(db(), meeting, entry)
    typed, viewed = adding == "actions" or action.is_typed, adding == "views" or view.is_typed
    beside = {"action_form": action, "view_form": view, "review_form": reviews}
    valid = [form.validate(), reviews.validate(), not typed or action.validate(), not viewed or view.validate()]
    if not all(valid):
        return _page(meeting, entry, form, chair, 400, beside=beside)
    try:
        deciding.record_decision(
            db(), actor(), now(), office(), meeting, entry, form.opened_at, form.decided(), answers
        )
        plan_reviews.record_reviews(db(), actor(), now(), meeting, entry, reviews.found())
        if typed:
            _add_action(meeting, entry, action, owners)
        if viewed:
            agency_views.record_view(db(), actor(), now(), meeting, entry, *view.view(), dissents=view.dissents)
        if removing:
            agency_views.remove_view(db(), actor(), now(), meeting, entry, removing)
    except RuleBroken as broken:
        next((each for each in (action, reviews) if broken.field in each), form).refuse(broken)
        refused = form.decided(), answers
        return _page(meeting, entry, form, chair, 400, beside=beside, typed=refused)
    except Conflict:
        return _conflict(meeting, entry, form, chair, beside)
    return _led_on(meeting, entry, form, adding or ("views" if removing else ""))


def _led_on(meeting: Meeting, entry: AgendaItem, form: DecisionForm, part: str) -> ResponseReturnValue:
    """Lead back to the part of the page that the person was at, or on to what is next."""
    if part:
        return redirect(f"{item_address(meeting, entry)}#{part}")
    undecided = "" if form.outcome.data else " It is not decided yet."
    flash(f"Item {entry.number} is saved.{undecided}", "success")
    chosen = recommended_address(meeting, entry) or strategy_address(meeting, entry)
    return redirect(chosen or next_address(meeting, entry, form))


def _add_action(meeting: Meeting, entry: AgendaItem, form: ActionForm, agency_of: Mapping[int, int]) -> None:
    """Propose the action; the person chosen says the agency."""
    owner, due_on = int(form.owner.data), form.due_on.data
    if due_on is None:
        raise RuleBroken("due_on", "Enter the date by which it is done")
    deciding.add_action(
        db(), actor(), now(), meeting, entry, what=form.what.data, agency_id=agency_of[owner], owner_id=owner,
        due_on=due_on,
    )  # fmt: skip


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
    return render_template("meetings/running/closures.html", rows=rows, form=Form(), me=actor().account_id)


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


def item_of(reference: str, number: str) -> tuple[Meeting, AgendaItem]:
    """Give a meeting that the person records and one of its items, or answer 404."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    return meeting, found(queries.find_item(db(), meeting.key, number))


def _page(
    meeting: Meeting,
    entry: AgendaItem,
    form: DecisionForm | None,
    chair: bool,
    status: int,
    *,
    differences: list[tuple[str, str, str]] | None = None,
    beside: Mapping[str, Form] | None = None,
    typed: tuple[Decided, ClosureAnswers] | None = None,
) -> ResponseReturnValue:
    if form is None:
        decision = queries.decision_of(db(), entry.key)
        form = DecisionForm(formdata=None)
        form.show(deciding.stored_decision(decision), deciding.stored_answers(db(), meeting, entry))
        form.version.data = str(decision.version)
    fill_choices(db(), office(), meeting, form, chair=chair)
    view = item_view(db(), office(), meeting, entry, typed)
    named = [row.other_id for row in view.gate.linked_high]
    saw(EventKind.CHILD_VIEWED, entry.child_id, meeting=meeting.reference, children=named)
    page = render_template(
        "meetings/running/item.html", meeting=meeting, item=entry, form=form, view=view, chair=chair,
        **{**_fresh(meeting, entry), **(beside or {})}, differences=differences or [],
        open=meeting.state is MeetingState.IN_PROGRESS, proposed=ActionState.PROPOSED,
        decided=sum(1 for state in view.states if state.outcome is not None),
    )  # fmt: skip
    return page, status


def _fresh(meeting: Meeting, entry: AgendaItem) -> dict[str, Form]:
    """Give the forms beside the decision as they are before anything is typed."""
    action, view = ActionForm(formdata=None), AgencyViewForm(formdata=None)
    fill_owners(db(), meeting, entry, action)
    fill_agencies(db(), view)
    reviews = plan_reviews.form_for(db(), meeting, entry, stored=True)
    return {"action_form": action, "view_form": view, "review_form": reviews}


def _conflict(
    meeting: Meeting, entry: AgendaItem, form: DecisionForm, chair: bool, beside: Mapping[str, Form]
) -> ResponseReturnValue:
    """Show both: what somebody else saved, and what was typed here, which the form still holds."""
    decision = queries.decision_of(db(), entry.key)
    theirs = DecisionForm(formdata=None)
    theirs.show(deciding.stored_decision(decision), deciding.stored_answers(db(), meeting, entry))
    fill_choices(db(), office(), meeting, theirs, chair=True)
    differences = [
        (field.label.text, shown(field), shown(theirs[field.name]))
        for field in form
        if field.name not in ("csrf_token", "form_id", "version") and shown(field) != shown(theirs[field.name])
    ]
    reviews, kept = beside["review_form"], plan_reviews.form_for(db(), meeting, entry, stored=True)
    differences += [
        (f"Safety plan, aim {field.name.rpartition('_')[2]}: {field.label.text}", shown(field), shown(kept[field.name]))
        for field in reviews
        if field.name in kept and field.name[:5] in ("effec", "seen_") and shown(field) != shown(kept[field.name])
    ]
    form.version.data = str(decision.version)
    form.form_id.data = DecisionForm(formdata=None).form_id.data
    return _page(meeting, entry, form, chair, 409, differences=differences, beside=beside)


def _proposed(meeting: Meeting, entry: AgendaItem, reference: str) -> Action:
    action = found(action_of_item(db(), meeting, entry, reference))
    if action.state is not ActionState.PROPOSED:
        raise DomainError("This action has been given and can no longer be changed here.")
    return action
