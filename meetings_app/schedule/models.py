"""Tables: series, their meetings and who is invited."""

from datetime import date, datetime, time
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.clock import london_date
from meetings_app.db.columns import Table, Versioned, enum_type
from meetings_app.schedule.rules import MeetingState as MeetingState
from meetings_app.schedule.rules import MeetingType as MeetingType


class Reply(StrEnum):
    """What an invited person answered."""

    NONE = "none"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    DEPUTY = "deputy"


class ReplySource(StrEnum):
    """How an answer came. A mail can be written by anybody, so it is shown as what it is."""

    NONE = "none"
    LINK = "link"
    MAIL = "mail"
    PAGE = "page"


UPCOMING = (MeetingState.PLANNED, MeetingState.ANNOUNCED, MeetingState.PUBLISHED)
"""States in which a review can still be tied to a meeting."""


class MeetingSeries(Table, table=True):
    """A rhythm of meetings from an anchor date: every `interval_days` days."""

    __tablename__ = "meeting_series"
    type: MeetingType = Field(sa_type=enum_type(MeetingType, "type"))
    area_id: int | None = Field(default=None, foreign_key="area.id")
    anchor: date
    interval_days: int
    start_time: time
    minutes: int
    place: str = ""
    joining_link: str = ""
    created_at: datetime
    ended_on: date | None = None


class Meeting(Table, Versioned, table=True):
    """One meeting. `planned` is the slot of the series and makes the reference; `held_on` is the real date.

    Date and time are wall clock in Europe/London. `calendar_sequence` grows with time, place or cancellation.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        sa.Index(None, "area_id", "held_on"),
        sa.Index(None, "state", "held_on"),
        sa.UniqueConstraint("series_id", "planned"),
    )
    reference: str = Field(unique=True)
    type: MeetingType = Field(sa_type=enum_type(MeetingType, "type"))
    area_id: int | None = Field(default=None, foreign_key="area.id")
    series_id: int | None = Field(default=None, foreign_key="meeting_series.id")
    planned: date
    held_on: date
    start_time: time
    minutes: int
    place: str = ""
    joining_link: str = ""
    moved_because: str = ""
    state: MeetingState = Field(default=MeetingState.PLANNED, sa_type=enum_type(MeetingState, "state"))
    cancelled_because: str = ""
    calendar_uid: str = Field(unique=True)
    calendar_sequence: int = 0
    calendar_changed_at: datetime
    announced_at: datetime | None = None
    published_at: datetime | None = None
    started_at: datetime | None = None
    closed_at: datetime | None = None
    signed_at: datetime | None = None
    statement_read_by: str = ""
    statement_read_at: datetime | None = None
    notes: str = ""

    @property
    def opened_on(self) -> date | None:
        """The day on which it was opened, which may be another than the one it was planned for."""
        return london_date(self.started_at) if self.started_at else None


class MeetingMember(Table, table=True):
    """A person invited to a meeting: one invite each, who sees only themself.

    `reply_sequence` is the number of the change of date or time since which an answer counts.
    """

    __tablename__ = "meeting_member"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "account_id"),)
    meeting_id: int = Field(foreign_key="meeting.id")
    account_id: int = Field(foreign_key="account.id", index=True)
    reply: Reply = Field(default=Reply.NONE, sa_type=enum_type(Reply, "reply"))
    reply_source: ReplySource = Field(default=ReplySource.NONE, sa_type=enum_type(ReplySource, "reply_source"))
    reply_sequence: int = 0
    replied_at: datetime | None = None
    deputy_id: int | None = Field(default=None, foreign_key="account.id")
    deputy_name: str = ""
    invited_at: datetime | None = None
    removed_at: datetime | None = None


class AgencyDeputy(Table, table=True):
    """Somebody who may stand in for an agency at the meetings of an area (of the county where there is none).

    Ended, never deleted.
    """

    __tablename__ = "agency_deputy"
    area_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    added_at: datetime
    ended_at: datetime | None = None


class CalendarFeed(Table, table=True):
    """The address at which a person's calendar program reads their meetings. Only the hash of its token is stored."""

    __tablename__ = "calendar_feed"
    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True)
    created_at: datetime
    revoked_at: datetime | None = None


class MailOutcome(StrEnum):
    """What became of a mail that came to the mailbox of the replies."""

    RECORDED = "recorded"
    OUTDATED = "outdated"
    TOO_LATE = "too_late"
    OTHER_SENDER = "other_sender"
    NOT_PROVED = "not_proved"
    NOT_INVITED = "not_invited"
    NO_SUCH_MEETING = "no_such_meeting"
    OTHER_TIME = "other_time"
    NOT_UNDERSTOOD = "not_understood"
    NO_ANSWER = "no_answer"


class ReplyMail(Table, table=True):
    """A mail that was read from the mailbox: where it lies, what became of it, and nothing of its words.

    `settled_at` is set once a coordinator has looked at one that is no plain answer.
    """

    __tablename__ = "reply_mail"
    __table_args__ = (sa.UniqueConstraint("validity", "uid"),)
    message_key: str = Field(unique=True)
    validity: int = Field(sa_type=sa.BigInteger)
    uid: int = Field(sa_type=sa.BigInteger)
    read_at: datetime
    outcome: MailOutcome = Field(sa_type=enum_type(MailOutcome, "outcome"))
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    settled_at: datetime | None = None
