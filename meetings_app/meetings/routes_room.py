"""The room and one item: who is there for it, and that the room comes to it."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.bringing_up import bring_up
from meetings_app.meetings.item_addresses import item_address
from meetings_app.meetings.item_shown import item_of
from meetings_app.meetings.presence import quorum_of, room_of, set_room
from meetings_app.meetings.routes_arranging import office
from meetings_app.meetings.screen import who_may_not_see
from meetings_app.permissions import Permission
from meetings_app.schedule.models import MeetingState
from meetings_app.web.context import actor, db, now, saw
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires
from meetings_app.web.numbers import row_number


@blueprint.route("/meetings/<reference>/items/<number>/room", methods=["GET", "POST"])
@requires(Permission.RECORD_MEETING)
def item_room(reference: str, number: str) -> ResponseReturnValue:
    """Show who is in the room for an item, and record who is not: the quorum of the item goes by it."""
    meeting, item = item_of(reference, number)
    form = Form()
    if form.validate_on_submit():
        there = {key for each in request.form.getlist("there") if (key := row_number(each))}
        room = room_of(db(), meeting, item)
        away = {person.attendance_id for person in room.people if not person.conflict} - there
        left = {key for each in request.form.getlist("left") if (key := row_number(each))}
        gone = left & {person.attendance_id for person in room.people if person.conflict}
        set_room(db(), actor(), now(), meeting, item, away | gone, request.form.get("seen", ""))
        flash("Who is in the room is saved.", "success")
        return redirect(item_address(meeting, item))
    room = room_of(db(), meeting, item)
    saw(EventKind.MEETING_VIEWED, item.child_id, meeting=meeting.reference, children=1)
    return render_template(
        "meetings/running/room.html", meeting=meeting, item=item, form=form, room=room,
        quorum=quorum_of(db(), room, office()), open=meeting.state is MeetingState.IN_PROGRESS,
        blind=who_may_not_see(db(), meeting, item),
    )  # fmt: skip


@blueprint.post("/meetings/<reference>/items/<number>/bring-up")
@requires(Permission.RECORD_MEETING)
def item_bring_up(reference: str, number: str) -> ResponseReturnValue:
    """Bring an item before the room: the big screen shows it, and its time runs."""
    meeting, item = item_of(reference, number)
    if Form().validate_on_submit():
        bring_up(db(), actor(), now(), meeting, item)
    return redirect(item_address(meeting, item))
