"""What the clock does around an RMM: each mail is written once, in its time, to whom it concerns; it names no child."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.jobs import meeting_week
from meetings_app.meetings.closing import close_meeting
from meetings_app.notices.models import OutboxMail
from meetings_app.preparing.chasing import chase
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import MeetingState
from tests.support.actions import give_action
from tests.support.rmm import OFFICE, Rmm, due, rated, rmm
from tests.support.world import NOW

TUESDAY = datetime(2026, 12, 1, tzinfo=UTC)
"""The day of the second meeting; the Friday before is two working days before it."""
FRIDAY, MONDAY = TUESDAY - timedelta(days=4), TUESDAY - timedelta(days=1)


@pytest.fixture
def day(session: Session) -> Rmm:
    found = rmm(session)
    found.meeting.state = MeetingState.CANCELLED
    found.meeting, *found.later = found.later
    session.flush()
    return found


def told(session: Session, kind: str) -> list[tuple[str, str]]:
    """Give who was written to, and the meeting, of one kind of mail."""
    rows = session.scalars(select(OutboxMail).where(col(OutboxMail.kind) == kind).order_by(col(OutboxMail.id)))
    return [(mail.recipient_name, mail.meeting_reference or "") for mail in rows]


def body(session: Session, kind: str) -> str:
    kept = select(OutboxMail).where(col(OutboxMail.kind) == kind).order_by(col(OutboxMail.id))
    return session.scalars(kept).first().body  # type: ignore[union-attr]


def test_agencies_are_asked_once_two_working_days_before(day: Rmm) -> None:
    session, child = day.session, due(day.session)
    assert meeting_week.ask_agencies(session, FRIDAY - timedelta(minutes=1), OFFICE) == "people asked: 0"
    assert meeting_week.ask_agencies(session, FRIDAY, OFFICE) == "people asked: 6"
    assert meeting_week.ask_agencies(session, MONDAY, OFFICE) == "people asked: 0"
    asked = told(session, "information_asked")
    assert {meeting for _, meeting in asked} == {day.meeting.reference}
    assert "Testy McCoordinator-Nw" not in {name for name, _ in asked}
    said = body(session, "information_asked")
    assert child.reference not in said
    assert child.name not in said


def test_a_scheduler_that_was_down_on_the_friday_asks_on_the_monday(day: Rmm) -> None:
    due(day.session)
    assert meeting_week.ask_agencies(day.session, MONDAY, OFFICE) == "people asked: 6"


def test_agencies_a_person_asked_the_same_day_are_not_asked_again(day: Rmm) -> None:
    due(day.session)
    agencies = {person.agency_id for person in vars(day.world).values()}
    chase(day.session, day.act("coordinator"), FRIDAY, OFFICE, day.meeting, agencies)
    day.operator()
    assert meeting_week.ask_agencies(day.session, FRIDAY, OFFICE) == "people asked: 0"


def test_the_coordinator_is_told_after_the_cut_off_that_the_agenda_has_drafted_itself(day: Rmm) -> None:
    due(day.session)
    due(day.session)
    cut_off = FRIDAY.replace(hour=12)
    meeting_week.say_agendas_are_drafted(day.session, cut_off - timedelta(minutes=1), OFFICE)
    assert told(day.session, "agenda_drafted") == []
    for _ in range(2):
        meeting_week.say_agendas_are_drafted(day.session, cut_off, OFFICE)
    assert told(day.session, "agenda_drafted") == [("Testy McCoordinator", day.meeting.reference)]
    assert "Items: 2\n" in body(day.session, "agenda_drafted")


def test_the_coordinator_is_reminded_of_an_agenda_that_is_to_be_published(day: Rmm) -> None:
    meeting_week.remind_of_agendas(day.session, FRIDAY, OFFICE)
    assert told(day.session, "agenda_to_issue") == []
    for _ in range(2):
        meeting_week.remind_of_agendas(day.session, MONDAY, OFFICE)
    assert told(day.session, "agenda_to_issue") == [("Testy McCoordinator", day.meeting.reference)]


def test_nobody_is_reminded_of_an_agenda_that_is_published(day: Rmm) -> None:
    day.publish()
    day.operator()
    meeting_week.remind_of_agendas(day.session, MONDAY, OFFICE)
    assert told(day.session, "agenda_to_issue") == []


def test_each_agency_is_told_of_its_own_actions_one_working_day_after(day: Rmm) -> None:
    session, child = day.session, due(day.session)
    day.open()
    day.operator()
    give_action(session, day.meeting, child, day.world.police, day.meeting.held_on)
    give_action(session, day.meeting, child, day.world.police, day.meeting.held_on)
    give_action(session, day.meeting, child, day.world.health, day.meeting.held_on)
    day.decide(child, rated(session, RiskRating.MEDIUM))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    meeting_week.send_action_lists(session, NOW, OFFICE)
    assert told(session, "action_list") == []
    for _ in range(2):
        meeting_week.send_action_lists(session, NOW + timedelta(days=1), OFFICE)
    reference = day.meeting.reference
    assert told(session, "action_list") == [("Testy McPolice", reference), ("Testy McHealth", reference)]
    assert "Actions: 2\n" in body(session, "action_list")


def test_a_moved_meeting_is_told_of_on_its_new_day(day: Rmm) -> None:
    meeting_week.remind_of_agendas(day.session, MONDAY, OFFICE)
    day.meeting.held_on += timedelta(days=2)
    day.session.flush()
    meeting_week.remind_of_agendas(day.session, MONDAY, OFFICE)
    meeting_week.remind_of_agendas(day.session, MONDAY + timedelta(days=2), OFFICE)
    assert len(told(day.session, "agenda_to_issue")) == 2
