"""Which actions a page asks for: from the values of its address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from meetings_app.actions.models import ActionState

WEEK = timedelta(days=7)
"""“This week” is today and the six days after it, so that a Monday is in sight on the Friday before it."""


class Whose(StrEnum):
    """Whose actions are asked for, among those the person may see."""

    MINE = "mine"
    AGENCY = "agency"
    ALL = "all"


class When(StrEnum):
    """How soon an open action is due, or that it has been answered."""

    OPEN = "open"
    OVERDUE = "overdue"
    WEEK = "week"
    LATER = "later"
    ANSWERED = "answered"


ANSWERS = (ActionState.DONE, ActionState.NOT_DONE, ActionState.COULD_NOT_BE_DONE, ActionState.WITHDRAWN)
"""The states of an action that has been answered or withdrawn."""


@dataclass(frozen=True)
class ActionView:
    """One view of the actions. Codes, never ids or names, for it stands in an address."""

    whose: Whose = Whose.ALL
    when: When = When.OPEN
    area: str = ""
    answer: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str], usual: Whose) -> "ActionView":
        """Read the address; `usual` is whose actions are meant where it does not say. What is not known is left out."""
        whose, when, answer = values.get("whose", ""), values.get("when", ""), values.get("answer", "")
        asked = When(when) if when in set(When) else When.OPEN
        return cls(
            whose=Whose(whose) if whose in set(Whose) else usual,
            when=asked,
            area=values.get("area", "").upper(),
            answer=answer if answer in ANSWERS and asked is When.ANSWERED else "",
        )

    def address(self, **changes: Any) -> dict[str, Any]:
        """Give the values of the address that asks for this view, with `changes`."""
        view = replace(self, **changes)
        values = {"whose": view.whose.value, "when": view.when.value, "area": view.area, "answer": view.answer}
        if view.when is When.OPEN:
            del values["when"]
        return {name: value for name, value in values.items() if value}

    @property
    def answered(self) -> bool:
        """Whether answered actions are asked for, latest first, in place of open ones, earliest date first."""
        return self.when is When.ANSWERED


def when_due(due_on: date, today: date) -> When:
    """Say in which part of the list an open action stands."""
    if due_on < today:
        return When.OVERDUE
    return When.WEEK if due_on < today + WEEK else When.LATER


def last_day_of_week(today: date) -> date:
    """Give the last day that counts as “this week”."""
    return today + WEEK - timedelta(days=1)
