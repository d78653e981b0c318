"""Writes mail into the outbox, in the transaction of the change that causes it. Nothing is sent here."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.notices.message import InviteMethod
from meetings_app.notices.models import MailState, OutboxMail
from meetings_app.notices.templates import NoticeKind, render_notice
from meetings_app.resources import folder

SERVICE_NAME = "Risk Management Meetings"


def queue(
    session: Session,
    now: datetime,
    *,
    kind: NoticeKind,
    recipient: Account,
    dedupe_key: str,
    order_key: str,
    values: Mapping[str, str | int],
    invite: bytes | None = None,
    method: InviteMethod | None = None,
    meeting_reference: str | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Write one mail to one person into the outbox; False where the same `dedupe_key` is in it already.

    `values` are those of the notice (`notices.templates`); `link` among them names the host of the service, and
    `service_name` need not be given. Mails with the same `order_key` leave in the order in which they are queued,
    and none before `not_before`.
    """
    subject, body = render_notice(kind, folder("templates") / "emails", **{"service_name": SERVICE_NAME, **values})
    host = urlsplit(str(values["link"])).hostname or "localhost"
    written = session.execute(
        _insert(session).values(
            dedupe_key=dedupe_key, message_id=message_id_for(dedupe_key, host), order_key=order_key, kind=kind.value,
            account_id=recipient.key, recipient_address=recipient.email, recipient_name=recipient.name,
            subject=subject, body=body, invite=invite.decode() if invite is not None else None, method=method,
            meeting_reference=meeting_reference, state=MailState.WAITING, created_at=now,
            not_before=not_before or now, attempts=0,
        ).returning(col(OutboxMail.id))
    ).first()  # fmt: skip
    return written is not None


def message_id_for(dedupe_key: str, host: str) -> str:
    """Give the Message-ID of a mail: made from its key, so that every copy of it carries the same one."""
    digest = hashlib.sha256(dedupe_key.encode()).hexdigest()[:32]
    return f"<{digest}@{host}>"


def mail_reference(message_id: str) -> str:
    """Give what pages and the trail call a mail: the part of its Message-ID before the @."""
    return message_id[1:].split("@")[0]


def _insert(session: Session) -> Insert:
    """Give an insert that does nothing where the key is there already, whoever wrote it."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(OutboxMail).on_conflict_do_nothing(index_elements=["dedupe_key"])
    return sqlite.insert(OutboxMail).on_conflict_do_nothing(index_elements=["dedupe_key"])
