"""When a strategy discussion is suggested, what answers that, and who must take part. Pure.

The sources name the triggers only in part, so they are data (`[strategy]` in `ratings.toml`; `domain.md`, "Strategy
discussion"): SG for the team manager, the consideration and those who take part beside the minimum; the rest is our
default.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from meetings_app.errors import RuleBroken
from meetings_app.partnership.strategy import StrategyRules, StrategyTrigger
from meetings_app.ratings.levels import RiskRating
from meetings_app.text import day_in_words


class About(StrEnum):
    """In which respect the discussion is about the young person: an alleged perpetrator has one of their own (SG)."""

    CHILD = "child"
    ALLEGED_PERPETRATOR = "alleged_perpetrator"


@dataclass(frozen=True)
class Assessed:
    """The last finished assessment with one tool; `tiers` are those with a tick that counts, `ticked` says any tick."""

    tool: str
    category: int | None
    tiers: frozenset[str]
    assessed_on: date
    finished_at: datetime
    ticked: bool = False


@dataclass(frozen=True)
class Changed:
    """A change in circumstances; `heard` once a meeting has heard it."""

    kind: str
    happened_on: date
    reported_at: datetime
    heard: bool = False


@dataclass(frozen=True)
class ChildFacts:
    """What the triggers go by. `rated_at` is when the present run of equal ratings began.

    `rated_elsewhere_at` is the moment of the last rating where another area decided it.
    """

    today: date
    age: int
    listed: bool
    rating: RiskRating | None = None
    rated_at: datetime | None = None
    assessed: tuple[Assessed, ...] = ()
    changes: tuple[Changed, ...] = ()
    rated_elsewhere_at: datetime | None = None


@dataclass(frozen=True)
class Known:
    """A discussion that is on record: still to be held, or with its outcome, or with the reason why not."""

    triggers: frozenset[str]
    open: bool
    held: bool
    recorded_at: datetime | None
    about: About = About.CHILD


@dataclass(frozen=True)
class Suggestion:
    """Why a discussion is suggested now: the trigger, in words that say what is so, and since when.

    `by_name`: since when is not known exactly, so that only a discussion that names this reason answers it.
    """

    code: str
    asks: str
    text: str
    since: datetime
    by_name: bool = False


def suggestions(facts: ChildFacts, known: Sequence[Known], rules: StrategyRules) -> list[Suggestion]:
    """Give every trigger that holds for the child and that no discussion on record answers."""
    found = (_holds(trigger, facts) for trigger in rules.triggers if not trigger.said_by_people)
    return [each for each in found if each is not None and not is_answered(each, known)]


def is_answered(suggestion: Suggestion, known: Sequence[Known]) -> bool:
    """Say whether a discussion answers what is suggested (our default).

    One that is still to be held does, for it will hear everything. One that was held does where the reason arose before
    it was recorded; a manager’s reason why not answers only the reasons it names.
    """
    about_child = [each for each in known if each.about is About.CHILD]
    if any(each.open for each in about_child):
        return True
    return any(
        each.recorded_at is not None
        and each.recorded_at >= suggestion.since
        and (suggestion.code in each.triggers or (each.held and not suggestion.by_name))
        for each in about_child
    )


def missing(took_part: Collection[str], rules: StrategyRules) -> list[str]:
    """Give who of the minimum did not take part, in words: at least social work, police and health."""
    return [one.label for one in rules.participants if one.needed and one.code not in took_part]


def check_minimum(took_part: Mapping[str, str], reason: str, rules: StrategyRules) -> None:
    """Ask why the discussion was held without somebody of the minimum. Raises `RuleBroken` for `missing_reason`."""
    absent = missing([code for code, names in took_part.items() if names.strip()], rules)
    if absent and not reason.strip():
        raise RuleBroken("missing_reason", f"Enter why it was held without: {', '.join(absent)}")


def check_about(about: About, age: int, adult: int) -> None:
    """Refuse a discussion about an alleged perpetrator who is grown up (SG). Raises `RuleBroken` for `about`."""
    if about is About.ALLEGED_PERPETRATOR and age >= adult:
        raise RuleBroken("about", f"This person is {adult} or over: the discussion is for somebody younger")


def check_day(day: date, today: date, asked_on: date, born: date, rules: StrategyRules) -> None:
    """Refuse a day on which no discussion was held, or decided against, that answers the one asked for (our default).

    It lies ahead, before the birth, or longer before the day it was asked for than `answered_by_days`. Raises
    `RuleBroken` for `happened_on`.
    """
    if day > today:
        raise RuleBroken("happened_on", "The date must be today or in the past")
    first = max(born, asked_on - timedelta(days=rules.answered_by_days))
    if day < first:
        why = "what was longer ago does not answer what is asked for now"
        raise RuleBroken("happened_on", f"Enter a date on or after {day_in_words(first)}: {why}")


def compulsory(rating: RiskRating, age: int, rules: StrategyRules, *, by_rating: bool) -> list[str]:
    """Give the triggers of which something must be on record after a rating: by its level, and by the age (KM, SG).

    `by_rating`: the rating itself asks for a discussion or a consideration. The age asks where the rating found a risk.
    """
    return [
        trigger.code
        for trigger in rules.triggers
        if (by_rating and rating.value in trigger.ratings)
        or (trigger.under_age is not None and age < trigger.under_age and rating is not RiskRating.NONE)
    ]


def _holds(trigger: StrategyTrigger, facts: ChildFacts) -> Suggestion | None:
    """Give the suggestion where everything that the trigger names is so, else None."""
    parts: list[tuple[str, datetime] | None] = []
    if trigger.known and not facts.listed:
        return None
    if trigger.ratings:
        parts.append(_rated(trigger, facts))
    if trigger.categories or trigger.tier:
        parts.append(_assessed(trigger, facts))
    if trigger.changes:
        parts.append(_changed(trigger, facts))
    if trigger.under_age is not None:
        parts.append(_young(trigger.under_age, facts))
    if trigger.moved_area:
        parts.append(("", facts.rated_elsewhere_at) if facts.rated_elsewhere_at else None)
    said = [part for part in parts if part is not None]
    if len(said) < len(parts):
        return None
    why = "; ".join(text for text, _since in said if text)
    text = f"{trigger.label} ({why})" if why else trigger.label
    since = max(since for _text, since in said)
    return Suggestion(trigger.code, trigger.asks, text, since, by_name=trigger.moved_area)


def _rated(trigger: StrategyTrigger, facts: ChildFacts) -> tuple[str, datetime] | None:
    if facts.rating is None or facts.rating.value not in trigger.ratings or facts.rated_at is None:
        return None
    return "", facts.rated_at


def _assessed(trigger: StrategyTrigger, facts: ChildFacts) -> tuple[str, datetime] | None:
    fitting = [
        one
        for one in facts.assessed
        if trigger.tool in (None, one.tool)
        and (not trigger.categories or one.category in trigger.categories)
        and (trigger.tier is None or trigger.tier in one.tiers)
    ]
    if not fitting:
        return None
    last = max(fitting, key=lambda one: one.finished_at)
    return f"assessed {day_in_words(last.assessed_on)}", last.finished_at


def _changed(trigger: StrategyTrigger, facts: ChildFacts) -> tuple[str, datetime] | None:
    """Count the changes: those in the days named, heard or not; without days, those no meeting has heard."""
    if trigger.within_days is None:
        counted = [one for one in facts.changes if not one.heard]
    else:
        first = facts.today - timedelta(days=trigger.within_days)
        counted = [one for one in facts.changes if first <= one.happened_on <= facts.today]
    counted = [one for one in counted if one.kind in trigger.changes]
    if len(counted) < trigger.at_least:
        return None
    days = ", ".join(day_in_words(day) for day in sorted(one.happened_on for one in counted))
    return days, max(one.reported_at for one in counted)


def _young(under: int, facts: ChildFacts) -> tuple[str, datetime] | None:
    """Ask for indicators: one ticked in an assessment, or a rating an RMM decided that found a risk."""
    if facts.age >= under:
        return None
    shown = [one.finished_at for one in facts.assessed if one.ticked]
    if facts.rated_at is not None and facts.rating is not RiskRating.NONE:
        shown.append(facts.rated_at)
    return (f"{facts.age} years old", min(shown)) if shown else None
