"""The ratings and the exploitation statuses, and which rating is above which."""

from enum import StrEnum

from meetings_app.partnership.definitions import RatingRule, RatingRules


class Rating(StrEnum):
    """What an RMM decides, and nobody else."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"


class ExploitationStatus(StrEnum):
    """Kept beside the rating, because "at risk" can hide harm already done."""

    INDICATORS = "indicators"
    SUSPECTED = "suspected"
    KNOWN = "known"


LEVELS = {Rating.NONE: 0, Rating.LOW: 1, Rating.MEDIUM: 2, Rating.HIGH: 3}


def rule_of(rating: Rating, rules: RatingRules) -> RatingRule:
    """Give what a partnership's file says about one rating."""
    return {
        Rating.HIGH: rules.high,
        Rating.MEDIUM: rules.medium,
        Rating.LOW: rules.low,
        Rating.NONE: rules.none,
    }[rating]


def is_raised(before: Rating | None, to: Rating) -> bool:
    """Say whether `to` is above the rating `before`; a first rating raises nothing."""
    return before is not None and LEVELS[to] > LEVELS[before]


def levels_down(before: Rating | None, to: Rating) -> int:
    """Say how many levels `to` is below the rating `before`, 0 where it is not below it."""
    return 0 if before is None else max(0, LEVELS[before] - LEVELS[to])
