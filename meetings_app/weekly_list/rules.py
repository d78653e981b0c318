"""The weekly list as plain values: what changed since the list before, and the mark that shows any change to it."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from meetings_app.partnership import WEEKDAYS

GENESIS = "0" * 64
_RANK = {"low": 1, "medium": 2, "high": 3}
_ORDER = ("on", "off", "up", "down", "moved", "overdue")


class Listed(NamedTuple):
    """One child on one list, as far as lists are compared."""

    child_id: int
    entry_id: int
    area_id: int
    area: str
    reference: str
    name: str
    rating: str
    overdue_days: int


class Change(NamedTuple):
    """What changed for one child, as the area `area_id` is told it."""

    child_id: int
    area_id: int
    kind: str
    reference: str
    name: str
    said: str


def changes(before: Sequence[Listed], after: Sequence[Listed], ways_off: Mapping[int, str]) -> list[Change]:
    """Give what changed from one list to the next, in the order in which it is said (SUR; `domain.md`, "The list" 5).

    `ways_off` says by entry how a stay ended. A child who moved area is named to both areas. A stay that ended while
    another began is both: nobody is to think that nothing happened.
    """
    former, now = {row.entry_id: row for row in before}, {row.entry_id: row for row in after}
    found = [
        *(_said(row, "on", f"Put on the list, rated {row.rating}") for row in after if row.entry_id not in former),
        *(_said(row, "off", ways_off[row.entry_id]) for row in before if row.entry_id not in now),
    ]
    for row in after:
        if row.entry_id in former:
            found += _within_a_stay(former[row.entry_id], row)
        if row.overdue_days > 0:
            days = "day" if row.overdue_days == 1 else "days"
            found.append(_said(row, "overdue", f"Review overdue by {row.overdue_days} {days}"))
    return sorted(found, key=lambda change: _ORDER.index(change.kind))


def _within_a_stay(before: Listed, after: Listed) -> Iterator[Change]:
    step = _RANK[after.rating] - _RANK[before.rating]
    if step:
        yield _said(after, "up" if step > 0 else "down", f"Rated {after.rating}, before {before.rating}")
    if before.area_id != after.area_id:
        for area_id in (before.area_id, after.area_id):
            yield _said(after, "moved", f"Moved from {before.area} to {after.area}")._replace(area_id=area_id)


def _said(row: Listed, kind: str, words: str) -> Change:
    return Change(row.child_id, row.area_id, kind, row.reference, row.name, words)


def week_of(day: date) -> str:
    """Give the week of a day, as `2026-W48`."""
    return f"{day:%G}-W{day:%V}"


def is_taken_from(weekday: str, day: date) -> bool:
    """Say whether the week of a day has come to the day on which its list is taken (own: Monday; `clock.toml`).

    So a scheduler that was down over that day takes the list late, and never the next week's too early.
    """
    return day.weekday() >= WEEKDAYS.index(weekday)


def digest_of(head: Sequence[Any], rows: Sequence[Sequence[Any]], said: Sequence[Sequence[Any]]) -> str:
    """Give the mark of a list: of its head (the mark of the list before among it), its rows and what changed."""
    text = json.dumps([head, rows, said], ensure_ascii=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
