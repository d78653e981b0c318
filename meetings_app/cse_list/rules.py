"""Which meeting hears a review, and which dates of birth make an age: plain rules of the list."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Homes:
    """The meetings of one area that are still to be held, by date: the rule of `schedule.rules.home`, by bisection."""

    dates: Sequence[date]
    meetings: Sequence[tuple[int, str]]

    def of(self, review_on: date) -> tuple[int, str] | None:
        """Give id and reference of the last meeting on or before the review, else the first one, or None."""
        if not self.meetings:
            return None
        return self.meetings[self._place(review_on)]

    def with_date(self, review_on: date) -> tuple[str, date] | None:
        """Give reference and day of the same meeting, or None."""
        if not self.meetings:
            return None
        place = self._place(review_on)
        return self.meetings[place][1], self.dates[place]

    def holds(self, meeting_id: int) -> bool:
        """Say whether a meeting is one of them."""
        return any(known == meeting_id for known, _reference in self.meetings)

    def without(self, meeting_id: int) -> bool:
        """Say whether one of them is still to be held besides this one."""
        return any(known != meeting_id for known, _reference in self.meetings)

    def span_of(self, meeting_id: int) -> tuple[date | None, date | None]:
        """Give from which review date on, and until before which, a meeting hears reviews; None: no bound."""
        place = [known for known, _reference in self.meetings].index(meeting_id)
        later = self.dates[place + 1] if place + 1 < len(self.dates) else None
        return (self.dates[place] if place else None), later

    def _place(self, review_on: date) -> int:
        return max(bisect_right(self.dates, review_on) - 1, 0)


def latest_birth(age: int, today: date) -> date:
    """Give the last date of birth that makes somebody `age` years old on `today`."""
    try:
        return today.replace(year=today.year - age)
    except ValueError:
        return today.replace(year=today.year - age, day=28)
