"""Ages on the days that matter, 29 February, and what the meeting must bear in mind."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.children.ages import (
    TransitionDates,
    after_months,
    age_notes,
    age_on,
    birthday,
    is_under,
    transition_dates,
)
from meetings_app.partnership import load
from meetings_app.resources import folder

RULES = load(folder("agendas")).ratings
BIRTHS = st.dates(date(1995, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2013, 11, 24), date(2026, 11, 23), 12),
        (date(2013, 11, 24), date(2026, 11, 24), 13),
        (date(2012, 2, 29), date(2025, 2, 28), 12),
        (date(2012, 2, 29), date(2025, 3, 1), 13),
        (date(2012, 2, 29), date(2028, 2, 28), 15),
        (date(2012, 2, 29), date(2028, 2, 29), 16),
        (date(2026, 11, 24), date(2026, 11, 24), 0),
    ],
)
def test_the_age_on_a_day(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age
    assert is_under(13, born, day) is (age < 13)


def test_a_day_before_the_birth_is_refused() -> None:
    with pytest.raises(ValueError, match="before the birth"):
        age_on(date(2026, 11, 24), date(2026, 11, 23))


@given(born=BIRTHS, years=st.integers(0, 25))
def test_the_age_changes_on_the_birthday_and_on_no_other_day(born: date, years: int) -> None:
    day = birthday(born, years)

    assert age_on(born, day) == years
    if years:
        assert age_on(born, date.fromordinal(day.toordinal() - 1)) == years - 1


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2009, 8, 31), 210, date(2027, 3, 1)),
        (date(2009, 5, 24), 210, date(2026, 11, 24)),
        (date(2010, 11, 30), 3, date(2011, 3, 1)),
        (date(2011, 11, 30), 3, date(2012, 3, 1)),
        (date(2011, 12, 31), 2, date(2012, 3, 1)),
        (date(2011, 10, 31), 1, date(2011, 12, 1)),
    ],
)
def test_months_that_are_too_short_roll_forward(day: date, months: int, expected: date) -> None:
    assert after_months(day, months) == expected


def test_the_transition_dates_of_a_child_born_on_29_february() -> None:
    assert transition_dates(date(2008, 2, 29), RULES.ages) == TransitionDates(
        planning_on=date(2025, 3, 1),
        adult_services_on=date(2025, 8, 29),
        weekly_from=date(2025, 11, 29),
        adult_on=date(2026, 3, 1),
    )


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2022, 11, 23), ["under_13"]),
        (date(2022, 11, 24), []),
        (date(2025, 11, 23), []),
        (date(2025, 11, 24), ["consent_is_no_safety"]),
        (date(2026, 11, 24), ["consent_is_no_safety", "transition_planning"]),
        (date(2027, 5, 24), ["consent_is_no_safety", "transition_planning", "adult_services"]),
        (
            date(2027, 8, 24),
            ["consent_is_no_safety", "transition_planning", "adult_services", "transition_weekly"],
        ),
        (
            date(2027, 11, 23),
            [
                "consent_is_no_safety",
                "transition_planning",
                "adult_services",
                "transition_weekly",
            ],
        ),
        (date(2027, 11, 24), ["adult"]),
    ],
)
def test_what_the_age_asks_for(day: date, codes: list[str]) -> None:
    assert [note.code for note in age_notes(date(2009, 11, 24), day, RULES)] == codes


@pytest.mark.parametrize(
    ("age", "codes"),
    [
        (17, ["learning_disability", "consent_is_no_safety", "transition_planning"]),
        (18, ["learning_disability", "adult", "additional_needs", "care_leaver"]),
        (21, ["learning_disability", "adult", "additional_needs", "care_leaver"]),
        (22, ["learning_disability", "adult", "care_leaver"]),
        (25, ["learning_disability", "adult", "care_leaver"]),
        (26, ["learning_disability", "adult"]),
    ],
)
def test_a_looked_after_child_with_a_learning_disability_stays_in_view(age: int, codes: list[str]) -> None:
    born = date(2000, 11, 24)
    notes = age_notes(born, birthday(born, age), RULES, looked_after=True, learning_disability=True)

    assert [note.code for note in notes] == codes
