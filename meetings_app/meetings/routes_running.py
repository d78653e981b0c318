"""Pages to hold a meeting: opening it, who is there, its items with their state, and closing it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries as people
from meetings_app.audit.events import EventKind
from meetings_app.errors import Conflict, DomainError, RuleBroken
from meetings_app.meetings import closing, deciding, plan_reviews, queries, running
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.bringing_up import openings_of
from meetings_app.meetings.closing_checks import checks_before_closing
from meetings_app.meetings.minutes_earlier import earlier_minutes
from meetings_app.meetings.models import Outcome, Presence
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.routes_arranging import STATE_WORDS, office
from meetings_app.meetings.running import AttendanceLine
from meetings_app.meetings.running_forms import (
    PRESENCE_WORDS,
    CloseForm,
    NotesForm,
    PersonForm,
    RestForm,
    StartForm,
)
from meetings_app.meetings.said_beforehand import proposed, said_beforehand
from meetings_app.meetings.statement import read_again, still_to_be_read_to
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.queries import invited
from meetings_app.web.context import actor, db, now, saw
from meetings_app.web.guard import requires

_REST_FIELDS = {"deferred_reason": "reason", "information_agency": "agency"}


@blueprint.get("/meetings/<reference>/record")
@requires(Permission.RECORD_MEETING)
def record(reference: str) -> ResponseReturnValue:
    """Show how far the meeting has come: its items, who is there, and what is still to be done."""
    return _record_page(rmm_of(reference, Permission.RECORD_MEETING), StartForm(), 200)


@blueprint.post("/meetings/<reference>/record/start")
@requires(Permission.RECORD_MEETING)
def start(reference: str) -> ResponseReturnValue:
    """Open the meeting: who read the confidentiality and language statement, and now."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    form = StartForm()
    if not form.validate_on_submit():
        return _record_page(meeting, form, 400)
    running.start(db(), actor(), now(), meeting, form.opened_at, form.read_by.data)
    flash("The meeting is open. Record who is there.", "success")
    return redirect(url_for("meetings.attendance", reference=reference))


@blueprint.route("/meetings/<reference>/attendance", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def attendance(reference: str) -> ResponseReturnValue:
    """Record how each member attended, in one form; more people can be added by agency and name."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    agencies = people.agencies(db())
    form = PersonForm()
    form.agency.choices = {"": "Choose", **{str(agency.id): agency.name for agency in agencies}}
    if request.method == "POST" and "members" in request.form:
        return _save_members(meeting, form)
    if request.method == "POST" and "remove" in request.form:
        agency_id = request.form.get("remove_agency", "")
        name = request.form["remove"]
        running.remove_attendant(db(), actor(), now(), meeting, int(agency_id) if agency_id.isdigit() else 0, name)
        flash("The person is taken off the attendance.", "success")
        return redirect(url_for("meetings.attendance", reference=reference))
    if form.validate_on_submit():
        line = AttendanceLine(
            int(form.agency.data), form.name.data, Presence(form.presence.data), note=form.note.data or ""
        )
        running.set_attendance(db(), actor(), now(), meeting, [line])
        return redirect(url_for("meetings.attendance", reference=reference))
    return _attendance_page(meeting, form, 400 if form.errors else 200)


@blueprint.post("/meetings/<reference>/notes")
@requires(Permission.RECORD_MEETING)
def notes(reference: str) -> ResponseReturnValue:
    """Keep what concerns no single child. A second saver sees both texts."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    form = NotesForm()
    if not form.validate_on_submit():
        return _record_page(meeting, StartForm(), 400, notes_form=form)
    running.write_notes(db(), actor(), meeting, form.opened_at, form.notes.data)
    flash("The notes are saved.", "success")
    return redirect(url_for("meetings.record", reference=reference))


@blueprint.post("/meetings/<reference>/defer-the-rest")
@requires(Permission.RECORD_MEETING)
def defer_the_rest(reference: str) -> ResponseReturnValue:
    """Say of every item that is not decided that it was not reached, or defer them all for one reason."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    form = _rest_form()
    if form.validate_on_submit():
        try:
            count = _pass_on_the_rest(meeting, form)
        except RuleBroken as broken:
            form.refuse(RuleBroken(_REST_FIELDS.get(broken.field, broken.field), broken.message))
        else:
            goes = "1 item goes" if count == 1 else f"{count} items go"
            flash(f"{goes} to the next meeting.", "success")
            return redirect(url_for("meetings.close", reference=reference))
    return _close_page(meeting, form, 400)


def _pass_on_the_rest(meeting: Meeting, form: RestForm) -> int:
    reason = form.reason.data or ""
    if form.outcome.data != Outcome.DEFERRED.value:
        return deciding.leave_the_rest(db(), actor(), now(), office(), meeting, reason)
    agency_id = int(form.agency.data) if form.agency.data else None
    return deciding.defer_the_rest(db(), actor(), now(), office(), meeting, agency_id, reason)


@blueprint.route("/meetings/<reference>/close", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def close(reference: str) -> ResponseReturnValue:
    """Close the meeting once nothing is open; until then say what is, item by item."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    form = CloseForm()
    if request.method == "GET" or not form.validate_on_submit():
        return _close_page(meeting, _rest_form(fresh=True), 200 if request.method == "GET" else 400)
    try:
        closing.close_meeting(db(), actor(), now(), office(), meeting, form.opened_at)
    except closing.StillOpen:
        return _close_page(meeting, _rest_form(fresh=True), 400)
    flash("The meeting is closed and its decisions have taken effect. Both chairs sign the minutes.", "success")
    return redirect(url_for("meetings.minutes", reference=reference))


def _save_members(meeting: Meeting, form: PersonForm) -> ResponseReturnValue:
    """Save how the members attended; a second saver sees what the first one saved, and keeps what was chosen."""
    lines = _member_lines(meeting)
    try:
        running.set_attendance(db(), actor(), now(), meeting, lines, request.form.get("seen", ""))
    except Conflict:
        return _attendance_page(meeting, form, 409, ours=lines)
    flash("Attendance is saved.", "success")
    return redirect(url_for("meetings.record", reference=meeting.reference))


def _attendance_page(
    meeting: Meeting, form: PersonForm, status: int, ours: list[AttendanceLine] | None = None
) -> ResponseReturnValue:
    there, members = queries.attendance_of(db(), meeting.key), _members(meeting)
    saved = {line.account_id: line.presence for line in there if line.account_id is not None}
    said = said_beforehand(db(), meeting.key)
    # Once anything is recorded the form starts from that alone; and after the meeting nothing is proposed.
    proposing = bool(said) and not there and meeting.state is MeetingState.IN_PROGRESS
    start_from = proposed(said, [(member[0], member[3]) for member in members]) if proposing else saved
    chosen = start_from if ours is None else {line.account_id: line.presence for line in ours}
    differences = [
        (name, _presence_words(chosen.get(account_id)), _presence_words(saved.get(account_id)))
        for account_id, name, _agency, _agency_id in members
        if chosen.get(account_id) != saved.get(account_id)
    ]
    invited_ids = {member[0] for member in members}
    page = render_template(
        "meetings/running/attendance.html", meeting=meeting, form=form, members=members, chosen=chosen,
        others=[line for line in there if line.account_id not in invited_ids], words=PRESENCE_WORDS,
        open=meeting.state is MeetingState.IN_PROGRESS, seen=running.attendance_digest(there),
        differences=differences, conflicting=status == 409, said=said, proposing=proposing,
    )  # fmt: skip
    return page, status


def _presence_words(presence: Presence | None) -> str:
    return PRESENCE_WORDS[presence] if presence else "Not recorded"


def _record_page(
    meeting: Meeting, form: StartForm, status: int, notes_form: NotesForm | None = None
) -> ResponseReturnValue:
    states = queries.item_states(db(), meeting.key)
    notes_form = notes_form or NotesForm(formdata=None, notes=meeting.notes)
    form.version.data = notes_form.version.data = str(meeting.version)
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(states))
    page = render_template(
        "meetings/running/record.html", meeting=meeting, form=form, notes_form=notes_form, states=states,
        state=STATE_WORDS[meeting.state], attendance=queries.attendance_of(db(), meeting.key), words=PRESENCE_WORDS,
        decided=sum(1 for item in states if item.outcome is not None), statement=office().partnership.rmm.statement,
        earlier=earlier_minutes(db(), meeting), again=read_again(db(), meeting),
        statement_waits=still_to_be_read_to(db(), meeting) if meeting.state is MeetingState.IN_PROGRESS else (),
        room_at=next((each.number for each in reversed(openings_of(db(), meeting.key))), ""),
    )  # fmt: skip
    return page, status


