"""Reads of the outbox for those who look after the mail. No body is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.accounts.queries import areas_of
from meetings_app.notices.models import MailState, OutboxMail
from meetings_app.notices.service import mail_reference
from meetings_app.permissions import Actor, Role

_SHOWN = 25


@dataclass(frozen=True)
class MailFacts:
    """One mail as the page shows it."""

    reference: str
    kind: str
    recipient: str
    meeting: str | None
    state: MailState
    created_at: datetime
    not_before: datetime
    attempts: int
    problem: str


def counts(session: Session, by: Actor) -> dict[MailState, int]:
    """Give how many mails are in each state, of those the person looks after."""
    rows = session.execute(
        select(col(OutboxMail.state), func.count()).where(looked_after(session, by)).group_by(col(OutboxMail.state))
    )
    found = {row[0]: int(row[1]) for row in rows}
    return {state: found.get(state, 0) for state in MailState}


def oldest_waiting(session: Session, by: Actor) -> datetime | None:
    """Give when the mail that has waited longest was written, of those the person looks after; None with none."""
    return session.scalar(
        select(func.min(col(OutboxMail.created_at))).where(
            looked_after(session, by), col(OutboxMail.state) == MailState.WAITING
        )
    )


def troubled(session: Session, by: Actor, state: MailState) -> list[MailFacts]:
    """Give the mails in one state, oldest first, at most twenty-five."""
    statement = (
        select(OutboxMail)
        .where(looked_after(session, by), col(OutboxMail.state) == state)
        .order_by(col(OutboxMail.id))
        .limit(_SHOWN)
    )
    return [facts_of(mail) for mail in session.scalars(statement)]


def facts_of(mail: OutboxMail) -> MailFacts:
    """Give a mail as pages show it."""
    return MailFacts(
        reference=mail_reference(mail.message_id), kind=mail.kind, recipient=mail.recipient_name,
        meeting=mail.meeting_reference, state=mail.state, created_at=mail.created_at, not_before=mail.not_before,
        attempts=mail.attempts, problem=mail.last_problem or "",
    )  # fmt: skip


def find_mail(session: Session, by: Actor, reference: str) -> OutboxMail | None:
    """Give a mail by its reference, where the person looks after it."""
    if not (reference.isascii() and reference.isalnum()):
        return None
    return session.scalars(
        select(OutboxMail).where(col(OutboxMail.message_id).startswith(f"<{reference}@"), looked_after(session, by))
    ).first()


def later_mail(session: Session, mail: OutboxMail) -> bool:
    """Say whether a later mail stands in the place of this one: an update, or a cancellation."""
    later = aliased(OutboxMail)
    found = select(col(later.id)).where(col(later.order_key) == mail.order_key, col(later.id) > mail.key).limit(1)
    return session.execute(found).first() is not None


def looked_after(session: Session, by: Actor) -> ColumnElement[bool]:
    """Administrators look after all mail, coordinators after that of the meetings of their areas.

    The code of the area stands in a meeting's reference.
    """
    if by.everything or by.has(Role.ADMINISTRATOR) or by.areas(frozenset({Role.COORDINATOR})) is None:
        return true()
    codes = [area.code for area in areas_of(session, by, frozenset({Role.COORDINATOR}))]
    own: list[Any] = [col(OutboxMail.meeting_reference).startswith(f"RMM-{code}-") for code in codes]
    return or_(col(OutboxMail.id).is_(None), *own)


def last_mailed(session: Session, kind: str, meeting_reference: str) -> dict[int, datetime]:
    """Give, by account, when a mail of a kind about a meeting was last written to each person."""
    rows = session.execute(
        select(col(OutboxMail.account_id), func.max(col(OutboxMail.created_at)))
        .where(col(OutboxMail.meeting_reference) == meeting_reference, col(OutboxMail.kind) == kind)
        .group_by(col(OutboxMail.account_id))
    )
    return {account_id: at for account_id, at in rows if account_id is not None}
