"""What keeps a child on the list and what only warns: a table of cases for each rule and its boundary."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from meetings_app.children.models import YesNoUnknown
from meetings_app.cse_list.models import WarningCode
from meetings_app.errors import RuleBroken
from meetings_app.meetings.gate import (
    ClosureAnswers,
    GateFacts,
    check_asked,
    check_facts,
    check_warnings,
    counted_reasons,
    warnings_of,
)
from meetings_app.partnership import load
from meetings_app.resources import folder
from tests.support.rmm import ANSWERS

RULES = load(folder("agendas")).ratings
HELD_ON = date(2026, 11, 24)
CLEAR = GateFacts(assessed_on=HELD_ON)
YES, NO, UNKNOWN = YesNoUnknown.YES, YesNoUnknown.NO, YesNoUnknown.UNKNOWN


def before(days: int) -> date:
    return HELD_ON - timedelta(days=days)


def refused_by(check: Any, *values: Any) -> list[tuple[str, str]]:
    try:
        check(*values)
    except RuleBroken as broken:
        return [(one.field, one.message) for one in (broken, *broken.more)]
    return []


def blocks(facts: GateFacts) -> list[str]:
    return [message for _field, message in refused_by(check_facts, facts, HELD_ON, RULES)]


def codes(facts: GateFacts, answers: ClosureAnswers = ANSWERS) -> list[str]:
    return [warning.code.value for warning in warnings_of(answers, facts, HELD_ON, RULES)]


def test_a_child_whose_actions_are_done_and_who_was_assessed_is_not_kept() -> None:
    assert blocks(CLEAR) == []
    assert refused_by(check_asked, ANSWERS) == []
    assert codes(CLEAR) == []


@pytest.mark.parametrize(("days", "blocked"), [(0, False), (41, False), (42, False), (43, True), (400, True)])
def test_the_tool_is_reassessed_within_42_days(days: int, blocked: bool) -> None:
    assert bool(blocks(replace(CLEAR, assessed_on=before(days)))) is blocked


def test_a_child_never_assessed_is_told_so() -> None:
    assert blocks(GateFacts()) == ["A closure asks for an assessment within 42 days before: there is none here"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1 action is open: A-0. Each is"),
        (2, "2 actions are open: A-0, A-1. Each is"),
        (7, "7 actions are open: A-0, A-1, A-2, A-3, A-4 and others. Each is"),
    ],
)
def test_open_actions_are_counted_and_named(number: int, said: str) -> None:
    assert blocks(replace(CLEAR, open_actions=tuple(f"A-{place}" for place in range(number))))[0].startswith(said)


def test_every_block_of_the_record_is_said_at_once() -> None:
    assert len(blocks(GateFacts(open_actions=("A-1",)))) == 2


@pytest.mark.parametrize(("answer", "blocked"), [(NO, False), (YES, True), (UNKNOWN, True)])
def test_an_open_section_47_enquiry_blocks_and_so_does_not_knowing(answer: YesNoUnknown, blocked: bool) -> None:
    found = refused_by(check_asked, replace(ANSWERS, section_47=answer))
    assert [field for field, _message in found] == (["section_47"] if blocked else [])


ASKED: list[tuple[str, YesNoUnknown, YesNoUnknown, str]] = [
    ("seen_since_review", NO, YES, "not_seen"),
    ("non_engagement_only", YES, NO, "non_engagement"),
    ("live_investigation", YES, NO, "investigation"),
    ("agency_dissents", YES, NO, "dissent"),
]


@pytest.mark.parametrize(("name", "warns", "is_well", "code"), ASKED, ids=[case[0] for case in ASKED])
def test_what_the_meeting_is_asked_warns_by_its_answer_and_has_to_be_answered(
    name: str, warns: YesNoUnknown, is_well: YesNoUnknown, code: str
) -> None:
    answered: Mapping[str, Any] = {name: warns}
    assert codes(CLEAR, replace(ANSWERS, **answered)) == [code]
    well: Mapping[str, Any] = {name: is_well}
    assert codes(CLEAR, replace(ANSWERS, **well)) == []
    nothing: Mapping[str, Any] = {name: UNKNOWN}
    unanswered = replace(ANSWERS, **nothing)
    assert [field for field, _message in refused_by(check_asked, unanswered)] == [name]


@pytest.mark.parametrize(("days", "warned"), [(0, True), (89, True), (90, True), (91, False)])
def test_a_missing_episode_in_the_last_90_days_warns(days: int, warned: bool) -> None:
    assert codes(replace(CLEAR, missing_on=before(days))) == (["missing"] if warned else [])


@pytest.mark.parametrize(("days", "warned"), [(0, True), (83, True), (84, True), (85, False)])
def test_a_rating_of_high_within_84_days_warns(days: int, warned: bool) -> None:
    assert codes(replace(CLEAR, high_on=before(days))) == (["recently_high"] if warned else [])


@pytest.mark.parametrize(
    ("left", "held_on", "warned"),
    [
        (date(2025, 11, 23), HELD_ON, False),
        (date(2025, 11, 24), HELD_ON, True),
        (date(2025, 11, 25), HELD_ON, True),
        (date(2024, 2, 29), date(2025, 3, 1), True),
        (date(2024, 2, 29), date(2025, 3, 2), False),
    ],
)
def test_an_earlier_stay_that_ended_within_12_months_warns(left: date, held_on: date, warned: bool) -> None:
    facts = replace(CLEAR, left_list_on=(date(2020, 1, 1), left))
    found = [warning.code.value for warning in warnings_of(ANSWERS, facts, held_on, RULES)]
    assert found == (["closed_before"] if warned else [])


def test_every_warning_asks_for_its_own_reason_and_only_those_that_hold_are_kept() -> None:
    facts = replace(CLEAR, missing_on=HELD_ON, high_on=HELD_ON, left_list_on=(HELD_ON,), linked_high=True)
    every: Mapping[str, Any] = {name: warns for name, warns, _is_well, _code in ASKED}
    warned = replace(ANSWERS, **every)
    assert set(codes(facts, warned)) == {code.value for code in WarningCode}, "no code of the table is without a rule"
    assert refused_by(check_warnings, warned, facts, HELD_ON, RULES) == []
    silent = replace(warned, reasons={WarningCode.MISSING: "  "})
    asked = [field for field, _message in refused_by(check_warnings, silent, facts, HELD_ON, RULES)]
    assert sorted(asked) == sorted(f"{code.value}_reason" for code in WarningCode)
    assert set(counted_reasons(warned, facts, HELD_ON, RULES)) == set(WarningCode)
    assert counted_reasons(ANSWERS, CLEAR, HELD_ON, RULES) == {}, "what no longer warns needs no reason"


def test_the_limits_are_those_of_the_partnership() -> None:
    closure = RULES.closure.model_copy(update={"reassessed_within_days": 10, "missing_days": 5})
    rules = RULES.model_copy(update={"closure": closure})
    assert refused_by(check_facts, replace(CLEAR, assessed_on=before(11)), HELD_ON, rules)
    assert warnings_of(ANSWERS, replace(CLEAR, missing_on=before(6)), HELD_ON, rules) == []
