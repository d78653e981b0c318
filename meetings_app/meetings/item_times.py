"""How long the room was at each item, by the record of when it came to which: the same in every window. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Opening:
    """The room came to an item at a moment."""

    item_id: int
    number: str
    at: datetime


@dataclass(frozen=True)
class ItemTime:
    """How long the room has been at one item, in seconds, against the minutes that the agenda plans for it."""

    planned: int
    seconds: int = 0
    opened: bool = False
    running: bool = False

    @property
    def minutes(self) -> int:
        """Whole minutes at the item."""
        return self.seconds // 60

    @property
    def over(self) -> int:
        """Whole minutes beyond the plan; 0 within it."""
        return max(0, self.minutes - self.planned)

    @property
    def sentence(self) -> str:
        """The time in words."""
        if not self.opened:
            return f"Planned: {_minutes(self.planned)}"
        over = f": {_minutes(self.over)} over its time" if self.over else ""
        return f"{self.minutes} of {_minutes(self.planned)}{over}"


def item_time(openings: Sequence[Opening], item_id: int, planned: int, until: datetime) -> ItemTime:
    """Give how long the room was at an item until a moment; `openings` are those of the whole meeting, in order.

    The room stays at an item until it comes to another one, so the stretches of one item add up.
    """
    ends = [*(each.at for each in openings[1:]), until]
    stretches = [
        max(end - each.at, timedelta()) for each, end in zip(openings, ends, strict=False) if each.item_id == item_id
    ]
    running = bool(openings) and openings[-1].item_id == item_id
    return ItemTime(planned, int(sum(stretches, timedelta()).total_seconds()), bool(stretches), running)


def _minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes"
