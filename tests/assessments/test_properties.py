"""What holds for every tool whatever is ticked: order does not matter, and one tick more never lowers anything."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.assessments.answers import AnswersRefused
from meetings_app.assessments.reading import read_answers
from meetings_app.assessments.scoring import Outcome, outcome_of
from meetings_app.partnership import ToolDefinition
from tests.support.assessments import ASSESSED_ON, TOOLS, document

LEVELS = [None, "none", "low", "medium", "high"]


@st.composite
def indicator(draw: st.DrawFn, tool: ToolDefinition, code: str) -> dict[str, Any]:
    """One indicator ticked in some way the tool allows."""
    tier = tool.tier_of[code]
    tick: dict[str, Any] = {"code": code, "evidence": "Seen."}
    tick["when"] = draw(st.lists(st.sampled_from(tool.windows_of(tier)), min_size=1, max_size=4))
    for question in tier.questions:
        answer = draw(st.sampled_from([None, *(choice.code for choice in question.choices)]))
        if answer:
            tick[question.key] = answer
    return tick


@st.composite
def assessment(draw: st.DrawFn) -> tuple[ToolDefinition, dict[str, Any]]:
    """A tool, and a document that it takes, with at least one indicator."""
    tool = draw(st.sampled_from(list(TOOLS.values())))
    codes = draw(st.lists(st.sampled_from(list(tool.tier_of)), min_size=1, unique=True))
    born = draw(st.dates(min_value=date(2001, 1, 1), max_value=ASSESSED_ON))
    fields: dict[str, Any] = {"learning_disability": draw(st.booleans()), "disability": draw(st.booleans())}
    if tool.method == "judged":
        fields["level"] = draw(st.sampled_from([None, *(category.level for category in tool.categories)]))
    ticks = [draw(indicator(tool, code)) for code in codes]
    return tool, document(born=born.isoformat(), indicators=ticks, **fields)


def outcome(tool: ToolDefinition, answers: dict[str, Any]) -> Outcome:
    return outcome_of(tool, read_answers(tool, answers))


@given(assessment(), st.data())
def test_the_order_does_not_matter(made: tuple[ToolDefinition, dict[str, Any]], data: st.DataObject) -> None:
    tool, answers = made
    shuffled = {**answers, "indicators": data.draw(st.permutations(answers["indicators"]))}
    assert read_answers(tool, shuffled) == read_answers(tool, answers)


@given(assessment())
def test_one_indicator_more_never_lowers_the_score_or_the_level(made: tuple[ToolDefinition, dict[str, Any]]) -> None:
    tool, answers = made
    less = outcome(tool, {**answers, "indicators": answers["indicators"][:-1]})
    more = outcome(tool, answers)
    assert (more.score or 0) >= (less.score or 0)
    assert LEVELS.index(more.level) >= LEVELS.index(less.level)


@given(assessment())
def test_the_score_is_the_sum_of_its_parts_or_there_is_none(made: tuple[ToolDefinition, dict[str, Any]]) -> None:
    tool, answers = made
    found = outcome(tool, answers)
    assert found.score == (sum(found.subtotals.values()) if tool.code == "seraf" else None)


@given(assessment(), st.data())
def test_a_repeated_code_is_refused(made: tuple[ToolDefinition, dict[str, Any]], data: st.DataObject) -> None:
    tool, answers = made
    ticks = list(answers["indicators"])
    ticks.insert(data.draw(st.integers(0, len(ticks))), data.draw(st.sampled_from(ticks)))
    with pytest.raises(AnswersRefused, match="stands there twice"):
        read_answers(tool, {**answers, "indicators": ticks})


@given(assessment(), st.text(), st.data())
def test_an_unknown_code_is_refused(
    made: tuple[ToolDefinition, dict[str, Any]], code: str, data: st.DataObject
) -> None:
    tool, answers = made
    if code in tool.tier_of:
        return
    ticks = list(answers["indicators"])
    place = data.draw(st.integers(0, len(ticks)))
    ticks.insert(place, {"code": code, "when": ["current"], "evidence": "Seen."})
    with pytest.raises(AnswersRefused) as refused:
        read_answers(tool, {**answers, "indicators": ticks})
    assert [problem.field for problem in refused.value.problems] == [f"indicators.{place + 1}"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
FIELDS = ("born", "assessed_on", "indicators", "level", "headings", "other_factors", "learning_disability")


@given(st.sampled_from(list(TOOLS.values())), st.dictionaries(st.sampled_from(FIELDS), json_values) | json_values)
def test_whatever_is_sent_is_read_or_refused_with_one_line_a_problem(tool: ToolDefinition, sent: object) -> None:
    problems: list[str] = []
    message = ""
    try:
        read_answers(tool, sent)
    except AnswersRefused as refused:
        problems, message = [str(problem) for problem in refused.problems], refused.message
    assert message.splitlines() == problems
