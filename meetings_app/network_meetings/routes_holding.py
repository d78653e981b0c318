"""Pages to hold a network meeting: opening it, who is there, its items with their state, conflicts, and closing it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts import queries as people
from meetings_app.audit.events import EventKind
from meetings_app.clock import london_date
from meetings_app.errors import RuleBroken
from meetings_app.meetings import running
from meetings_app.meetings.attendance_facts import unrecorded
from meetings_app.meetings.attendance_page import AttendancePage
from meetings_app.meetings.closing import StillOpen
from meetings_app.meetings.forms import listed_as
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.notes import notes_before
from meetings_app.meetings.opening_page import is_opened
from meetings_app.meetings.queries import attendance_of, present_agencies
from meetings_app.meetings.rest_read import RestChanged
from meetings_app.meetings.routes_arranging import STATE_WORDS
from meetings_app.meetings.running_forms import PRESENCE_WORDS, NotesForm
from meetings_app.meetings.starting_forms import StartForm
from meetings_app.meetings.two_texts_page import save_notes
from meetings_app.meetings.walking_in import taking_part
from meetings_app.network_meetings import closing, presence
from meetings_app.network_meetings.blueprint import BOTH, blueprint, item_at, network_meeting, office
from meetings_app.network_meetings.forms import CloseForm, ConflictForm, EndConflictForm, RestForm
from meetings_app.network_meetings.page import OUTCOME_WORDS, Row, view_of
from meetings_app.network_meetings.rules import missing_agencies
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting
from meetings_app.web.context import actor, db, now, saw, today
from meetings_app.web.guard import requires


@blueprint.get("/networks/meetings/<reference>/record")
@requires(Permission.DECIDE_NETWORKS)
def record(reference: str) -> ResponseReturnValue:
    """Show how far the meeting has come: its items, who is there, and what is still to be done."""
    meeting = network_meeting(reference)
    return _record_page(meeting, StartForm(meeting, today()), 200)


@blueprint.post("/networks/meetings/<reference>/record/start")
@requires(Permission.DECIDE_NETWORKS)
def start(reference: str) -> ResponseReturnValue:
    """Open the meeting: who read the confidentiality and language statement, and now."""
    meeting = network_meeting(reference)
    form = StartForm(meeting, today())
    if not is_opened(meeting, form):
        return _record_page(meeting, form, 400)
    flash("The meeting is open. Record who is there.", "success")
    return redirect(url_for("network_meetings.attendance", reference=reference))


@blueprint.post("/networks/meetings/<reference>/notes")
@requires(Permission.DECIDE_NETWORKS)
def notes(reference: str) -> ResponseReturnValue:
    """Keep what concerns no single item. A second saver sees both texts."""
    meeting = network_meeting(reference)
    return save_notes(
        meeting, url_for("network_meetings.record", reference=reference),
        lambda form, status, theirs: _record_page(meeting, StartForm(meeting, today()), status, form, theirs),
    )  # fmt: skip


@blueprint.route("/networks/meetings/<reference>/attendance", methods=BOTH)
@requires(Permission.DECIDE_NETWORKS)
def attendance(reference: str) -> ResponseReturnValue:
    """Record how each member attended, in one form; more people can be added by agency and name."""
    here, back = (url_for(f"network_meetings.{page}", reference=reference) for page in ("attendance", "record"))
    return AttendancePage(network_meeting(reference), "network_meetings/attendance.html", here, back).answer()


@blueprint.route("/networks/meetings/<reference>/conflicts", methods=BOTH)
@requires(Permission.DECIDE_NETWORKS)
def conflicts(reference: str) -> ResponseReturnValue:
    """Record who has a conflict of interest about an item; they are kept from it and from its record at once."""
    meeting, form = network_meeting(reference), ConflictForm()
    declaring = taking_part(db(), actor(), meeting)
    form.person.choices = {"": "Choose", **{str(key): name for key, name in declaring}}
    number = request.args.get("item", "")
    if form.validate_on_submit():
        try:
            chosen = int(form.person.data)
            presence.declare(db(), actor(), now(), meeting, item_at(meeting, number), chosen, form.reason.data or "")
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The conflict of interest is recorded.", "success")
            return redirect(url_for("network_meetings.conflicts", reference=reference))
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference)
    page = render_template(
        "network_meetings/conflicts.html", meeting=meeting, form=form, number=number,
        rows=presence.conflicts_at(db(), meeting), ending=EndConflictForm(formdata=None),
    )  # fmt: skip
    return page, 400 if form.errors else 200


@blueprint.post("/networks/meetings/<reference>/conflicts/<int:conflict>/end")
@requires(Permission.DECIDE_NETWORKS)
def conflict_end(reference: str, conflict: int) -> ResponseReturnValue:
    """Say that a conflict of interest is over, and why."""
    meeting = network_meeting(reference)
    presence.end_conflict(db(), actor(), now(), meeting, conflict, EndConflictForm().reason.data or "")
    flash("The conflict of interest is over.", "success")
    return redirect(url_for("network_meetings.conflicts", reference=reference))


@blueprint.post("/networks/meetings/<reference>/leave-the-rest")
@requires(Permission.DECIDE_NETWORKS)
def leave_the_rest(reference: str) -> ResponseReturnValue:
    """Say of every item that is not decided that it was not reached: once they were listed."""
    meeting, form = network_meeting(reference), RestForm()
    if not form.validate_on_submit():
        return _close_page(meeting, CloseForm(formdata=None), form, 400)
    try:
        count = closing.leave_the_rest(db(), actor(), now(), meeting, form.reason.data or "", form.listed.data or "")
    except RestChanged:
        return _rest_page(meeting, form)
    flash("1 item goes to the next meeting." if count == 1 else f"{count} items go to the next meeting.", "success")
    return redirect(url_for("network_meetings.close", reference=reference))


def _rest_page(meeting: Meeting, form: RestForm) -> ResponseReturnValue:
    undecided = closing.undecided_numbers(db(), meeting)
    rows = [row for part in view_of(db(), office(), meeting, now()).parts for row in part.rows]
    rest = [row for row in rows if row.number in undecided]
    changed, form.listed.data = bool(form.listed.data), listed_as(row.number for row in rest)
    back = url_for("network_meetings.close", reference=meeting.reference)
    return render_template(
        "meetings/running/rest.html", meeting=meeting, form=form, changed=changed, deferred=False, agency="",
        items=[(row.number, row.reference, row.name, "" if row.stub else _about(row)) for row in rest], network=True,
        back=back, here=url_for("network_meetings.leave_the_rest", reference=meeting.reference),
    )  # fmt: skip


def _about(row: Row) -> str:
    return f"/networks/referrals/{row.reference}" if row.is_referral else f"/networks/{row.reference}"


@blueprint.route("/networks/meetings/<reference>/close", methods=BOTH)
@requires(Permission.DECIDE_NETWORKS)
def close(reference: str) -> ResponseReturnValue:
    """Close the meeting once nothing is open; until then say what is, item by item."""
    meeting, form = network_meeting(reference), CloseForm()
    status = 200
    if form.validate_on_submit():
        try:
            closing.close_meeting(db(), actor(), now(), office(), meeting, form.opened_at, form.despite.data or "")
        except StillOpen:
            status = 400
        except RuleBroken as broken:
            form.refuse(broken)
            status = 400
        else:
            flash("The meeting is closed and its decisions have taken effect. The chair signs the minutes.", "success")
            return redirect(url_for("network_meetings.agenda", reference=reference))
    return _close_page(meeting, form, RestForm(formdata=None), status)


def _close_page(meeting: Meeting, form: CloseForm, rest: RestForm, status: int) -> ResponseReturnValue:
    running.check_in_progress(meeting)
    form.version.data = str(meeting.version)
    names = {agency.code: agency.name for agency in people.agencies(db())}
    missing = missing_agencies(present_agencies(db(), meeting.key), office().partnership.network.quorum_agencies, names)
    page = render_template(
        "network_meetings/close.html", meeting=meeting, form=form, rest=rest, missing=missing,
        attendance=attendance_of(db(), meeting.key), unrecorded=unrecorded(db(), meeting.key),
        obstacles=closing.obstacles_to_closing(db(), office(), meeting, london_date(now())),
    )  # fmt: skip
    return page, status


def _record_page(
    meeting: Meeting, form: StartForm, status: int, notes_form: NotesForm | None = None, theirs: str | None = None
) -> ResponseReturnValue:
    view = view_of(db(), office(), meeting, now())
    form.version.data = str(meeting.version)
    notes_form = notes_form or NotesForm(formdata=None, notes=meeting.notes, version=form.version.data)
    apart = apart_at(db(), actor(), meeting)
    rows = [row for part in view.parts for row in part.rows]
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=len(view.children))
    page = render_template(
        "network_meetings/record.html", meeting=meeting, form=form, notes_form=notes_form, rows=rows,
        words=OUTCOME_WORDS,
        decided=sum(1 for row in rows if row.outcome is not None), state=STATE_WORDS[meeting.state],
        statement=office().partnership.network.statement, attendance=attendance_of(db(), meeting.key),
        how=PRESENCE_WORDS, earlier=view.earlier, apart=apart,
        theirs=None if theirs is None else apart.text(theirs),
        before=apart.shown(notes_before(db(), meeting)),
    )  # fmt: skip
    return page, status
