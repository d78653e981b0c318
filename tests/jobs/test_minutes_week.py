"""The clock reminds of draft minutes that are due, and of minutes to sign once the time for corrections is over."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.jobs.minutes_week import remind_to_issue, remind_to_sign
from meetings_app.minutes.models import MinutesStep, StepKind
from meetings_app.notices.models import OutboxMail
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.children import add_meeting
from tests.support.meetings import office
from tests.support.world import NOW, tiny_world

OFFICE = office()
CHAIRS = {"Testy McChair-Cs", "Testy McChair-Fs"}


def told(session: Session, kind: str) -> list[str]:
    return sorted(session.scalars(select(col(OutboxMail.recipient_name)).where(col(OutboxMail.kind) == kind)))


@pytest.fixture
def closed(session: Session) -> Meeting:
    """Give an RMM that was closed on Tuesday, five working days before the next one."""
    tiny_world(session)
    return add_meeting(session, date(2026, 11, 17), state=MeetingState.CLOSED)


def test_the_coordinator_is_reminded_once_of_draft_minutes_that_are_due(session: Session, closed: Meeting) -> None:
    remind_to_issue(session, NOW, OFFICE)
    assert told(session, "minutes_to_issue") == []
    for day in (1, 2, 3):
        remind_to_issue(session, NOW + timedelta(days=day), OFFICE)
    assert told(session, "minutes_to_issue") == ["Testy McCoordinator"]


def issued(session: Session, meeting: Meeting, number: int, until: date) -> None:
    session.add(MinutesStep(meeting_id=meeting.key, number=number, kind=StepKind.ISSUED, at=NOW, until=until))
    session.flush()


def test_the_chairs_are_reminded_once_a_version_when_the_time_for_corrections_is_over(
    session: Session, closed: Meeting
) -> None:
    issued(session, closed, 1, date(2026, 12, 1))
    remind_to_issue(session, NOW + timedelta(days=5), OFFICE)
    assert told(session, "minutes_to_issue") == [], "they are issued"
    remind_to_sign(session, NOW + timedelta(days=8), OFFICE)
    assert told(session, "minutes_to_sign") == [], "it is the last day"
    for day in (9, 10):
        remind_to_sign(session, NOW + timedelta(days=day), OFFICE)
    assert told(session, "minutes_to_sign") == sorted(CHAIRS)
    issued(session, closed, 2, date(2026, 12, 3))
    remind_to_sign(session, NOW + timedelta(days=11), OFFICE)
    assert told(session, "minutes_to_sign") == sorted([*CHAIRS, *CHAIRS])


def test_nobody_is_reminded_of_minutes_that_are_signed(session: Session, closed: Meeting) -> None:
    issued(session, closed, 1, date(2026, 12, 1))
    closed.state = MeetingState.SIGNED
    session.flush()
    remind_to_issue(session, NOW + timedelta(days=30), OFFICE)
    remind_to_sign(session, NOW + timedelta(days=30), OFFICE)
    assert told(session, "minutes_to_issue") == told(session, "minutes_to_sign") == []
