"""When a child on the list is to be assessed again, and why. Pure; recomputed whenever a page is read.

Sources: at least every three months (SG), the lowest tier of Kent & Medway after four to six weeks (KM), after every
change in circumstances, and within 42 days before a closure (our default).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from meetings_app.text import capital_first, day_in_words


class Why(StrEnum):
    """Why a child is to be assessed again."""

    NEVER = "never"
    TIME = "time"
    CHANGE = "change"
    CLOSURE = "closure"


@dataclass(frozen=True)
class Change:
    """A change in circumstances that the last assessment did not know of; `kind` in words."""

    kind: str
    happened_on: date


class Facts(NamedTuple):
    """What the rule needs to know of a child on the list.

    The last assessment is the last finished one with any tool; its three dates are all None where there is none.
    `change` is the first change since. `closure_on` is the day of the meeting that hears a closure that is proposed,
    today where no meeting is known, and None where none is proposed.
    """

    listed_on: date
    assessed_on: date | None = None
    reassess_from: date | None = None
    reassess_by: date | None = None
    change: Change | None = None
    closure_on: date | None = None


class Due(NamedTuple):
    """One reason why a child is to be assessed: by when at the latest, and in words."""

    why: Why
    by: date
    text: str


def due_of(facts: Facts, today: date, reassessed_within_days: int) -> tuple[Due, ...]:
    """Give every reason for which the child is due now, the most pressing first; none where the child is not due.

    A child who was never assessed here is due since the day of listing. The closure's 42 days are counted back from
    the meeting, which itself is the last day for it.
    """
    if facts.assessed_on is None:
        return (Due(Why.NEVER, facts.listed_on, "No tool was used here since the child was listed"),)
    last = f"last assessed on {day_in_words(facts.assessed_on)}"
    found = []
    if facts.change is not None:
        said = f"{facts.change.kind} on {day_in_words(facts.change.happened_on)}, {last}"
        found.append(Due(Why.CHANGE, facts.change.happened_on, said))
    if facts.reassess_by is not None and (facts.reassess_from or facts.reassess_by) <= today:
        found.append(Due(Why.TIME, facts.reassess_by, capital_first(last)))
    if facts.closure_on is not None and closure_is_late(facts.assessed_on, facts.closure_on, reassessed_within_days):
        said = f"Closure is proposed and asks for an assessment within {reassessed_within_days} days before, {last}"
        found.append(Due(Why.CLOSURE, facts.closure_on, said))
    return tuple(sorted(found, key=lambda due: due.by))


def closure_is_late(assessed_on: date | None, meeting_on: date, reassessed_within_days: int) -> bool:
    """Say whether the last assessment is too old for a closure at a meeting, or was never made."""
    return assessed_on is None or meeting_on - assessed_on > timedelta(days=reassessed_within_days)


def when_in_words(due: Due, today: date) -> str:
    """Say by when: “overdue since …”, or “due by …”."""
    if due.by < today:
        return f"overdue since {day_in_words(due.by)}"
    return f"due by {day_in_words(due.by)}"
