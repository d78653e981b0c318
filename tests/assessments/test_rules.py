"""What follows from an assessment: when the next is due, what changed, whether another birth date would matter."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.assessments.answers import Answers
from meetings_app.assessments.reading import read_answers
from meetings_app.assessments.rules import (
    compare,
    flag_texts,
    reassessment,
    tool_called,
    unanswered,
    window_dates,
    would_change,
)
from meetings_app.assessments.scoring import outcome_of
from meetings_app.errors import DomainError
from meetings_app.partnership import ToolDefinition, load
from meetings_app.resources import folder
from tests.support.assessments import CSE1, KENT_MEDWAY, SERAF, SURREY, TOOLS, codes_of, document, ticked

DEFAULT_DAYS = load(folder("agendas")).ratings.assessment.reassess_days
LOW = codes_of(KENT_MEDWAY, "low")
SIGNIFICANT = codes_of(SERAF, "significant")


def answers(tool: ToolDefinition, ticks: dict[str, tuple[str, ...]], **fields: object) -> Answers:
    return read_answers(tool, document(ticks, **fields))


@pytest.mark.parametrize(
    ("tool", "number", "earliest", "latest"),
    [
        (SERAF, 1, date(2027, 2, 16), date(2027, 2, 16)),
        (SERAF, 4, date(2027, 2, 16), date(2027, 2, 16)),
        (KENT_MEDWAY, None, date(2027, 2, 16), date(2027, 2, 16)),
        (KENT_MEDWAY, 1, date(2026, 12, 22), date(2027, 1, 5)),
        (KENT_MEDWAY, 2, date(2027, 2, 16), date(2027, 2, 16)),
        (CSE1, 3, date(2027, 2, 16), date(2027, 2, 16)),
    ],
)
def test_a_tool_is_used_again_after_84_days_and_in_the_lowest_tier_of_kent_and_medway_after_four_to_six_weeks(
    tool: ToolDefinition, number: int | None, earliest: date, latest: date
) -> None:
    category = tool.category(number) if number else None
    again = reassessment(tool, category, date(2026, 11, 24), DEFAULT_DAYS)
    assert (again.earliest, again.latest) == (earliest, latest)


def test_the_days_of_the_category_hold_before_those_of_the_tool_and_those_before_the_default() -> None:
    tool = KENT_MEDWAY.model_copy(update={"reassess_days": 10})
    days = [reassessment(tool, category, date(2026, 1, 1), 84).latest for category in tool.categories]
    assert days == [date(2026, 2, 12), date(2026, 1, 11), date(2026, 1, 11)]


@pytest.mark.parametrize(
    ("tool", "ticks", "born", "changes"),
    [
        (SERAF, ticked(SIGNIFICANT[:1]), date(2011, 5, 2), False),
        (SERAF, ticked(SIGNIFICANT[:1]), date(2013, 11, 24), False),
        (SERAF, ticked(SIGNIFICANT[:1]), date(2013, 11, 25), True),
        (SERAF, ticked(SIGNIFICANT[:1]), date(2008, 11, 25), False),
        (SERAF, ticked(SIGNIFICANT[:4]), date(2008, 11, 24), True),
        (KENT_MEDWAY, ticked(LOW[:1]), date(2013, 11, 25), True),
        (KENT_MEDWAY, ticked(LOW[:1]), date(2013, 11, 24), False),
        (CSE1, {}, date(2012, 1, 1), False),
        (CSE1, {}, date(2026, 11, 25), True),
    ],
)
def test_a_corrected_date_of_birth_is_flagged_where_it_would_change_the_outcome(
    tool: ToolDefinition, ticks: dict[str, tuple[str, ...]], born: date, changes: bool
) -> None:
    assert would_change(tool, answers(tool, ticks), born) is changes


@given(st.dates(date(2000, 1, 1), date(2026, 11, 24)), st.dates(date(2000, 1, 1), date(2026, 11, 24)))
def test_another_date_of_birth_changes_nothing_where_nothing_is_said_to_change(was: date, corrected: date) -> None:
    given_answers = answers(SERAF, ticked(SIGNIFICANT[:3]), born=was.isoformat())
    again = answers(SERAF, ticked(SIGNIFICANT[:3]), born=corrected.isoformat())
    changed = outcome_of(SERAF, given_answers) != outcome_of(SERAF, again)
    assert would_change(SERAF, given_answers, corrected) is changed


def test_two_assessments_are_compared_by_what_is_new_gone_and_still_there() -> None:
    before = answers(SERAF, {"drugs": ("current",), "alcohol": ("current",), "vehicles": ("current",)})
    now = answers(SERAF, {"vehicles": ("current", "recent"), "alcohol": ("current",), "isolated": ("current",)})
    compared = compare(before, now)
    assert compared.new == ("isolated",)
    assert compared.gone == ("drugs",)
    assert compared.still == ("alcohol", "vehicles")
    assert compared.moved == ("vehicles",)


@given(st.sets(st.sampled_from(list(SERAF.tier_of))), st.sets(st.sampled_from(list(SERAF.tier_of))))
def test_no_indicator_is_lost_in_a_comparison(before: set[str], now: set[str]) -> None:
    compared = compare(answers(SERAF, ticked(before)), answers(SERAF, ticked(now)))
    assert {*compared.new, *compared.still} == now
    assert {*compared.gone, *compared.still} == before
    assert compared.moved == ()


def test_a_draft_may_leave_open_what_a_finished_assessment_may_not() -> None:
    high = codes_of(KENT_MEDWAY, "high")[0]
    open_fields = [problem.field for problem in unanswered(KENT_MEDWAY, answers(KENT_MEDWAY, ticked([high, LOW[0]])))]
    assert open_fields == [f"indicators.{high}.severity", "headings.child_view", "headings.judgement"]

    tick = {"code": high, "when": ["current"], "evidence": "Seen.", "severity": "urgent"}
    headings = {"child_view": "Not sought: the child is missing.", "judgement": "Exploited by an adult."}
    whole = read_answers(KENT_MEDWAY, document(indicators=[tick], headings=headings))
    assert unanswered(KENT_MEDWAY, whole) == []


def test_the_judged_level_is_filled_in_before_it_is_finished_and_a_question_with_a_default_need_not_be() -> None:
    assert "level" in [problem.field for problem in unanswered(SURREY, answers(SURREY, {}))]
    assert "level" not in [problem.field for problem in unanswered(SURREY, answers(SURREY, {}, level="low"))]
    significant = answers(SERAF, ticked(SIGNIFICANT))
    assert [problem.field for problem in unanswered(SERAF, significant)] == [
        "headings.child_view",
        "headings.judgement",
    ]


def test_a_window_is_shown_with_its_dates() -> None:
    current, recent = window_dates(SERAF, date(2026, 8, 31))
    assert (current.since, current.until) == (date(2026, 3, 1), date(2026, 8, 31))
    assert (recent.since, recent.until) == (date(2025, 8, 31), date(2026, 3, 1))
    assert [(each.since, each.until) for each in window_dates(KENT_MEDWAY, date(2026, 8, 31))] == [(None, None)] * 3


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_every_flag_has_its_words(tool: ToolDefinition) -> None:
    texts = flag_texts(tool)
    assert set(texts) == {flag.code for flag in tool.flags} | ({"floor_applied"} if tool.floors else set())
    assert all(texts.values())


def test_a_tool_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(DomainError, match="The tools are: cse1, kent-medway, seraf, surrey"):
        tool_called(TOOLS.values(), "SERAF")
    with pytest.raises(DomainError, match="There are no assessment tools"):
        tool_called((), "seraf")
