"""Answers that calendar programs mail to the mailbox of the invites: read in order, each once, kept or refused.

A mail can be written by anybody. So an answer counts only where its sender is the person invited and the receiving
server does not deny it; it is shown as “by e-mail”, and it never gives anybody access to anything.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.calendars.reply import CalendarReply, NotUnderstood, read_reply
from meetings_app.config import Settings
from meetings_app.db.session import reading, writing
from meetings_app.notices.imap_settings import parse_imap_url
from meetings_app.notices.mailbox import NOT_TRUSTED, MailboxAway, ReceivedMail, open_mailbox
from meetings_app.notices.reply_message import Proof, ReplyMessage, read_message
from meetings_app.permissions import SCHEDULER
from meetings_app.schedule.answering import Answer, give_answer, is_open
from meetings_app.schedule.models import MailOutcome, Meeting, MeetingMember, Reply, ReplyMail, ReplySource

log = logging.getLogger("meetings.replies")

AT_ONCE = 100
_REPLIES = {
    "ACCEPTED": Reply.ACCEPTED, "TENTATIVE": Reply.TENTATIVE, "DECLINED": Reply.DECLINED, "DELEGATED": Reply.DEPUTY,
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """What one look into the mailbox did; `problem` says why it could not be read."""

    read: int = 0
    recorded: int = 0
    problem: str = ""


def read_replies(sessions: sessionmaker[Session], settings: Settings, now: datetime) -> Read:
    """Read the mails that came since the last look, each in a transaction of its own.

    Without `MEETINGS_IMAP_URL` nothing is read. Raises `ConfigurationError` for a setting that cannot be read.
    """
    if not settings.imap_url:
        return Read()
    imap = parse_imap_url(settings.imap_url)
    count = recorded = 0
    try:
        with open_mailbox(imap) as box:
            for uid in box.after(_last_read(sessions, box.validity), AT_ONCE):
                mail = box.read(uid) or ReceivedMail(uid, None)
                outcome = _keep(sessions, now, box.validity, mail, imap.checked_by)
                count += 1
                recorded += outcome is MailOutcome.RECORDED
    except MailboxAway as away:
        if away.message.endswith(NOT_TRUSTED):
            log.warning("the mailbox of the replies was not read: the certificate of its server is not trusted")
        else:
            log.warning("the mailbox of the replies could not be read")
        return Read(count, recorded, str(away))
    return Read(count, recorded)


def _last_read(sessions: sessionmaker[Session], validity: int) -> int:
    with reading(sessions, SCHEDULER) as session:
        return (
            session.scalars(select(func.max(col(ReplyMail.uid))).where(col(ReplyMail.validity) == validity)).one() or 0
        )


def _keep(
    sessions: sessionmaker[Session], now: datetime, validity: int, mail: ReceivedMail, checked_by: str
) -> MailOutcome | None:
    """Keep what one mail says, once: a second copy, or a second process, changes nothing."""
    if mail.content is None:
        message = ReplyMessage("", Proof.NOTHING_SAID, None, f"{validity}:{mail.uid}")
    else:
        message = read_message(mail.content, checked_by)
    with writing(sessions, SCHEDULER) as session:
        place = {"validity": validity, "uid": mail.uid}
        kept = _row(session, now, message.key, place) or _row(session, now, f"{validity}:{mail.uid}", place)
        if kept is None:
            return None
        row = session.get_one(ReplyMail, kept)
        if row.message_key == message.key:
            _settle(session, now, row, message, must_be_proved=bool(checked_by))
        return row.outcome


def _row(session: Session, now: datetime, key: str, place: dict[str, int]) -> int | None:
    """Write the row of a mail, or None where it is there already. A second copy has a row by its place alone."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    written = dialect.insert(ReplyMail).values(message_key=key, read_at=now, outcome=MailOutcome.NO_ANSWER, **place)
    found: int | None = session.scalars(written.on_conflict_do_nothing().returning(col(ReplyMail.id))).first()
    return found


def _settle(session: Session, now: datetime, row: ReplyMail, message: ReplyMessage, *, must_be_proved: bool) -> None:
    if message.calendar is None:
        return
    try:
        reply = read_reply(message.calendar)
    except NotUnderstood:
        row.outcome = MailOutcome.NOT_UNDERSTOOD
        return
    meeting = session.scalars(select(Meeting).where(col(Meeting.calendar_uid) == reply.uid)).first()
    account = _account(session, reply.attendee)
    row.meeting_id = meeting.key if meeting else None
    row.account_id = account.key if account else None
    row.outcome = _judged(session, now, reply, message, meeting, account, must_be_proved)
    if row.outcome is not MailOutcome.RECORDED:
        record(
            session, SCHEDULER, now, EventKind.REPLY_MAIL_REFUSED, outcome=row.outcome.value,
            meeting=meeting.reference if meeting else "no meeting",
        )  # fmt: skip


def _judged(
    session: Session, now: datetime, reply: CalendarReply, message: ReplyMessage, meeting: Meeting | None,
    account: Account | None, must_be_proved: bool,
) -> MailOutcome:  # fmt: skip
    if meeting is None:
        return MailOutcome.NO_SUCH_MEETING
    if message.sender != reply.attendee:
        return MailOutcome.OTHER_SENDER
    if message.proof is Proof.REFUTED or (must_be_proved and message.proof is not Proof.VERIFIED):
        return MailOutcome.NOT_PROVED
    member = _member(session, meeting, account)
    if member is None:
        return MailOutcome.NOT_INVITED
    if reply.is_counter:
        return MailOutcome.OTHER_TIME
    if not is_open(meeting, now):
        return MailOutcome.TOO_LATE
    kept = give_answer(session, SCHEDULER, now, meeting, member, _answer(session, now, reply, meeting))
    return MailOutcome.RECORDED if kept else MailOutcome.OUTDATED


def _answer(session: Session, now: datetime, reply: CalendarReply, meeting: Meeting) -> Answer:
    """Give the answer; a number or a time that is yet to come would stand in the way of the next one."""
    stand_in = _account(session, reply.deputy) if reply.deputy else None
    return Answer(
        _REPLIES[reply.answer], ReplySource.MAIL, min(reply.said_at, now),
        min(reply.sequence, meeting.calendar_sequence),
        deputy_name=stand_in.name if stand_in else reply.deputy or "not named",
    )  # fmt: skip


def _account(session: Session, address: str) -> Account | None:
    statement: Any = select(Account).where(
        func.lower(col(Account.email)) == address, col(Account.state) != AccountState.DISABLED
    )
    found: Account | None = session.scalars(statement).first()
    return found


def _member(session: Session, meeting: Meeting, account: Account | None) -> MeetingMember | None:
    if account is None:
        return None
    return session.scalars(
        select(MeetingMember).where(
            col(MeetingMember.meeting_id) == meeting.key, col(MeetingMember.account_id) == account.key,
            col(MeetingMember.removed_at).is_(None),
        )
    ).first()  # fmt: skip
