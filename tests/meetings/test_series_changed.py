"""A whole series changed or ended: each date is named, each child keeps a meeting, and each invite follows."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import take_pending
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.meetings import arranging
from meetings_app.meetings.arranging_series import change_series, end_series, rehearse_series
from meetings_app.notices.models import OutboxMail
from meetings_app.partnership.definitions import ClosureDay
from meetings_app.permissions import OPERATOR, Actor, Grant, Role
from meetings_app.schedule.models import Meeting, MeetingSeries, MeetingState, MeetingType
from meetings_app.schedule.rules import first_free_slot
from meetings_app.schedule.series import AGENDA_IS_OUT, MOVED_BY_HAND, SeriesChange
from meetings_app.schedule.service import Arrangement
from tests.support.children import put_on_list
from tests.support.meetings import TUESDAY, area_id, office, series
from tests.support.world import NOW, tiny_world

FRIDAY, WEDNESDAY = 4, 2
MORNING = Arrangement(time(10), 120, place="Room 1, Exampleshire House")
AFTERNOON = Arrangement(time(14), 90, place="Room 2, Exampleshire House")


def made(session: Session, count: int = 8) -> tuple[list[Meeting], MeetingSeries]:
    tiny_world(session)
    meetings = series(session, count=count)
    assert meetings[0].series_id is not None
    return meetings, session.get_one(MeetingSeries, meetings[0].series_id)


def held(session: Session, whole: MeetingSeries) -> list[tuple[str, str]]:
    """Give reference and date of what is still to be held."""
    rows = session.scalars(
        select(Meeting)
        .where(col(Meeting.series_id) == whole.key, col(Meeting.state) != MeetingState.CANCELLED)
        .order_by(col(Meeting.held_on))
    )
    return [(row.reference.removeprefix("RMM-NE-"), f"{row.held_on:%a %d %b}") for row in rows]


def mails(session: Session, method: str) -> int:
    count = select(func.count()).where(col(OutboxMail.method) == method)
    return session.scalars(count).one()


def fridays(from_on: date = date(2026, 12, 10)) -> SeriesChange:
    return SeriesChange(from_on, FRIDAY, AFTERNOON)


def test_from_a_date_on_each_meeting_has_the_new_day_time_and_place_in_its_own_week(session: Session) -> None:
    meetings, whole = made(session)
    change_series(session, OPERATOR, NOW, office(), whole, fridays())
    assert held(session, whole) == [
        ("2026-W48", "Tue 24 Nov"), ("2026-W49", "Tue 01 Dec"), ("2026-W50", "Tue 08 Dec"),
        ("2026-W51", "Fri 18 Dec"), ("2026-W52", "Tue 29 Dec"), ("2026-W53", "Mon 04 Jan"),
        ("2027-W01", "Fri 08 Jan"), ("2027-W02", "Fri 15 Jan"),
    ]  # fmt: skip
    assert [meeting.start_time for meeting in meetings] == [time(10)] * 3 + [time(14)] * 5
    assert {meeting.minutes for meeting in meetings[3:]} == {90}
    assert meetings[4].moved_because == "Christmas Day"


def test_the_preview_marks_each_bank_holiday_and_changes_nothing(session: Session) -> None:
    _, whole = made(session)
    before, told = held(session, whole), mails(session, "REQUEST")
    preview = rehearse_series(session, lambda: change_series(session, OPERATOR, NOW, office(), whole, fridays()))
    assert [slot.moved_because for slot in preview.slots] == ["", "Christmas Day", "New Year’s Day", "", ""]
    assert (held(session, whole), mails(session, "REQUEST")) == (before, told)


def test_a_closure_day_of_the_partnership_is_marked_too(session: Session) -> None:
    _, whole = made(session)
    plain = office()
    closed = ClosureDay(date=date(2027, 1, 8), name="Moving house")
    partnership = plain.partnership.model_copy(update={"closure_days": (closed,)})
    preview = rehearse_series(
        session,
        lambda: change_series(session, OPERATOR, NOW, replace(plain, partnership=partnership), whole, fridays()),
    )
    assert "Moving house" in [slot.moved_because for slot in preview.slots]


def test_what_was_moved_by_hand_or_is_published_stays_and_says_why(session: Session) -> None:
    meetings, whole = made(session)
    arranging.move_meeting(
        session, OPERATOR, NOW, office(), meetings[1], meetings[1].version, held_on=date(2026, 12, 3)
    )
    meetings[0].state = MeetingState.PUBLISHED
    session.flush()
    slots = change_series(session, OPERATOR, NOW, office(), whole, fridays(TUESDAY)).slots
    assert [slot.stays for slot in slots[:3]] == [AGENDA_IS_OUT, MOVED_BY_HAND, ""]
    assert [meeting.held_on.day for meeting in meetings[:3]] == [24, 3, 11]
    assert {meeting.start_time for meeting in meetings[:2]} == {time(10)}


def test_each_child_keeps_the_right_meeting_and_the_trail_says_so(session: Session) -> None:
    meetings, whole = made(session)
    entry = put_on_list(session, review_on=date(2026, 12, 15))
    arranging.rehome(session, OPERATOR, NOW, area_id(session))
    session.refresh(entry)
    assert entry.next_meeting_id == meetings[3].key
    arranged = change_series(session, OPERATOR, NOW, office(), whole, fridays())
    session.refresh(entry)
    assert entry.next_meeting_id == meetings[2].key, "Friday 18 December is too late, so the review is heard before"
    assert [(move.before, move.after) for move in arranged.rehomed] == [("RMM-NE-2026-W51", "RMM-NE-2026-W50")]


def test_announced_meetings_send_one_update_to_each_member_and_planned_ones_none(session: Session) -> None:
    meetings, whole = made(session, count=16)
    announced = sum(meeting.state is MeetingState.ANNOUNCED for meeting in meetings[3:])
    assert announced < 13, "some are beyond the horizon"
    told = mails(session, "REQUEST")
    change_series(session, OPERATOR, NOW, office(), whole, fridays())
    assert mails(session, "REQUEST") - told == announced * 6


def test_meetings_made_later_follow_the_change_and_no_week_has_two(session: Session) -> None:
    meetings, whole = made(session)
    arranging.cancel_meeting(session, OPERATOR, NOW, office(), meetings[-1], meetings[-1].version, "Half-term")
    change_series(session, OPERATOR, NOW, office(), whole, fridays())
    arranging.extend_all(session, OPERATOR, NOW, office())
    later = held(session, whole)[7:]
    assert later[0] == ("2027-W03", "Fri 22 Jan"), "the cancelled meeting of week 2 is not made anew"
    added = session.scalars(select(Meeting).where(col(Meeting.reference) == "RMM-NE-2027-W03")).one()
    assert (added.start_time, added.place) == (time(14), "Room 2, Exampleshire House")


@pytest.mark.parametrize(("last", "days", "first"), [
    (date(2026, 12, 1), 7, date(2026, 12, 7)), (date(2026, 12, 6), 56, date(2026, 12, 7)),
    (date(2026, 12, 1), 10, date(2026, 12, 2)),
])  # fmt: skip
def test_the_next_slot_is_in_a_later_week(last: date, days: int, first: date) -> None:
    assert first_free_slot(last, days) == first


def test_what_cannot_be_is_refused_with_the_field(session: Session) -> None:
    _, whole = made(session)
    arranging.create_extra(
        session, OPERATOR, NOW, office(), kind=MeetingType.RMM, area_id=area_id(session), held_on=date(2026, 12, 18)
    )
    for change, field, says in (
        (fridays(), "weekday", "RMM-NE-2026-W51 would be on 18 December 2026, where RMM-NE-2026-W51-2 stands"),
        (fridays(date(2028, 1, 1)), "from_on", "No meeting of this series"),
        (SeriesChange(TUESDAY, 1, MORNING), "weekday", "Change the weekday"),
        (SeriesChange(TUESDAY, WEDNESDAY, replace(MORNING, minutes=0)), "minutes", "between 1 and"),
    ):
        with pytest.raises(RuleBroken, match=says) as refused:
            change_series(session, OPERATOR, NOW, office(), whole, change)
        assert refused.value.field == field
    later = NOW + timedelta(days=1)
    with pytest.raises(RuleBroken, match="in the past"):
        change_series(session, OPERATOR, later, office(), whole, SeriesChange(TUESDAY, 0, AFTERNOON))


def test_an_ended_series_cancels_what_follows_and_makes_no_more(session: Session) -> None:
    _, whole = made(session)
    series(session, start=date(2026, 12, 16), count=3)
    entry = put_on_list(session, review_on=date(2026, 12, 15))
    arranging.rehome(session, OPERATOR, NOW, area_id(session))
    arranged = end_series(session, OPERATOR, NOW, office(), whole, date(2026, 12, 1), "The area is joined with another")
    session.refresh(entry)
    assert [name for name, _day in held(session, whole)] == ["2026-W48"]
    assert [(move.before, move.after) for move in arranged.rehomed] == [("RMM-NE-2026-W51", "RMM-NE-2026-W48")]
    assert entry.next_meeting_id is not None
    assert mails(session, "CANCEL") == 7 * 6
    assert arranging.extend_all(session, OPERATOR, NOW, office()) > 0, "the other series goes on"
    assert [name for name, _day in held(session, whole)] == ["2026-W48"]
    with pytest.raises(DomainError, match="ended already"):
        end_series(session, OPERATOR, NOW, office(), whole, date(2026, 12, 1), "Again")


def test_a_series_does_not_end_while_a_child_would_be_without_a_meeting(session: Session) -> None:
    _, whole = made(session)
    put_on_list(session)
    with pytest.raises(RuleBroken, match="1 child on the list would be without a meeting"):
        end_series(session, OPERATOR, NOW, office(), whole, TUESDAY, "No more needed")


def test_who_arranges_another_area_changes_nothing_here(session: Session) -> None:
    _, whole = made(session)
    stranger = Actor(account_id=None, name="x", grants=(Grant(Role.COORDINATOR, area_id(session, "SW")),))
    with pytest.raises(NotFound):
        change_series(session, stranger, NOW, office(), whole, fridays())
    with pytest.raises(NotFound):
        end_series(session, stranger, NOW, office(), whole, date(2026, 12, 1), "Half-term")


def test_the_trail_holds_the_change_and_each_meeting(session: Session) -> None:
    _, whole = made(session)
    take_pending(session)
    change_series(session, OPERATOR, NOW, office(), whole, fridays())
    kinds = [event.kind for event in take_pending(session)]
    assert kinds.count(EventKind.MEETING_MOVED) == 5
    assert kinds.count(EventKind.SERIES_CHANGED) == 1