def _close_page(meeting: Meeting, rest: RestForm, status: int) -> ResponseReturnValue:
    if meeting.state is not MeetingState.IN_PROGRESS:
        raise DomainError("Only a meeting that is being held can be closed.")
    form = CloseForm(formdata=None)
    form.version.data = str(meeting.version)
    obstacles = closing.obstacles_to_closing(db(), office(), meeting)
    undecided = len(deciding.undecided_items(db(), meeting.key))
    present = queries.present_agencies(db(), meeting.key)
    missing = [code for code in office().partnership.rmm.quorum_agencies if code not in present]
    names = {agency.code: agency.name for agency in people.agencies(db())}
    page = render_template(
        "meetings/running/close.html", meeting=meeting, form=form, rest=rest, obstacles=obstacles,
        undecided=undecided, missing=[names[code] for code in missing],
        items=len(queries.item_states(db(), meeting.key)),
        without_review=plan_reviews.items_without_review(db(), meeting),
        checks=checks_before_closing(db(), office(), meeting, now()),
    )  # fmt: skip
    return page, status


def _rest_form(*, fresh: bool = False) -> RestForm:
    form = RestForm(formdata=None) if fresh else RestForm()
    form.agency.choices = {"": "Choose", **{str(agency.id): agency.name for agency in people.agencies(db())}}
    return form


def _members(meeting: Meeting) -> list[tuple[int, str, str, int]]:
    agencies = {agency.id: agency.name for agency in people.agencies(db())}
    members = [
        (person.key, person.name, agencies[person.agency_id], person.agency_id) for person in invited(db(), meeting.key)
    ]
    return sorted(members, key=lambda member: (member[3], member[1]))


def _member_lines(meeting: Meeting) -> list[AttendanceLine]:
    """Read what was chosen for each member; whoever has no choice is left out."""
    lines = []
    for account_id, name, _agency, agency_id in _members(meeting):
        chosen = request.form.get(f"presence-{account_id}", "")
        if chosen in {presence.value for presence in Presence}:
            lines.append(AttendanceLine(agency_id, name, Presence(chosen), account_id))
    return lines
