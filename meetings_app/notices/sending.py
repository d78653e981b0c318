"""Sends what waits in the outbox. Claimed by a lease, sent outside any transaction, marked afterwards.

A process that dies between sending and marking leaves a lease that ends; the mail then goes out again with the same
Message-ID, and a mailbox drops the second copy. Two senders at once never take the same mail.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Protocol, cast

from sqlalchemy import CursorResult, and_, case, or_, select, update
from sqlalchemy.orm import Session, aliased, sessionmaker
from sqlmodel import col

from meetings_app.config import Settings
from meetings_app.db.session import reading, writing
from meetings_app.errors import ConfigurationError
from meetings_app.notices.delivery import DeliveryFailure, MailConnection, PermanentFailure, TemporaryFailure
from meetings_app.notices.history import keep_tries
from meetings_app.notices.message import InviteMethod, build_message, mailbox
from meetings_app.notices.models import MailState, OutboxMail, TryOutcome
from meetings_app.notices.service import SERVICE_NAME
from meetings_app.notices.smtp_settings import parse_smtp_url
from meetings_app.permissions import SCHEDULER

GIVE_UP_AFTER = timedelta(days=3)
FEWEST_TRIES = 12
SHORTEST_LEASE = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(hours=2)
LONGEST_WAIT = timedelta(hours=3)
"""Our defaults. A mail is given up by its age, never by the number of tries alone: a long outage costs no mail.

Nor is it given up before it was tried some times, for a clock that jumps makes everything old at once, and so does a
scheduler that was down for days.
"""

NO_SERVER = "MEETINGS_SMTP_URL is empty: mail waits in the outbox"
UNUSABLE = "the address or the text makes no mail"
_ABOUT_THE_SERVER = ("connect", "starttls", "sign-in")


@dataclass(frozen=True)
class Sent:
    """What one run did; `problem` says why nothing, or not everything, could be sent."""

    sent: int = 0
    retried: int = 0
    given_up: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Claimed:
    """A mail that this run alone may send until its lease ends."""

    id: int
    lease: str
    message_id: str
    address: str
    name: str
    subject: str
    body: str
    invite: str | None
    method: str | None
    created_at: datetime
    attempts: int


class Connection(Protocol):
    """Whatever takes a mail: in the service one connection to the server."""

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over; returns when it is accepted, else raises `DeliveryFailure`."""
        ...  # pragma: no cover


def send_waiting(sessions: sessionmaker[Session], settings: Settings, now: datetime) -> Sent:
    """Send every mail that is due, in order; gives what became of them.

    Without `MEETINGS_SMTP_URL` the mail waits, whatever its age. Raises `ConfigurationError` for a setting that
    cannot be read.
    """
    if not settings.smtp_url:
        return Sent(problem=NO_SERVER)
    smtp = parse_smtp_url(settings.smtp_url)
    lease_for = max(SHORTEST_LEASE, timedelta(seconds=4 * smtp.deadline))

    def moment() -> datetime:
        return max(now, settings.clock.now())

    if not _anything_due(sessions, moment()):
        return Sent()
    connection = MailConnection(smtp)
    try:
        connection.open()
    except TemporaryFailure as failure:
        return _server_away(sessions, moment(), failure)
    try:
        return send_over(connection, sessions, settings, moment, lease_for)
    finally:
        connection.close()


def send_over(
    connection: Connection,
    sessions: sessionmaker[Session],
    settings: Settings,
    moment: Callable[[], datetime],
    lease_for: timedelta = SHORTEST_LEASE,
) -> Sent:
    """Send what is due over an open connection, one mail after another, until none is due or the server is away."""
    total = Sent()
    while True:
        mail = _claim(sessions, moment(), lease_for)
        if mail is None:
            return total
        try:
            connection.send(message_of(mail, settings))
        except (DeliveryFailure, ValueError) as failure:
            gave_up = _failed(sessions, moment(), mail, failure)
            total = replace(total, retried=total.retried + (not gave_up), given_up=total.given_up + gave_up)
            if isinstance(failure, TemporaryFailure) and failure.phase in _ABOUT_THE_SERVER:
                return replace(total, problem=failure.message)
        else:
            sent_at = moment()
            _mark(sessions, sent_at, mail, state=MailState.SENT, sent_at=sent_at, last_problem=None)
            total = replace(total, sent=total.sent + 1)


def message_of(mail: Claimed, settings: Settings) -> EmailMessage:
    """Give the mail as it goes out; the same bytes on every try. Raises `ValueError` for what makes no mail."""
    return build_message(
        message_id=mail.message_id,
        sender=mailbox(settings.organiser, SERVICE_NAME),
        recipient_address=mail.address,
        recipient_name=mail.name,
        subject=mail.subject,
        body_text=mail.body,
        date=mail.created_at,
        invite=mail.invite.encode() if mail.invite is not None else None,
        method=cast(InviteMethod | None, mail.method),
    )


def _due(now: datetime) -> tuple[Any, ...]:
    """What waits, is due and is in nobody's hands.

    Nothing is put off or leased for longer than `LONGEST_WAIT`: a moment further ahead was written by a clock that had
    jumped, and the mail would wait for that clock.
    """
    ahead = now + LONGEST_WAIT
    lease = col(OutboxMail.leased_until)
    free = or_(lease.is_(None), lease < now, lease > ahead)
    in_time = or_(col(OutboxMail.not_before) <= now, col(OutboxMail.not_before) > ahead)
    return (col(OutboxMail.state) == MailState.WAITING, in_time, free)


