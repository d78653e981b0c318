"""Tables: areas, agencies, schools, people with their roles, and their sessions."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table, Versioned, enum_type
from meetings_app.permissions import Role


class AccountState(StrEnum):
    """Whether a person may sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


class Area(Table, table=True):
    """A children's social care area; each has its own weekly RMM."""

    __tablename__ = "area"
    code: str = Field(unique=True)
    name: str


class Agency(Table, table=True):
    """An agency of the partnership, as reference data."""

    __tablename__ = "agency"
    code: str = Field(unique=True)
    name: str


class School(Table, table=True):
    """A school, as reference data under Education; an unmatched school name grants nobody anything."""

    __tablename__ = "school"
    code: str = Field(unique=True)
    name: str


class Account(Table, Versioned, table=True):
    """A person who may sign in. `totp_last_step` makes a code work once only."""

    __tablename__ = "account"
    email: str = Field(unique=True)
    name: str
    agency_id: int = Field(foreign_key="agency.id", index=True)
    school_id: int | None = Field(default=None, foreign_key="school.id")
    state: AccountState = Field(sa_type=enum_type(AccountState, "state"))
    password_hash: str | None = None
    totp_secret: str | None = None
    totp_last_step: int | None = None
    invitation_hash: str | None = Field(default=None, unique=True)
    invitation_ends_at: datetime | None = None
    created_at: datetime


class RoleGrant(Table, table=True):
    """A role of a person in one area or, without an area, in the whole county. Ended, never deleted."""

    __tablename__ = "role_grant"
    __table_args__ = (sa.Index(None, "account_id", "role", "area_id"), sa.Index(None, "area_id", "role"))
    account_id: int = Field(foreign_key="account.id")
    role: Role = Field(sa_type=enum_type(Role, "role"))
    area_id: int | None = Field(default=None, foreign_key="area.id")
    granted_at: datetime
    ended_at: datetime | None = None


class ConflictOfInterest(Table, table=True):
    """A person who has a conflict of interest about a child: kept from everything about the child until it is ended."""

    __tablename__ = "conflict_of_interest"
    __table_args__ = (
        sa.Index(
            None, "account_id", "child_id", unique=True,
            sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index(None, "child_id"),
    )  # fmt: skip
    account_id: int = Field(foreign_key="account.id")
    child_id: int = Field(foreign_key="child.id")
    area_id: int = Field(foreign_key="area.id")
    meeting_id: int = Field(foreign_key="meeting.id")
    reason: str
    declared_at: datetime
    declared_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_at: datetime | None = None
    ended_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_reason: str = ""


class SignInSession(Table, table=True):
    """A signed-in browser. Only the hash of the cookie's token is stored."""

    __tablename__ = "sign_in_session"
    token_hash: str = Field(unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime
    last_seen_at: datetime
    second_factor_at: datetime | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None


class SignInThrottle(Table, table=True):
    """How many guesses came for one bucket (address, account, or both) since `window_started_at`."""

    __tablename__ = "sign_in_throttle"
    bucket: str = Field(unique=True)
    window_started_at: datetime
    guesses: int


class ImportedDefault(Table, table=True):
    """A version of an `agendas/` file as the service runs by it: read at `meetings init`, or changed later, and why.

    The one with the highest number rules; a file that differs from it is reported, never applied silently.
    A version never changes, for decisions name it. `on_page`: it was made on the settings page and stands in no
    file; `restores` is the number of the earlier version that it brought back.
    """

    __tablename__ = "imported_default"
    __table_args__ = (sa.UniqueConstraint("file", "number"),)
    file: str
    number: int
    content: str
    read_at: datetime
    read_by_id: int | None = Field(default=None, foreign_key="account.id")
    reason: str
    on_page: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    restores: int | None = None
