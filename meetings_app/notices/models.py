"""Table of the outbox: mail leaves only after the change that caused it is saved."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.db.columns import Table, enum_type


class MailState(StrEnum):
    """What happened to a mail so far."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"
    SUPERSEDED = "superseded"


_WAITING = sa.text("state = 'waiting'")


class TryOutcome(StrEnum):
    """What came of a try to send a mail, or that a person sent it again."""

    SENT = "sent"
    PUT_OFF = "put_off"
    GIVEN_UP = "given_up"
    SENT_AGAIN = "sent_again"


class OutboxMail(Table, table=True):
    """One mail to one person. `dedupe_key` makes a retried job add nothing; the Message-ID comes from it.

    Mails with the same `order_key` leave in the order they were written, so that a cancellation never
    overtakes its request.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        sa.Index(None, "not_before", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        sa.Index(None, "order_key", "id"),
    )
    dedupe_key: str = Field(unique=True)
    message_id: str = Field(unique=True)
    order_key: str
    kind: str
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    recipient_address: str
    recipient_name: str
    subject: str
    body: str
    invite: str | None = None
    method: str | None = None
    meeting_reference: str | None = Field(default=None, index=True)
    state: MailState = Field(default=MailState.WAITING, sa_type=enum_type(MailState, "state"))
    created_at: datetime
    not_before: datetime
    leased_until: datetime | None = None
    lease: str | None = None
    attempts: int = 0
    last_problem: str | None = None
    sent_at: datetime | None = None


class MailTry(Table, table=True):
    """What happened to a mail, one row for as long as the same happened again: a server that is away for days is one.

    `problem` is a phase and an answer code in our own words, never what a server said: that may quote an address.
    """

    __tablename__ = "mail_try"
    __table_args__ = (sa.Index(None, "mail_id", "id"),)
    mail_id: int = Field(foreign_key="outbox_mail.id")
    outcome: TryOutcome = Field(sa_type=enum_type(TryOutcome, "outcome"))
    problem: str = ""
    times: int = 1
    first_at: datetime
    last_at: datetime
