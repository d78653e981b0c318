"""The names that are quoted: each as its owner has it, in its tier and in its order, and none too many."""

from pathlib import Path

import pytest

from tests.support.assessments import TOOLS

DATA = Path(__file__).parent / "data"


def quoted(name: str) -> list[tuple[str, str]]:
    """Tier and name of each, as they were taken from the source."""
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [(tier, label) for tier, _, label in (line.partition("\t") for line in lines)]


@pytest.mark.parametrize(
    ("code", "file", "numbers"),
    [
        ("kent-medway", "kent-medway-labels.txt", {"low": 13, "medium": 25, "high": 19}),
        ("surrey", "surrey-labels.txt", {"inherent": 9, "additional": 11}),
    ],
)
def test_the_names_are_quoted(code: str, file: str, numbers: dict[str, int]) -> None:
    found = [
        (tier.key, indicator.label)
        for tier in TOOLS[code].tiers
        if tier.key in numbers
        for indicator in tier.indicators
    ]
    assert found == quoted(file)
    assert {tier: sum(key == tier for key, _ in found) for tier in numbers} == numbers


def test_a_name_that_stands_in_two_tiers_has_two_codes() -> None:
    tool = TOOLS["kent-medway"]
    codes = [
        each.code
        for tier in tool.tiers
        for each in tier.indicators
        if each.label == "Reduced contact with family/friends"
    ]
    assert codes == ["low-reduced-contact", "medium-reduced-contact"]
    assert all(code.startswith(f"{tier.key}-") for code, tier in tool.tier_of.items())


def test_a_tool_whose_names_are_ours_says_so() -> None:
    assert {code for code, tool in TOOLS.items() if tool.unofficial} == {"seraf", "cse1", "surrey"}
