"""SERAF: every weight, window, bonus and band, and what people are told (SG)."""

from datetime import date

import pytest

from tests.support.assessments import SERAF, assess, codes_of, ticked

VULNERABILITIES = codes_of(SERAF, "vulnerability")
MODERATE = codes_of(SERAF, "moderate")
SIGNIFICANT = codes_of(SERAF, "significant")


@pytest.mark.parametrize(
    ("code", "when", "tier", "points"),
    [
        (VULNERABILITIES[0], ["current"], "vulnerability", 1),
        (MODERATE[0], ["current"], "moderate", 1),
        (MODERATE[0], ["recent"], "moderate", 0),
        (MODERATE[0], ["current", "recent"], "moderate", 1),
        (SIGNIFICANT[0], ["current"], "significant", 5),
        (SIGNIFICANT[0], ["recent"], "significant", 1),
        (SIGNIFICANT[0], ["current", "recent"], "significant", 6),
        (SIGNIFICANT[0], ["recent", "current", "recent"], "significant", 6),
    ],
)
def test_each_indicator_scores_by_its_tier_and_time(code: str, when: list[str], tier: str, points: int) -> None:
    outcome = assess(SERAF, {code: when})
    assert outcome.score == points
    assert outcome.subtotals == {"vulnerability": 0, "moderate": 0, "significant": 0, "under_13": 0, tier: points}


@pytest.mark.parametrize(
    ("score", "number", "label", "level"),
    [
        (0, 1, "not at risk", "none"),
        (1, 1, "not at risk", "none"),
        (5, 1, "not at risk", "none"),
        (6, 2, "mild risk", "low"),
        (10, 2, "mild risk", "low"),
        (11, 3, "moderate risk", "medium"),
        (15, 3, "moderate risk", "medium"),
        (16, 4, "significant risk", "high"),
        (24, 4, "significant risk", "high"),
    ],
)
def test_each_band_begins_and_ends_where_the_guidance_says(score: int, number: int, label: str, level: str) -> None:
    outcome = assess(SERAF, ticked([*VULNERABILITIES, *MODERATE][:score]))
    assert outcome.score == score
    assert outcome.category is not None
    assert (outcome.category.number, outcome.category.label, outcome.level) == (number, label, level)


def test_everything_that_can_be_ticked_adds_up() -> None:
    everything = {
        **ticked(VULNERABILITIES),
        **ticked([*MODERATE, *SIGNIFICANT], "current", "recent"),
    }
    outcome = assess(SERAF, everything, born="2014-05-01")
    assert outcome.subtotals == {"vulnerability": 11, "moderate": 13, "significant": 48, "under_13": 5}
    assert outcome.score == 77


@pytest.mark.parametrize(
    ("born", "assessed_on", "under_13"),
    [
        (date(2013, 11, 24), date(2026, 11, 23), True),
        (date(2013, 11, 24), date(2026, 11, 24), False),
        (date(2013, 11, 24), date(2026, 11, 25), False),
        (date(2012, 2, 29), date(2025, 2, 27), True),
        (date(2012, 2, 29), date(2025, 2, 28), True),
        (date(2012, 2, 29), date(2025, 3, 1), False),
        (date(2026, 11, 24), date(2026, 11, 24), True),
    ],
)
@pytest.mark.parametrize("when", [["current"], ["recent"], ["current", "recent"]])
def test_five_points_once_for_a_child_under_13_on_the_date_of_the_assessment(
    born: date, assessed_on: date, under_13: bool, when: list[str]
) -> None:
    outcome = assess(SERAF, ticked(SIGNIFICANT[:2], *when), born=born.isoformat(), assessed_on=assessed_on.isoformat())
    assert outcome.subtotals["under_13"] == (5 if under_13 else 0)
    assert ("under_13" in outcome.flags) is under_13


@pytest.mark.parametrize(
    "ticks",
    [
        {},
        ticked(VULNERABILITIES),
        ticked(MODERATE, "current", "recent"),
    ],
)
def test_no_points_for_the_age_without_a_significant_indicator(ticks: dict[str, tuple[str, ...]]) -> None:
    outcome = assess(SERAF, ticks, born="2016-01-01")
    assert outcome.subtotals["under_13"] == 0
    assert "under_13" in outcome.flags


def by(answer: str | None, when: list[str], born: str = "2016-01-01") -> list[object]:
    """Score, points for the age and flags of one significant indicator with this answer."""
    tick = {"code": SIGNIFICANT[0], "when": when, "evidence": "A neighbour said so."}
    if answer is not None:
        tick["by"] = answer
    outcome = assess(SERAF, born=born, indicators=[tick])
    return [outcome.subtotals["significant"], outcome.subtotals["under_13"], "manager_discussion" in outcome.flags]


@pytest.mark.parametrize(
    ("when", "outside"),
    [(["current"], [5, 5, True]), (["recent"], [1, 5, True]), (["current", "recent"], [6, 5, False])],
)
def test_a_family_member_who_does_not_facilitate_is_kept_and_scores_nothing(
    when: list[str], outside: list[object]
) -> None:
    assert by(None, when) == by("outside_family", when) == by("family_facilitated", when) == outside
    assert by("family", when) == [0, 0, False]


@pytest.mark.parametrize(
    ("ticks", "flags"),
    [
        ({}, set()),
        (ticked(VULNERABILITIES[:10]), set()),
        (ticked(SIGNIFICANT[:1], "recent"), {"manager_discussion"}),
        (ticked(SIGNIFICANT[:2]), {"manager_discussion"}),
        (ticked(VULNERABILITIES), {"consideration_recorded", "consider_for_list"}),
        ({**ticked(VULNERABILITIES[:1]), **ticked(SIGNIFICANT[:2])}, {"consideration_recorded", "consider_for_list"}),
        (
            {**ticked(VULNERABILITIES[:1]), **ticked(SIGNIFICANT[:3])},
            {"strategy_discussion_or_reason", "consider_for_list"},
        ),
    ],
)
def test_people_are_told_what_the_category_and_the_indicators_ask_for(
    ticks: dict[str, tuple[str, ...]], flags: set[str]
) -> None:
    assert set(assess(SERAF, ticks).flags) == flags


@pytest.mark.parametrize(
    ("assessed_on", "ticks", "told"),
    [
        (date(2029, 4, 30), ticked(VULNERABILITIES), False),
        (date(2029, 5, 1), ticked(VULNERABILITIES), True),
        (date(2029, 5, 1), ticked(SIGNIFICANT), True),
        (date(2029, 5, 1), ticked(VULNERABILITIES[:10]), False),
    ],
)
def test_the_pathway_plan_is_for_18_and_over_in_categories_3_and_4(
    assessed_on: date, ticks: dict[str, tuple[str, ...]], told: bool
) -> None:
    assert ("pathway_plan" in assess(SERAF, ticks, assessed_on=assessed_on.isoformat()).flags) is told


def test_a_learning_disability_changes_nothing_in_seraf() -> None:
    ticks = ticked(MODERATE[:3])
    assert assess(SERAF, ticks, learning_disability=True) == assess(SERAF, ticks)


def test_other_factors_are_recorded_and_never_score() -> None:
    outcome = assess(SERAF, ticked(MODERATE[:3]), other_factors=["A sibling was exploited.", " Moved twice. "])
    assert outcome.score == 3
    assert outcome.other_factors == ("A sibling was exploited.", "Moved twice.")
