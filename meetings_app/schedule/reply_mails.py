"""Mails to the mailbox of the replies that are no plain answer: who arranges the meeting looks at each and says so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.permissions import Actor
from meetings_app.schedule.models import MailOutcome, Meeting, ReplyMail

NEED_A_LOOK = {
    MailOutcome.OTHER_SENDER: "Sent from another address than that of the person it answers for",
    MailOutcome.NOT_PROVED: "The mail server does not vouch for its sender",
    MailOutcome.NOT_INVITED: "From somebody who is not invited",
    MailOutcome.NO_SUCH_MEETING: "About a meeting that this service does not have",
    MailOutcome.OTHER_TIME: "Proposes another time",
    MailOutcome.NOT_UNDERSTOOD: "A calendar entry that is no answer",
    MailOutcome.TOO_LATE: "Came after the meeting, or after it was cancelled",
}
"""What no answer was taken from, in words."""


@dataclass(frozen=True)
class OpenMail:
    """One mail that nobody has looked at yet; `meeting` and `person` are empty where it names none."""

    id: int
    read_at: datetime
    why: str
    meeting: str
    person: str


def open_mails(session: Session, limit: int = 200) -> list[OpenMail]:
    """Give the mails to look at about the meetings that the person arranges, and those that name none; newest first."""
    statement: Any = (
        select(
            col(ReplyMail.id), col(ReplyMail.read_at), col(ReplyMail.outcome), col(Meeting.reference),
            col(Account.name),
        )
        .outerjoin(Meeting, col(Meeting.id) == col(ReplyMail.meeting_id))
        .outerjoin(Account, col(Account.id) == col(ReplyMail.account_id))
        .where(col(ReplyMail.settled_at).is_(None), col(ReplyMail.outcome).in_(NEED_A_LOOK))
        .order_by(col(ReplyMail.id).desc())
        .limit(limit)
    )  # fmt: skip
    return [
        OpenMail(row.id, row.read_at, NEED_A_LOOK[row.outcome], row.reference or "", row.name or "")
        for row in session.execute(statement)
    ]


def count_open(session: Session, meeting_id: int) -> int:
    """Say how many mails about one meeting nobody has looked at yet."""
    statement = select(func.count()).where(
        col(ReplyMail.meeting_id) == meeting_id, col(ReplyMail.settled_at).is_(None),
        col(ReplyMail.outcome).in_(NEED_A_LOOK),
    )  # fmt: skip
    return session.scalars(statement).one()


def find_open(session: Session, mail_id: int) -> ReplyMail | None:
    """Give one mail that needs a look, where the person may see it."""
    return session.scalars(
        select(ReplyMail).where(
            col(ReplyMail.id) == mail_id, col(ReplyMail.settled_at).is_(None),
            col(ReplyMail.outcome).in_(NEED_A_LOOK),
        )
    ).first()  # fmt: skip


def settle(session: Session, by: Actor, now: datetime, mail: ReplyMail) -> None:
    """Record that somebody looked at the mail itself; the answer is then set on the page, or by the person."""
    mail.settled_at = now
    meeting = session.get(Meeting, mail.meeting_id) if mail.meeting_id is not None else None
    record(
        session, by, now, EventKind.REPLY_MAIL_SETTLED, meeting=meeting.reference if meeting else "no meeting"
    )  # fmt: skip
