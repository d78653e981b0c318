"""Kent & Medway: the level by the highest tier, the floor and what people are told (KM)."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.assessments import KENT_MEDWAY, assess, codes_of, ticked

TIERS = {tier: codes_of(KENT_MEDWAY, tier) for tier in ("low", "medium", "high")}
WHEN = ("current", "historic", "third_party")
UNDER_13, OVER_13 = "2014-01-01", "2011-01-01"


def documented(low: int, medium: int, high: int, *, young: bool, disabled: bool) -> tuple[str | None, set[str]]:
    """The level and the flags as the toolkit has them, written down a second time and in other words."""
    flags = {"under_13"} if young else set()
    if high:
        return "high", flags | {"immediate_referral"}
    if medium:
        return "medium", flags
    if not low:
        return None, flags
    if low >= 5:
        flags |= {"assess_carefully"}
    return ("medium", flags | {"floor_applied"}) if young or disabled else ("low", flags)


@pytest.mark.parametrize(
    ("low", "medium", "high", "level", "number", "flags"),
    [
        (0, 0, 0, None, None, set()),
        (1, 0, 0, "low", 1, set()),
        (4, 0, 0, "low", 1, set()),
        (5, 0, 0, "low", 1, {"assess_carefully"}),
        (13, 0, 0, "low", 1, {"assess_carefully"}),
        (0, 1, 0, "medium", 2, set()),
        (13, 1, 0, "medium", 2, set()),
        (13, 25, 0, "medium", 2, set()),
        (0, 0, 1, "high", 3, {"immediate_referral"}),
        (13, 25, 19, "high", 3, {"immediate_referral"}),
    ],
)
def test_the_highest_tier_with_a_tick_decides(
    low: int, medium: int, high: int, level: str | None, number: int | None, flags: set[str]
) -> None:
    outcome = assess(KENT_MEDWAY, ticked([*TIERS["low"][:low], *TIERS["medium"][:medium], *TIERS["high"][:high]]))
    assert outcome.score is None
    assert outcome.level == level
    assert (outcome.category.number if outcome.category else None) == number
    assert set(outcome.flags) == flags
    assert outcome.subtotals == {"low": low, "medium": medium, "high": high}


def test_every_number_of_ticks_gives_the_documented_level() -> None:
    for low, medium, high in itertools.product(range(14), (0, 1, 2, 25), (0, 1, 2, 19)):
        ticks = ticked([*TIERS["low"][:low], *TIERS["medium"][:medium], *TIERS["high"][:high]])
        for young, disabled in itertools.product((False, True), repeat=2):
            born = UNDER_13 if young else OVER_13
            outcome = assess(KENT_MEDWAY, ticks, born=born, learning_disability=disabled)
            wanted = documented(low, medium, high, young=young, disabled=disabled)
            assert (outcome.level, set(outcome.flags)) == wanted, (low, medium, high, young, disabled)


@given(
    st.dictionaries(
        st.sampled_from(list(KENT_MEDWAY.tier_of)), st.lists(st.sampled_from(WHEN), min_size=1, unique=True)
    ),
    st.booleans(),
    st.booleans(),
)
def test_whichever_indicators_are_ticked_for_whatever_time_the_documented_level_comes_out(
    ticks: dict[str, list[str]], young: bool, disabled: bool
) -> None:
    outcome = assess(KENT_MEDWAY, ticks, born=UNDER_13 if young else OVER_13, learning_disability=disabled)
    low, medium, high = (sum(code in ticks for code in codes) for codes in TIERS.values())
    assert (outcome.level, set(outcome.flags)) == documented(low, medium, high, young=young, disabled=disabled)


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("tier", TIERS)
def test_any_tick_counts(tier: str, when: str) -> None:
    assert assess(KENT_MEDWAY, ticked(TIERS[tier][:1], when)).level == tier


@pytest.mark.parametrize(
    ("born", "assessed_on", "level"),
    [
        ("2013-11-24", "2026-11-23", "medium"),
        ("2013-11-24", "2026-11-24", "low"),
        ("2012-02-29", "2025-02-28", "medium"),
        ("2012-02-29", "2025-03-01", "low"),
    ],
)
def test_the_floor_ends_on_the_13th_birthday(born: str, assessed_on: str, level: str) -> None:
    outcome = assess(KENT_MEDWAY, ticked(TIERS["low"][:1]), born=born, assessed_on=assessed_on)
    assert outcome.level == level
    assert outcome.level_before_floors == "low"


def test_the_floor_asks_for_an_indicator() -> None:
    outcome = assess(KENT_MEDWAY, born=UNDER_13, learning_disability=True)
    assert outcome.level is None
    assert outcome.actions == ()


@pytest.mark.parametrize("severity", ["detrimental", "multiple", "urgent"])
def test_a_high_indicator_is_rated_and_the_rating_leaves_the_level_alone(severity: str) -> None:
    tick = {"code": TIERS["high"][0], "when": ["current"], "evidence": "Seen.", "severity": severity}
    assert assess(KENT_MEDWAY, indicators=[tick]).level == "high"


def test_a_low_indicator_is_not_rated() -> None:
    tick = {"code": TIERS["low"][0], "when": ["current"], "evidence": "Seen.", "severity": "urgent"}
    with pytest.raises(Exception, match="“severity” is not a field of it"):
        assess(KENT_MEDWAY, indicators=[tick])
