"""Reads of what is being typed on an item: small, because every open page asks every few seconds."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.meetings.live_models import LiveItem, tables_of


class LiveShown(NamedTuple):
    """The present text of a field, its number, whether the decision holds it, and who wrote it when.

    `others` says why the field is somebody else’s to fill in; empty where it is not.
    """

    name: str
    value: str
    number: int
    recorded: bool
    at: datetime
    by_id: int | None
    by: str
    others: str = ""


class AsideShown(NamedTuple):
    """A text that was set aside: of which field, whose, when, and whether its writer still has to choose.

    `others` says why it is for somebody else to keep or to remove; empty where it is not.
    """

    id: int
    name: str
    value: str
    undecided: bool
    at: datetime
    by_id: int | None
    by: str
    others: str = ""


# Built once each: every open page of an item sends them every few seconds.
@cache
def _fields(field: Any) -> Any:
    return (
        select(
            col(field.name), col(field.value), col(field.number), col(field.recorded), col(field.changed_at),
            col(field.changed_by_id), col(Account.name),
        )
        .outerjoin(Account, col(Account.id) == col(field.changed_by_id))
        .where(col(field.item_id) == bindparam("item"), col(field.number) > bindparam("after"))
        .order_by(col(field.number))
    )  # fmt: skip


@cache
def _aside(aside: Any) -> Any:
    return (
        select(
            col(aside.id), col(aside.name), col(aside.value), col(aside.undecided), col(aside.set_aside_at),
            col(aside.by_id), col(Account.name),
        )
        .outerjoin(Account, col(Account.id) == col(aside.by_id))
        .where(col(aside.item_id) == bindparam("item"))
        .order_by(col(aside.id))
    )  # fmt: skip


def live_fields_of(session: Session, item: LiveItem, after: int = 0) -> list[LiveShown]:
    """Give the fields of an item that were changed after number `after`, in the order of their change."""
    rows = session.execute(_fields(tables_of(item).field), {"item": item.key, "after": after})
    return [
        LiveShown(name, value, number, recorded, at, by_id, by or "")
        for name, value, number, recorded, at, by_id, by in rows
    ]


def set_aside_of(session: Session, item: LiveItem) -> list[AsideShown]:
    """Give the texts that were set aside on an item, oldest first."""
    return [
        AsideShown(aside_id, name, value, undecided, at, by_id, by or "")
        for aside_id, name, value, undecided, at, by_id, by in session.execute(
            _aside(tables_of(item).aside), {"item": item.key}
        )
    ]


def count_set_aside(session: Session, item: LiveItem) -> int:
    """Give how many texts gave way on an item, those left out about which their writer is still being asked."""
    aside = tables_of(item).aside
    return session.scalars(
        select(func.count(col(aside.id))).where(col(aside.item_id) == item.key, col(aside.undecided).is_(False))
    ).one()


def rows_of(session: Session, item: LiveItem) -> Sequence[Any]:
    """Give the rows of an item, to change them."""
    field = tables_of(item).field
    return session.scalars(select(field).where(col(field.item_id) == item.key).order_by(col(field.id))).all()


def rows_of_all(session: Session, items: Sequence[LiveItem]) -> dict[int, list[Any]]:
    """Give the rows of items of one meeting by item, to change them: read at once."""
    found = defaultdict[int, list[Any]](list)
    if items:
        field, first = tables_of(items[0]).field, items[0]
        item = type(first)
        of_meeting = select(col(item.id)).where(col(item.meeting_id) == first.meeting_id)
        for row in session.scalars(select(field).where(col(field.item_id).in_(of_meeting)).order_by(col(field.id))):
            found[row.item_id].append(row)
    return found
