"""Series, moving and cancelling: what is made, what is refused, and who is told."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.meetings import arranging
from meetings_app.notices.models import OutboxMail
from meetings_app.partnership.definitions import ClosureDay
from meetings_app.permissions import OPERATOR
from meetings_app.schedule import queries, service
from meetings_app.schedule.models import MeetingState, MeetingType
from meetings_app.schedule.service import Arrangement
from tests.support.meetings import TUESDAY, area_id, office, series
from tests.support.world import NOW, actor_for, tiny_world


def mails(session: Session, reference: str) -> list[OutboxMail]:
    return list(
        session.scalars(
            select(OutboxMail).where(col(OutboxMail.meeting_reference) == reference).order_by(col(OutboxMail.id))
        )
    )


def test_a_series_stands_a_year_ahead_and_is_announced_for_twelve_weeks(session: Session) -> None:
    tiny_world(session)
    meetings = arranging.create_series(
        session, OPERATOR, NOW, office(), kind=MeetingType.RMM, area_id=area_id(session), start=TUESDAY
    )
    assert len(meetings) == 52
    assert meetings[0].reference == "RMM-NE-2026-W48"
    announced = [meeting for meeting in meetings if meeting.state is MeetingState.ANNOUNCED]
    assert announced == meetings[: len(announced)]
    assert max(meeting.held_on for meeting in announced) <= NOW.date() + timedelta(weeks=12)
    assert all(not mails(session, meeting.reference) for meeting in meetings if meeting not in announced)


def test_a_bank_holiday_moves_one_meeting_and_not_the_rhythm() -> None:
    dates = service.plan_series(office(), MeetingType.RMM, date(2026, 12, 21), 3, TUESDAY)
    assert [(slot.planned, slot.date) for slot in dates] == [
        (date(2026, 12, 21), date(2026, 12, 21)),
        (date(2026, 12, 28), date(2026, 12, 29)),
        (date(2027, 1, 4), date(2027, 1, 4)),
    ]
    assert dates[1].moved_because == "Boxing Day (substitute day)"


def test_a_closure_day_of_the_partnership_moves_a_meeting_of_a_new_series_and_says_why() -> None:
    closed = ClosureDay(date=date(2027, 1, 5), name="Moving house")
    ours = replace(office(), partnership=office().partnership.model_copy(update={"closure_days": (closed,)}))
    dates = service.plan_series(ours, MeetingType.RMM, date(2026, 12, 29), 3, TUESDAY)
    assert [(slot.date, slot.moved_because) for slot in dates] == [
        (date(2026, 12, 29), None), (date(2027, 1, 6), "Moving house"), (date(2027, 1, 12), None),
    ]  # fmt: skip


def test_each_member_gets_one_invite_and_sees_nobody_else(session: Session) -> None:
    world = tiny_world(session)
    meeting = series(session, count=1)[0]
    wanted = [world.coordinator, world.chair_cs, world.chair_fs, world.police, world.education, world.health]
    queued = mails(session, meeting.reference)
    assert {mail.recipient_address for mail in queued} == {person.email for person in wanted}
    for mail in queued:
        assert mail.invite is not None
        assert mail.invite.count("ATTENDEE") == 1
        assert f"mailto:{mail.recipient_address}" in mail.invite.replace("\r\n ", "")


def test_the_same_series_twice_makes_nothing_twice(session: Session) -> None:
    series(session)
    with pytest.raises(RuleBroken, match="There is a meeting on 24 November 2026 already: RMM-NE-2026-W48"):
        series(session)
    assert len(queries.upcoming(session, area_id(session))) == 4


def test_two_areas_meet_on_the_same_day(session: Session) -> None:
    series(session, "NE")
    assert series(session, "NW")[0].reference == "RMM-NW-2026-W48"


def test_a_network_meeting_has_no_area(session: Session) -> None:
    world = tiny_world(session)
    meetings = arranging.create_series(
        session, OPERATOR, NOW, office(), kind=MeetingType.NETWORK, area_id=None, start=date(2026, 12, 2)
    )
    assert [meeting.reference for meeting in meetings[:2]] == ["NET-2026-W49", "NET-2027-W04"]
    invited = {person.email for person in queries.invited(session, meetings[0].key)}
    assert world.police.email in invited, "representatives of the police belong to it"
    assert world.health.email not in invited


def test_moving_keeps_the_reference_and_sends_an_update(session: Session) -> None:
    tiny_world(session)
    meeting = series(session)[0]
    arranging.move_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, held_on=date(2026, 11, 26))
    assert (meeting.reference, meeting.held_on, meeting.calendar_sequence) == ("RMM-NE-2026-W48", date(2026, 11, 26), 1)
    updates = mails(session, meeting.reference)[6:]
    assert len(updates) == 6
    assert all(mail.method == "REQUEST" and "SEQUENCE:1" in (mail.invite or "") for mail in updates)


def test_a_planned_meeting_mails_nobody_when_it_moves_or_is_cancelled(session: Session) -> None:
    tiny_world(session)
    late = series(session, count=20)[-1]
    assert late.state is MeetingState.PLANNED
    arranging.move_meeting(
        session, OPERATOR, NOW, office(), late, late.version, held_on=late.held_on + timedelta(days=1)
    )
    arranging.cancel_meeting(session, OPERATOR, NOW, office(), late, late.version, "Half-term")
    assert mails(session, late.reference) == []


def test_cancelling_sends_a_cancellation_with_a_higher_number(session: Session) -> None:
    tiny_world(session)
    meeting = series(session)[1]
    arranging.cancel_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, "The building is closed")
    cancellations = [mail for mail in mails(session, meeting.reference) if mail.method == "CANCEL"]
    assert len(cancellations) == 6
    assert all("SEQUENCE:1" in (mail.invite or "") for mail in cancellations)
    assert meeting.cancelled_because == "The building is closed"
    assert all("building" not in mail.body + (mail.invite or "") for mail in cancellations), "reference and link only"


@pytest.mark.parametrize(
    ("held_on", "message"),
    [
        (date(2026, 12, 1), "There is a meeting on 1 December 2026 already: RMM-NE-2026-W49"),
        (date(2026, 11, 22), "today or in the future"),
        (date(2026, 11, 28), "Choose a working day: 28 November 2026 is not one"),
        (date(2026, 12, 25), "Christmas Day"),
    ],
)
def test_where_a_meeting_cannot_move(session: Session, held_on: date, message: str) -> None:
    meeting = series(session)[0]
    with pytest.raises(RuleBroken, match=message) as refused:
        arranging.move_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, held_on=held_on)
    assert refused.value.field == "held_on"
    assert meeting.held_on == TUESDAY


@pytest.mark.parametrize("state", [MeetingState.IN_PROGRESS, MeetingState.CLOSED, MeetingState.CANCELLED])
def test_a_meeting_that_has_begun_does_not_move(session: Session, state: MeetingState) -> None:
    meeting = series(session)[0]
    meeting.state = state
    session.flush()
    with pytest.raises(DomainError, match="cannot be moved any more"):
        arranging.move_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, held_on=date(2026, 11, 26))


def test_a_closed_meeting_is_not_cancelled(session: Session) -> None:
    meeting = series(session)[0]
    meeting.state = MeetingState.CLOSED
    session.flush()
    with pytest.raises(DomainError, match="cannot become cancelled"):
        arranging.cancel_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, "Too late")


def test_cancelling_needs_a_reason(session: Session) -> None:
    meeting = series(session)[0]
    with pytest.raises(RuleBroken) as refused:
        arranging.cancel_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, "  ")
    assert refused.value.field == "reason"


def test_the_second_of_two_coordinators_is_told(session: Session) -> None:
    meeting = series(session)[0]
    opened_at = meeting.version
    arranging.move_meeting(session, OPERATOR, NOW, office(), meeting, opened_at, held_on=date(2026, 11, 26))
    with pytest.raises(Conflict):
        arranging.cancel_meeting(session, OPERATOR, NOW, office(), meeting, opened_at, "Nobody told me")
    assert meeting.state is MeetingState.ANNOUNCED


def test_somebody_removed_gets_a_cancellation_alone_and_can_come_back(session: Session) -> None:
    world = tiny_world(session)
    meeting = series(session, count=1)[0]
    service.remove_member(session, OPERATOR, NOW, office(), meeting, world.police)
    service.add_member(session, OPERATOR, NOW, office(), meeting, world.police)
    later = mails(session, meeting.reference)[6:]
    assert [(mail.recipient_address, mail.method) for mail in later] == [
        (world.police.email, "CANCEL"),
        (world.police.email, "REQUEST"),
    ]
    assert ["SEQUENCE:1" in (later[0].invite or ""), "SEQUENCE:2" in (later[1].invite or "")] == [True, True]


def test_who_joins_later_is_invited_once_and_who_was_removed_stays_away(session: Session) -> None:
    world = tiny_world(session)
    meeting = series(session, count=1)[0]
    service.remove_member(session, OPERATOR, NOW, office(), meeting, world.health)
    from tests.support.world import add_account

    newcomer = add_account(session, "newcomer", "representative", "health", ["NE"])
    assert [arranging.keep_members(session, OPERATOR, NOW, office()) for _ in range(2)] == [1, 0]
    invited = {person.key for person in queries.invited(session, meeting.key)}
    assert newcomer.key in invited
    assert world.health.key not in invited


def test_a_coordinator_arranges_only_where_they_work(session: Session) -> None:
    world = tiny_world(session)
    meeting = series(session)[0]
    stranger = actor_for(session, world.coordinator_nw)
    with pytest.raises(NotFound):
        arranging.cancel_meeting(session, stranger, NOW, office(), meeting, meeting.version, "Not mine")
    with pytest.raises(NotFound):
        arranging.create_series(session, stranger, NOW, office(), kind=MeetingType.NETWORK, area_id=None, start=TUESDAY)


def test_the_daily_job_announces_what_comes_near(session: Session) -> None:
    tiny_world(session)
    meetings = series(session, count=20)
    planned = [meeting for meeting in meetings if meeting.state is MeetingState.PLANNED]
    later = NOW + timedelta(weeks=2)
    assert arranging.announce_due(session, OPERATOR, later, office()) == 2
    assert arranging.announce_due(session, OPERATOR, later, office()) == 0
    assert [meeting.state for meeting in planned[:3]] == [
        MeetingState.ANNOUNCED, MeetingState.ANNOUNCED, MeetingState.PLANNED,
    ]  # fmt: skip


def test_the_weekly_job_lets_a_series_stand_a_year_ahead_again(session: Session) -> None:
    series(session, count=3)
    assert arranging.extend_all(session, OPERATOR, NOW, office()) == 49
    assert arranging.extend_all(session, OPERATOR, NOW, office()) == 0
    assert queries.upcoming(session, area_id(session))[-1].held_on == date(2027, 11, 16)


def test_neighbours_are_of_the_same_area_and_not_cancelled(session: Session) -> None:
    first, second, third, _ = series(session)
    series(session, "NW", TUESDAY + timedelta(days=1))
    arranging.cancel_meeting(session, OPERATOR, NOW, office(), second, second.version, "Half-term")
    following = queries.following_meeting(session, first)
    previous = queries.previous_meeting(session, third)
    assert (following and following.reference, previous and previous.reference) == (third.reference, first.reference)


def test_an_extra_meeting_in_a_week_takes_a_number(session: Session) -> None:
    series(session)
    extra = arranging.create_extra(
        session, OPERATOR, NOW, office(), kind=MeetingType.RMM, area_id=area_id(session), held_on=date(2026, 11, 27),
        arrangement=Arrangement(time(14), 60),
    ).meeting  # fmt: skip
    assert (extra.reference, extra.state) == ("RMM-NE-2026-W48-2", MeetingState.ANNOUNCED)
