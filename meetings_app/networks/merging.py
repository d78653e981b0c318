"""Two records that are one subject: one points to the other, both are kept, and undoing removes the pointer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.networks.areas import share_areas
from meetings_app.networks.checks import check_may_change, check_stands, check_version
from meetings_app.networks.models import Subject, SuspectRecord
from meetings_app.networks.record_models import SubjectMerge
from meetings_app.networks.states import SubjectKind
from meetings_app.permissions import Actor


def merge(
    session: Session, by: Actor, now: datetime, subject: Subject, version: int, kept: Subject, reason: str
) -> None:
    """Let the record of a subject point to `kept`, which is the same one. Whoever works on both may.

    Nothing moves: what was recorded on either is read on the one that is kept. Raises `RuleBroken` for `other` or
    `reason`, `Conflict` where somebody saved since `version`, `NotFound` for whoever may not.
    """
    check_may_change(session, by, subject)
    check_may_change(session, by, kept)
    check_version(subject, version)
    check_stands(subject)
    _check_same(session, subject, kept)
    if not reason.strip():
        raise RuleBroken("reason", "Enter how you know that they are the same")
    subject.merged_into_id = kept.key
    session.add(
        SubjectMerge(
            subject_id=subject.key, kept_id=kept.key, reason=reason.strip(), at=now, by_id=by.account_id
        )
    )  # fmt: skip
    session.flush()
    share_areas(session, kept.key)
    said = f"it is the same as {kept.reference}"
    record(session, by, now, EventKind.SUBJECT_CHANGED, subject=subject.reference, change=said)


def undo_merge(session: Session, by: Actor, now: datetime, subject: Subject, version: int, reason: str) -> None:
    """Remove the pointer of a record, which stands for itself again. Whoever works on both may.

    Raises `RuleBroken` for `reason`, `Conflict` since `version`, `NotFound` where it points nowhere or for others.
    """
    kept = session.get(Subject, subject.merged_into_id) if subject.merged_into_id is not None else None
    if kept is None:
        raise NotFound
    check_may_change(session, by, subject)
    check_may_change(session, by, kept)
    check_version(subject, version)
    if not reason.strip():
        raise RuleBroken("reason", "Enter how you know that they are two")
    running = select(SubjectMerge).where(
        col(SubjectMerge.subject_id) == subject.key, col(SubjectMerge.undone_at).is_(None)
    )
    said = session.scalars(running).one()
    said.undone_at, said.undone_by_id, said.undone_because = now, by.account_id, reason.strip()
    subject.merged_into_id = None
    session.flush()
    for each in (subject, kept):
        share_areas(session, _last(session, each))
    change = f"it is not the same as {kept.reference}"
    record(session, by, now, EventKind.SUBJECT_CHANGED, subject=subject.reference, change=change)


def reason_of(session: Session, subject_id: int) -> str:
    """Give why a record points to another one, or nothing."""
    running = (col(SubjectMerge.subject_id) == subject_id, col(SubjectMerge.undone_at).is_(None))
    return session.scalar(select(col(SubjectMerge.reason)).where(*running)) or ""


def _check_same(session: Session, subject: Subject, kept: Subject) -> None:
    if subject.key == kept.key:
        raise RuleBroken("other", "Choose another record: this is the one you are on")
    if subject.kind is not kept.kind:
        raise RuleBroken("other", "Choose a record of the same kind")
    if kept.merged_into_id is not None:
        raise RuleBroken("other", "That record points to another one. Choose the one it points to")
    try:
        check_stands(kept)
    except Conflict:
        raise RuleBroken("other", "That record is closed. Open it again first") from None
    if subject.kind is SubjectKind.SUSPECT:
        own = select(col(SuspectRecord.child_id)).where(col(SuspectRecord.subject_id).in_([subject.key, kept.key]))
        if len(set(session.scalars(own))) > 1:
            raise RuleBroken("other", "Name the young person’s own record on both first, and the same one")


def _last(session: Session, subject: Subject) -> int:
    """Give the record that one points to in the end. Every record of a subject touches the same areas."""
    while subject.merged_into_id is not None:
        subject = session.get_one(Subject, subject.merged_into_id)
    return subject.key
