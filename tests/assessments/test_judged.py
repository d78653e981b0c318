"""CSE 1 and the Surrey tool: a person judges the level, nothing is scored, and one rule of CSE 1 holds (LR, SUR)."""

import pytest

from meetings_app.partnership import ToolDefinition
from tests.support.assessments import CSE1, SURREY, TOOLS, assess, codes_of, ticked


@pytest.mark.parametrize(
    ("tool", "level"),
    [
        (CSE1, "low"), (CSE1, "medium"), (CSE1, "high"),
        (SURREY, "none"), (SURREY, "low"), (SURREY, "medium"), (SURREY, "high"),
    ],
)  # fmt: skip
def test_the_level_is_the_one_that_is_judged(tool: ToolDefinition, level: str) -> None:
    tier = tool.tiers[0]
    outcome = assess(tool, ticked([tier.indicators[0].code], "historic"), level=level)
    assert outcome.score is None
    assert outcome.level == outcome.level_before_floors == level
    assert outcome.subtotals[tier.key] == 1
    assert outcome.flags == ()
    assert outcome.actions


@pytest.mark.parametrize("tool", [CSE1, SURREY], ids=["cse1", "surrey"])
def test_nothing_judged_is_no_level(tool: ToolDefinition) -> None:
    outcome = assess(tool, ticked([tool.tiers[0].indicators[0].code]))
    assert (outcome.score, outcome.category, outcome.level, outcome.actions) == (None, None, None, ())


@pytest.mark.parametrize("judged", [None, "low", "medium"])
@pytest.mark.parametrize("code", codes_of(CSE1, "high"))
def test_one_high_indicator_of_cse_1_is_enough_for_the_high_pathway(code: str, judged: str | None) -> None:
    outcome = assess(CSE1, {code: ["current"]}, level=judged)
    assert outcome.level == "high"
    assert outcome.level_before_floors == judged
    assert outcome.flags == ("floor_applied",)


def test_judged_high_is_not_lifted() -> None:
    assert assess(CSE1, ticked(codes_of(CSE1, "high")), level="high").flags == ()


def test_the_surrey_tool_leaves_a_judged_level_alone_whatever_is_ticked() -> None:
    every = [code for tier in SURREY.tiers for code in codes_of(SURREY, tier.key)]
    assert assess(SURREY, ticked(every), level="low").level == "low"
    assert assess(SURREY, ticked(every), level="low", born="2020-01-01").flags == ("under_13",)


def test_cse_1_has_its_four_headings() -> None:
    keys = [heading.key for heading in CSE1.headings]
    assert {"working_well", "worried_about", "judgement", "next_steps"} <= set(keys)


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_the_views_and_the_judgement_are_part_of_every_tool(tool: ToolDefinition) -> None:
    keys = {heading.key for heading in tool.headings}
    assert keys >= {"child_view", "parents_views", "professionals_views", "differences_of_view", "judgement"}
