"""Reads of what is being typed on an item: small, because every open page asks every few seconds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.meetings.live_models import LiveField, SetAside


class LiveShown(NamedTuple):
    """The present text of a field, its number, whether the decision holds it, and who wrote it when."""

    name: str
    value: str
    number: int
    recorded: bool
    at: datetime
    by_id: int | None
    by: str


class AsideShown(NamedTuple):
    """A text that was set aside: of which field, whose, when, and whether its writer still has to choose."""

    id: int
    name: str
    value: str
    undecided: bool
    at: datetime
    by_id: int | None
    by: str


# Built once each: every open page of an item sends them every few seconds.
_FIELDS: Any = (
    select(
        col(LiveField.name), col(LiveField.value), col(LiveField.number), col(LiveField.recorded),
        col(LiveField.changed_at), col(LiveField.changed_by_id), col(Account.name),
    )
    .outerjoin(Account, col(Account.id) == col(LiveField.changed_by_id))
    .where(col(LiveField.item_id) == bindparam("item"), col(LiveField.number) > bindparam("after"))
    .order_by(col(LiveField.number))
)  # fmt: skip
_ASIDE: Any = (
    select(
        col(SetAside.id), col(SetAside.name), col(SetAside.value), col(SetAside.undecided),
        col(SetAside.set_aside_at), col(SetAside.by_id), col(Account.name),
    )
    .outerjoin(Account, col(Account.id) == col(SetAside.by_id))
    .where(col(SetAside.item_id) == bindparam("item"))
    .order_by(col(SetAside.id))
)  # fmt: skip


def live_fields_of(session: Session, item_id: int, after: int = 0) -> list[LiveShown]:
    """Give the fields of an item that were changed after number `after`, in the order of their change."""
    return [
        LiveShown(name, value, number, recorded, at, by_id, by or "")
        for name, value, number, recorded, at, by_id, by in session.execute(_FIELDS, {"item": item_id, "after": after})
    ]


def set_aside_of(session: Session, item_id: int) -> list[AsideShown]:
    """Give the texts that were set aside on an item, oldest first."""
    return [
        AsideShown(aside_id, name, value, undecided, at, by_id, by or "")
        for aside_id, name, value, undecided, at, by_id, by in session.execute(_ASIDE, {"item": item_id})
    ]


def rows_of(session: Session, item_id: int) -> Sequence[LiveField]:
    """Give the rows of an item, to change them."""
    return session.scalars(select(LiveField).where(col(LiveField.item_id) == item_id).order_by(col(LiveField.id))).all()
