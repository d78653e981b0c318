"""When a child on the list is to be assessed again: after time, at each change in circumstances, before a closure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.assessments.due import Change, Due, Facts, Why, closure_is_late, due_of, when_in_words

TODAY = date(2026, 11, 23)
WITHIN = 42
LISTED = date(2026, 6, 1)


def day(days: int) -> date:
    """The day so many days from today."""
    return TODAY + timedelta(days=days)


def assessed(days_ago: int, *, by: int = 84, since: int | None = None, **more: object) -> Facts:
    """A child last assessed so many days ago, with a tool that is used again after `by` days, or `since` on."""
    on = day(-days_ago)
    earliest = on + timedelta(days=by if since is None else since)
    return Facts(LISTED, on, earliest, on + timedelta(days=by), **more)  # type: ignore[arg-type]


MISSING = Change("Missing episode", day(-3))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(LISTED), [(Why.NEVER, LISTED)]),
        (Facts(LISTED, change=MISSING, closure_on=day(2)), [(Why.NEVER, LISTED)]),
        (assessed(0), []),
        (assessed(83), []),
        (assessed(84), [(Why.TIME, TODAY)]),
        (assessed(85), [(Why.TIME, day(-1))]),
        (assessed(27, by=42, since=28), []),
        (assessed(28, by=42, since=28), [(Why.TIME, day(14))]),
        (assessed(43, by=42, since=28), [(Why.TIME, day(-1))]),
        (assessed(10, change=MISSING), [(Why.CHANGE, day(-3))]),
        (assessed(90, change=MISSING), [(Why.TIME, day(-6)), (Why.CHANGE, day(-3))]),
        (assessed(40, closure_on=day(2)), []),
        (assessed(41, closure_on=day(2)), [(Why.CLOSURE, day(2))]),
        (assessed(41, closure_on=day(2), change=MISSING), [(Why.CHANGE, day(-3)), (Why.CLOSURE, day(2))]),
    ],
)
def test_who_is_due_by_when_and_why(facts: Facts, expected: list[tuple[Why, date]]) -> None:
    assert [(due.why, due.by) for due in due_of(facts, TODAY, WITHIN)] == expected


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (Facts(LISTED), "No tool was used here since the child was listed"),
        (assessed(84), "Last assessed on 31 August 2026"),
        (
            assessed(10, change=MISSING),
            "Missing episode on 20 November 2026, last assessed on 13 November 2026",
        ),
        (
            assessed(50, closure_on=day(2)),
            "Closure is proposed and asks for an assessment within 42 days before, last assessed on 4 October 2026",
        ),
    ],
)
def test_the_reason_is_said_in_words(facts: Facts, words: str) -> None:
    assert due_of(facts, TODAY, WITHIN)[0].text == words


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "overdue since 22 November 2026"), (0, "due by 23 November 2026"), (3, "due by 26 November 2026")],
)
def test_the_last_day_itself_is_in_time(days: int, words: str) -> None:
    assert when_in_words(Due(Why.TIME, day(days), ""), TODAY) == words


def test_a_closure_asks_for_an_assessment_at_all() -> None:
    assert closure_is_late(None, TODAY, WITHIN)
    assert not closure_is_late(day(-42), TODAY, WITHIN)
    assert closure_is_late(day(-43), TODAY, WITHIN)


days_around = st.integers(-400, 400).map(day)
some_facts = st.builds(
    lambda listed, last, earliest, later, change, closure: Facts(
        listed,
        last,
        last + timedelta(days=min(earliest, later)) if last else None,
        last + timedelta(days=later) if last else None,
        Change("Incident", change) if last and change else None,
        closure,
    ),
    days_around, st.none() | days_around, st.integers(1, 200), st.integers(1, 200), st.none() | days_around,
    st.none() | days_around,
)  # fmt: skip


@given(some_facts, st.integers(0, 100))
def test_nobody_who_is_due_stops_being_due_by_waiting(facts: Facts, later: int) -> None:
    now = due_of(facts, TODAY, WITHIN)
    then = due_of(facts, day(later), WITHIN)
    assert {due.why for due in now} <= {due.why for due in then}


@given(some_facts)
def test_reasons_stand_once_and_the_most_pressing_first(facts: Facts) -> None:
    found = due_of(facts, TODAY, WITHIN)
    assert [due.by for due in found] == sorted(due.by for due in found)
    assert len({due.why for due in found}) == len(found)
    assert all(due.text for due in found)


@given(some_facts)
def test_a_new_assessment_today_ends_every_reason_but_a_distant_closure(facts: Facts) -> None:
    again = Facts(facts.listed_on, TODAY, day(84), day(84), None, facts.closure_on)
    expected = facts.closure_on is not None and facts.closure_on - TODAY > timedelta(days=WITHIN)
    assert [due.why for due in due_of(again, TODAY, WITHIN)] == ([Why.CLOSURE] if expected else [])
