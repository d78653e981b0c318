"""Tables of the audit trail: entries that nobody can change unnoticed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class AuditEvent(SQLModel, table=True):
    """One entry: who, when, what, about which child. Ids and codes only, so that it survives erasure.

    `digest` chains each entry to the one before; triggers refuse change, deletion and a wrong link.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.Index(
            None,
            "child_id",
            "id",
            sqlite_where=sa.text("child_id IS NOT NULL"),
            postgresql_where=sa.text("child_id IS NOT NULL"),
        ),
        sa.Index(None, "actor_id", "id"),
    )
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    actor_id: int | None = None
    actor_kind: str
    kind: str
    child_id: int | None = None
    facts: dict[str, Any] = Field(sa_type=sa.JSON)
    previous_digest: str
    digest: str


class AuditHead(SQLModel, table=True):
    """The last entry of the chain; locked while a transaction adds to it."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)
    id: int = Field(primary_key=True)
    last_id: int
    last_digest: str
