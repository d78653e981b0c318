"""Tables: the text of the minutes as it is edited, corrections proposed, and files put back."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table, Versioned, enum_type
from meetings_app.meetings.models import MinutesStep as MinutesStep
from meetings_app.meetings.models import StepKind as StepKind


class Answered(StrEnum):
    """What a chair said to a correction."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class MinutesText(Table, table=True):
    """One version of the text of one item, or with an empty `item` of the notes; only ever added.

    The words belong to the item’s number; the structured decision is kept elsewhere and is not changed by them.
    `correction_id` is the correction that was accepted with them.
    """

    __tablename__ = "minutes_text"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "item", "number"),)
    meeting_id: int = Field(foreign_key="meeting.id")
    area_id: int = Field(foreign_key="area.id")
    item: str
    number: int
    text: str
    saved_at: datetime
    saved_by_id: int | None = Field(default=None, foreign_key="account.id")
    correction_id: int | None = Field(default=None, foreign_key="minutes_correction.id")


class MinutesCorrection(Table, Versioned, table=True):
    """What somebody who attended asks to have corrected in one item, and what a chair answered.

    At a network meeting there is no area and no child: `network_item_id` is the item it is about.
    """

    __tablename__ = "minutes_correction"
    __table_args__ = (sa.Index(None, "meeting_id", "id"), sa.Index(None, "child_id"), sa.Index(None, "network_item_id"))
    meeting_id: int = Field(foreign_key="meeting.id")
    area_id: int | None = Field(default=None, foreign_key="area.id")
    number: int
    item: str
    child_id: int | None = Field(default=None, foreign_key="child.id")
    network_item_id: int | None = Field(default=None, foreign_key="network_item.id")
    text: str
    proposed_at: datetime
    proposed_by_id: int = Field(foreign_key="account.id")
    answered: Answered | None = Field(default=None, sa_type=enum_type(Answered, "answered"))
    reason: str = ""
    answered_at: datetime | None = None
    answered_by_id: int | None = Field(default=None, foreign_key="account.id")


class NoCorrection(Table, table=True):
    """That somebody who attended has nothing to correct in version `number` of a draft; only ever added."""

    __tablename__ = "no_correction"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "number", "account_id"),)
    meeting_id: int = Field(foreign_key="meeting.id")
    area_id: int | None = Field(default=None, foreign_key="area.id")
    number: int
    account_id: int = Field(foreign_key="account.id")
    said_at: datetime


class MinutesFile(Table, table=True):
    """A Word file that somebody edited by hand, kept beside the minutes and never read into them; only ever added.

    The file’s own name is not kept, for it may hold a child’s.
    """

    __tablename__ = "minutes_file"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "number"),)
    meeting_id: int = Field(foreign_key="meeting.id")
    area_id: int = Field(foreign_key="area.id")
    number: int
    version: int
    content: bytes
    size: int
    sha256: str
    note: str = ""
    added_at: datetime
    added_by_id: int | None = Field(default=None, foreign_key="account.id")
