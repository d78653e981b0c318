"""Tables: what is being typed on an item, texts that gave way to somebody else's, and when the room came to an item.

Items of an RMM and of a network meeting each have their own; what is typed is kept, shown and saved by the same code.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from meetings_app.db.columns import Table
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.network_models import NetworkItem

LiveItem = AgendaItem | NetworkItem
"""An item on which several people type at once."""


class _Typed(SQLModel):
    """The present text of one field of an item while the meeting is held, saved or not yet saved with the decision.

    `number` counts the changes of the whole item, so that a page asks for what came after the last it has seen.
    `save_id` is the browser's own mark of the last save, by which one whose answer was lost is recognised.
    """

    name: str
    value: str
    number: int
    save_id: str = ""
    recorded: bool = False
    changed_at: datetime
    changed_by_id: int | None = Field(default=None, foreign_key="account.id")


class _Aside(SQLModel):
    """A text that two people wrote at once and that is not the one that stands: kept where both can read it.

    While `undecided`, its writer has not said yet which of the two stands.
    """

    name: str
    value: str
    undecided: bool = False
    set_aside_at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")


class LiveField(_Typed, Table, table=True):
    """The present text of one field of an item of an RMM."""

    __tablename__ = "live_field"
    __table_args__ = (sa.UniqueConstraint("item_id", "name"), sa.Index(None, "item_id", "number"))
    item_id: int = Field(foreign_key="agenda_item.id")


class SetAside(_Aside, Table, table=True):
    """A text that was set aside on an item of an RMM."""

    __tablename__ = "set_aside"
    __table_args__ = (sa.Index(None, "item_id"),)
    item_id: int = Field(foreign_key="agenda_item.id")


class NetworkLiveField(_Typed, Table, table=True):
    """The present text of one field of an item of a network meeting."""

    __tablename__ = "network_live_field"
    __table_args__ = (sa.UniqueConstraint("item_id", "name"), sa.Index(None, "item_id", "number"))
    item_id: int = Field(foreign_key="network_item.id")


class NetworkSetAside(_Aside, Table, table=True):
    """A text that was set aside on an item of a network meeting."""

    __tablename__ = "network_set_aside"
    __table_args__ = (sa.Index(None, "item_id"),)
    item_id: int = Field(foreign_key="network_item.id")


@dataclass(frozen=True)
class LiveTables:
    """Where the texts of a kind of item are kept: those that stand, and those set aside."""

    field: Any
    aside: Any


def tables_of(item: LiveItem) -> LiveTables:
    """Give where the texts of an item are kept."""
    of_network = isinstance(item, NetworkItem)
    return LiveTables(NetworkLiveField, NetworkSetAside) if of_network else LiveTables(LiveField, SetAside)


class ItemOpening(Table, table=True):
    """The room came to an item: only ever added. It is at the item of the last one, until the meeting is closed."""

    __tablename__ = "item_opening"
    __table_args__ = (sa.Index(None, "item_id"),)
    item_id: int = Field(foreign_key="agenda_item.id")
    opened_at: datetime
    opened_by_id: int | None = Field(default=None, foreign_key="account.id")
