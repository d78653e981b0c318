"""Tables: referrals and changes in circumstances."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table, Versioned, enum_type
from meetings_app.referrals.states import ChangeAnswerKind as ChangeAnswerKind
from meetings_app.referrals.states import ChangeKind as ChangeKind
from meetings_app.referrals.states import ReferralOutcome as ReferralOutcome
from meetings_app.referrals.states import ReferralState as ReferralState

_WAITING = sa.text("state IN ('received', 'returned', 'accepted')")
_UNHEARD = sa.text("heard_at_meeting_id IS NULL")


class Referral(Table, Versioned, table=True):
    """A request that the RMM considers a child. `repeat` says the child left the list within 12 months before.

    `child_name` and `child_born` are what the referrer said, and stay so when the referral moves to another record.
    `moved_at` is when it last went to another record or area: the next RMM there hears it. Heard with the closure of
    the child it has no outcome until that is final; `handed_over` says that it ended with support from adult services.
    """

    __tablename__ = "referral"
    __table_args__ = (
        sa.Index(None, "area_id", "received_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        sa.Index(None, "child_id", "received_at"),
    )
    reference: str = Field(unique=True)
    child_id: int = Field(foreign_key="child.id")
    child_name: str = ""
    child_born: date | None = None
    area_id: int = Field(foreign_key="area.id")
    agency_id: int = Field(foreign_key="agency.id")
    referrer_name: str
    referrer_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    received_at: datetime
    reason: str
    urgent: bool = False
    repeat: bool = False
    awaiting_assessment: bool = False
    tool: str = ""
    state: ReferralState = Field(default=ReferralState.RECEIVED, sa_type=enum_type(ReferralState, "state"))
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decision_reason: str = ""
    information_given: str = ""
    answered_at: datetime | None = None
    transferred_to: str = ""
    transferred_contact: str = ""
    outcome: ReferralOutcome | None = Field(default=None, sa_type=enum_type(ReferralOutcome, "outcome"))
    heard_at_meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    heard_on: date | None = None
    handed_over: bool = False
    moved_at: datetime | None = None


class ReferralAssessment(Table, table=True):
    """The assessment that a referral carries; it may still be a draft."""

    __tablename__ = "referral_assessment"
    __table_args__ = (sa.UniqueConstraint("referral_id", "assessment_id"),)
    referral_id: int = Field(foreign_key="referral.id")
    assessment_id: int = Field(foreign_key="assessment.id", index=True)


class ChangeInCircumstances(Table, table=True):
    """Something that happened to a child since the last RMM; it stays open until an RMM has heard it."""

    __tablename__ = "change_in_circumstances"
    __table_args__ = (
        sa.Index(None, "child_id", "id"),
        sa.Index(None, "child_id", "happened_on", sqlite_where=_UNHEARD, postgresql_where=_UNHEARD),
    )
    child_id: int = Field(foreign_key="child.id")
    kind: ChangeKind = Field(sa_type=enum_type(ChangeKind, "kind"))
    happened_on: date
    reported_at: datetime
    reported_by_id: int | None = Field(default=None, foreign_key="account.id")
    text: str
    heard_at_meeting_id: int | None = Field(default=None, foreign_key="meeting.id")


class ChangeAnswer(Table, table=True):
    """What was decided on a change that came after the child had left the list: appended, never changed."""

    __tablename__ = "change_answer"
    __table_args__ = (sa.UniqueConstraint("change_id"),)
    change_id: int = Field(foreign_key="change_in_circumstances.id")
    kind: ChangeAnswerKind = Field(sa_type=enum_type(ChangeAnswerKind, "kind"))
    text: str
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
