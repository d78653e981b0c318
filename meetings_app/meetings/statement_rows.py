"""The rows that say to whom the statement was read: noted with the attendance, or when it is read again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.meetings.models import StatementReading
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting


def heard_at_the_start(session: Session, by: Actor, meeting: Meeting, present: Collection[int]) -> None:
    """Note that those who are there when attendance is first recorded heard the statement. Our default."""
    if meeting.statement_read_at is not None:
        note_readings(session, by, meeting, present, meeting.statement_read_by, meeting.statement_read_at)


def note_readings(
    session: Session, by: Actor, meeting: Meeting, people: Collection[int], read_by: str, at: datetime, *,
    again: bool = False,
) -> None:  # fmt: skip
    """Note that somebody read the statement at a moment to people, by the id of their attendance."""
    session.add_all(
        StatementReading(
            meeting_id=meeting.key, attendance_id=each, read_by=read_by, read_at=at, again=again,
            recorded_by_id=by.account_id,
        )
        for each in sorted(people)
    )  # fmt: skip
    session.flush()
