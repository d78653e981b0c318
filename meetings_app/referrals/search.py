"""The search that comes before a new record: of those whom the person may see, who may be the child referred."""

from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.access_clauses import kept_record
from meetings_app.children.models import Child
from meetings_app.children.queries import MOST_MATCHES, FoundChild, Match, likely_matches


def is_own_reference(text: str) -> bool:
    """Say whether a typed reference has the form of this service's own, such as `C-7Q4KD`."""
    return text.strip().upper().startswith("C-")


def candidates(session: Session, name: str, born: date, reference: str = "") -> list[Match]:
    """Give the children in the person's scope who may be the one referred, strongest first; at most 20.

    A record that points to another stands for that one. What the person may not see is not found, and leaves no gap.
    """
    external = reference if reference and not is_own_reference(reference) else None
    found = likely_matches(session, name, born, external)
    if reference and is_own_reference(reference):
        named = _found(session, col(Child.reference) == reference.strip().upper())
        found = [*(Match(child, "the reference that you gave", 100) for child in named), *found]
    pointing = select(col(Child.id), kept_record(col(Child.id)).label("kept_id")).where(
        col(Child.id).in_([match.child.id for match in found]), col(Child.merged_into_id).is_not(None)
    )
    kept = {row.id: row.kept_id for row in session.execute(pointing)}
    instead = {child.id: child for child in _found(session, col(Child.id).in_(kept.values()))} if kept else {}
    shown: dict[int, Match] = {}
    for match in found:
        child = instead.get(kept[match.child.id]) if match.child.id in kept else match.child
        if child is not None:
            shown.setdefault(child.id, Match(child, match.why, match.strength))
    return list(shown.values())[:MOST_MATCHES]


def _found(session: Session, condition: ColumnElement[bool]) -> list[FoundChild]:
    rows = session.execute(
        select(
            col(Child.id), col(Child.reference), col(Child.name), col(Child.born), col(Child.area_id),
            col(Child.external_reference),
        ).where(condition)
    )  # fmt: skip
    return [
        FoundChild(row.id or 0, row.reference, row.name, row.born, row.area_id, row.external_reference) for row in rows
    ]
