"""Drafts of minutes that were issued long ago, for tests of what comes after."""

from datetime import date

from sqlalchemy.orm import Session

from meetings_app.meetings.models import MinutesStep, StepKind
from meetings_app.schedule.models import Meeting
from tests.support.world import NOW


def long_issued(session: Session, meeting: Meeting, number: int = 1) -> None:
    """Let the draft of a meeting be issued, and its time for corrections be over."""
    step = MinutesStep(meeting_id=meeting.key, number=number, kind=StepKind.ISSUED, at=NOW, until=date(2026, 11, 1))
    session.add(step)
    session.flush()
