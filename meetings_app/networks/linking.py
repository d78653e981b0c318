"""Links of subjects with each other and with children: each with source, date and how sure; ended, never deleted."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.networks.checks import check_may_change, check_stands
from meetings_app.networks.models import Subject, SubjectChild, SubjectLink
from meetings_app.networks.states import Basis, ChildTie, Confidence, Tie
from meetings_app.permissions import Actor


@dataclass(frozen=True)
class Grounds:
    """Who says that two are linked, since when, and how sure that is."""

    source: str
    basis: Basis
    confidence: Confidence
    since: date | None = None


def link_subjects(
    session: Session, by: Actor, now: datetime, first: Subject, second: Subject, tie: Tie, grounds: Grounds
) -> SubjectLink:
    """Record that two subjects are linked, read from the first to the second. Both were read in the person's scope.

    Raises `RuleBroken` for `other`, `tie`, `since` or `source`, `NotFound` for whoever may not.
    """
    check_may_change(session, by, first)
    _check(now, grounds, (first, second))
    if first.key == second.key:
        raise RuleBroken("other", "Choose another record: this is the one you are on")
    known = select(col(SubjectLink.id)).where(
        col(SubjectLink.first_id) == first.key, col(SubjectLink.second_id) == second.key, col(SubjectLink.tie) == tie,
        col(SubjectLink.ended_at).is_(None),
    )  # fmt: skip
    if session.scalar(known) is not None:
        raise RuleBroken("tie", "These two are linked in this way already")
    link = SubjectLink(
        first_id=first.key, second_id=second.key, tie=tie, recorded_at=now, recorded_by_id=by.account_id,
        **_said(grounds),
    )  # fmt: skip
    session.add(link)
    session.flush()
    record(session, by, now, EventKind.SUBJECT_LINKED, subject=first.reference, other=second.reference)
    return link


def link_child(
    session: Session, by: Actor, now: datetime, subject: Subject, child: Child, tie: ChildTie, grounds: Grounds
) -> SubjectChild:
    """Record that a child, whom the person may see, is linked with a subject.

    Raises `RuleBroken` for `child`, `tie`, `since` or `source`, `NotFound` for whoever may not.
    """
    check_may_change(session, by, subject)
    _check(now, grounds, (subject,))
    if child.merged_into_id is not None:
        raise RuleBroken("child", "This record points to another one. Link that one")
    known = select(col(SubjectChild.id)).where(
        col(SubjectChild.subject_id) == subject.key, col(SubjectChild.child_id) == child.key,
        col(SubjectChild.tie) == tie, col(SubjectChild.ended_at).is_(None),
    )  # fmt: skip
    if session.scalar(known) is not None:
        raise RuleBroken("tie", "This child is linked in this way already")
    link = SubjectChild(
        subject_id=subject.key, child_id=child.key, tie=tie, recorded_at=now, recorded_by_id=by.account_id,
        **_said(grounds),
    )  # fmt: skip
    session.add(link)
    session.flush()
    record(session, by, now, EventKind.SUBJECT_LINKED, subject=subject.reference, other="a child")
    return link


def end_link(
    session: Session, by: Actor, now: datetime, subject: Subject, link: SubjectLink | SubjectChild, why: str
) -> None:
    """Say that a link was mistaken or is over; it stays readable. Raises `RuleBroken` for `why`, `Conflict`."""
    check_may_change(session, by, subject)
    if link.ended_at is not None:
        raise Conflict("Somebody else has ended this link.")
    if not why.strip():
        raise RuleBroken("why", "Enter why the link has ended")
    link.ended_at, link.ended_by_id, link.ended_because = now, by.account_id, why.strip()
    session.flush()
    record(session, by, now, EventKind.SUBJECT_LINK_ENDED, subject=subject.reference)


def _check(now: datetime, grounds: Grounds, subjects: tuple[Subject, ...]) -> None:
    for subject in subjects:
        check_stands(subject)
    if not grounds.source.strip():
        raise RuleBroken("source", "Enter who said so, and how they know")
    if grounds.since is not None and grounds.since > london_date(now):
        raise RuleBroken("since", "The day from which they are linked must be today or in the past")


def _said(grounds: Grounds) -> dict[str, Any]:
    return {**vars(grounds), "source": grounds.source.strip()}
