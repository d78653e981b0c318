"""Changes to subjects: opened, corrected, given other names and areas, closed, opened again and merged.

A record is closed or points to another one; nothing is deleted. Who may is asked each time; suspects are need-to-know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.matching import name_key
from meetings_app.clock import london_date
from meetings_app.db.references import unused_reference
from meetings_app.errors import NotFound, RuleBroken
from meetings_app.networks.areas import set_areas
from meetings_app.networks.checks import check_may_change, check_may_open, check_stands, check_version, is_member
from meetings_app.networks.history import keep, said_now
from meetings_app.networks.models import Subject, SubjectAlias, SubjectArea, SuspectRecord
from meetings_app.networks.states import SubjectKind, SubjectState
from meetings_app.permissions import Actor

REVIEW_DAYS = 56
"""A subject comes back to the network meeting after so many days: the rhythm of the meeting."""


@dataclass(frozen=True)
class SubjectSaid:
    """What somebody says of a subject. `born` and `details` are of a suspect, and need-to-know."""

    kind: SubjectKind
    name: str
    about: str = ""
    area_ids: frozenset[int] = frozenset()
    review_on: date | None = None
    born: date | None = None
    details: str = ""


def open_subject(session: Session, by: Actor, now: datetime, said: SubjectSaid, others: Sequence[str] = ()) -> Subject:
    """Record a new subject; it is due for review at a network meeting 56 days on unless it says another day.

    `others` are the references of records like it, which the caller showed: the trail keeps that it is none of them.
    Raises `RuleBroken` for `name`, `areas`, `review_on` or `born`, `NotFound` for whoever may not.
    """
    check_may_open(session, by, said.kind, set(said.area_ids))
    _check_said(now, said)
    subject = Subject(
        reference=unused_reference(session, col(Subject.reference), "N"), kind=said.kind, name=said.name.strip(),
        name_key=name_key(said.name), about=said.about.strip(), opened_at=now, opened_by_id=by.account_id,
        review_on=said.review_on or london_date(now) + timedelta(days=REVIEW_DAYS),
    )  # fmt: skip
    session.add(subject)
    session.flush()
    session.add_all(SubjectArea(subject_id=subject.key, area_id=area) for area in sorted(said.area_ids))
    if said.kind is SubjectKind.SUSPECT:
        session.add(SuspectRecord(subject_id=subject.key, born=said.born, details=said.details.strip()))
    session.flush()
    record(session, by, now, EventKind.SUBJECT_OPENED, subject=subject.reference)
    if others:
        change = f"said to be another one than {', '.join(others)}"
        record(session, by, now, EventKind.SUBJECT_CHANGED, subject=subject.reference, change=change)
    return subject


def change_subject(
    session: Session, by: Actor, now: datetime, subject: Subject, version: int, said: SubjectSaid
) -> None:
    """Correct what a record says of itself; the kind stays, and so does what stood there, in its history.

    Raises `Conflict` where somebody saved since `version` or the record was closed, `RuleBroken` beside a field,
    `NotFound` for whoever may not.
    """
    check_may_change(session, by, subject)
    check_stands(subject)
    check_version(subject, version, subject.about, said.about)
    _check_said(now, said)
    if not is_member(session, by):
        check_may_open(session, by, subject.kind, set(said.area_ids))
    before = said_now(session, subject)
    subject.name, subject.name_key, subject.about = said.name.strip(), name_key(said.name), said.about.strip()
    # An emptied date is no way off the agenda: what is open is reviewed.
    subject.review_on = said.review_on or subject.review_on or london_date(now) + timedelta(days=REVIEW_DAYS)
    set_areas(session, subject, said.area_ids)
    if subject.kind is SubjectKind.SUSPECT:
        own = session.scalars(select(SuspectRecord).where(col(SuspectRecord.subject_id) == subject.key)).one()
        own.born, own.details = said.born, said.details.strip()
    # The version grows even where areas or details alone changed, so that whoever saves second is told.
    flag_modified(subject, "about")
    keep(session, by, now, subject, before)
    record(session, by, now, EventKind.SUBJECT_CHANGED, subject=subject.reference, change="its details")


def add_alias(session: Session, by: Actor, now: datetime, subject: Subject, name: str, source: str) -> None:
    """Record another name that a subject goes by. Raises `RuleBroken` for `name` or `source`, `NotFound`."""
    check_may_change(session, by, subject)
    check_stands(subject)
    if not name.strip():
        raise RuleBroken("name", "Enter the other name")
    if not source.strip():
        raise RuleBroken("source", "Enter who said so, and how they know")
    session.add(
        SubjectAlias(
            subject_id=subject.key, name=name.strip(), name_key=name_key(name), source=source.strip(),
            recorded_at=now, recorded_by_id=by.account_id,
        )
    )  # fmt: skip
    session.flush()
    record(session, by, now, EventKind.SUBJECT_CHANGED, subject=subject.reference, change="another name")


def close_subject(session: Session, by: Actor, now: datetime, subject: Subject, version: int, why: str) -> None:
    """Say that network meetings need not hear of it again, with the reason. Raises `RuleBroken` for `why`."""
    check_may_change(session, by, subject)
    check_stands(subject)
    check_version(subject, version)
    if not why.strip():
        raise RuleBroken("why", "Enter why the record is closed")
    before = said_now(session, subject)
    subject.state, subject.closed_at, subject.closed_because = SubjectState.CLOSED, now, why.strip()
    subject.review_on = None
    keep(session, by, now, subject, before)
    record(session, by, now, EventKind.SUBJECT_CHANGED, subject=subject.reference, change="closed")


def reopen_subject(session: Session, by: Actor, now: datetime, subject: Subject, version: int) -> None:
    """Open a closed record again; it is due for review 56 days on. Why it was closed stays in its history."""
    check_may_change(session, by, subject)
    check_version(subject, version)
    if subject.state is SubjectState.OPEN or subject.merged_into_id is not None:
        raise NotFound
    before = said_now(session, subject)
    subject.state, subject.closed_at, subject.closed_because = SubjectState.OPEN, None, ""
    subject.review_on = london_date(now) + timedelta(days=REVIEW_DAYS)
    keep(session, by, now, subject, before)
    record(session, by, now, EventKind.SUBJECT_CHANGED, subject=subject.reference, change="opened again")


def _check_said(now: datetime, said: SubjectSaid) -> None:
    if not said.name.strip():
        raise RuleBroken("name", "Enter a name, or what it is known as")
    if said.review_on is not None and said.review_on < london_date(now):
        raise RuleBroken("review_on", "The date of the next review must be today or in the future")
    if said.born is not None and said.born > london_date(now):
        raise RuleBroken("born", "The date of birth must be in the past")
