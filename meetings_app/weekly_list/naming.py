"""Who is sent the weekly list besides the list holders: named and ended by coordinators, one person at a time."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import DomainError, NotFound
from meetings_app.permissions import Actor, Permission, Role
from meetings_app.weekly_list.models import WeeklyRecipient
from meetings_app.weekly_list.queries import Person, readers

_COORDINATORS = frozenset({Role.COORDINATOR})


def may_be_sent(session: Session, by: Actor) -> list[Person]:
    """Give whom a coordinator may name: those who may see the list of one of the coordinator’s areas."""
    return readers(session, by.areas(_COORDINATORS))


def send_to(session: Session, by: Actor, now: datetime, account_id: int) -> None:
    """Let a person be sent the list from now on. Raises `NotFound` for whoever may not be named by this coordinator."""
    person = _person(session, by, account_id)
    if person.named or person.by_role:
        raise DomainError("The list is sent to this person already.")
    session.add(WeeklyRecipient(account_id=person.id, named_at=now, named_by_id=by.account_id))
    session.flush()
    record(session, by, now, EventKind.WEEKLY_RECIPIENT_CHANGED, account=person.id, sent="yes")


def send_no_more(session: Session, by: Actor, now: datetime, account_id: int) -> None:
    """Let a person be sent the list no more. Raises `DomainError` for a list holder, whose role says it."""
    person = _person(session, by, account_id)
    wanted = select(WeeklyRecipient).where(
        col(WeeklyRecipient.account_id) == person.id, col(WeeklyRecipient.ended_at).is_(None)
    )
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise DomainError(
            "A list holder is sent the list by that role." if person.by_role else "This was ended before."
        )
    found.ended_at, found.ended_by_id = now, by.account_id
    session.flush()
    record(session, by, now, EventKind.WEEKLY_RECIPIENT_CHANGED, account=person.id, sent="no")


def _person(session: Session, by: Actor, account_id: int) -> Person:
    if not by.may(Permission.CIRCULATE_LIST):
        raise NotFound
    for person in may_be_sent(session, by):
        if person.id == account_id:
            return person
    raise NotFound
