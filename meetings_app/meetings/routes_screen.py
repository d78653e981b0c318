"""The big screen of the room: a page of its own without anything to press, for whoever runs the meeting to show."""

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.routes_agenda import rmm_of
from meetings_app.meetings.routes_arranging import office
from meetings_app.meetings.screen import mark_of_screen, screen_of
from meetings_app.permissions import Permission
from meetings_app.schedule.models import MeetingState
from meetings_app.web.context import db, now, saw
from meetings_app.web.guard import keeps_nobody_signed_in, requires


@blueprint.get("/meetings/<reference>/screen")
@requires(Permission.RECORD_MEETING)
def big_screen(reference: str) -> ResponseReturnValue:
    """Show the room the item it is at, as far as everybody there may see it; each view is recorded."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    held = meeting.state is MeetingState.IN_PROGRESS
    screen = screen_of(db(), office(), meeting, now()) if held else None
    if screen is not None and screen.child_id is not None:
        saw(EventKind.CHILD_READ_VIEWED, screen.child_id, document=f"view for the room of {meeting.reference}")
    saw(EventKind.MEETING_VIEWED, meeting=meeting.reference, children=int(bool(screen and screen.child_id)))
    return render_template(
        "meetings/running/screen.html", meeting=meeting, screen=screen, mark=mark_of_screen(db(), meeting),
        statement=office().partnership.rmm.statement,
    )  # fmt: skip


@blueprint.get("/meetings/<reference>/screen/mark")
@keeps_nobody_signed_in
@requires(Permission.RECORD_MEETING)
def big_screen_mark(reference: str) -> ResponseReturnValue:
    """Give the mark by which the script of the page sees that there is something new to show. It names no child."""
    meeting = rmm_of(reference, Permission.RECORD_MEETING)
    return jsonify(mark=mark_of_screen(db(), meeting), held=meeting.state is MeetingState.IN_PROGRESS)
