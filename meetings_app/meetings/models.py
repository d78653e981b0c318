"""Tables: the agenda as adjusted and as published, attendance, decisions and minutes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.children.models import YesNoUnknown
from meetings_app.db.columns import Table, Versioned, enum_type
from meetings_app.ratings.models import ExploitationStatus, RiskRating


class AdjustmentKind(StrEnum):
    """What a coordinator or chair changed on an agenda that drafts itself."""

    ADDED = "added"
    DEFERRED = "deferred"
    MOVED = "moved"


class Presence(StrEnum):
    """How an agency's person attended; absence without apology is said, not only presence."""

    PRESENT = "present"
    APOLOGIES = "apologies"
    REPORT_ONLY = "report_only"
    ABSENT = "absent"


class Outcome(StrEnum):
    """What the RMM did with an item."""

    RATED = "rated"
    CLOSED = "closed"
    DEFERRED = "deferred"
    NOT_REACHED = "not_reached"
    NOTED = "noted"


PASSED_ON = (Outcome.DEFERRED, Outcome.NOT_REACHED)
"""The outcomes by which a meeting hears nothing: the child comes back to the next one."""

_PASSED_ON = sa.text("outcome IN ('deferred', 'not_reached')")


class AgendaAdjustment(Table, table=True):
    """A change by hand to a draft agenda, with its reason. Later ones for the same child win."""

    __tablename__ = "agenda_adjustment"
    __table_args__ = (sa.Index(None, "meeting_id", "id"), sa.Index(None, "child_id"))
    meeting_id: int = Field(foreign_key="meeting.id")
    child_id: int = Field(foreign_key="child.id")
    kind: AdjustmentKind = Field(sa_type=enum_type(AdjustmentKind, "kind"))
    reason: str = ""
    place: int | None = None
    made_at: datetime
    made_by_id: int | None = Field(default=None, foreign_key="account.id")


