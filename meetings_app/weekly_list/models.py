"""Tables of the weekly list: what was circulated, word for word. Triggers refuse any change."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table, enum_type
from meetings_app.ratings.models import RiskRating


class ChangeKind(StrEnum):
    """What is said of a child since the list before (`domain.md`, "The list" 5), in the order in which it is said."""

    ON = "on"
    OFF = "off"
    UP = "up"
    DOWN = "down"
    MOVED = "moved"
    OVERDUE = "overdue"


class WeeklyList(Table, table=True):
    """One list of the whole county, one a week. `digest` covers everything in it and the digest of the list before.

    `last_entry_id` and `trail_mark` say where the stays and the trail ended when it was taken.
    """

    __tablename__ = "weekly_list"
    number: int = Field(unique=True)
    week: str = Field(unique=True)
    taken_on: date
    taken_at: datetime
    children: int
    last_entry_id: int
    trail_mark: int
    previous_digest: str
    digest: str


class WeeklyRow(Table, table=True):
    """One child on one list, in the words of that day; `place` is the order in which the list is read."""

    __tablename__ = "weekly_row"
    __table_args__ = (
        sa.UniqueConstraint("list_id", "child_id"),
        sa.UniqueConstraint("list_id", "place"),
    )
    list_id: int = Field(foreign_key="weekly_list.id")
    place: int
    child_id: int = Field(foreign_key="child.id", index=True)
    entry_id: int = Field(foreign_key="list_entry.id")
    area_id: int = Field(foreign_key="area.id")
    area: str
    reference: str
    name: str
    born: date
    age: int
    rating: RiskRating = Field(sa_type=enum_type(RiskRating, "rating"))
    provisional: bool
    listed_on: date
    lead_agency: str
    lead_professional: str
    next_review_on: date
    overdue_days: int
    meeting: str
    notes: str


class WeeklyChange(Table, table=True):
    """What changed for one child since the list before, as the area `area_id` is told it."""

    __tablename__ = "weekly_change"
    __table_args__ = (sa.UniqueConstraint("list_id", "place"),)
    list_id: int = Field(foreign_key="weekly_list.id")
    place: int
    child_id: int = Field(foreign_key="child.id", index=True)
    area_id: int = Field(foreign_key="area.id")
    kind: ChangeKind = Field(sa_type=enum_type(ChangeKind, "kind"))
    reference: str
    name: str
    said: str


class WeeklyCopy(Table, table=True):
    """Who was told of one list."""

    __tablename__ = "weekly_copy"
    __table_args__ = (sa.UniqueConstraint("list_id", "account_id"),)
    list_id: int = Field(foreign_key="weekly_list.id")
    account_id: int = Field(foreign_key="account.id", index=True)


_NAMED = sa.text("ended_at IS NULL")


class WeeklyRecipient(Table, table=True):
    """Somebody who is sent the list besides the list holders, from one day to another; rows are never deleted."""

    __tablename__ = "weekly_recipient"
    __table_args__ = (sa.Index(None, "account_id", unique=True, sqlite_where=_NAMED, postgresql_where=_NAMED),)
    account_id: int = Field(foreign_key="account.id")
    named_at: datetime
    named_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_at: datetime | None = None
    ended_by_id: int | None = Field(default=None, foreign_key="account.id")
