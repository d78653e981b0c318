"""The shape of what waits, and the areas in which a person is asked for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement

from meetings_app.permissions import PERMISSIONS, Actor, Permission, Role


@dataclass(frozen=True)
class WaitingRow:
    """One thing that waits. `name` is a child's or a person's; `since` is when it began to wait, or is due.

    `rated_on` is the day of the rating that asks for it, where one does.
    """

    id: int
    title: str
    name: str
    href: str
    text: str
    since: date | datetime | None
    child_ids: tuple[int, ...] = ()
    rated_on: date | None = None


@dataclass(frozen=True)
class Reading:
    """How a part is read: the statement, its key, and how a row of it is printed."""

    statement: Any
    key: Any
    row: Callable[[Any], WaitingRow]


def in_areas(by: Actor, permission: Permission, area: Any) -> list[ColumnElement[bool]]:
    """Narrow to the areas in which the person holds the permission, for another role may show more of them."""
    held = by.areas(frozenset(role for role in Role if permission in PERMISSIONS[role]))
    return [] if held is None else [area.in_(sorted(held))]
