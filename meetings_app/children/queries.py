"""Reads of children: by reference, by search, and who may be the same child."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, BindParameter, ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.matching import likeness, name_key, near_dates, sound_key
from meetings_app.children.models import Child, PossibleDuplicate
from meetings_app.db.session import unscoped

MOST_MATCHES = 20


@dataclass(frozen=True)
class FoundChild:
    """One child found: what a list of search results shows."""

    id: int
    reference: str
    name: str
    born: date
    area_id: int
    external_reference: str | None


@dataclass(frozen=True)
class Match:
    """A child who may be the one looked for, and why, in words that follow “They have …”; 100 is strongest."""

    child: FoundChild
    why: str
    strength: int


def find_child(session: Session, reference: str) -> Child | None:
    """Give the child with this reference, or None where there is none or the person may not see it."""
    return session.scalars(select(Child).where(col(Child.reference) == reference.strip().upper())).first()


def records_of(child_ids: Collection[int] | BindParameter[Any]) -> CTE:
    """Give the records that are each child's: `whole` is one of `child_ids`, `id` itself or what was merged into it.

    A statement that is built once gives a parameter for the ids, which are several.
    """
    own: Any = select(col(Child.id).label("whole"), col(Child.id).label("id")).where(col(Child.id).in_(child_ids))
    records: CTE = own.cte("records", recursive=True)
    merged = select(records.c.whole, col(Child.id)).join(records, col(Child.merged_into_id) == records.c.id)
    return records.union(merged)


def search(session: Session, text: str, born: date | None = None, limit: int = MOST_MATCHES) -> list[FoundChild]:
    """Give the children in scope found by a reference, or by the beginnings of words of a name, by name."""
    asked = text.strip()
    wanted: list[ColumnElement[bool]] = [col(Child.born) == born] if born else []
    if asked:
        words = [(" " + col(Child.name_key)).contains(f" {word}", autoescape=True) for word in name_key(asked).split()]
        by_name = or_(and_(*words), col(Child.sound_key) == sound_key(asked)) if words else None
        by_reference = or_(col(Child.reference) == asked.upper(), col(Child.external_reference) == asked)
        wanted.append(by_reference if by_name is None else or_(by_reference, by_name))
    if not wanted:
        return []
    statement = _found().where(*wanted, col(Child.merged_into_id).is_(None))
    rows = session.execute(statement.order_by(col(Child.name_key), col(Child.id)).limit(limit))
    return [_as_found(row) for row in rows]


def likely_matches(session: Session, name: str, born: date, external_reference: str | None = None) -> list[Match]:
    """Give the children in the person's scope who may be this one, strongest first."""
    return _matches(session, name, born, external_reference, {})


def matches_in_county(session: Session, name: str, born: date, external_reference: str | None = None) -> list[Match]:
    """Give the children of the whole county who may be this one, strongest first.

    For the coordinator's triage, for imports and for finding duplicates: a child is once in the county, whatever
    area the person who asks works in.
    """
    return _matches(session, name, born, external_reference, unscoped())


def _matches(
    session: Session, name: str, born: date, external_reference: str | None, options: dict[str, Any]
) -> list[Match]:
    """Compare only the rows that two indexes give: the same date of birth, or the same sound and a near date."""
    near = and_(col(Child.sound_key) == sound_key(name), col(Child.born).in_(near_dates(born)))
    alike = or_(col(Child.born) == born, near)
    if external_reference:
        alike = or_(alike, col(Child.external_reference) == external_reference)
    matches = []
    for row in session.execute(_found().where(alike).execution_options(**options)):
        child = _as_found(row)
        if external_reference and child.external_reference == external_reference:
            matches.append(Match(child, "the same reference in the other system", 100))
            continue
        alike_because = likeness(name, born, child.name, child.born)
        if alike_because is not None:
            matches.append(Match(child, alike_because.why, alike_because.strength))
    return sorted(matches, key=lambda match: (-match.strength, match.child.id))


def _found() -> Any:
    return select(
        col(Child.id),
        col(Child.reference),
        col(Child.name),
        col(Child.born),
        col(Child.area_id),
        col(Child.external_reference),
    )


def _as_found(row: Any) -> FoundChild:
    return FoundChild(row.id, row.reference, row.name, row.born, row.area_id, row.external_reference)


@dataclass(frozen=True)
class OpenDuplicate:
    """Two records that look alike and that nobody has spoken about yet."""

    id: int
    child_id: int
    other_id: int
    why: str


_OPEN_PAIRS = (
    select(
        col(PossibleDuplicate.id),
        col(PossibleDuplicate.child_id),
        col(PossibleDuplicate.other_id),
        col(PossibleDuplicate.why),
    )
    .where(
        or_(
            col(PossibleDuplicate.child_id) == bindparam("child"), col(PossibleDuplicate.other_id) == bindparam("child")
        ),
        col(PossibleDuplicate.resolution).is_(None),
    )
    .order_by(col(PossibleDuplicate.id))
)


def open_duplicates(session: Session, child_id: int) -> list[OpenDuplicate]:
    """Give the pairs with this child that wait for a person's word; only pairs that the person may see."""
    rows = session.execute(_OPEN_PAIRS, {"child": child_id})
    return [OpenDuplicate(row.id or 0, row.child_id, row.other_id, row.why) for row in rows]
