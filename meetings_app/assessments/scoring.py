"""From answers to an outcome: the score, the category, the level and what people must be told. Pure.

The outcome never sets the risk rating (SG): an RMM does that.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from meetings_app.assessments.answers import Answers, Tick
from meetings_app.children.ages import is_under
from meetings_app.partnership.tool_parts import (
    FLOOR_APPLIED,
    Bonus,
    Category,
    FlagRule,
    RecommendedAction,
    Tier,
    ToolFloor,
)
from meetings_app.partnership.tools import ToolDefinition
from meetings_app.partnership.values import RatingCode


@dataclass(frozen=True)
class Outcome:
    """What a tool makes of the answers.

    `subtotals` holds points by tier and bonus for a tool that scores, and the number of indicators that count by tier
    for one that does not; its `score` is None. `category` and `level` are None where nothing is ticked (KM), or nothing
    is judged yet. `level_before_floors` is the level as found or judged, before a floor lifted it.
    """

    tool: str
    version: str
    score: int | None
    category: Category | None
    level_before_floors: RatingCode | None
    subtotals: Mapping[str, int]
    flags: tuple[str, ...]
    other_factors: tuple[str, ...]

    @property
    def level(self) -> RatingCode | None:
        """The level as the ratings name them: none, low, medium, high."""
        return self.category.level if self.category else None

    @property
    def actions(self) -> tuple[RecommendedAction, ...]:
        """What is usually done for a child of this category."""
        return self.category.actions if self.category else ()


def outcome_of(tool: ToolDefinition, answers: Answers) -> Outcome:
    """Give the outcome of checked answers. The order of the ticks does not matter; ages are those on the date given."""
    counting = _counting(tool, answers)
    subtotals = _points(tool, answers, counting) if tool.method == "score" else counting
    score = sum(subtotals.values()) if tool.method == "score" else None
    found = _found(tool, answers, score, counting)
    category = _lifted(tool, answers, found, counting)
    flags = [flag.code for flag in tool.flags if _is_raised(flag, answers, category, counting)]
    return Outcome(
        tool=tool.code,
        version=tool.version,
        score=score,
        category=category,
        level_before_floors=found.level if found else None,
        subtotals=subtotals,
        flags=(*flags, *([FLOOR_APPLIED] if category is not found else [])),
        other_factors=answers.other_factors,
    )


def tiers_counted(tool: ToolDefinition, answers: Answers) -> frozenset[str]:
    """Give the keys of the tiers in which at least one tick counts."""
    return frozenset(key for key, number in _counting(tool, answers).items() if number)


def points_of(tool: ToolDefinition, tick: Tick) -> int:
    """Give the points of one tick: those of each time that is ticked, added; 0 where an answer does not count (SG)."""
    tier = tool.tier_of[tick.code]
    if tier.points is None or not _answers_count(tier, tick):
        return 0
    return sum(tier.points[window] for window in tick.when)


def _answers_count(tier: Tier, tick: Tick) -> bool:
    """An adult of the family who does not facilitate is such an answer; none given means the question's default."""
    for question in tier.questions:
        answer = tick.asked.get(question.key, question.default)
        if any(choice.code == answer and not choice.counts for choice in question.choices):
            return False
    return True


def _counting(tool: ToolDefinition, answers: Answers) -> dict[str, int]:
    """Count by tier the ticks that count: those that score, or in a tool without points every tick.

    A moderate SERAF indicator that was only present 6 to 12 months ago is kept, and does not count.
    """
    counting = {tier.key: 0 for tier in tool.tiers}
    for tick in answers.ticks:
        tier = tool.tier_of[tick.code]
        counting[tier.key] += points_of(tool, tick) > 0 if tier.points else _answers_count(tier, tick)
    return counting


def _points(tool: ToolDefinition, answers: Answers, counting: Mapping[str, int]) -> dict[str, int]:
    points = {tier.key: 0 for tier in tool.tiers}
    for tick in answers.ticks:
        points[tool.tier_of[tick.code].key] += points_of(tool, tick)
    earned = {bonus.key: bonus.points if _is_earned(bonus, answers, counting) else 0 for bonus in tool.bonuses}
    return {**points, **earned}


def _is_earned(bonus: Bonus, answers: Answers, counting: Mapping[str, int]) -> bool:
    return (
        (bonus.under_age is None or is_under(bonus.under_age, answers.born, answers.assessed_on))
        and (bonus.tier is None or counting[bonus.tier] > 0)
        and (bonus.asks != "disability" or answers.disability)
        and (bonus.asks != "learning_disability" or answers.learning_disability)
    )


def _found(tool: ToolDefinition, answers: Answers, score: int | None, counting: Mapping[str, int]) -> Category | None:
    """Give the highest category that is reached: by the score, by a tier with a tick, or as judged."""
    reached = [
        category
        for category in tool.categories
        if (category.from_score is not None and score is not None and score >= category.from_score)
        or (category.tier is not None and counting[category.tier] > 0)
        or (tool.method == "judged" and category.level == answers.level)
    ]
    return reached[-1] if reached else None


def _lifted(
    tool: ToolDefinition, answers: Answers, found: Category | None, counting: Mapping[str, int]
) -> Category | None:
    """Give `found`, or the highest category a floor asks for where that is above it (KM, LR)."""
    floors = [tool.category(floor.category) for floor in tool.floors if _holds(floor, answers, counting)]
    return max([*floors, *([found] if found else [])], key=lambda category: category.number, default=None)


def _holds(floor: ToolFloor, answers: Answers, counting: Mapping[str, int]) -> bool:
    if (counting[floor.tier] if floor.tier else sum(counting.values())) == 0:
        return False
    if floor.under_age is None and not floor.learning_disability:
        return True
    young = floor.under_age is not None and is_under(floor.under_age, answers.born, answers.assessed_on)
    return young or (floor.learning_disability and answers.learning_disability)


def _is_raised(flag: FlagRule, answers: Answers, category: Category | None, counting: Mapping[str, int]) -> bool:
    number = category.number if category else None
    return (
        (not flag.categories or number in flag.categories)
        and (flag.tier is None or counting[flag.tier] >= flag.at_least)
        and not any(counting[tier] for tier in flag.without)
        and (flag.under_age is None or is_under(flag.under_age, answers.born, answers.assessed_on))
        and (flag.from_age is None or not is_under(flag.from_age, answers.born, answers.assessed_on))
    )
