"""Imported review dates that are later than the longest time for their rating: said, and taken as they stand."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from meetings_app.imports.preview import Outcome, Preview
from meetings_app.imports.rules import ListRow
from meetings_app.partnership.definitions import Ratings
from meetings_app.ratings.levels import rule_of
from meetings_app.ratings.models import RiskRating

COLUMN = "next_review"


class LateReview(NamedTuple):
    """A row whose review is later than its rating allows; `days` is the longest time."""

    row: int
    rating: str
    days: int

    @property
    def words(self) -> str:
        """What is said of the row."""
        return f"the review date is later than the longest time for {self.rating} ({self.days} days)"

    def as_json(self) -> dict[str, Any]:
        """Give it as other programs read it."""
        return {"row": self.row, "column": COLUMN, "warning": self.words}


def late_reviews(preview: Preview, rules: Ratings, today: date) -> tuple[LateReview, ...]:
    """Give the rows to be brought in whose review is later than the hard maximum of their rating (our default).

    It counts from the day of the last rating, and from today where the file does not say it. Imported entries keep
    their dates, so that nothing is refused for it.
    """
    new = [row.match.row for row in preview.rows if row.outcome is not Outcome.MATCHED]
    return tuple(_of_rows([row for row in new if isinstance(row, ListRow)], rules, today))


def _of_rows(rows: Sequence[ListRow], rules: Ratings, today: date) -> Sequence[LateReview]:
    longest = {rating.value: rule_of(rating, rules.ratings).maximum_days for rating in RiskRating}
    found = []
    for row in rows:
        days = longest.get(row.rating)
        if days is not None and row.next_review > (row.last_rated_on or today) + timedelta(days=days):
            found.append(LateReview(row.number, row.rating, days))
    return found
