"""Opening a meeting on the day on which it is held, which may be another than the planned one."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from meetings_app.meetings.arranging import rehome
from meetings_app.meetings.running import check_first_in_line, start
from meetings_app.permissions import Actor
from meetings_app.schedule import service
from meetings_app.schedule.checks import lock_dates, refuse_taken
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office


def open_meeting(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, version: int, read_by: str,
    held_on: date,
) -> None:  # fmt: skip
    """Open a meeting that is held on `held_on`: whatever it decides counts from that day (our default).

    Where it was planned for another day it is moved: calendars and the area's reviews follow, and the answers of
    those invited stay. Raises as `running.start` does, and `RuleBroken` where there is another meeting on that day.
    """
    if held_on == meeting.held_on:
        start(session, by, now, meeting, version, read_by)
        return
    lock_dates(session, meeting.area_id)
    refuse_taken(session, meeting.type, meeting.area_id, [held_on], field="")
    start(session, by, now, meeting, version, read_by)
    service.hold_on(session, by, now, office, meeting, held_on)
    check_first_in_line(session, meeting)
    rehome(session, by, now, meeting.area_id)
