"""What the clock does around a network meeting: the network chair is told what an RMM’s coordinator and chairs are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.jobs import meeting_week, minutes_week, network_week
from meetings_app.meetings.network_models import NetworkItem
from meetings_app.minutes.models import MinutesStep, StepKind
from meetings_app.network_meetings import actions, closing
from meetings_app.notices.models import OutboxMail
from meetings_app.schedule.models import MeetingState
from tests.support.network_meetings import DURING, WEDNESDAY, NetworkDay, close, network_day, opened, tangled
from tests.support.rmm import OFFICE

NOON_OF_MONDAY = datetime(2026, 11, 30, 12, tzinfo=UTC)
"""The cut-off of the meeting of Wednesday 2 December 2026: two working days before it."""


@pytest.fixture
def day(session: Session) -> NetworkDay:
    return network_day(session)


def told(day: NetworkDay, kind: str) -> list[tuple[str, str]]:
    """Give who was written to, and where the link leads."""
    day.operator()
    rows = day.session.scalars(select(OutboxMail).where(col(OutboxMail.kind) == kind).order_by(col(OutboxMail.id)))
    return [(mail.recipient_name, mail.body.split("https://meetings.example.org")[1].split()[0]) for mail in rows]


def test_the_network_chair_is_told_of_the_draft_and_of_an_agenda_that_is_not_published(day: NetworkDay) -> None:
    tangled(day.session)
    for hours in (-1, 0, 1):
        meeting_week.say_agendas_are_drafted(day.session, NOON_OF_MONDAY + timedelta(hours=hours), OFFICE)
        meeting_week.remind_of_agendas(day.session, NOON_OF_MONDAY + timedelta(hours=hours), OFFICE)
    assert told(day, "agenda_drafted") == [("Testy McChair-Police", "/networks/meetings/NET-2026-W49")]
    assert told(day, "agenda_to_issue") == [], "it is to go out on Tuesday"
    for hours in (20, 21):
        meeting_week.remind_of_agendas(day.session, NOON_OF_MONDAY + timedelta(hours=hours), OFFICE)
    assert told(day, "agenda_to_issue") == [("Testy McChair-Police", "/networks/meetings/NET-2026-W49")]


def test_the_network_chair_is_reminded_of_minutes_to_issue_and_to_sign(day: NetworkDay) -> None:
    day.first.state = MeetingState.CLOSED
    day.session.flush()
    for days in (6, 7, 8):
        minutes_week.remind_to_issue(day.session, DURING + timedelta(days=days), OFFICE)
    page = ("Testy McChair-Police", "/networks/meetings/NET-2026-W49/minutes")
    assert told(day, "minutes_to_issue") == [page]
    day.session.add(
        MinutesStep(
            meeting_id=day.first.key, number=1, kind=StepKind.ISSUED, at=DURING, until=WEDNESDAY + timedelta(days=14)
        )
    )
    day.session.flush()
    for days in (14, 15, 16):
        minutes_week.remind_to_sign(day.session, DURING + timedelta(days=days), OFFICE)
    assert told(day, "minutes_to_sign") == [page]


def test_owners_of_actions_are_told_when_the_meeting_closes_and_each_week_and_nothing_of_what_they_are_about(
    day: NetworkDay,
) -> None:
    network = tangled(day.session).network
    opened(day)
    item = day.session.scalars(select(NetworkItem).where(col(NetworkItem.subject_id) == network.key)).one()
    said = actions.Proposal("Canarydo: visit", day.people.police.key, date(2026, 12, 9))
    actions.propose(day.session, day.chair(), DURING, day.first, item, said)
    assert told(day, "action_given") == [], "nothing is given before the meeting closes"
    closing.leave_the_rest(day.session, day.chair(), DURING, day.first, "Invented")
    close(day)
    assert told(day, "action_given") == [("Testy McPolice", "/networks/actions")]
    for days in (0, 5, 5, 12):
        network_week.send_action_digests(day.session, DURING + timedelta(days=days), OFFICE)
    assert told(day, "actions_to_do") == [("Testy McPolice", "/networks/actions")] * 2
    mails = [
        mail for mail in day.session.scalars(select(OutboxMail).order_by(col(OutboxMail.id)))
        if mail.kind in ("action_given", "actions_to_do")
    ]  # fmt: skip
    assert [mail.subject for mail in mails] == [
        "Your actions: 1 new, 0 overdue", "Your open actions: 1 due this week, 0 overdue",
        "Your open actions: 0 due this week, 1 overdue",
    ]  # fmt: skip
    # Whoever is given an action by a network meeting was perhaps never at an RMM.
    assert [mail.body.split("\n")[0] for mail in mails] == [
        "Your actions from meetings:", "Your open actions:", "Your open actions:",
    ]  # fmt: skip
    assert not any("Canary" in mail.body for mail in day.session.scalars(select(OutboxMail)))
