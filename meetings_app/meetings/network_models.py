"""Tables: the items of a network meeting, what is decided on each, its actions, and what goes on to an RMM.

They stand beside the tables of an RMM and not in them: an RMM’s item is always about a child with an entry on the
list, and everything that follows from it (rating, closure gate, plan) takes that for granted.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.actions.models import ActionEventKind, ActionState
from meetings_app.db.columns import Table, Versioned, enum_type
from meetings_app.meetings.models import AdjustmentKind

_ONE_OF_TWO = "(subject_id IS NULL) <> (referral_id IS NULL)"
_RUNNING = sa.text("ended_at IS NULL")


class NetworkOutcome(StrEnum):
    """What the network meeting did with an item: a referral is answered, a subject goes on or is closed."""

    TAKEN_UP = "taken_up"
    RETURNED = "returned"
    NOT_TAKEN_UP = "not_taken_up"
    CONTINUES = "continues"
    CLOSED = "closed"
    DEFERRED = "deferred"
    NOT_REACHED = "not_reached"


PUT_OFF = (NetworkOutcome.DEFERRED, NetworkOutcome.NOT_REACHED)
"""The outcomes by which the meeting hears nothing: the item comes back to the next one."""


class MatterKind(StrEnum):
    """How a decision of the network meeting goes on to a child’s RMM."""

    ITEM = "item"
    ACTION = "action"


class NetworkAdjustment(Table, table=True):
    """A change by hand to a draft agenda of a network meeting, with its reason. Later ones win.

    `place` is where in its section something was moved; what gave way to it has a place, too, and no reason.
    """

    __tablename__ = "network_adjustment"
    __table_args__ = (sa.Index(None, "meeting_id", "id"), sa.CheckConstraint(_ONE_OF_TWO, name="one_of_two"))
    meeting_id: int = Field(foreign_key="meeting.id")
    subject_id: int | None = Field(default=None, foreign_key="subject.id", index=True)
    referral_id: int | None = Field(default=None, foreign_key="network_referral.id", index=True)
    kind: AdjustmentKind = Field(sa_type=enum_type(AdjustmentKind, "kind"))
    reason: str
    place: int | None = None
    made_at: datetime
    made_by_id: int | None = Field(default=None, foreign_key="account.id")


class NetworkItem(Table, Versioned, table=True):
    """An item of a published network agenda: a referral, or a subject with its `parts` (ids) grouped beneath it.

    Each reason names the ids of the subjects and children it speaks of, so that it is shown only to who sees them all.
    """

    __tablename__ = "network_item"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "number"),
        sa.UniqueConstraint("meeting_id", "subject_id"),
        sa.UniqueConstraint("meeting_id", "referral_id"),
        sa.CheckConstraint(_ONE_OF_TWO, name="one_of_two"),
    )
    meeting_id: int = Field(foreign_key="meeting.id")
    subject_id: int | None = Field(default=None, foreign_key="subject.id", index=True)
    referral_id: int | None = Field(default=None, foreign_key="network_referral.id", index=True)
    section: str
    number: str
    place: int
    minutes: int
    late: bool = False
    reasons: list[dict[str, Any]] = Field(sa_type=sa.JSON)
    parts: list[int] = Field(sa_type=sa.JSON)


class NetworkDecision(Table, Versioned, table=True):
    """What is being recorded on an item: changed freely until the meeting closes, when it takes effect.

    `about_suspects` is for who may read of every suspect of the item. `became_id` is what a referral was taken up as.
    `settled` says by its key what becomes of each thing that is open where the record is closed.
    """

    __tablename__ = "network_decision"
    item_id: int = Field(foreign_key="network_item.id", unique=True)
    outcome: NetworkOutcome | None = Field(default=None, sa_type=enum_type(NetworkOutcome, "outcome"))
    discussion: str = ""
    about_suspects: str = ""
    rationale: str = ""
    network_name: str = ""
    known_id: int | None = Field(default=None, foreign_key="subject.id")
    put_off_reason: str = ""
    settled: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON, sa_column_kwargs={"server_default": "{}"})
    next_review_on: date | None = None
    became_id: int | None = Field(default=None, foreign_key="subject.id")
    changed_at: datetime
    changed_by_id: int | None = Field(default=None, foreign_key="account.id")
    took_effect_at: datetime | None = None


class NetworkAction(Table, Versioned, table=True):
    """One thing to do that a network meeting decided: one agency, one named person, one date.

    With `subject_id` only the owner and who may see that subject read it; without, who may see the item.
    """

    __tablename__ = "network_action"
    __table_args__ = (sa.Index(None, "owner_id", "due_on"), sa.Index(None, "state", "due_on"))
    reference: str = Field(unique=True)
    item_id: int = Field(foreign_key="network_item.id", index=True)
    subject_id: int | None = Field(default=None, foreign_key="subject.id", index=True)
    what: str
    agency_id: int = Field(foreign_key="agency.id")
    owner_id: int = Field(foreign_key="account.id")
    due_on: date
    first_due_on: date
    state: ActionState = Field(sa_type=enum_type(ActionState, "state"))
    outcome: str = ""
    answered_on: date | None = None
    created_at: datetime


class NetworkActionEvent(Table, table=True):
    """The history of an action of a network meeting, appended and never changed."""

    __tablename__ = "network_action_event"
    __table_args__ = (sa.Index(None, "action_id", "id"),)
    action_id: int = Field(foreign_key="network_action.id")
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
    kind: ActionEventKind = Field(sa_type=enum_type(ActionEventKind, "kind"))
    text: str = ""
    due_on: date | None = None


class NetworkAbsence(Table, table=True):
    """Somebody who attends the meeting and was not in the room for one item."""

    __tablename__ = "network_absence"
    __table_args__ = (sa.UniqueConstraint("item_id", "attendance_id"), sa.Index(None, "attendance_id"))
    item_id: int = Field(foreign_key="network_item.id")
    attendance_id: int = Field(foreign_key="attendance.id")
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")


class SubjectConflict(Table, table=True):
    """Somebody’s conflict of interest about a subject: it keeps them from its record and its items. Never deleted."""

    __tablename__ = "subject_conflict"
    __table_args__ = (
        sa.Index(
            "ix_subject_conflict_running", "subject_id", "account_id", unique=True, sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        sa.Index(None, "account_id"),
    )  # fmt: skip
    subject_id: int = Field(foreign_key="subject.id")
    account_id: int = Field(foreign_key="account.id")
    meeting_id: int = Field(foreign_key="meeting.id")
    reason: str
    declared_at: datetime
    declared_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_at: datetime | None = None
    ended_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_reason: str = ""


class NetworkMatter(Table, table=True):
    """What goes on to a child’s RMM from an item: a further item there, or an action, once the network meeting closes.

    `meeting_id` is the RMM whose agenda took it, `action_id` the action it became.
    """

    __tablename__ = "network_matter"
    __table_args__ = (sa.Index(None, "item_id"), sa.Index(None, "child_id"))
    item_id: int = Field(foreign_key="network_item.id")
    child_id: int = Field(foreign_key="child.id")
    kind: MatterKind = Field(sa_type=enum_type(MatterKind, "kind"))
    text: str
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    owner_id: int | None = Field(default=None, foreign_key="account.id")
    due_on: date | None = None
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    action_id: int | None = Field(default=None, foreign_key="action.id")
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")
    took_effect_at: datetime | None = None
