"""Working days: the weeks round Christmas 2026 and Easter 2027, closure days, and years no list covers yet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.partnership.definitions import ClosureDay
from meetings_app.schedule.working_days import WorkingCalendar, calendar_of

CALENDAR = WorkingCalendar()
DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 12, 24), None),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 26), "Saturday"),
        (date(2026, 12, 27), "Sunday"),
        (date(2026, 12, 28), "Boxing Day (substitute day)"),
        (date(2026, 12, 29), None),
        (date(2027, 1, 1), "New Year’s Day"),
        (date(2027, 1, 4), None),
        (date(2027, 3, 25), None),
        (date(2027, 3, 26), "Good Friday"),
        (date(2027, 3, 29), "Easter Monday"),
        (date(2027, 3, 30), None),
        (date(2027, 12, 27), "Christmas Day (substitute day)"),
        (date(2028, 12, 26), "Boxing Day"),
        (date(2029, 4, 2), "Easter Monday (expected)"),
        (date(2033, 1, 3), "New Year’s Day (substitute day, expected)"),
        (date(2033, 1, 4), None),
    ],
)
def test_why_nobody_works(day: date, why: str | None) -> None:
    assert CALENDAR.why_not_working(day) == why
    assert CALENDAR.is_working_day(day) is (why is None)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 12, 29), -1, date(2026, 12, 24)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2027, 3, 25), 1, date(2027, 3, 30)),
        (date(2027, 3, 30), -2, date(2027, 3, 24)),
        (date(2026, 11, 24), 5, date(2026, 12, 1)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
    ],
)
def test_counting_working_days(day: date, count: int, expected: date) -> None:
    assert CALENDAR.add_working_days(day, count) == expected


def test_closure_days_are_no_working_days() -> None:
    calendar = calendar_of([ClosureDay(date=date(2026, 12, 29), name="Offices closed")])

    assert calendar.why_not_working(date(2026, 12, 29)) == "Offices closed"
    assert calendar.next_working_day(date(2026, 12, 24)) == date(2026, 12, 30)


@given(day=DAYS, count=st.integers(1, 30))
def test_counting_forward_and_back_comes_home(day: date, count: int) -> None:
    start = CALENDAR.working_day_on_or_after(day)
    there = CALENDAR.add_working_days(start, count)

    assert CALENDAR.is_working_day(there)
    assert CALENDAR.add_working_days(there, -count) == start
    between = [start + timedelta(days=step) for step in range(1, (there - start).days + 1)]
    assert sum(CALENDAR.is_working_day(between_day) for between_day in between) == count


@given(day=DAYS)
def test_the_next_working_day_is_the_first_one_after(day: date) -> None:
    following = CALENDAR.next_working_day(day)

    assert following > day
    skipped = [day + timedelta(days=step) for step in range(1, (following - day).days)]
    assert not any(CALENDAR.is_working_day(skipped_day) for skipped_day in skipped)
