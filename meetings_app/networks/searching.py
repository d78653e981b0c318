"""Searching for subjects: by words of a name or an identifier, and for those that may be one that is to be opened."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.matching import name_key
from meetings_app.errors import RuleBroken
from meetings_app.networks.alike import compact, same_because
from meetings_app.networks.models import Subject, SubjectAlias
from meetings_app.networks.states import SubjectKind, SubjectState

_IDENTIFIERS = (SubjectKind.VEHICLE, SubjectKind.ONLINE)
_SHORTEST = 3
"""Letters and digits from which a part of an identifier finds it (our default)."""
_MOST_SHOWN = 10


def found_by(words: str) -> sa.ColumnElement[bool]:
    """Ask for the subjects found by the beginnings of words of a name or another name, or by reference.

    Of a vehicle or an online identity, and of whatever has a digit, spaces, hyphens and case do not matter.
    """
    own = _named(col(Subject.name_key), words)
    alias = select(col(SubjectAlias.id)).where(
        col(SubjectAlias.subject_id) == col(Subject.id), _named(col(SubjectAlias.name_key), words)
    )
    said = sa.or_(own, alias.exists())
    # A record is found by what was said on one that points to it, in the end.
    points = col(Subject.merged_into_id).is_not(None)
    first: Any = select(col(Subject.merged_into_id).label("id")).where(said, points)
    last = first.cte("pointed_to", recursive=True)
    last = last.union(select(col(Subject.merged_into_id)).join(last, col(Subject.id) == last.c.id).where(points))
    return sa.or_(col(Subject.reference) == words.strip().upper(), said, col(Subject.id).in_(select(last.c.id)))


def _named(key: Any, words: str) -> sa.ColumnElement[bool]:
    typed = name_key(words).split()
    whole = compact(" ".join(typed))
    return sa.or_(sa.and_(*(_word(key, word) for word in typed)), _part_of_identifier(key, whole))


def _word(key: Any, word: str) -> sa.ColumnElement[bool]:
    return sa.or_((" " + key).contains(f" {word}", autoescape=True), _part_of_identifier(key, word))


def _part_of_identifier(key: Any, part: str) -> sa.ColumnElement[bool]:
    if len(part) < _SHORTEST:
        return sa.false()
    held = sa.func.replace(key, " ", "").contains(part, autoescape=True)
    return held if any(each.isdigit() for each in part) else sa.and_(col(Subject.kind).in_(_IDENTIFIERS), held)


@dataclass(frozen=True)
class Likely:
    """A record that may be the one to be opened, and why."""

    reference: str
    name: str
    closed: bool
    why: str


def likely_same(session: Session, kind: SubjectKind, name: str) -> Sequence[Likely]:
    """Give the records of a kind that may be the same as one of this name, as far as the person may see them."""
    key = name_key(name)
    if not key:
        return []
    rows: Any = select(
        col(Subject.id), col(Subject.reference), col(Subject.name), col(Subject.name_key), col(Subject.state),
        col(Subject.merged_into_id),
    ).where(col(Subject.kind) == kind)  # fmt: skip
    known = {row.id: row for row in session.execute(rows.order_by(col(Subject.id)))}
    others: Any = select(col(SubjectAlias.subject_id), col(SubjectAlias.name_key)).order_by(col(SubjectAlias.id))
    others = others.join(Subject, col(Subject.id) == col(SubjectAlias.subject_id)).where(col(Subject.kind) == kind)
    names = [(row.id, row.name_key) for row in known.values()]
    names += [(row.subject_id, row.name_key) for row in session.execute(others)]
    found: dict[int, Likely] = {}
    for subject_id, other in names:
        why = same_because(key, other)
        row = known.get(subject_id)
        # A record that points to one the person may not see is none they could use.
        while row is not None and row.merged_into_id is not None:
            row = known.get(row.merged_into_id)
        if why and row is not None:
            found.setdefault(row.id, Likely(row.reference, row.name, row.state is SubjectState.CLOSED, why))
    return list(found.values())[:_MOST_SHOWN]


def check_is_another(likely: Sequence[Likely], why: str, compared: Collection[str]) -> None:
    """Raise `RuleBroken` for `another` where there are likely records and nobody says why this is another one.

    `compared` are the references of those that were shown when it was said: of one that was not, it is asked anew.
    """
    if likely and not why.strip():
        one = likely[0]
        raise RuleBroken("another", f"There is already {one.name} {one.reference}. Use it, or say why this is another")
    if new := [each for each in likely if each.reference not in compared]:
        raise RuleBroken("another", f"There is also {new[0].name} {new[0].reference}. Say why this is another one too")
