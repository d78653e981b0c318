"""What else a child is called: by the names of their record as a suspect under 18, who is that child (SG).

They are looked up to be taken out of texts, whoever reads, and are shown to nobody. The rows belong to the networks,
which are built on the meetings: so their tables are called by their names here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.access_clauses import kept_record
from meetings_app.children.models import Child
from meetings_app.children.queries import records_of
from meetings_app.db.asked_once import asked_once
from meetings_app.db.session import unscoped
from meetings_app.meetings.parts_of_names import has_parts
from meetings_app.meetings.without_names import Named, PersonsName

SHORTEST = 3
"""Letters from which another name is taken out of a text; a shorter one is a word like any other (our default)."""
_subject: Any = sa.table("subject", sa.column("id"), sa.column("merged_into_id"), sa.column("name"))
_suspect: Any = sa.table("suspect_record", sa.column("subject_id"), sa.column("child_id"))
_other_name: Any = sa.table("subject_alias", sa.column("subject_id"), sa.column("name"))
_former: Any = sa.table("subject_version", sa.column("subject_id"), sa.column("name"))


@dataclass(frozen=True, order=True)
class Alias:
    """Another name of a child, and the record of a suspect that has it."""

    child_id: int
    subject_id: int
    name: str
    is_persons: bool
    """Whether parts of it may be said alone: the record is or was called so, or it is a full name and no nickname."""


def aliases_of(session: Session, child_ids: Collection[int]) -> list[Alias]:
    """Give what else children are or were called, in every record of each, by one of `child_ids`."""
    if not child_ids:
        return []
    records = records_of(sorted(child_ids))
    own = select(records.c.whole, _suspect.c.subject_id).join(_suspect, _suspect.c.child_id == records.c.id)
    tree = own.cte("suspects_who_are_children", recursive=True)
    tree = tree.union(select(tree.c.whole, _subject.c.id).where(_subject.c.merged_into_id == tree.c.subject_id))
    found: set[Alias] = set()
    for named, key, is_own in (
        (_subject, _subject.c.id, True), (_other_name, _other_name.c.subject_id, False),
        (_former, _former.c.subject_id, True),
    ):  # fmt: skip
        rows = select(tree.c.whole, tree.c.subject_id, named.c.name).join(named, key == tree.c.subject_id)
        found |= {
            Alias(row[0], row[1], row[2], has_parts(row[2], own=is_own))
            for row in session.execute(rows.execution_options(**unscoped()))
        }
    return sorted(found)


def aliases_ever(session: Session, child_ids: Collection[int]) -> list[Alias]:
    """Give what else children are or were called, in the record that holds now and every one that points to it."""
    return list(_ever(session, tuple(sorted(child_ids)))) if child_ids else []


@asked_once
def _ever(session: Session, child_ids: tuple[int, ...]) -> list[Alias]:
    kept = select(kept_record(col(Child.id))).where(col(Child.id).in_(child_ids)).execution_options(**unscoped())
    return aliases_of(session, set(session.scalars(kept)))


def stands_for(aliases: Iterable[Alias], instead: str) -> list[Named]:
    """Give the other names that are taken out of texts, each with what stands in its place."""
    told = [alias for alias in aliases if len(alias.name.strip()) >= SHORTEST]
    return [PersonsName((alias.name, instead)) if alias.is_persons else (alias.name, instead) for alias in told]
