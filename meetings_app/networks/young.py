"""An alleged perpetrator under 18 is a child first: named so on every page, with a discussion of their own (SG)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.db.session import unscoped
from meetings_app.networks.models import Subject, SuspectRecord
from meetings_app.networks.rules import is_child
from meetings_app.networks.states import KINDS, SubjectKind
from meetings_app.strategy.models import DiscussionState
from meetings_app.strategy.queries import discussions_of
from meetings_app.strategy.rules import About

YOUNG = "Young person alleged to have harmed a child"


@dataclass(frozen=True)
class OwnDiscussion:
    """The strategy discussion about a young person’s own needs, as far as the reader sees their record."""

    reference: str
    held_on: date | None
    waits: bool


def young_of(session: Session, subject_ids: Collection[int], today: date) -> set[int]:
    """Give which of these subjects are under 18, by their need-to-know record or the record of their own.

    Of suspects whom the person may not read about nothing is said. One statement; none without subjects.
    """
    if not subject_ids:
        return set()
    born = func.coalesce(col(SuspectRecord.born), col(Child.born))
    statement: Any = (
        select(col(SuspectRecord.subject_id), born)
        .outerjoin(Child, col(Child.id) == col(SuspectRecord.child_id))
        .where(col(SuspectRecord.subject_id).in_(subject_ids))
    )
    rows = session.execute(statement.execution_options(**unscoped("child")))
    return {subject_id for subject_id, day in rows if is_child(day, today)}


def kind_words(kind: SubjectKind, young: bool) -> str:
    """Give what a record is about, in words; a child is never called a suspect."""
    return YOUNG if young and kind is SubjectKind.SUSPECT else KINDS[kind]


def kinds_of(session: Session, rows: Collection[Any], today: date) -> Mapping[str, str]:
    """Give the words for rows with id, reference and kind, by reference."""
    young = young_of(session, {row.id for row in rows if row.kind is SubjectKind.SUSPECT}, today)
    return {row.reference: kind_words(row.kind, row.id in young) for row in rows}


def own_discussion(session: Session, child_id: int | None) -> OwnDiscussion | None:
    """Give the newest strategy discussion about what the young person is alleged to have done, or None."""
    if child_id is None:
        return None
    about = (each for each in discussions_of(session, child_id) if each.about is About.ALLEGED_PERPETRATOR)
    newest = next(about, None)
    if newest is None:
        return None
    held = newest.state is DiscussionState.HELD
    waits = newest.state is DiscussionState.REQUESTED
    return OwnDiscussion(newest.reference, newest.happened_on if held else None, waits)


def is_young(session: Session, subject: Subject, today: date) -> bool:
    """Say whether a subject is under 18."""
    return subject.kind is SubjectKind.SUSPECT and subject.key in young_of(session, [subject.key], today)
