"""Pages to hold a meeting: opening it, who is there, its items with their state, and closing it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries as people
from meetings_app.audit.events import EventKind
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.meetings import closing, deciding, queries
from meetings_app.meetings.attendance_facts import unrecorded
from meetings_app.meetings.attendance_page import AttendancePage
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.bringing_up import openings_of
from meetings_app.meetings.closing_checks import checks_before_closing
from meetings_app.meetings.forms import listed_as
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.minutes_earlier import minutes_to_hear
from meetings_app.meetings.models import Outcome
from meetings_app.meetings.notes import notes_before
from meetings_app.meetings.opening_page import is_opened
from meetings_app.meetings.rest_read import RestChanged
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.routes_arranging import STATE_WORDS, office
from meetings_app.meetings.running_forms import (
    PRESENCE_WORDS,
    CloseForm,
    NotesForm,
    RestForm,
)
from meetings_app.meetings.starting_forms import StartForm
from meetings_app.meetings.statement import read_again, still_to_be_read_to
from meetings_app.meetings.two_texts_page import save_notes
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.web.context import actor, db, now, saw, today
from meetings_app.web.guard import requires

_REST_FIELDS = {"deferred_reason": "reason", "information_agency": "agency"}


@blueprint.get("/meetings/<reference>/record")
@requires(Permission.RECORD_MEETING)
def record(reference: str) -> ResponseReturnValue:
    """Show how far the meeting has come: its items, who is there, and what is still to be done."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    return _record_page(meeting, StartForm(meeting, today()), 200)


@blueprint.post("/meetings/<reference>/record/start")
@requires(Permission.RECORD_MEETING)
def start(reference: str) -> ResponseReturnValue:
    """Open the meeting: who read the confidentiality and language statement, and now."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    form = StartForm(meeting, today())
    if not is_opened(meeting, form):
        return _record_page(meeting, form, 400)
    flash("The meeting is open. Record who is there.", "success")
    return redirect(url_for("meetings.attendance", reference=reference))


@blueprint.route("/meetings/<reference>/attendance", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def attendance(reference: str) -> ResponseReturnValue:
    """Record how each member attended, in one form; more people can be added by agency and name."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    here, back = (url_for(f"meetings.{page}", reference=reference) for page in ("attendance", "record"))
    return AttendancePage(meeting, "meetings/running/attendance.html", here, back).answer()


@blueprint.post("/meetings/<reference>/notes")
@requires(Permission.RECORD_MEETING)
def notes(reference: str) -> ResponseReturnValue:
    """Keep what concerns no single child. A second saver sees both texts."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    return save_notes(
        meeting, url_for("meetings.record", reference=reference),
        lambda form, status, theirs: _record_page(meeting, StartForm(meeting, today()), status, form, theirs),
    )  # fmt: skip


@blueprint.post("/meetings/<reference>/defer-the-rest")
@requires(Permission.RECORD_MEETING)
def defer_the_rest(reference: str) -> ResponseReturnValue:
    """Say of every item that is not decided that it was not reached, or defer them all: once they were listed.

    An item that was not in the list the person read is not passed on: the list is shown again.
    """
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    form = _rest_form()
    if form.validate_on_submit():
        try:
            count = _pass_on_the_rest(meeting, form)
        except RestChanged:
            return _rest_page(meeting, form)
        except RuleBroken as broken:
            for one in (broken, *broken.more):
                form.refuse(RuleBroken(_REST_FIELDS.get(one.field, one.field), one.message))
        else:
            goes = "1 item goes" if count == 1 else f"{count} items go"
            flash(f"{goes} to the next meeting.", "success")
            return redirect(url_for("meetings.close", reference=reference))
    return _close_page(meeting, form, 400)


def _rest_page(meeting: Meeting, form: RestForm) -> ResponseReturnValue:
    states = {state.id: state for state in queries.item_states(db(), meeting.key)}
    rest = [states[item.key] for item in deciding.undecided_items(db(), meeting.key)]
    changed = bool(form.listed.data)
    form.listed.data = listed_as(state.number for state in rest)
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(rest))
    return render_template(
        "meetings/running/rest.html", meeting=meeting, form=form, changed=changed,
        deferred=form.outcome.data == Outcome.DEFERRED.value, agency=dict(form.agency.choices).get(form.agency.data),
        items=[(each.number, each.child, each.name, f"/children/{each.child}") for each in rest],
        back=url_for("meetings.close", reference=meeting.reference), network=False,
        here=url_for("meetings.defer_the_rest", reference=meeting.reference),
    )  # fmt: skip


def _pass_on_the_rest(meeting: Meeting, form: RestForm) -> int:
    reason, listed = form.reason.data or "", form.listed.data or ""
    if form.outcome.data != Outcome.DEFERRED.value:
        return deciding.leave_the_rest(db(), actor(), now(), office(), meeting, reason, listed)
    agency_id = int(form.agency.data) if form.agency.data else None
    return deciding.defer_the_rest(db(), actor(), now(), office(), meeting, agency_id, reason, listed)


@blueprint.route("/meetings/<reference>/close", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def close(reference: str) -> ResponseReturnValue:
    """Close the meeting once nothing is open; until then say what is, item by item."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    form = CloseForm()
    if request.method == "GET" or not form.validate_on_submit():
        sent = request.method == "POST"
        return _close_page(meeting, _rest_form(fresh=True), 400 if sent else 200, form if sent else None)
    try:
        why = form.despite.data or "", form.although.data or ""
        closing.close_meeting(db(), actor(), now(), office(), meeting, form.opened_at, *why)
    except closing.StillOpen:
        return _close_page(meeting, _rest_form(fresh=True), 400, form)
    except RuleBroken as broken:
        form.refuse(broken)
        return _close_page(meeting, _rest_form(fresh=True), 400, form)
    flash("The meeting is closed and its decisions have taken effect. Both chairs sign the minutes.", "success")
    return redirect(url_for("meetings.minutes", reference=reference))