def _anything_due(sessions: sessionmaker[Session], now: datetime) -> bool:
    with reading(sessions, SCHEDULER) as session:
        return session.execute(select(col(OutboxMail.id)).where(*_due(now)).limit(1)).first() is not None


def _claim(sessions: sessionmaker[Session], now: datetime, lease_for: timedelta) -> Claimed | None:
    """Take the first mail that is due and has no earlier one of its order before it."""
    earlier = aliased(OutboxMail)
    blocked = (
        select(col(earlier.id))
        .where(
            col(earlier.order_key) == col(OutboxMail.order_key),
            col(earlier.id) < col(OutboxMail.id),
            col(earlier.state) == MailState.WAITING,
        )
        .exists()
    )
    statement = (
        select(OutboxMail)
        .where(*_due(now), ~blocked)
        .order_by(col(OutboxMail.not_before), col(OutboxMail.id))
        .limit(1)
        .with_for_update(skip_locked=True, of=OutboxMail)
    )
    with writing(sessions, SCHEDULER) as session:
        mail = session.scalars(statement).first()
        if mail is None:
            return None
        mail.lease, mail.leased_until = secrets.token_hex(16), now + lease_for
        return Claimed(
            id=mail.key, lease=mail.lease, message_id=mail.message_id, address=mail.recipient_address,
            name=mail.recipient_name, subject=mail.subject, body=mail.body, invite=mail.invite, method=mail.method,
            created_at=mail.created_at, attempts=mail.attempts,
        )  # fmt: skip


def _failed(
    sessions: sessionmaker[Session], now: datetime, mail: Claimed, failure: DeliveryFailure | ValueError
) -> bool:
    """Put a mail off, or give it up: for good answers about it, or when it is too old. Says whether it is given up."""
    problem = failure.message if isinstance(failure, DeliveryFailure) else UNUSABLE
    attempts = mail.attempts + 1
    for_good = not isinstance(failure, TemporaryFailure)
    give_up = for_good or (now - mail.created_at >= GIVE_UP_AFTER and attempts >= FEWEST_TRIES)
    _mark(
        sessions, now, mail,
        state=MailState.GIVEN_UP if give_up else MailState.WAITING,
        attempts=attempts, last_problem=problem, not_before=now + pause_after(attempts),
    )  # fmt: skip
    return give_up


def pause_after(attempts: int) -> timedelta:
    """Give the pause before the next try: doubled each time up to two hours, and never the same for all."""
    doubled = timedelta(minutes=2 ** min(attempts - 1, 10))
    return min(doubled, LONGEST_PAUSE) * secrets.SystemRandom().uniform(0.7, 1.3)


_OUTCOME = {
    MailState.SENT: TryOutcome.SENT, MailState.WAITING: TryOutcome.PUT_OFF, MailState.GIVEN_UP: TryOutcome.GIVEN_UP
}  # fmt: skip


def _mark(sessions: sessionmaker[Session], now: datetime, mail: Claimed, **values: Any) -> None:
    """Write what became of a mail, unless its lease ended and another run has taken it. The try is kept anyway."""
    with writing(sessions, SCHEDULER) as session:
        session.execute(
            update(OutboxMail)
            .where(col(OutboxMail.id) == mail.id, col(OutboxMail.lease) == mail.lease)
            .values(lease=None, leased_until=None, **values)
            .execution_options(synchronize_session=False)
        )
        keep_tries(session, now, [mail.id], _OUTCOME[values["state"]], values["last_problem"] or "")


def _server_away(sessions: sessionmaker[Session], now: datetime, failure: TemporaryFailure) -> Sent:
    """Put everything that is due off for a little, and give up what is too old; no mail is blamed for it."""
    too_old = and_(
        col(OutboxMail.created_at) <= now - GIVE_UP_AFTER, col(OutboxMail.attempts) + 1 >= FEWEST_TRIES
    )  # fmt: skip
    with writing(sessions, SCHEDULER) as session:
        waiting = _ids(session, now)
        old = _ids(session, now, too_old)
        changed = session.execute(
            update(OutboxMail)
            .where(and_(*_due(now)))
            .values(
                attempts=OutboxMail.attempts + 1,
                last_problem=failure.message,
                not_before=now + pause_after(2),
                state=case((too_old, MailState.GIVEN_UP.value), else_=MailState.WAITING.value),
            )
            .execution_options(synchronize_session=False)
        )
        count = cast(CursorResult[Any], changed).rowcount
        keep_tries(session, now, old, TryOutcome.GIVEN_UP, failure.message)
        keep_tries(session, now, waiting - old, TryOutcome.PUT_OFF, failure.message)
    return Sent(retried=count - len(old), given_up=len(old), problem=failure.message)


def _ids(session: Session, now: datetime, *clauses: Any) -> set[int]:
    return {row.id for row in session.execute(select(col(OutboxMail.id)).where(*_due(now), *clauses)) if row.id}


def check_setting(settings: Settings) -> str:
    """Say in one line why no mail can leave, or an empty text where the setting can be used."""
    if not settings.smtp_url:
        return NO_SERVER
    try:
        parse_smtp_url(settings.smtp_url)
    except ConfigurationError as error:
        return error.message
    return ""


def why_no_mail(settings: Settings) -> str:
    """Say for everybody why no mail can leave, without the setting; an empty text where it can."""
    if not settings.smtp_url:
        return "no mail server is set"
    return "the setting of the mail server cannot be used" if check_setting(settings) else ""


__all__ = [
    "PermanentFailure", "Sent", "check_setting", "message_of", "pause_after", "send_over", "send_waiting",
    "why_no_mail",
]  # fmt: skip
