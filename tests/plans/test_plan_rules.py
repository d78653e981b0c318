"""How much a rating asks of a safety plan, how late one is, and when an update is asked for."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.errors import RuleBroken
from meetings_app.partnership.plans import PlanRules
from meetings_app.plans.comparing import Change, compare_aims, compare_text
from meetings_app.plans.rules import (
    PlanText,
    SchoolCopy,
    ViewKind,
    check_plan,
    is_missing,
    needs_of,
    update_asked_on,
    working_days_late,
)
from meetings_app.ratings.levels import RiskRating
from meetings_app.schedule.working_days import WorkingCalendar
from tests.support.plans import an_aim, plan_text

RULES, CALENDAR = PlanRules(), WorkingCalendar()
HIGH = needs_of(RiskRating.HIGH, RULES, missing=True)
MEDIUM = needs_of(RiskRating.MEDIUM, RULES, missing=True)
LACKS: list[tuple[dict[str, Any], str, bool, bool]] = [
    ({"aims": ()}, "aim1", True, True),
    ({"aims": (an_aim(), an_aim(" "))}, "aim2", True, True),
    ({"aims": (an_aim(actions=" "),)}, "aim1_actions", True, False),
    ({"aims": (an_aim(due_on=None),)}, "aim1_due_on", True, False),
    ({"missing_plan": " "}, "missing_plan", True, False),
    ({"contingency": ""}, "contingency", True, True),
    ({"child_view": " "}, "child_view", True, True),
    ({"child_view_kind": None}, "child_view_kind", True, True),
    ({"parents_view": ""}, "parents_view", True, True),
    ({"parents_view_kind": None}, "parents_view_kind", True, True),
    ({"school_copy": None}, "school_copy", True, True),
    ({"school_copy": SchoolCopy.NOT_GIVEN}, "school_copy_note", True, True),
]


@pytest.mark.parametrize(("lacks", "field", "high", "medium"), LACKS)
def test_a_high_rating_asks_more_of_a_plan_than_a_medium_one(
    lacks: dict[str, Any], field: str, high: bool, medium: bool
) -> None:
    plan = replace(plan_text(), **lacks)
    for needs, asked in ((HIGH, high), (MEDIUM, medium)):
        if not asked:
            check_plan(plan, needs)
            continue
        with pytest.raises(RuleBroken) as refused:
            check_plan(plan, needs)
        assert refused.value.field == field


def test_everything_that_lacks_is_said_at_once() -> None:
    with pytest.raises(RuleBroken) as refused:
        check_plan(PlanText(aims=()), HIGH)
    fields = {refused.value.field, *(broken.field for broken in refused.value.more)}
    assert fields == {"aim1", "contingency", "missing_plan", "child_view", "child_view_kind", "parents_view",
                      "parents_view_kind", "school_copy"}  # fmt: skip


def test_an_action_on_record_serves_an_aim_as_well_as_words_do() -> None:
    check_plan(plan_text(an_aim(actions="", references=("A-7Q4KD",))), HIGH)


def test_why_a_view_was_not_sought_is_asked_for_in_those_words() -> None:
    plan = replace(plan_text(), child_view_kind=ViewKind.NOT_SOUGHT, child_view=" ")
    with pytest.raises(RuleBroken, match="why the child’s view was not sought"):
        check_plan(plan, MEDIUM)


def test_low_asks_for_an_aim_alone_and_no_rating_for_no_more() -> None:
    for rating in (RiskRating.LOW, RiskRating.NONE, None):
        assert needs_of(rating, RULES, missing=True) == frozenset()
    assert "missing" not in needs_of(RiskRating.HIGH, RULES, missing=False)


@pytest.mark.parametrize(("on", "so"), [(None, False), (date(2026, 8, 24), False), (date(2026, 8, 25), True)])
def test_a_missing_episode_counts_for_90_days(on: date | None, so: bool) -> None:
    assert is_missing(on, date(2026, 11, 23), RULES) is so


@pytest.mark.parametrize(
    ("due", "today", "days"),
    [
        (None, date(2026, 11, 23), 0),
        (date(2026, 11, 23), date(2026, 11, 23), 0),
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 11, 20), date(2026, 11, 21), 1),
        (date(2026, 12, 24), date(2026, 12, 29), 1),
        (date(2026, 11, 13), date(2026, 11, 20), 5),
    ],
)
def test_a_plan_is_late_by_working_days(due: date | None, today: date, days: int) -> None:
    assert working_days_late(due, today, CALENDAR) == days


def test_an_update_is_asked_for_two_working_days_before_the_meeting() -> None:
    assert update_asked_on(date(2026, 11, 26), RULES, CALENDAR) == date(2026, 11, 24)
    assert update_asked_on(date(2026, 12, 29), RULES, CALENDAR) == date(2026, 12, 23)


def test_two_versions_are_compared_aim_by_aim() -> None:
    before = [_row(1, "The adult stays away"), _row(2, "School"), _row(3, "Home")]
    after = [_row(3, "Home"), _row(1, "The adult stays far away"), _row(4, "Sleep")]
    compared = compare_aims(before, after)
    assert [(aim.number, aim.change) for aim in compared] == [
        (3, Change.SAME), (1, Change.CHANGED), (4, Change.NEW), (2, Change.GONE),
    ]  # fmt: skip
    assert [piece.text for piece in compared[1].rows[0].pieces if piece.change is Change.NEW] == ["far", " "] or [
        piece.text for piece in compared[1].rows[0].pieces if piece.change is Change.NEW
    ] == ["far "]


@given(st.text(), st.text())
def test_the_marked_words_are_both_texts_and_none_is_lost(before: str, after: str) -> None:
    pieces = compare_text("Text", before, after).pieces
    assert "".join(piece.text for piece in pieces if piece.change is not Change.NEW) == before
    assert "".join(piece.text for piece in pieces if piece.change is not Change.GONE) == after


def _row(number: int, aim: str) -> Any:
    return type("Row", (), {"number": number, "aim": aim, "actions": "", "action_references": [], "due_on": None})
