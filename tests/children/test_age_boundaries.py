"""Every boundary of age, on its day and on the day before, for births that calendars like to get wrong."""

from datetime import UTC, date, datetime, timedelta

import pytest

from meetings_app.children.ages import age_notes, age_on
from meetings_app.clock import london_date
from meetings_app.partnership import load
from meetings_app.ratings.rules import floor_asks
from meetings_app.resources import folder

RULES = load(folder("agendas")).ratings
ORDINARY, LEAP_DAY, MONTH_END = date(2009, 11, 24), date(2008, 2, 29), date(2009, 8, 31)
BEGINS = [
    ("consent_is_no_safety", ORDINARY, date(2025, 11, 24)),
    ("consent_is_no_safety", LEAP_DAY, date(2024, 2, 29)),
    ("transition_planning", ORDINARY, date(2026, 11, 24)),
    ("transition_planning", LEAP_DAY, date(2025, 3, 1)),
    ("adult_services", ORDINARY, date(2027, 5, 24)),
    ("adult_services", LEAP_DAY, date(2025, 8, 29)),
    ("adult_services", MONTH_END, date(2027, 3, 1)),
    ("transition_weekly", ORDINARY, date(2027, 8, 24)),
    ("transition_weekly", LEAP_DAY, date(2025, 11, 29)),
    ("transition_weekly", MONTH_END, date(2027, 5, 31)),
    ("adult", ORDINARY, date(2027, 11, 24)),
    ("adult", LEAP_DAY, date(2026, 3, 1)),
]
ENDS = [
    ("under_13", ORDINARY, date(2022, 11, 24)),
    ("under_13", LEAP_DAY, date(2021, 3, 1)),
    ("consent_is_no_safety", ORDINARY, date(2027, 11, 24)),
    ("consent_is_no_safety", LEAP_DAY, date(2026, 3, 1)),
    ("transition_weekly", LEAP_DAY, date(2026, 3, 1)),
    ("additional_needs", ORDINARY, date(2031, 11, 24)),
    ("additional_needs", LEAP_DAY, date(2030, 3, 1)),
    ("care_leaver", ORDINARY, date(2035, 11, 24)),
    ("care_leaver", LEAP_DAY, date(2034, 3, 1)),
]
"""The first day on which it no longer counts: additional needs to the 22nd birthday, care leavers to the 26th."""


def asked(born: date, day: date) -> list[str]:
    """Give what is asked on a day for a child who is looked after and has additional needs."""
    return [note.code for note in age_notes(born, day, RULES, looked_after=True, additional_needs=True)]


@pytest.mark.parametrize(("code", "born", "day"), BEGINS)
def test_what_begins_with_an_age_begins_on_its_day_and_not_the_day_before(code: str, born: date, day: date) -> None:
    assert code in asked(born, day)
    assert code not in asked(born, day - timedelta(days=1))


@pytest.mark.parametrize(("code", "born", "day"), ENDS)
def test_what_ends_with_an_age_counts_until_the_day_before(code: str, born: date, day: date) -> None:
    assert code not in asked(born, day)
    assert code in asked(born, day - timedelta(days=1))


@pytest.mark.parametrize(("born", "day"), [(ORDINARY, date(2022, 11, 24)), (LEAP_DAY, date(2021, 3, 1))])
def test_the_floor_is_asked_until_the_13th_birthday(born: date, day: date) -> None:
    assert floor_asks(age_on(born, day - timedelta(days=1)), False, RULES.floor)
    assert not floor_asks(age_on(born, day), False, RULES.floor)
    assert floor_asks(age_on(born, day), True, RULES.floor), "a learning disability counts at any age"


@pytest.mark.parametrize(
    ("moment", "age"),
    [
        (datetime(2026, 3, 28, 23, 59, tzinfo=UTC), 17),
        (datetime(2026, 3, 29, 0, 0, tzinfo=UTC), 18),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), 18),
    ],
    ids=["the evening before the clocks go forward", "midnight", "after they went forward"],
)
def test_the_birthday_is_a_day_in_london_when_the_clocks_go_forward(moment: datetime, age: int) -> None:
    assert age_on(date(2008, 3, 29), london_date(moment)) == age


@pytest.mark.parametrize(
    ("moment", "age"),
    [
        (datetime(2026, 10, 24, 22, 59, tzinfo=UTC), 17),
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), 18),
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), 18),
    ],
    ids=["the evening before, in summer time", "midnight in London", "the end of the long day"],
)
def test_the_birthday_is_a_day_in_london_when_the_clocks_go_back(moment: datetime, age: int) -> None:
    assert age_on(date(2008, 10, 25), london_date(moment)) == age
