"""Tables: what is being typed on an item, texts that gave way to somebody else's, and when the room came to an item."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table


class LiveField(Table, table=True):
    """The present text of one field of an item while the meeting is held, saved or not yet saved with the decision.

    `number` counts the changes of the whole item, so that a page asks for what came after the last it has seen.
    `save_id` is the browser's own mark of the last save, by which one whose answer was lost is recognised.
    """

    __tablename__ = "live_field"
    __table_args__ = (sa.UniqueConstraint("item_id", "name"), sa.Index(None, "item_id", "number"))
    item_id: int = Field(foreign_key="agenda_item.id")
    name: str
    value: str
    number: int
    save_id: str = ""
    recorded: bool = False
    changed_at: datetime
    changed_by_id: int | None = Field(default=None, foreign_key="account.id")


class SetAside(Table, table=True):
    """A text that two people wrote at once and that is not the one that stands: kept where both can read it.

    While `undecided`, its writer has not said yet which of the two stands.
    """

    __tablename__ = "set_aside"
    __table_args__ = (sa.Index(None, "item_id"),)
    item_id: int = Field(foreign_key="agenda_item.id")
    name: str
    value: str
    undecided: bool = False
    set_aside_at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")


class ItemOpening(Table, table=True):
    """The room came to an item: only ever added. It is at the item of the last one, until the meeting is closed."""

    __tablename__ = "item_opening"
    __table_args__ = (sa.Index(None, "item_id"),)
    item_id: int = Field(foreign_key="agenda_item.id")
    opened_at: datetime
    opened_by_id: int | None = Field(default=None, foreign_key="account.id")
