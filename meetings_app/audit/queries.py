"""Reads of the trail: newest first, in pages of 50, each entry as a sentence with the person's name.

The trail stands beneath the features it tells of, so it knows the tables of people and children by name and column
only. A child is shown by reference, never by name: whoever may read the trail need not be one who may see the child.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.audit.sentences import sentence
from meetings_app.clock import at_london

PAGE = 50
_MARK = 32
_account = sa.table("account", sa.column("id", sa.Integer), sa.column("name", sa.String))
_child = sa.table("child", sa.column("id", sa.Integer), sa.column("reference", sa.String))
_ACTORS = {"scheduler": "The scheduler", "operator": "The operator of the machine"}
_NOBODY = "Somebody not signed in"


@dataclass(frozen=True)
class Entry:
    """One entry of the trail: `person` did what `text` says, at `at` (UTC)."""

    id: int
    at: datetime
    person: str
    text: str
    child: str | None


@dataclass(frozen=True)
class TrailPage:
    """Up to 50 entries, newest first. `next_before` asks for the page that follows; None on the last."""

    entries: list[Entry]
    next_before: int | None


@dataclass(frozen=True)
class TrailFilter:
    """Which entries are wanted; dates are days in London, both included."""

    kind: EventKind | None = None
    account_id: int | None = None
    first_day: date | None = None
    last_day: date | None = None


def trail_of_child(session: Session, child_id: int, before: int | None = None) -> TrailPage:
    """Give what was done with one child's record, from before the entry `before` on. Who may ask is the caller's."""
    return _page(session, [col(AuditEvent.child_id) == child_id], before)


def whole_trail(session: Session, wanted: TrailFilter, before: int | None = None) -> TrailPage:
    """Give the trail as `wanted` narrows it, from before the entry `before` on; for auditors."""
    clauses: list[sa.ColumnElement[bool]] = []
    if wanted.kind is not None:
        clauses.append(col(AuditEvent.kind) == wanted.kind.value)
    if wanted.account_id is not None:
        clauses.append(col(AuditEvent.actor_id) == wanted.account_id)
    if wanted.first_day is not None:
        clauses.append(col(AuditEvent.at) >= at_london(wanted.first_day, time()))
    if wanted.last_day is not None:
        clauses.append(col(AuditEvent.at) < at_london(wanted.last_day + timedelta(days=1), time()))
    return _page(session, clauses, before)


def people(session: Session) -> list[tuple[int, str]]:
    """Give id and name of everybody who ever had an account, by name."""
    return [(row.id, row.name) for row in session.execute(select(_account).order_by(_account.c.name, _account.c.id))]


def mark_of(session: Session, entry_id: int) -> str | None:
    """Give the mark of an entry, which stands for all before it: what is noted elsewhere as an anchor."""
    digest = session.scalars(select(col(AuditEvent.digest)).where(col(AuditEvent.id) == entry_id)).first()
    return digest[:_MARK] if digest else None


def _page(session: Session, clauses: Sequence[sa.ColumnElement[bool]], before: int | None) -> TrailPage:
    statement: Any = (
        select(
            col(AuditEvent.id), col(AuditEvent.at), col(AuditEvent.actor_kind), col(AuditEvent.kind),
            col(AuditEvent.facts), _account.c.name.label("person"), _child.c.reference,
        )
        .outerjoin(_account, _account.c.id == col(AuditEvent.actor_id))
        .outerjoin(_child, _child.c.id == col(AuditEvent.child_id))
        .where(*clauses)
        .order_by(col(AuditEvent.id).desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    if before is not None:
        statement = statement.where(col(AuditEvent.id) < before)
    rows = list(session.execute(statement))
    shown = rows[:PAGE]
    names = _names_in_facts(session, shown)
    entries = [
        Entry(
            id=row.id, at=row.at, person=row.person or _ACTORS.get(row.actor_kind, _NOBODY),
            text=sentence(row.kind, {**row.facts, **_named(row.facts, names)}), child=row.reference,
        )
        for row in shown
    ]  # fmt: skip
    return TrailPage(entries, shown[-1].id if len(rows) > PAGE else None)


def _names_in_facts(session: Session, rows: Sequence[Row[Any]]) -> dict[int, str]:
    """Give the names of the accounts that the facts point to, in one statement."""
    ids = {row.facts["account"] for row in rows if isinstance(row.facts.get("account"), int)}
    if not ids:
        return {}
    found = session.execute(select(_account).where(_account.c.id.in_(ids)))
    return {row.id: row.name for row in found}


def _named(facts: dict[str, Any], names: dict[int, str]) -> dict[str, str]:
    """Give the name in place of the account's number, where the facts point to one."""
    return {"account": names.get(facts["account"], "unknown")} if "account" in facts else {}
