"""The plain rules of the list, against the rules of the field they serve."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from meetings_app.children.ages import age_on
from meetings_app.cse_list.rules import Homes, latest_birth
from meetings_app.schedule.rules import home

DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(today=DAYS, born=st.dates(date(2001, 1, 1), date(2020, 12, 31)), age=st.integers(1, 20))
def test_whoever_was_born_on_or_before_the_latest_birth_has_reached_the_age(today: date, born: date, age: int) -> None:
    assert (born <= latest_birth(age, today)) == (age_on(born, today) >= age)


@given(meetings=st.lists(DAYS, unique=True, max_size=12), review=DAYS, today=DAYS)
def test_a_review_finds_by_bisection_the_meeting_that_the_rule_names(
    meetings: list[date], review: date, today: date
) -> None:
    ahead = sorted(day for day in meetings if day >= today)
    homes = Homes(ahead, [(number, day.isoformat()) for number, day in enumerate(ahead)])
    expected = home(review, [(day, day.isoformat()) for day in meetings], today)
    found = homes.of(review)
    assert (found[1] if found else None) == (expected[1] if expected else None)
