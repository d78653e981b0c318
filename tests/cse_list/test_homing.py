"""Nothing falls off: every child on the list has a next review at a meeting that will be held."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.clock import london_date
from meetings_app.cse_list.homing import HOMES, Rehomed, homes_of_area, rehome_all, rehome_area
from meetings_app.cse_list.models import ListEntry
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR, Actor
from meetings_app.schedule import rules
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.children import add_meeting, area_id, child_of, put_on_list

TODAY = date(2026, 11, 23)


def meeting_of(session: Session, entry: ListEntry) -> str | None:
    session.expire_all()
    return session.scalars(select(col(Meeting.reference)).where(col(Meeting.id) == entry.next_meeting_id)).first()


def test_a_review_belongs_to_the_last_meeting_on_or_before_it(session: Session) -> None:
    meetings = [add_meeting(session, date(2026, 11, 26) + timedelta(days=7 * week)) for week in range(4)]
    on_the_day = put_on_list(session, review_on=date(2026, 12, 10))
    a_day_before = put_on_list(session, review_on=date(2026, 12, 9))
    assert meeting_of(session, on_the_day) == meetings[2].reference
    assert meeting_of(session, a_day_before) == meetings[1].reference


def test_a_review_before_the_first_meeting_is_heard_at_the_next_one(session: Session) -> None:
    first = add_meeting(session, date(2026, 11, 26))
    add_meeting(session, date(2026, 12, 3))
    assert meeting_of(session, put_on_list(session, review_on=date(2026, 10, 1))) == first.reference


def test_a_meeting_of_today_still_takes_a_review_and_yesterday_s_does_not(session: Session) -> None:
    add_meeting(session, TODAY - timedelta(days=1))
    assert put_on_list(session, review_on=TODAY).next_meeting_id is None
    today = add_meeting(session, TODAY)
    assert meeting_of(session, put_on_list(session, review_on=TODAY)) == today.reference


@pytest.mark.parametrize("state", list(MeetingState))
def test_only_a_meeting_that_will_still_be_held_takes_a_review(
    session: Session, now: datetime, state: MeetingState
) -> None:
    meeting = add_meeting(session, date(2026, 11, 26), state=state)
    entry = put_on_list(session, review_on=date(2026, 12, 1))
    rehome_area(session, OPERATOR, now, area_id(session, "NE"))
    to_be_held = {"planned", "announced", "published", "in_progress"}
    expected = meeting.reference if state.value in to_be_held else None
    assert meeting_of(session, entry) == expected


def test_cancelling_a_meeting_moves_its_reviews_and_names_each_one(session: Session, now: datetime) -> None:
    first, second = add_meeting(session, date(2026, 11, 26)), add_meeting(session, date(2026, 12, 3))
    moved = put_on_list(session, review_on=date(2026, 12, 1))
    stays = put_on_list(session, review_on=date(2026, 12, 8))
    first.state = MeetingState.CANCELLED
    assert rehome_area(session, OPERATOR, now, area_id(session, "NE")) == [
        Rehomed(moved.child_id, first.reference, second.reference)
    ]
    assert meeting_of(session, moved) == meeting_of(session, stays) == second.reference
    assert rehome_area(session, OPERATOR, now, area_id(session, "NE")) == [], "a second time nothing is left to move"


def test_moving_a_meeting_past_a_review_gives_the_review_another_home(session: Session, now: datetime) -> None:
    earlier, later = add_meeting(session, date(2026, 11, 26)), add_meeting(session, date(2026, 12, 10))
    entry = put_on_list(session, review_on=date(2026, 12, 12))
    assert meeting_of(session, entry) == later.reference
    later.held_on = date(2026, 12, 14)
    rehome_area(session, OPERATOR, now, area_id(session, "NE"))
    assert meeting_of(session, entry) == earlier.reference


def test_other_areas_are_left_alone_and_each_day_all_are_looked_at(session: Session, now: datetime) -> None:
    north_west = add_meeting(session, date(2026, 11, 26), area="NW")
    entry = put_on_list(session, area="NW", review_on=date(2026, 12, 1))
    later = add_meeting(session, date(2026, 12, 1), area="NW")
    assert rehome_area(session, OPERATOR, now, area_id(session, "NE")) == []
    assert meeting_of(session, entry) == north_west.reference
    assert [move.after for move in rehome_all(session, OPERATOR, now)] == [later.reference]


def test_reviews_move_for_children_whom_the_person_may_not_see(session: Session, now: datetime) -> None:
    entry = put_on_list(session, review_on=date(2026, 12, 1))
    meeting = add_meeting(session, date(2026, 11, 26))
    act_for(session, Actor(account_id=None, name="nobody"))
    assert [move.after for move in rehome_area(session, OPERATOR, now, entry.area_id)] == [meeting.reference]


def test_without_a_meeting_the_review_waits_and_takes_the_first_that_comes(session: Session, now: datetime) -> None:
    entry = put_on_list(session, review_on=date(2026, 12, 1))
    assert entry.next_meeting_id is None
    meeting = add_meeting(session, date(2027, 1, 7))
    assert rehome_area(session, OPERATOR, now, entry.area_id) == [Rehomed(entry.child_id, None, meeting.reference)]


def test_writing_one_fact_does_not_disturb_whoever_edits_the_entry(session: Session, now: datetime) -> None:
    entry = put_on_list(session, review_on=date(2026, 12, 1))
    version = entry.version
    add_meeting(session, date(2026, 11, 26))
    rehome_area(session, OPERATOR, now, entry.area_id)
    session.expire_all()
    assert entry.version == version
    assert child_of(session, entry).area_id == entry.area_id


_DAYS = st.integers(-20, 60).map(lambda days: TODAY + timedelta(days=days))


@given(
    meetings=st.lists(st.tuples(_DAYS, st.sampled_from(MeetingState)), max_size=8),
    reviews=st.lists(_DAYS, min_size=1, max_size=6),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_every_review_finds_the_meeting_that_a_plain_model_finds(
    session: Session, now: datetime, meetings: list[tuple[date, MeetingState]], reviews: list[date]
) -> None:
    """The rule of `schedule.rules.home`, asked one review at a time, is what the area's set-based write gives."""
    with session.begin_nested() as attempt:
        made = [add_meeting(session, day, state=state) for day, state in meetings]
        entries = [put_on_list(session, review_on=review, born=date(2011, 1, 5)) for review in reviews]
        rehome_area(session, OPERATOR, now, area_id(session, "NE"))
        session.expire_all()
        held = [(each.held_on, each.id) for each in made if each.state in HOMES]
        for entry in entries:
            expected = rules.home(entry.next_review_on, held, london_date(now))
            found = session.get(Meeting, entry.next_meeting_id) if entry.next_meeting_id else None
            assert (found.held_on if found else None) == (expected[0] if expected else None)
        attempt.rollback()


def test_a_meeting_of_another_area_or_type_is_no_home(session: Session) -> None:
    add_meeting(session, date(2026, 11, 26), area="NW")
    assert homes_of_area(session, area_id(session, "NE"), TODAY).of(date(2026, 12, 1)) is None
