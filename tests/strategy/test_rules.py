"""When a strategy discussion is suggested, what answers it, and who must take part: a table of cases."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from meetings_app.errors import ConfigurationError, RuleBroken
from meetings_app.partnership import load, parse, texts_in
from meetings_app.ratings.levels import RiskRating
from meetings_app.resources import folder
from meetings_app.strategy.rules import (
    About,
    Assessed,
    Changed,
    ChildFacts,
    Known,
    check_about,
    check_day,
    check_minimum,
    missing,
    suggestions,
)

RULES = load(folder("agendas")).ratings.strategy
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EARLIER, LATER = NOW - timedelta(days=7), NOW + timedelta(hours=1)
QUIET = ChildFacts(TODAY, age=15, listed=False)


def rated(rating: RiskRating, **more: object) -> ChildFacts:
    return replace(QUIET, listed=rating is not RiskRating.NONE, rating=rating, rated_at=EARLIER, **more)  # type: ignore[arg-type]


def assessed(tool: str, category: int | None, *tiers: str, **more: object) -> ChildFacts:
    one = Assessed(tool, category, frozenset(tiers), TODAY, EARLIER, ticked=True)
    return replace(QUIET, assessed=(one,), **more)  # type: ignore[arg-type]


def changed(kind: str, *days_ago: int, heard: bool = False, listed: bool = False) -> ChildFacts:
    changes = tuple(Changed(kind, TODAY - timedelta(days=days), EARLIER, heard) for days in days_ago)
    return replace(QUIET, listed=listed, changes=changes)


CASES: list[tuple[str, ChildFacts, list[str]]] = [
    ("nothing is known", QUIET, []),
    ("rated high", rated(RiskRating.HIGH), ["rating_high"]),
    ("rated medium", rated(RiskRating.MEDIUM), ["rating_medium"]),
    ("rated low", rated(RiskRating.LOW), []),
    ("no risk identified", rated(RiskRating.NONE), []),
    ("category 4", assessed("seraf", 4, "significant"), ["category_4"]),
    ("category 3", assessed("seraf", 3, "significant"), ["category_3"]),
    ("category 2 with a significant indicator", assessed("seraf", 2, "significant"), ["significant_indicator"]),
    ("category 1 with a significant indicator", assessed("seraf", 1, "significant"), ["significant_indicator"]),
    ("category 2 without one", assessed("seraf", 2, "moderate"), []),
    ("category 4 of another tool", assessed("surrey", 4), []),
    ("a high indicator", assessed("kent-medway", 3, "high"), ["high_indicator"]),
    ("a medium indicator", assessed("kent-medway", 2, "medium"), []),
    ("intelligence on a listed child", changed("new_intelligence", 1, listed=True), ["new_information"]),
    ("intelligence on a child not listed", changed("new_intelligence", 1), []),
    ("intelligence that a meeting heard", changed("new_intelligence", 1, heard=True, listed=True), []),
    ("an incident", changed("incident", 1), ["incident"]),
    ("a placement move", changed("placement_move", 1, listed=True), []),
    ("12, an indicator ticked", assessed("kent-medway", 1, "low", age=12), ["under_13"]),
    ("13, an indicator ticked", assessed("kent-medway", 1, "low", age=13), []),
    ("12, nothing known", replace(QUIET, age=12), []),
    ("12, rated low", replace(rated(RiskRating.LOW), age=12), ["under_13"]),
    ("12, no risk identified", replace(rated(RiskRating.NONE), age=12), []),
    ("a third within 90 days", changed("missing_episode", 0, 45, 90, heard=True), ["missing_three_times"]),
    ("the third 91 days ago", changed("missing_episode", 0, 45, 91, heard=True), []),
    ("two missing episodes", changed("missing_episode", 0, 45), []),
    ("one of three in the future", changed("missing_episode", -1, 0, 45), []),
    ("moved into the area", replace(QUIET, rated_elsewhere_at=EARLIER), ["moved_area"]),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "codes"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_trigger_suggests_a_discussion_at_its_limits(facts: ChildFacts, codes: list[str]) -> None:
    assert [each.code for each in suggestions(facts, [], RULES)] == codes


def test_what_only_people_can_say_is_never_suggested_but_offered() -> None:
    said = {trigger.code for trigger in RULES.triggers if trigger.said_by_people}
    assert said == {"significant_harm", "alleged_perpetrator", "trafficking", "more_than_one"}


@pytest.mark.parametrize(
    ("facts", "asks"),
    [
        (rated(RiskRating.HIGH), "discussion"),
        (rated(RiskRating.MEDIUM), "consideration"),
        (assessed("seraf", 3), "consideration"),
        (assessed("seraf", 2, "significant"), "manager"),
        (assessed("seraf", 4), "discussion"),
    ],
)
def test_each_suggestion_says_what_it_asks_for(facts: ChildFacts, asks: str) -> None:
    assert [each.asks for each in suggestions(facts, [], RULES)] == [asks]


def test_a_suggestion_says_why() -> None:
    [missing_three] = suggestions(changed("missing_episode", 0, 10, 20), [], RULES)
    assert missing_three.text == (
        "Three missing episodes in 90 days (3 November 2026, 13 November 2026, 23 November 2026)"
    )


def known(*triggers: str, at: datetime | None = LATER, held: bool = True, **more: object) -> Known:
    return Known(frozenset(triggers), open=at is None, held=held, recorded_at=at, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "on_record", "answered"),
    [
        (rated(RiskRating.HIGH), known("incident", at=None, held=False), True),
        (rated(RiskRating.HIGH), known("incident"), True),
        (rated(RiskRating.HIGH), known("rating_high", at=EARLIER - timedelta(days=1)), False),
        (rated(RiskRating.HIGH), known("rating_high", held=False), True),
        (rated(RiskRating.HIGH), known("category_3", held=False), False),
        (rated(RiskRating.HIGH), known("rating_high", about=About.ALLEGED_PERPETRATOR), False),
        (replace(QUIET, rated_elsewhere_at=EARLIER), known("rating_high"), False),
        (replace(QUIET, rated_elsewhere_at=EARLIER), known("moved_area"), True),
    ],
    ids=[
        "one still to be held", "held since", "held before", "a reason that names it", "a reason for something else",
        "one about an alleged perpetrator", "a move, held for something else", "a move, held for it",
    ],
)  # fmt: skip
def test_what_answers_a_suggestion(facts: ChildFacts, on_record: Known, answered: bool) -> None:
    assert (suggestions(facts, [on_record], RULES) == []) is answered


def test_who_of_the_minimum_is_missing_is_named() -> None:
    assert missing({"social_work", "education"}, RULES) == ["Police", "Health"]
    assert missing({"social_work", "police", "health"}, RULES) == []


def test_held_without_the_minimum_needs_a_reason_that_names_who_is_missing() -> None:
    took_part = {"social_work": "A. Worker", "police": "  ", "health": "A. Nurse"}
    with pytest.raises(RuleBroken, match="Enter why it was held without: Police"):
        check_minimum(took_part, " ", RULES)
    check_minimum(took_part, "An invented reason.", RULES)
    check_minimum({**took_part, "police": "A. Sergeant"}, "", RULES)


def test_an_alleged_perpetrators_discussion_is_for_somebody_under_18() -> None:
    check_about(About.ALLEGED_PERPETRATOR, 17, 18)
    check_about(About.CHILD, 18, 18)
    with pytest.raises(RuleBroken, match="18 or over"):
        check_about(About.ALLEGED_PERPETRATOR, 18, 18)


@pytest.mark.parametrize(
    ("day", "born", "refused"),
    [
        (TODAY, date(2011, 1, 5), False),
        (TODAY + timedelta(days=1), date(2011, 1, 5), True),
        (date(2026, 10, 26), date(2011, 1, 5), False),
        (date(2026, 10, 25), date(2011, 1, 5), True),
        (date(2001, 1, 1), date(2011, 1, 5), True),
        (date(2026, 10, 31), date(2026, 11, 1), True),
    ],
)
def test_what_was_held_long_before_it_was_asked_for_answers_nothing(day: date, born: date, refused: bool) -> None:
    with pytest.raises(RuleBroken) if refused else nullcontext() as told:
        check_day(day, TODAY, asked_on=TODAY, born=born, rules=RULES)
    assert told is None or told.value.field == "happened_on"


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('ratings = ["high"]', "", "the rating “high” asks for a strategy discussion: a trigger must name it"),
        ('code = "trafficking"', 'code = "incident"', "the code “incident” stands there twice"),
        ('tool = "seraf"\ncategories = [4]', "categories = [4]", "categories need the tool"),
        ('changes = ["missing_episode"]', "", "name their kinds in changes"),
        ('changes = ["incident"]', 'changes = ["something"]', "strategy.triggers.10.changes.1"),
    ],
)
def test_a_file_that_asks_for_what_cannot_be_is_refused(before: str, after: str, problem: str) -> None:
    texts = texts_in(folder("agendas"))
    assert before in texts["ratings.toml"]
    texts["ratings.toml"] = texts["ratings.toml"].replace(before, after)
    with pytest.raises(ConfigurationError, match=problem):
        parse(texts)