def _record_page(
    meeting: Meeting, form: StartForm, status: int, notes_form: NotesForm | None = None, theirs: str | None = None
) -> ResponseReturnValue:
    states = queries.item_states(db(), meeting.key)
    form.version.data = str(meeting.version)
    notes_form = notes_form or NotesForm(formdata=None, notes=meeting.notes, version=form.version.data)
    apart = apart_at(db(), actor(), meeting)
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(states))
    page = render_template(
        "meetings/running/record.html", meeting=meeting, form=form, notes_form=notes_form, states=states,
        state=STATE_WORDS[meeting.state], attendance=queries.attendance_of(db(), meeting.key), words=PRESENCE_WORDS,
        decided=sum(1 for item in states if item.outcome is not None), statement=office().partnership.rmm.statement,
        earlier=minutes_to_hear(db(), meeting), again=read_again(db(), meeting),
        statement_waits=still_to_be_read_to(db(), meeting) if meeting.state is MeetingState.IN_PROGRESS else (),
        room_at=next((each.number for each in reversed(openings_of(db(), meeting.key))), ""),
        apart=apart, theirs=None if theirs is None else apart.text(theirs),
        before=apart.shown(notes_before(db(), meeting)),
    )  # fmt: skip
    return page, status


def _close_page(meeting: Meeting, rest: RestForm, status: int, form: CloseForm | None = None) -> ResponseReturnValue:
    if meeting.state is not MeetingState.IN_PROGRESS:
        raise DomainError("Only a meeting that is being held can be closed.")
    form = form or CloseForm(formdata=None)
    form.version.data = str(meeting.version)
    obstacles = closing.obstacles_to_closing(db(), office(), meeting)
    undecided = len(deciding.undecided_items(db(), meeting.key))
    attendance = queries.attendance_of(db(), meeting.key)
    present = queries.present_agencies(db(), meeting.key)
    missing = [code for code in office().partnership.rmm.quorum_agencies if code not in present]
    names = {agency.code: agency.name for agency in people.agencies(db())}
    page = render_template(
        "meetings/running/close.html", meeting=meeting, form=form, rest=rest, obstacles=obstacles,
        undecided=undecided, missing=[names[code] for code in missing],
        items=len(queries.item_states(db(), meeting.key)),
        doubts=checks_before_closing(db(), office(), meeting, now()), attendance=attendance,
        unrecorded=unrecorded(db(), meeting.key),
        not_approved=[each for each in minutes_to_hear(db(), meeting) if each.to_approve],
    )  # fmt: skip
    return page, status


def _rest_form(*, fresh: bool = False) -> RestForm:
    form = RestForm(formdata=None) if fresh else RestForm()
    form.agency.choices = {"": "Choose", **{str(agency.id): agency.name for agency in people.agencies(db())}}
    return form
