"""The page of a meeting’s conflicts of interest: who is kept from which item, and why."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.actions.models import ActionState
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.errors import RuleBroken
from meetings_app.meetings import conflicts, queries
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.conflict_forms import WALK_IN, ConflictForm, EndConflictForm
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.walk_in_conflicts import declare_and_leave, take_back, walk_in_conflicts, walk_ins
from meetings_app.meetings.walking_in import taking_part
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.web.context import actor, db, found, now, saw
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires


@blueprint.route("/meetings/<reference>/conflicts", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def conflicts_of_interest(reference: str) -> ResponseReturnValue:
    """Show the conflicts of interest about the items, and record one; the person is kept from the item at once."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    form = ConflictForm()
    _fill(meeting, form)
    if form.validate_on_submit():
        item = found(queries.find_item(db(), meeting.key, str(form.item.data)))
        try:
            said = _declare(meeting, item, form)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash(said, "success")
            return redirect(url_for("meetings.conflicts_of_interest", reference=reference))
    return _page(meeting, form, 400 if form.errors else 200)


@blueprint.post("/meetings/<reference>/conflicts/<int:conflict>/end")
@requires(Permission.RECORD_MEETING)
def conflict_ended(reference: str, conflict: int) -> ResponseReturnValue:
    """Record that a conflict of interest is over, and why."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    form = EndConflictForm()
    if form.validate():
        try:
            conflicts.end(db(), actor(), now(), meeting, conflict, form.ended_reason.data)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("Recorded. The person may see the child again, as far as their role goes.", "success")
            return redirect(url_for("meetings.conflicts_of_interest", reference=reference))
    fresh = ConflictForm(formdata=None)
    _fill(meeting, fresh)
    return _page(meeting, fresh, 400, ending=(conflict, form))


@blueprint.post("/meetings/<reference>/conflicts/<number>/<int:attendance>/taken-back")
@requires(Permission.RECORD_MEETING)
def walk_in_conflict_taken_back(reference: str, number: str, attendance: int) -> ResponseReturnValue:
    """Take back that somebody without an account left the room for an item because of a conflict of interest."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    item = found(queries.find_item(db(), meeting.key, number))
    if Form().validate_on_submit():
        take_back(db(), actor(), now(), meeting, item, attendance)
        flash(f"Taken back. The person counts as in the room for item {item.number}.", "success")
    return redirect(url_for("meetings.conflicts_of_interest", reference=reference))


def _declare(meeting: Meeting, item: AgendaItem, form: ConflictForm) -> str:
    """Record what was sent; gives what to say of it."""
    if form.walk_in is None:
        conflicts.declare(db(), actor(), now(), meeting, item, int(form.person.data), form.reason.data)
        return f"Recorded. The person can no longer open item {item.number}."
    declare_and_leave(db(), actor(), now(), meeting, item, form.walk_in, form.reason.data)
    return f"Recorded. The person has left the room for item {item.number}."


def _fill(meeting: Meeting, form: ConflictForm) -> None:
    people = taking_part(db(), actor(), meeting)
    there = {f"{WALK_IN}{key}": f"{name} (without an account)" for key, name in walk_ins(db(), meeting)}
    form.person.choices = {"": "Choose", **{str(account_id): name for account_id, name in people}, **there}
    items = [state for state in queries.item_states(db(), meeting.key) if not state.stub]
    form.item.choices = {"": "Choose", **{item.number: f"{item.number}, {item.child}" for item in items}}
    if request.method == "GET" and request.args.get("item", "") in form.item.choices:
        form.item.data = request.args.get("item", "")


def _page(
    meeting: Meeting, form: ConflictForm, status: int, ending: tuple[int, EndConflictForm] | None = None
) -> ResponseReturnValue:
    rows = conflicts.conflicts_at(db(), meeting)
    shown = [state.child_id for state in queries.item_states(db(), meeting.key) if not state.stub]
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(shown))
    record_read(db(), actor(), now(), f"conflicts of interest of {meeting.reference}", shown)
    page = render_template(
        "meetings/running/conflicts.html", meeting=meeting, form=form, rows=rows, ending=ending,
        walk_ins=walk_in_conflicts(db(), meeting), open=meeting.state is MeetingState.IN_PROGRESS,
        held=conflicts.actions_held(db(), meeting), proposed=ActionState.PROPOSED,
        end_form=EndConflictForm(formdata=None), me=actor().account_id,
    )  # fmt: skip
    return page, status
