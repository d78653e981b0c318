"""When meetings are, what they are called, and which one hears a review."""

from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.errors import DomainError
from meetings_app.schedule.rules import (
    MeetingState,
    MeetingType,
    PlannedDate,
    check_move,
    cut_off,
    home,
    may_move,
    meeting_reference,
    series_dates,
)
from meetings_app.schedule.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def test_a_meeting_on_a_bank_holiday_moves_and_the_rhythm_does_not() -> None:
    assert series_dates(date(2026, 12, 21), 7, 3, CALENDAR) == [
        PlannedDate(date(2026, 12, 21), date(2026, 12, 21), None),
        PlannedDate(date(2026, 12, 28), date(2026, 12, 29), "Boxing Day (substitute day)"),
        PlannedDate(date(2027, 1, 4), date(2027, 1, 4), None),
    ]


def test_easter_2027_moves_the_friday_past_the_long_weekend() -> None:
    moved = series_dates(date(2027, 3, 26), 7, 2, CALENDAR)

    assert moved[0] == PlannedDate(date(2027, 3, 26), date(2027, 3, 30), "Good Friday")
    assert moved[1].date == date(2027, 4, 2)


@given(start=DAYS, count=st.integers(1, 60))
def test_no_week_is_skipped_and_no_two_meetings_fall_together(start: date, count: int) -> None:
    dates = series_dates(start, 7, count, CALENDAR)

    assert [entry.planned for entry in dates] == [start + timedelta(weeks=week) for week in range(count)]
    assert len({entry.date for entry in dates}) == count
    assert all(CALENDAR.is_working_day(entry.date) for entry in dates)
    assert all((entry.moved_because is None) is (entry.date == entry.planned) for entry in dates)


@pytest.mark.parametrize(
    ("kind", "area", "planned", "existing", "reference"),
    [
        (MeetingType.RMM, "NE", date(2026, 11, 24), (), "RMM-NE-2026-W48"),
        (MeetingType.RMM, "NE", date(2026, 11, 26), ("RMM-NE-2026-W48",), "RMM-NE-2026-W48-2"),
        (
            MeetingType.RMM,
            "NE",
            date(2026, 11, 27),
            ("RMM-NE-2026-W48", "RMM-NE-2026-W48-2"),
            "RMM-NE-2026-W48-3",
        ),
        (MeetingType.RMM, "NW", date(2026, 11, 26), ("RMM-NE-2026-W48",), "RMM-NW-2026-W48"),
        (MeetingType.RMM, "NE", date(2026, 12, 31), (), "RMM-NE-2026-W53"),
        (MeetingType.RMM, "NE", date(2027, 1, 1), (), "RMM-NE-2026-W53"),
        (MeetingType.RMM, "NE", date(2027, 1, 4), (), "RMM-NE-2027-W01"),
        (MeetingType.RMM, "NE", date(2024, 12, 30), (), "RMM-NE-2025-W01"),
        (MeetingType.NETWORK, None, date(2026, 11, 25), (), "NET-2026-W48"),
    ],
)
def test_a_reference_names_the_iso_week_of_the_planned_date(
    kind: MeetingType, area: str | None, planned: date, existing: tuple[str, ...], reference: str
) -> None:
    assert meeting_reference(kind, area, planned, existing) == reference


MEETINGS = [(date(2026, 11, 24), "a"), (date(2026, 12, 1), "b"), (date(2026, 12, 8), "c")]


@pytest.mark.parametrize(
    ("review_on", "today", "expected"),
    [
        (date(2026, 12, 1), date(2026, 11, 22), "b"),
        (date(2026, 12, 7), date(2026, 11, 22), "b"),
        (date(2026, 12, 8), date(2026, 11, 22), "c"),
        (date(2027, 6, 1), date(2026, 11, 22), "c"),
        (date(2026, 11, 1), date(2026, 11, 22), "a"),
        (date(2026, 11, 24), date(2026, 11, 24), "a"),
        (date(2026, 11, 24), date(2026, 11, 25), "b"),
    ],
)
def test_a_review_is_at_home_in_the_last_meeting_in_time_else_the_next(
    review_on: date, today: date, expected: str
) -> None:
    found = home(review_on, MEETINGS, today)
    assert found is not None
    assert found[1] == expected


@given(review_on=DAYS, today=DAYS, days=st.lists(DAYS, unique=True, max_size=20))
def test_homing_never_hears_late_what_could_be_heard_in_time(review_on: date, today: date, days: list[date]) -> None:
    found = home(review_on, [(day, day.isoformat()) for day in days], today)
    ahead = [day for day in days if day >= today]

    if not ahead:
        assert found is None
        return
    assert found is not None
    assert found[0] in ahead
    in_time = [day for day in ahead if day <= review_on]
    assert found[0] == (max(in_time) if in_time else min(ahead))


def test_a_meeting_moves_one_step_at_a_time_and_is_cancelled_only_before_it_is_closed() -> None:
    allowed = {(state, to) for state in MeetingState for to in MeetingState if may_move(state, to)}

    line = ["planned", "announced", "published", "in_progress", "closed", "signed"]
    forward = {(MeetingState(state), MeetingState(to)) for state, to in pairwise(line)}
    cancelled = {(MeetingState(state), MeetingState.CANCELLED) for state in line[:4]}
    assert allowed == forward | cancelled


def test_a_move_that_is_not_allowed_is_refused_in_words() -> None:
    check_move(MeetingState.IN_PROGRESS, MeetingState.CLOSED)

    with pytest.raises(DomainError, match=r"^A meeting that is closed cannot become in progress\.$"):
        check_move(MeetingState.CLOSED, MeetingState.IN_PROGRESS)


@pytest.mark.parametrize(
    ("meeting", "expected"),
    [
        (date(2026, 11, 24), date(2026, 11, 20)),
        (date(2026, 12, 29), date(2026, 12, 23)),
        (date(2027, 3, 30), date(2027, 3, 24)),
    ],
)
def test_the_cut_off_is_two_working_days_before_at_noon(meeting: date, expected: date) -> None:
    assert cut_off(meeting, CALENDAR, 2, time(12)) == (expected, time(12))
