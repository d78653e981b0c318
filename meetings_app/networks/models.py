"""Tables: referrals to the network meeting, subjects, what links them, and what is done to disrupt."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table, Versioned, enum_type
from meetings_app.networks.states import (
    Basis,
    ChildTie,
    Confidence,
    DisruptionState,
    ReferralState,
    SubjectKind,
    SubjectState,
    Tie,
)

_RUNNING = sa.text("ended_at IS NULL")


class Subject(Table, Versioned, table=True):
    """A network, a suspect, a place, an organisation, a vehicle or an online identity. A suspect is need-to-know."""

    __tablename__ = "subject"
    __table_args__ = (sa.Index(None, "kind", "state", "name_key"),)
    reference: str = Field(unique=True)
    kind: SubjectKind = Field(sa_type=enum_type(SubjectKind, "kind"))
    name: str
    name_key: str
    about: str = ""
    state: SubjectState = Field(default=SubjectState.OPEN, sa_type=enum_type(SubjectState, "state"))
    opened_at: datetime
    opened_by_id: int | None = Field(default=None, foreign_key="account.id")
    review_on: date | None = Field(default=None, index=True)
    closed_at: datetime | None = None
    closed_because: str = ""
    merged_into_id: int | None = Field(default=None, foreign_key="subject.id", index=True)


class SubjectVersion(Table, table=True):
    """All that a record said of itself until somebody changed it: appended, never changed. Seen as its subject is."""

    __tablename__ = "subject_version"
    __table_args__ = (sa.Index(None, "subject_id", "id"),)
    subject_id: int = Field(foreign_key="subject.id")
    replaced_at: datetime
    replaced_by_id: int | None = Field(default=None, foreign_key="account.id")
    name: str
    about: str
    state: SubjectState = Field(sa_type=enum_type(SubjectState, "state"))
    closed_because: str = ""
    review_on: date | None = None
    area_ids: list[int] = Field(sa_type=sa.JSON)
    born: date | None = None
    details: str = ""
    child_id: int | None = Field(default=None, foreign_key="child.id", index=True)


class SuspectRecord(Table, Versioned, table=True):
    """What only the police, the chairs and those whom the police name read of a suspect.

    One who is under 18 has a child’s record of their own, named by `child_id`, and is safeguarded there (SG).
    """

    __tablename__ = "suspect_record"
    subject_id: int = Field(foreign_key="subject.id", unique=True)
    born: date | None = None
    details: str = ""
    child_id: int | None = Field(default=None, foreign_key="child.id", index=True)


class SuspectReader(Table, table=True):
    """Somebody whom the police named to read about a suspect, and why."""

    __tablename__ = "suspect_reader"
    __table_args__ = (
        sa.Index(
            "ix_suspect_reader_running", "subject_id", "account_id", unique=True, sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        sa.Index(None, "account_id", "subject_id"),
    )  # fmt: skip
    subject_id: int = Field(foreign_key="subject.id")
    account_id: int = Field(foreign_key="account.id")
    why: str
    named_at: datetime
    named_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_at: datetime | None = None


class SubjectAlias(Table, table=True):
    """Another name that a subject goes by, and who said so."""

    __tablename__ = "subject_alias"
    __table_args__ = (sa.Index(None, "subject_id", "id"), sa.Index(None, "name_key"))
    subject_id: int = Field(foreign_key="subject.id")
    name: str
    name_key: str
    source: str
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")


class SubjectArea(Table, table=True):
    """An area of the county that a subject touches; `shared` where it is known from a record merged with this one."""

    __tablename__ = "subject_area"
    __table_args__ = (sa.UniqueConstraint("subject_id", "area_id"), sa.Index(None, "area_id", "subject_id"))
    subject_id: int = Field(foreign_key="subject.id")
    area_id: int = Field(foreign_key="area.id")
    shared: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class SubjectAuthority(Table, table=True):
    """Another authority that a subject touches; whom to reach there stands in `authority_contact`."""

    __tablename__ = "subject_authority"
    __table_args__ = (sa.UniqueConstraint("subject_id", "authority"),)
    subject_id: int = Field(foreign_key="subject.id")
    authority: str
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")


class SubjectLink(Table, Versioned, table=True):
    """That two subjects are linked, who says so, and until when: ended, never deleted."""

    __tablename__ = "subject_link"
    __table_args__ = (
        sa.Index(None, "first_id"),
        sa.Index(None, "second_id"),
        sa.Index(
            "ix_subject_link_running", "first_id", "second_id", "tie", unique=True, sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        sa.CheckConstraint("first_id <> second_id", name="two_subjects"),
    )  # fmt: skip
    first_id: int = Field(foreign_key="subject.id")
    second_id: int = Field(foreign_key="subject.id")
    tie: Tie = Field(sa_type=enum_type(Tie, "tie"))
    since: date | None = None
    source: str
    basis: Basis = Field(sa_type=enum_type(Basis, "basis"))
    confidence: Confidence = Field(sa_type=enum_type(Confidence, "confidence"))
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_at: datetime | None = None
    ended_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_because: str = ""


class SubjectChild(Table, Versioned, table=True):
    """That a child is linked with a subject: seen only by who may see both."""

    __tablename__ = "subject_child"
    __table_args__ = (
        sa.Index(None, "subject_id"),
        sa.Index(None, "child_id"),
        sa.Index(
            "ix_subject_child_running", "subject_id", "child_id", "tie", unique=True, sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
    )  # fmt: skip
    subject_id: int = Field(foreign_key="subject.id")
    child_id: int = Field(foreign_key="child.id")
    tie: ChildTie = Field(sa_type=enum_type(ChildTie, "tie"))
    since: date | None = None
    source: str
    basis: Basis = Field(sa_type=enum_type(Basis, "basis"))
    confidence: Confidence = Field(sa_type=enum_type(Confidence, "confidence"))
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_at: datetime | None = None
    ended_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_because: str = ""


class NetworkReferral(Table, Versioned, table=True):
    """A request that the network meeting looks at something, with at least one of the criteria (SG)."""

    __tablename__ = "network_referral"
    reference: str = Field(unique=True)
    agency_id: int = Field(foreign_key="agency.id")
    referrer_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    referrer_name: str
    received_at: datetime
    criteria: list[str] = Field(sa_type=sa.JSON)
    manager: str = ""
    inspector: str = ""
    known: str
    source: str
    basis: Basis = Field(sa_type=enum_type(Basis, "basis"))
    confidence: Confidence = Field(sa_type=enum_type(Confidence, "confidence"))
    authorities: str = ""
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id", index=True)
    state: ReferralState = Field(default=ReferralState.RECEIVED, sa_type=enum_type(ReferralState, "state"))
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decision_reason: str = ""
    subject_id: int | None = Field(default=None, foreign_key="subject.id", index=True)


class NetworkReferralArea(Table, table=True):
    """An area of the county that a referral touches."""

    __tablename__ = "network_referral_area"
    __table_args__ = (sa.UniqueConstraint("referral_id", "area_id"), sa.Index(None, "area_id", "referral_id"))
    referral_id: int = Field(foreign_key="network_referral.id")
    area_id: int = Field(foreign_key="area.id")


class NetworkReferralChild(Table, table=True):
    """A child whom a referral names: seen only by who may see the child."""

    __tablename__ = "network_referral_child"
    __table_args__ = (sa.UniqueConstraint("referral_id", "child_id"), sa.Index(None, "child_id"))
    referral_id: int = Field(foreign_key="network_referral.id")
    child_id: int = Field(foreign_key="child.id")


class NetworkReferralSuspects(Table, table=True):
    """What a referral says about suspects: for the police and the network chair, and whoever wrote it."""

    __tablename__ = "network_referral_suspects"
    referral_id: int = Field(foreign_key="network_referral.id", unique=True)
    text: str


class Disruption(Table, Versioned, table=True):
    """An order or a tactic against what a subject does; how it stands now. Each step is kept beside it."""

    __tablename__ = "disruption"
    __table_args__ = (sa.Index(None, "state", "expires_on"),)
    reference: str = Field(unique=True)
    subject_id: int = Field(foreign_key="subject.id", index=True)
    tactic: str
    agency_id: int = Field(foreign_key="agency.id")
    state: DisruptionState = Field(sa_type=enum_type(DisruptionState, "state"))
    conditions: str = ""
    expires_on: date | None = None
    recorded_at: datetime


class DisruptionStep(Table, table=True):
    """What happened to an order or a tactic, as somebody recorded it then: appended, never changed."""

    __tablename__ = "disruption_step"
    __table_args__ = (sa.Index(None, "disruption_id", "id"),)
    disruption_id: int = Field(foreign_key="disruption.id")
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
    state: DisruptionState = Field(sa_type=enum_type(DisruptionState, "state"))
    happened_on: date
    text: str
    expires_on: date | None = None
    conditions: str = Field(default="", sa_column_kwargs={"server_default": ""})
