"""The ratings and the exploitation statuses, and which rating is above which."""

from enum import StrEnum

from meetings_app.partnership.definitions import RatingRule, RatingRules


class RiskRating(StrEnum):
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


LEVELS = {RiskRating.NONE: 0, RiskRating.LOW: 1, RiskRating.MEDIUM: 2, RiskRating.HIGH: 3}


def rule_of(rating: RiskRating, rules: RatingRules) -> RatingRule:
    """Give what a partnership's file says about one rating."""
    return {
        RiskRating.HIGH: rules.high,
        RiskRating.MEDIUM: rules.medium,
        RiskRating.LOW: rules.low,
        RiskRating.NONE: rules.none,
    }[rating]


def is_raised(before: RiskRating | None, to: RiskRating) -> bool:
    """Say whether `to` is above the rating `before`; a first rating raises nothing."""
    return before is not None and LEVELS[to] > LEVELS[before]


def levels_down(before: RiskRating | None, to: RiskRating) -> int:
    """Say how many levels `to` is below the rating `before`, 0 where it is not below it."""
    return 0 if before is None else max(0, LEVELS[before] - LEVELS[to])
