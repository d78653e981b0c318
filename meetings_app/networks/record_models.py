"""Tables of what is recorded beside subjects: CHaRMM, other authorities, extracts for them, and merged records."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Field, col

from meetings_app.actions.models import Action
from meetings_app.db.columns import Table, Versioned, enum_type
from meetings_app.networks.states import Basis, ChildTie, Confidence, ExtractState


class CharmmReferral(Table, Versioned, table=True):
    """A suspect whom the police took to a community harm and risk management meeting (CHaRMM) of a district."""

    __tablename__ = "charmm_referral"
    __table_args__ = (sa.Index(None, "subject_id"), sa.Index(None, "ended_at", "comes_back_on"))
    reference: str = Field(unique=True)
    subject_id: int = Field(foreign_key="subject.id")
    district: str
    referred_on: date
    why: str
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")
    comes_back_on: date | None = None
    ended_at: datetime | None = None


class CharmmStep(Table, table=True):
    """What a CHaRMM said, as the police recorded it then: appended, never changed."""

    __tablename__ = "charmm_step"
    __table_args__ = (sa.Index(None, "referral_id", "id"),)
    referral_id: int = Field(foreign_key="charmm_referral.id")
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
    heard_on: date
    text: str
    comes_back_on: date | None = None


class SubjectMerge(Table, table=True):
    """That two records are one subject, who says so and why; undone, never deleted."""

    __tablename__ = "subject_merge"
    __table_args__ = (
        sa.Index(
            "ix_subject_merge_running", "subject_id", unique=True, sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
        sa.Index(None, "kept_id"),
        sa.CheckConstraint("subject_id <> kept_id", name="two_records"),
    )  # fmt: skip
    subject_id: int = Field(foreign_key="subject.id")
    kept_id: int = Field(foreign_key="subject.id")
    reason: str
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
    undone_at: datetime | None = None
    undone_by_id: int | None = Field(default=None, foreign_key="account.id")
    undone_because: str = ""


class AuthorityContact(Table, table=True):
    """Whom to reach at another authority about a subject, and how; the newest stands, the earlier ones are kept."""

    __tablename__ = "authority_contact"
    __table_args__ = (sa.Index(None, "authority_id", "id"),)
    authority_id: int = Field(foreign_key="subject_authority.id")
    name: str
    reach: str
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")


class OutsideChild(Table, Versioned, table=True):
    """A child of another authority who is linked with a subject: known here by what the other authority said."""

    __tablename__ = "outside_child"
    __table_args__ = (sa.Index(None, "subject_id"), sa.Index(None, "authority_id"))
    reference: str = Field(unique=True)
    subject_id: int = Field(foreign_key="subject.id")
    authority_id: int = Field(foreign_key="subject_authority.id")
    name: str
    their_reference: str = ""
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


class Extract(Table, Versioned, table=True):
    """What another authority is to be told of a subject: the very words, proposed by one and approved by another."""

    __tablename__ = "network_extract"
    __table_args__ = (sa.Index(None, "state", "id"),)
    reference: str = Field(unique=True)
    subject_id: int = Field(foreign_key="subject.id", index=True)
    authority_id: int = Field(foreign_key="subject_authority.id")
    authority: str
    reader: str
    purpose: str
    contents: list[dict[str, str]] = Field(sa_type=sa.JSON)
    state: ExtractState = Field(default=ExtractState.PROPOSED, sa_type=enum_type(ExtractState, "state"))
    proposed_at: datetime
    proposed_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decision_reason: str = ""


class ExtractChild(Table, table=True):
    """A child of the county whom an extract names; whoever is kept from the child does not see the extract."""

    __tablename__ = "network_extract_child"
    __table_args__ = (sa.UniqueConstraint("extract_id", "child_id"), sa.Index(None, "child_id"))
    extract_id: int = Field(foreign_key="network_extract.id")
    child_id: int = Field(foreign_key="child.id")


class ExtractCopy(Table, table=True):
    """A numbered copy of an extract that was issued, by whom and to whom."""

    __tablename__ = "network_extract_copy"
    __table_args__ = (sa.UniqueConstraint("extract_id", "number"),)
    extract_id: int = Field(foreign_key="network_extract.id")
    number: int
    reader: str
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")


class PassedAction(Table, table=True):
    """An action of an RMM that the network meeting watches as well, with the network it is about, until that ends."""

    __tablename__ = "passed_action"
    __table_args__ = (
        sa.Index(None, "action_id"),
        sa.Index(None, "subject_id"),
        sa.Index(
            "ix_passed_action_running", "action_id", unique=True, sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )  # fmt: skip
    action_id: int = Field(foreign_key="action.id")
    subject_id: int = Field(foreign_key="subject.id")
    passed_at: datetime
    passed_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_at: datetime | None = None
    ended_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_because: str = Field(default="", sa_column_kwargs={"server_default": ""})


@event.listens_for(Action, "before_delete")
def _pass_on_no_more(_mapper: Any, connection: sa.Connection, action: Action) -> None:
    """An action that its RMM takes back before it is given is passed on no more, whoever may see the network."""
    connection.execute(sa.delete(PassedAction).where(col(PassedAction.action_id) == action.id))
