"""Opening a meeting from its page, the same for both kinds."""

from meetings_app.errors import RuleBroken
from meetings_app.meetings.opening import open_meeting
from meetings_app.meetings.routes_arranging import office
from meetings_app.meetings.starting_forms import StartForm
from meetings_app.schedule.models import Meeting
from meetings_app.web.context import actor, db, now


def is_opened(meeting: Meeting, form: StartForm) -> bool:
    """Open the meeting as the form says; where it may not be, the form says why, and nothing is changed."""
    if not form.is_to_start():
        return False
    try:
        open_meeting(db(), actor(), now(), office(), meeting, form.opened_at, form.read_by.data, form.held_on)
    except RuleBroken as broken:
        form.refuse(broken)
        return False
    return True
