"""A child's trail: every entry as a sentence, a page at a time by the number of the entry."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.queries import names_of
from meetings_app.audit.models import AuditEvent
from meetings_app.audit.sentences import sentence

PAGE = 50
_NOT_PEOPLE = {"operator": "The operator of the machine", "scheduler": "The scheduler"}


@dataclass(frozen=True)
class TrailEntry:
    """One entry: who did what, and when."""

    at: datetime
    who: str
    what: str


def trail_of(session: Session, child_id: int, before: int | None = None) -> tuple[list[TrailEntry], int | None]:
    """Give up to 50 entries about a child, newest first, and the number to go on from, or None at the end."""
    statement = select(
        col(AuditEvent.id),
        col(AuditEvent.at),
        col(AuditEvent.actor_id),
        col(AuditEvent.actor_kind),
        col(AuditEvent.kind),
        col(AuditEvent.facts),
    ).where(col(AuditEvent.child_id) == child_id)
    if before is not None:
        statement = statement.where(col(AuditEvent.id) < before)
    rows = session.execute(statement.order_by(col(AuditEvent.id).desc()).limit(PAGE + 1)).all()
    names = names_of(session, [row.actor_id for row in rows if row.actor_id is not None])
    entries = [
        TrailEntry(
            row.at,
            names.get(row.actor_id or 0) or _NOT_PEOPLE.get(row.actor_kind, "Somebody"),
            sentence(row.kind, row.facts),
        )
        for row in rows[:PAGE]
    ]
    return entries, rows[PAGE - 1].id if len(rows) > PAGE else None
