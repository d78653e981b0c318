"""Tables: uploads that wait for a person's yes, and rows already brought in."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table, Versioned, enum_type


class ImportKind(StrEnum):
    """What a spreadsheet holds."""

    LIST = "list"
    REFERRALS = "referrals"


class ImportState(StrEnum):
    """An upload is previewed, then confirmed or discarded; its content goes with either."""

    PREVIEWED = "previewed"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


class ImportBatch(Table, Versioned, table=True):
    """One upload. The file's name is not kept, for it may hold a child's."""

    __tablename__ = "import_batch"
    reference: str = Field(unique=True)
    kind: ImportKind = Field(sa_type=enum_type(ImportKind, "kind"))
    state: ImportState = Field(sa_type=enum_type(ImportState, "state"))
    sha256: str
    content: bytes | None = None
    uploaded_at: datetime
    uploaded_by_id: int | None = Field(default=None, foreign_key="account.id")
    answers: dict[str, Any] = Field(sa_type=sa.JSON)
    report: dict[str, Any] = Field(sa_type=sa.JSON)


class ImportedRow(Table, table=True):
    """A row already brought in, by its digest, so that the same file makes nothing twice.

    A referral row leads to its referral. A list row stands here only where a person said which child it means.
    """

    __tablename__ = "imported_row"
    __table_args__ = (sa.UniqueConstraint("kind", "digest"),)
    kind: ImportKind = Field(sa_type=enum_type(ImportKind, "kind"))
    digest: str
    referral_id: int | None = Field(default=None, foreign_key="referral.id")
    child_id: int | None = Field(default=None, foreign_key="child.id")
    imported_at: datetime
