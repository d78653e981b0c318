"""Tables: an agency's draft about a child, what it sent, how it attends, and when it was asked again."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table, Versioned, enum_type
from meetings_app.preparing.rules import Answer as Answer
from meetings_app.preparing.rules import Attending as Attending


class InformationDraft(Table, Versioned, table=True):
    """What the people of one agency are writing about one child for one meeting; nobody else reads it.

    The area is that of the meeting: a child may move before the meeting is held, and the meeting still hears the child.
    """

    __tablename__ = "information_draft"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "child_id", "agency_id"), sa.Index(None, "child_id"))
    meeting_id: int = Field(foreign_key="meeting.id")
    child_id: int = Field(foreign_key="child.id")
    agency_id: int = Field(foreign_key="agency.id")
    area_id: int = Field(foreign_key="area.id")
    answer: Answer | None = Field(default=None, sa_type=enum_type(Answer, "answer"))
    facts: str = ""
    opinion: str = ""
    source: str = ""
    reason: str = ""
    changed_at: datetime
    changed_by_id: int | None = Field(default=None, foreign_key="account.id")


class InformationSent(Table, table=True):
    """One version of what an agency sent about a child; only ever added."""

    __tablename__ = "information_sent"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "child_id", "agency_id", "number"),
        sa.Index(None, "child_id"),
    )
    meeting_id: int = Field(foreign_key="meeting.id")
    child_id: int = Field(foreign_key="child.id")
    agency_id: int = Field(foreign_key="agency.id")
    area_id: int = Field(foreign_key="area.id")
    number: int
    answer: Answer = Field(sa_type=enum_type(Answer, "answer"))
    facts: str = ""
    opinion: str = ""
    source: str = ""
    reason: str = ""
    sent_at: datetime
    sent_by_id: int | None = Field(default=None, foreign_key="account.id")
    late: bool = False


class AttendanceDraft(Table, Versioned, table=True):
    """How the people of one agency are about to say that they attend; nobody else reads it."""

    __tablename__ = "attendance_draft"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "agency_id"),)
    meeting_id: int = Field(foreign_key="meeting.id")
    agency_id: int = Field(foreign_key="agency.id")
    area_id: int = Field(foreign_key="area.id")
    attending: Attending | None = Field(default=None, sa_type=enum_type(Attending, "attending"))
    deputy_id: int | None = Field(default=None, foreign_key="account.id")
    update_text: str = ""
    changed_at: datetime
    changed_by_id: int | None = Field(default=None, foreign_key="account.id")


class AgencyAttendance(Table, table=True):
    """One version of how an agency attends a meeting; only ever added, and the last one holds.

    `sequence` is the number of the change of date or time after which it was said; earlier rows have none.
    """

    __tablename__ = "agency_attendance"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "agency_id", "number"),)
    meeting_id: int = Field(foreign_key="meeting.id")
    agency_id: int = Field(foreign_key="agency.id")
    area_id: int = Field(foreign_key="area.id")
    number: int
    attending: Attending = Field(sa_type=enum_type(Attending, "attending"))
    deputy_id: int | None = Field(default=None, foreign_key="account.id")
    update_text: str = ""
    said_at: datetime
    said_by_id: int | None = Field(default=None, foreign_key="account.id")
    late: bool = False
    sequence: int | None = None


class Chase(Table, table=True):
    """An agency was asked again for what it had not answered: at most once a day."""

    __tablename__ = "chase"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "agency_id", "chased_on"),)
    meeting_id: int = Field(foreign_key="meeting.id")
    agency_id: int = Field(foreign_key="agency.id")
    area_id: int = Field(foreign_key="area.id")
    chased_on: date
    chased_at: datetime
    chased_by_id: int | None = Field(default=None, foreign_key="account.id")