class AgendaItem(Table, Versioned, table=True):
    """A child's item on a published agenda; the number is frozen, the reasons are as printed."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "child_id"),
        sa.UniqueConstraint("meeting_id", "number"),
        sa.Index(None, "child_id"),
    )
    meeting_id: int = Field(foreign_key="meeting.id")
    child_id: int = Field(foreign_key="child.id")
    area_id: int = Field(foreign_key="area.id")
    section: str
    number: str
    place: int
    minutes: int
    late: bool = False
    reasons: list[dict[str, Any]] = Field(sa_type=sa.JSON)
    rating_before: RiskRating | None = Field(default=None, sa_type=enum_type(RiskRating, "rating_before"))


class ItemDecision(Table, Versioned, table=True):
    """What is being recorded on an item: changed freely until the meeting closes, when it takes effect.

    `rules_version` is the version of `ratings.toml` by which it took effect.
    """

    __tablename__ = "item_decision"
    __table_args__ = (sa.Index(None, "item_id", sqlite_where=_PASSED_ON, postgresql_where=_PASSED_ON),)
    item_id: int = Field(foreign_key="agenda_item.id", unique=True)
    outcome: Outcome | None = Field(default=None, sa_type=enum_type(Outcome, "outcome"))
    rating: RiskRating | None = Field(default=None, sa_type=enum_type(RiskRating, "rating"))
    exploitation_status: ExploitationStatus | None = Field(
        default=None, sa_type=enum_type(ExploitationStatus, "exploitation_status")
    )
    discussion: str = ""
    rationale: str = ""
    lead_agency_id: int | None = Field(default=None, foreign_key="agency.id")
    lead_professional_id: int | None = Field(default=None, foreign_key="account.id")
    lead_professional_name: str = ""
    next_review_on: date | None = None
    next_review_reason: str = ""
    behaviours_indicate: YesNoUnknown = Field(
        default=YesNoUnknown.UNKNOWN, sa_type=enum_type(YesNoUnknown, "behaviours_indicate")
    )
    behaviours_reason: str = ""
    step_down_reason: str = ""
    both_chairs_agree: bool = False
    social_worker: YesNoUnknown = Field(default=YesNoUnknown.UNKNOWN, sa_type=enum_type(YesNoUnknown, "social_worker"))
    tool_difference_reason: str = ""
    deferred_reason: str = ""
    information_agency_id: int | None = Field(default=None, foreign_key="agency.id")
    information_supplied: bool = False
    not_reached_reason: str = ""
    changed_at: datetime
    changed_by_id: int | None = Field(default=None, foreign_key="account.id")
    took_effect_at: datetime | None = None
    rules_version: int | None = None


class AgencyView(Table, Versioned, table=True):
    """What one agency thinks about one item, and whether it dissents: changed until the meeting closes, then kept."""

    __tablename__ = "agency_view"
    __table_args__ = (sa.UniqueConstraint("item_id", "agency_id"),)
    item_id: int = Field(foreign_key="agenda_item.id")
    agency_id: int = Field(foreign_key="agency.id")
    text: str
    dissents: bool = False
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")


class Attendance(Table, Versioned, table=True):
    """One person of one agency at one meeting."""

    __tablename__ = "attendance"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "agency_id", "name"),)
    meeting_id: int = Field(foreign_key="meeting.id")
    agency_id: int = Field(foreign_key="agency.id")
    account_id: int | None = Field(default=None, foreign_key="account.id")
    name: str
    presence: Presence = Field(sa_type=enum_type(Presence, "presence"))
    note: str = ""


class StatementReading(Table, table=True):
    """To whom the confidentiality and language statement was read, by whom and when: once for each who attends.

    `again` says that it was read once more, to whoever joined.
    """

    __tablename__ = "statement_reading"
    __table_args__ = (sa.Index(None, "meeting_id"),)
    meeting_id: int = Field(foreign_key="meeting.id")
    attendance_id: int = Field(foreign_key="attendance.id", unique=True)
    read_by: str
    read_at: datetime
    again: bool = False
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")


class ItemAbsence(Table, table=True):
    """Somebody who attends the meeting and was not in the room for one item: by choice, by chance or for a conflict.

    `conflict` is what the conflict of interest of somebody without an account is; that of an account stands there.
    """

    __tablename__ = "item_absence"
    __table_args__ = (sa.UniqueConstraint("item_id", "attendance_id"), sa.Index(None, "attendance_id"))
    item_id: int = Field(foreign_key="agenda_item.id")
    attendance_id: int = Field(foreign_key="attendance.id")
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")
    conflict: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Minutes(Table, table=True):
    """One version of a meeting's minutes: the facts as they stood, and their digest.

    `early_reason` is why the chair who signed first did so while corrections were still taken.
    """

    __tablename__ = "minutes"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "number"),)
    meeting_id: int = Field(foreign_key="meeting.id")
    number: int
    made_at: datetime
    facts: dict[str, Any] = Field(sa_type=sa.JSON)
    sha256: str
    first_chair_id: int | None = Field(default=None, foreign_key="account.id")
    first_signed_at: datetime | None = None
    second_chair_id: int | None = Field(default=None, foreign_key="account.id")
    second_signed_at: datetime | None = None
    early_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})


class StepKind(StrEnum):
    """What happened to minutes, beside being made and signed."""

    ISSUED = "issued"
    REOPENED = "reopened"
    APPROVED = "approved"


class MinutesStep(Table, table=True):
    """Something that happened to a version of the minutes; only ever added."""

    __tablename__ = "minutes_step"
    __table_args__ = (sa.Index(None, "meeting_id", "id"), sa.Index(None, "heard_at_id"))
    meeting_id: int = Field(foreign_key="meeting.id")
    number: int
    kind: StepKind = Field(sa_type=enum_type(StepKind, "kind"))
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
    reason: str = ""
    until: date | None = None
    heard_at_id: int | None = Field(default=None, foreign_key="meeting.id")


class Stage(StrEnum):
    """What was done although something was pointed out first."""

    AGENDA = "agenda"
    CLOSING = "closing"
    MINUTES = "minutes"


class NotesBefore(Table, table=True):
    """What the notes of a meeting said before somebody saved other words over them. Only ever added."""

    __tablename__ = "notes_before"
    __table_args__ = (sa.Index(None, "meeting_id", "id"),)
    meeting_id: int = Field(foreign_key="meeting.id")
    area_id: int | None = Field(default=None, foreign_key="area.id")
    notes: str
    until: datetime
    replaced_by_id: int | None = Field(default=None, foreign_key="account.id")


class CheckOverride(Table, table=True):
    """That an agenda was published, a meeting closed, or minutes issued, although something was pointed out.

    Only ever added. `pointed` holds what it was, with the numbers of the items; `number` is the version of the minutes.
    """

    __tablename__ = "check_override"
    __table_args__ = (sa.Index(None, "meeting_id", "id"),)
    meeting_id: int = Field(foreign_key="meeting.id")
    area_id: int = Field(foreign_key="area.id")
    stage: Stage = Field(sa_type=enum_type(Stage, "stage"))
    number: int = 0
    pointed: list[dict[str, Any]] = Field(sa_type=sa.JSON)
    reason: str
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
