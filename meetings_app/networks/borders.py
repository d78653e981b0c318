"""Across borders: other authorities that a subject touches, whom to reach there, and the children they look after.

What is known of a child of another authority is what that authority said; the child has no record here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.db.references import unused_reference
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.networks.checks import check_may_change, check_stands
from meetings_app.networks.following import records
from meetings_app.networks.linking import Grounds
from meetings_app.networks.models import Subject, SubjectAuthority
from meetings_app.networks.record_models import AuthorityContact, OutsideChild
from meetings_app.networks.states import ChildTie
from meetings_app.permissions import Actor


@dataclass(frozen=True)
class Contact:
    """Whom to reach at another authority, and how."""

    name: str
    reach: str


@dataclass(frozen=True)
class OutsideSaid:
    """What another authority said of a child it looks after."""

    name: str
    tie: ChildTie
    grounds: Grounds
    their_reference: str = ""


def add_authority(
    session: Session, by: Actor, now: datetime, subject: Subject, authority: str, contact: Contact
) -> SubjectAuthority:
    """Record another authority that a subject touches, with a named contact there and how to reach them.

    Raises `RuleBroken` for `authority`, `contact` or `reach`, `NotFound` for whoever may not.
    """
    check_may_change(session, by, subject)
    check_stands(subject)
    if not authority.strip():
        raise RuleBroken("authority", "Enter the name of the other authority")
    known = select(SubjectAuthority).where(col(SubjectAuthority.subject_id) == subject.key)
    if any(row.authority.casefold() == authority.strip().casefold() for row in session.scalars(known)):
        raise RuleBroken("authority", "This authority is named already")
    _check_contact(contact)
    row = SubjectAuthority(
        subject_id=subject.key, authority=authority.strip(), recorded_at=now, recorded_by_id=by.account_id
    )
    session.add(row)
    session.flush()
    _append(session, by, now, row, contact)
    record(session, by, now, EventKind.SUBJECT_CHANGED, subject=subject.reference, change="another authority")
    return row


def change_contact(
    session: Session, by: Actor, now: datetime, subject: Subject, authority: SubjectAuthority, contact: Contact
) -> None:
    """Say whom to reach at another authority from now on; who was named before is kept. Raises as `add_authority`."""
    check_may_change(session, by, subject)
    check_stands(subject)
    _check_contact(contact)
    _append(session, by, now, authority, contact)
    record(session, by, now, EventKind.SUBJECT_CHANGED, subject=subject.reference, change="a contact elsewhere")


def add_outside_child(
    session: Session, by: Actor, now: datetime, subject: Subject, authority: SubjectAuthority, said: OutsideSaid
) -> OutsideChild:
    """Record that a child of another authority is linked with a subject.

    Raises `RuleBroken` for `name`, `source` or `since`, `NotFound` for whoever may not.
    """
    check_may_change(session, by, subject)
    check_stands(subject)
    if not said.name.strip():
        raise RuleBroken("name", "Enter the name of the child, or what the other authority calls them")
    if not said.grounds.source.strip():
        raise RuleBroken("source", "Enter who said so, and how they know")
    if said.grounds.since is not None and said.grounds.since > london_date(now):
        raise RuleBroken("since", "The day from which they are linked must be today or in the past")
    child = OutsideChild(
        reference=unused_reference(session, col(OutsideChild.reference), "NC"), subject_id=subject.key,
        authority_id=authority.key, name=said.name.strip(), their_reference=said.their_reference.strip(), tie=said.tie,
        recorded_at=now, recorded_by_id=by.account_id,
        **{**vars(said.grounds), "source": said.grounds.source.strip()},
    )  # fmt: skip
    session.add(child)
    session.flush()
    record(session, by, now, EventKind.SUBJECT_LINKED, subject=subject.reference, other="a child of another authority")
    return child


def end_outside_child(
    session: Session, by: Actor, now: datetime, subject: Subject, child: OutsideChild, why: str
) -> None:
    """Say that a link with a child of another authority was mistaken or is over. Raises `RuleBroken`, `Conflict`."""
    check_may_change(session, by, subject)
    if child.ended_at is not None:
        raise Conflict("Somebody else has ended this link.")
    if not why.strip():
        raise RuleBroken("why", "Enter why the link has ended")
    child.ended_at, child.ended_by_id, child.ended_because = now, by.account_id, why.strip()
    session.flush()
    record(session, by, now, EventKind.SUBJECT_LINK_ENDED, subject=subject.reference)


def authorities_of(session: Session, subject_ids: Sequence[int]) -> Sequence[Any]:
    """Give the other authorities of some subjects, with whom to reach there now and how."""
    newest = (
        select(sa.func.max(col(AuthorityContact.id)))
        .where(col(AuthorityContact.authority_id) == col(SubjectAuthority.id))
        .correlate(SubjectAuthority)
        .scalar_subquery()
    )
    statement: Any = (
        select(
            col(SubjectAuthority.id), col(SubjectAuthority.subject_id), col(SubjectAuthority.authority),
            col(AuthorityContact.name).label("contact"), col(AuthorityContact.reach),
        )
        .outerjoin(AuthorityContact, col(AuthorityContact.id) == newest)
        .where(col(SubjectAuthority.subject_id).in_(subject_ids))
    )  # fmt: skip
    return session.execute(statement.order_by(col(SubjectAuthority.authority), col(SubjectAuthority.id))).all()


def outside_children_of(session: Session, subject_ids: Sequence[int]) -> Sequence[Any]:
    """Give the children of other authorities linked with some subjects, running links first."""
    statement: Any = (
        select(
            col(OutsideChild.id), col(OutsideChild.reference), col(OutsideChild.name), col(OutsideChild.tie),
            col(OutsideChild.their_reference), col(OutsideChild.since), col(OutsideChild.source),
            col(OutsideChild.basis), col(OutsideChild.confidence), col(OutsideChild.recorded_at),
            col(OutsideChild.ended_at), col(OutsideChild.ended_because), col(OutsideChild.authority_id),
            col(SubjectAuthority.authority),
        )
        .join(SubjectAuthority, col(SubjectAuthority.id) == col(OutsideChild.authority_id))
        .where(col(OutsideChild.subject_id).in_(subject_ids))
    )  # fmt: skip
    order = (col(OutsideChild.ended_at).is_not(None), col(OutsideChild.name), col(OutsideChild.id))
    return session.execute(statement.order_by(*order)).all()


def find_authority(session: Session, subject: Subject, authority_id: int) -> SubjectAuthority | None:
    """Give one other authority of a subject, or None."""
    wanted = (
        col(SubjectAuthority.id) == authority_id,
        col(SubjectAuthority.subject_id).in_(records(session, subject.key)),
    )
    return session.scalars(select(SubjectAuthority).where(*wanted)).first()


def _check_contact(contact: Contact) -> None:
    if not contact.name.strip():
        raise RuleBroken("contact", "Enter whom to reach there")
    if not contact.reach.strip():
        raise RuleBroken("reach", "Enter how to reach them, such as a telephone number or a secure address")


def _append(session: Session, by: Actor, now: datetime, authority: SubjectAuthority, contact: Contact) -> None:
    session.add(
        AuthorityContact(
            authority_id=authority.key, name=contact.name.strip(), reach=contact.reach.strip(), recorded_at=now,
            recorded_by_id=by.account_id,
        )
    )  # fmt: skip
    session.flush()
