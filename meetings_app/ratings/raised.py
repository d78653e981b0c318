"""What a rating of high or medium asks agencies to do, and from when (`domain.md`, "Ratings"). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from meetings_app.partnership.raised import RaisedAction, RaisedRules
from meetings_app.ratings.levels import RiskRating


@dataclass(frozen=True)
class Raised:
    """A rating that asks for something: its level, and the day since which the child has had it without a break."""

    rating: RiskRating
    since: date


def raised_since(rating: RiskRating, newest_first: Iterable[tuple[RiskRating, date]], decided_on: date) -> Raised:
    """Give since when the child has had a rating: what was answered since then is not asked for again (our default).

    `newest_first` are the ratings decided before, with their days; `decided_on` counts where the last one was another.
    """
    days = [day for _rating, day in takewhile(lambda each: each[0] is rating, newest_first)]
    return Raised(rating, min([decided_on, *days]))


def raised_by(rating: RiskRating, rules: RaisedRules, *, went_missing: bool) -> list[tuple[int, RaisedAction]]:
    """Give what a rating asks for, each with its number in the file from 1 (LR; which agency and days: our default).

    What is for missing episodes is asked for only where the child `went_missing`. Low and no risk ask for nothing.
    """
    rows = {RiskRating.HIGH: rules.high, RiskRating.MEDIUM: rules.medium}.get(rating, ())
    return [(number, row) for number, row in enumerate(rows, start=1) if went_missing or not row.only_if_missing]


def raised_due(row: RaisedAction, since: date) -> date:
    """Give by when it is to be done: its days after the decision; a day that is past stays, and shows as late."""
    return since + timedelta(days=row.days)
