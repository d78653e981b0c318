"""Answers to invites: accept, decline, send a deputy. An answer changes who is expected, and never who may see what.

The newest answer counts, by the time at which it was given. An answer to a date or time that is no longer true counts
for nothing: `MeetingMember.reply_sequence` is the number of the change since which everybody is asked.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import at_london, end_of
from meetings_app.db.session import unscoped
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting, MeetingMember, MeetingState, Reply, ReplySource

OPEN = (MeetingState.ANNOUNCED, MeetingState.PUBLISHED, MeetingState.IN_PROGRESS)
"""States of a meeting whose invite can be answered."""


@dataclass(frozen=True)
class Answer:
    """What somebody answered; `sequence` is the number of the change that it answers."""

    reply: Reply
    source: ReplySource
    said_at: datetime
    sequence: int
    deputy_id: int | None = None
    deputy_name: str = ""


def is_open(meeting: Meeting, now: datetime) -> bool:
    """Say whether the invite to a meeting can be answered: from announcing until the meeting ends (our default)."""
    ends = end_of(at_london(meeting.held_on, meeting.start_time), meeting.minutes)
    return meeting.state in OPEN and now < ends


def give_answer(
    session: Session, by: Actor, now: datetime, meeting: Meeting, member: MeetingMember, answer: Answer
) -> bool:
    """Keep what an invited person answered; False where a newer answer is kept already.

    Raises `DomainError` once the meeting is over and for who is not invited any more, `RuleBroken` for `deputy_name`.
    """
    if not is_open(meeting, now) or member.removed_at is not None:
        raise DomainError("This invite cannot be answered any more.")
    if answer.reply is Reply.DEPUTY and not (answer.deputy_id or answer.deputy_name.strip()):
        raise RuleBroken("deputy_name", "Enter the name of your deputy")
    if _is_older(answer, member):
        return False
    member.reply, member.reply_source = answer.reply, answer.source
    member.replied_at = answer.said_at
    sends_deputy = answer.reply is Reply.DEPUTY
    member.deputy_id = answer.deputy_id if sends_deputy else None
    member.deputy_name = answer.deputy_name.strip() if sends_deputy else ""
    session.flush()
    record(
        session, by, now, EventKind.INVITE_ANSWERED, meeting=meeting.reference, account=member.account_id,
        answer=answer.reply.value, source=answer.source.value,
    )  # fmt: skip
    return True


def forget_answers(session: Session, meeting: Meeting) -> None:
    """Ask everybody anew, because the meeting has another date or time; answers to the old one come too late."""
    session.execute(
        update(MeetingMember)
        .where(col(MeetingMember.meeting_id) == meeting.key)
        .values(
            reply=Reply.NONE, reply_source=ReplySource.NONE, reply_sequence=meeting.calendar_sequence,
            replied_at=None, deputy_id=None, deputy_name="",
        )
        .execution_options(synchronize_session="fetch")
    )  # fmt: skip


def member_and_meeting(session: Session, member_id: int) -> tuple[MeetingMember, Meeting] | None:
    """Give a place at a meeting, and the meeting, for a link that is open to whoever holds it."""
    # Read past the scope: whoever answers has not signed in, and is shown reference, date and time alone.
    found: Any = session.execute(
        select(MeetingMember, Meeting)
        .join(Meeting, col(Meeting.id) == col(MeetingMember.meeting_id))
        .join(Account, col(Account.id) == col(MeetingMember.account_id))
        .where(
            col(MeetingMember.id) == member_id,
            col(MeetingMember.removed_at).is_(None),
            col(Account.state) != AccountState.DISABLED,
        )
        .execution_options(**unscoped())
    ).first()
    return (found[0], found[1]) if found else None


def own_place(session: Session, by: Actor, meeting: Meeting) -> MeetingMember | None:
    """Give a person's own place at a meeting, or None for who is not invited."""
    return session.scalars(
        select(MeetingMember).where(
            col(MeetingMember.meeting_id) == meeting.key,
            col(MeetingMember.account_id) == by.account_id,
            col(MeetingMember.removed_at).is_(None),
        )
    ).first()


def _is_older(answer: Answer, member: MeetingMember) -> bool:
    if answer.sequence < member.reply_sequence:
        return True
    return member.replied_at is not None and answer.said_at < member.replied_at
