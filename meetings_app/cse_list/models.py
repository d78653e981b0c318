"""Tables: stays on the CSE list and the closures that end them."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.children.models import YesNoUnknown
from meetings_app.db.columns import Table, Versioned, enum_type
from meetings_app.ratings.models import ExploitationStatus, RiskRating


class EntryState(StrEnum):
    """A child is on the list while `listed` or `closing` (waiting for the second chair's signature)."""

    LISTED = "listed"
    CLOSING = "closing"
    CLOSED = "closed"


class ClosureState(StrEnum):
    """A closure is drafted in the meeting, waits for both chairs, and then takes the child off the list.

    It is `returned` where the chairs did not sign in time, or where the meeting decided something else and only keeps
    what was typed.
    """

    DRAFTED = "drafted"
    CLOSING = "closing"
    CLOSED = "closed"
    RETURNED = "returned"


class DepartureKind(StrEnum):
    """The ways off the list besides the closure gate (`domain.md`, "The list" 2)."""

    TRANSFER = "transfer"
    DEATH = "death"
    DUPLICATE = "duplicate"


class DepartureState(StrEnum):
    """A departure waits, for the other chair or for the other authority, until the child has left the list by it."""

    WAITING = "waiting"
    LEFT = "left"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"


class WarningCode(StrEnum):
    """What does not forbid a closure but asks for a reason (`domain.md`, "The closure gate")."""

    MISSING = "missing"
    NOT_SEEN = "not_seen"
    NON_ENGAGEMENT = "non_engagement"
    INVESTIGATION = "investigation"
    CLOSED_BEFORE = "closed_before"
    RECENTLY_HIGH = "recently_high"
    DISSENT = "dissent"
    LINKED_HIGH = "linked_high"


_LIVE = sa.text("state <> 'closed'")
_UNOWNED = sa.text("action_id IS NULL")
_NOT_FOUND = sa.text("found_at IS NULL")
_UNHEARD = sa.text("heard_at_meeting_id IS NULL")
_STANDS = sa.text("state IN ('waiting', 'left')")


def _live_index(*columns: str, unique: bool = False) -> sa.Index:
    return sa.Index(None, *columns, unique=unique, sqlite_where=_LIVE, postgresql_where=_LIVE)


class ListEntry(Table, Versioned, table=True):
    """One stay of one child on the list. The facts that every list needs stand here, proved by `meetings check`.

    `next_meeting_id` is the meeting that will hear the next review; empty only while an area has none. `leaving` says
    which departure waits; until it is complete the child is on the list like any other.
    """

    __tablename__ = "list_entry"
    __table_args__ = (
        _live_index("child_id", unique=True),
        _live_index("area_id", "next_review_on", "id"),
        _live_index("next_review_on", "id"),
        _live_index("area_id", "sort_name", "id"),
        _live_index("sort_name", "id"),
        _live_index("area_id", "rating_rank", "next_review_on", "id"),
        _live_index("rating_rank", "next_review_on", "id"),
        _live_index("area_id", "born", "id"),
        _live_index("born", "id"),
        _live_index("next_meeting_id"),
        sa.Index(
            None,
            "area_id",
            "provisional",
            sqlite_where=sa.text("state <> 'closed' AND provisional = 1"),
            postgresql_where=sa.text("state <> 'closed' AND provisional"),
        ),
        sa.Index(None, "child_id", "id"),
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_has_date"),
    )
    child_id: int = Field(foreign_key="child.id")
    area_id: int = Field(foreign_key="area.id")
    state: EntryState = Field(default=EntryState.LISTED, sa_type=enum_type(EntryState, "state"))
    listed_on: date
    before_service: bool = False
    sort_name: str
    born: date
    current_rating: RiskRating = Field(sa_type=enum_type(RiskRating, "current_rating"))
    rating_rank: int
    provisional: bool = False
    rated_on: date
    exploitation_status: ExploitationStatus | None = Field(
        default=None, sa_type=enum_type(ExploitationStatus, "exploitation_status")
    )
    lead_agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    next_review_on: date
    next_meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    plan_due_on: date | None = None
    closed_on: date | None = None
    closed_because: str = ""
    leaving: DepartureKind | None = Field(default=None, sa_type=enum_type(DepartureKind, "leaving"))


class Closure(Table, Versioned, table=True):
    """What the RMM decided when it closed: the gate's answers (SUR), then the two chairs' signatures."""

    __tablename__ = "closure"
    entry_id: int = Field(foreign_key="list_entry.id", index=True)
    child_id: int = Field(foreign_key="child.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    state: ClosureState = Field(default=ClosureState.DRAFTED, sa_type=enum_type(ClosureState, "state"))
    rationale: str = ""
    good_practice: str = ""
    onward_agency_id: int | None = Field(default=None, foreign_key="agency.id")
    no_onward_need: bool = False
    child_view: str = ""
    parents_view: str = ""
    still_at_risk: YesNoUnknown = Field(default=YesNoUnknown.UNKNOWN, sa_type=enum_type(YesNoUnknown, "still_at_risk"))
    package_service: str = ""
    package_contact: str = ""
    package_starts_on: date | None = None
    package_agreed_by: str = ""
    no_package_needed: bool = False
    adult_at_risk: YesNoUnknown = Field(default=YesNoUnknown.UNKNOWN, sa_type=enum_type(YesNoUnknown, "adult_at_risk"))
    adult_at_risk_reason: str = ""
    section_47: YesNoUnknown = Field(default=YesNoUnknown.UNKNOWN, sa_type=enum_type(YesNoUnknown, "section_47"))
    seen_since_review: YesNoUnknown = Field(
        default=YesNoUnknown.UNKNOWN, sa_type=enum_type(YesNoUnknown, "seen_since_review")
    )
    non_engagement_only: YesNoUnknown = Field(
        default=YesNoUnknown.UNKNOWN, sa_type=enum_type(YesNoUnknown, "non_engagement_only")
    )
    live_investigation: YesNoUnknown = Field(
        default=YesNoUnknown.UNKNOWN, sa_type=enum_type(YesNoUnknown, "live_investigation")
    )
    agency_dissents: YesNoUnknown = Field(
        default=YesNoUnknown.UNKNOWN, sa_type=enum_type(YesNoUnknown, "agency_dissents")
    )
    second_due_on: date | None = None
    rules_version: int | None = None
    first_chair_id: int | None = Field(default=None, foreign_key="account.id")
    first_signed_at: datetime | None = None
    second_chair_id: int | None = Field(default=None, foreign_key="account.id")
    second_signed_at: datetime | None = None


class Departure(Table, Versioned, table=True):
    """A way off the list besides the closure gate: one stay, one departure that stands; never deleted.

    `agreed_at` is when the second chair agreed or, for a transfer, when the acknowledgement was recorded.
    `ended_because` says why it was withdrawn, or why a duplicate was undone.
    """

    __tablename__ = "departure"
    __table_args__ = (
        sa.Index(None, "entry_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        sa.Index(None, "child_id", "id"),
        sa.CheckConstraint("(left_on IS NULL) = (agreed_at IS NULL)", name="left_when_agreed"),
        sa.CheckConstraint("(kind = 'duplicate') = (kept_child_id IS NOT NULL)", name="duplicate_of"),
    )
    entry_id: int = Field(foreign_key="list_entry.id")
    child_id: int = Field(foreign_key="child.id")
    kind: DepartureKind = Field(sa_type=enum_type(DepartureKind, "kind"))
    state: DepartureState = Field(default=DepartureState.WAITING, sa_type=enum_type(DepartureState, "state"))
    reason: str
    authority: str = ""
    contact: str = ""
    kept_child_id: int | None = Field(default=None, foreign_key="child.id")
    begun_at: datetime
    begun_by_id: int | None = Field(default=None, foreign_key="account.id")
    acknowledged_by: str = ""
    acknowledged_on: date | None = None
    agreed_at: datetime | None = None
    agreed_by_id: int | None = Field(default=None, foreign_key="account.id")
    left_on: date | None = None
    ended_because: str = ""
    ended_at: datetime | None = None
    ended_by_id: int | None = Field(default=None, foreign_key="account.id")


class ClosureWarning(Table, table=True):
    """Why the meeting closes although something warns: appended, never changed; the last row of a code counts.

    `text` is the warning as it was shown. A row without a reason says that the warning no longer holds.
    """

    __tablename__ = "closure_warning"
    __table_args__ = (sa.Index(None, "closure_id", "id"),)
    closure_id: int = Field(foreign_key="closure.id")
    code: WarningCode = Field(sa_type=enum_type(WarningCode, "code"))
    text: str = ""
    reason: str = ""
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")


class ClosureTask(Table, Versioned, table=True):
    """What an agency has to do once a child has left the list; without an action nobody owns it yet."""

    __tablename__ = "closure_task"
    __table_args__ = (
        sa.UniqueConstraint("closure_id", "agency_id"),
        sa.Index(None, "due_on", "id", sqlite_where=_UNOWNED, postgresql_where=_UNOWNED),
        sa.Index(None, "child_id", "id"),
    )
    closure_id: int = Field(foreign_key="closure.id")
    child_id: int = Field(foreign_key="child.id")
    agency_id: int = Field(foreign_key="agency.id")
    what: str
    due_on: date
    action_id: int | None = Field(default=None, foreign_key="action.id", unique=True)


class LookBack(Table, Versioned, table=True):
    """Somebody looks back on a closure after its time (84 days, our default), and records what was found."""

    __tablename__ = "look_back"
    __table_args__ = (
        sa.Index(None, "due_on", "id", sqlite_where=_NOT_FOUND, postgresql_where=_NOT_FOUND),
        sa.Index(None, "child_id", "id"),
    )
    closure_id: int = Field(foreign_key="closure.id", unique=True)
    child_id: int = Field(foreign_key="child.id")
    due_on: date
    found: str = ""
    found_at: datetime | None = None
    found_by_id: int | None = Field(default=None, foreign_key="account.id")


class ClosureProposal(Table, table=True):
    """The lead agency's proposal that the RMM considers closing; open until an RMM has heard it.

    `proposed_at` is None for one made before the moment was kept.
    """

    __tablename__ = "closure_proposal"
    __table_args__ = (sa.Index(None, "child_id", "id", sqlite_where=_UNHEARD, postgresql_where=_UNHEARD),)
    entry_id: int = Field(foreign_key="list_entry.id", index=True)
    child_id: int = Field(foreign_key="child.id", index=True)
    agency_id: int = Field(foreign_key="agency.id")
    proposed_by_id: int | None = Field(default=None, foreign_key="account.id")
    proposed_on: date
    proposed_at: datetime | None = None
    reason: str
    heard_at_meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
