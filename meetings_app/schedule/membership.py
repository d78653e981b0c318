"""Who is invited to a meeting: people added and removed one by one, each told alone."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, RoleGrant
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.errors import DomainError
from meetings_app.permissions import Actor
from meetings_app.schedule import invites
from meetings_app.schedule.checks import check_may
from meetings_app.schedule.models import Meeting, MeetingMember, MeetingState
from meetings_app.schedule.office import Office


def add_member(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, person: Account) -> None:
    """Invite one more person; nobody else hears of it. Raises `DomainError` for somebody invited already."""
    check_may(by, meeting)
    _check_members_may_change(meeting)
    there = _member(session, meeting, person)
    if there is not None and there.removed_at is None:
        raise DomainError("This person is invited already.")
    _invite(session, by, now, office, meeting, person)


def invite_deputy(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, person: Account
) -> None:
    """Invite the deputy whom a member sends, where they are not invited already.

    The coordinator has named who may be sent (`schedule.deputies`), so the member need not be one who arranges.
    """
    there = _member(session, meeting, person)
    if there is None or there.removed_at is not None:
        _invite(session, by, now, office, meeting, person)


def _invite(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, person: Account) -> None:
    there = _member(session, meeting, person)
    if there is not None:
        # The calendar took a cancellation, so it listens only to a higher number.
        there.removed_at, there.invited_at = None, now
        count_change(session, now, meeting)
    else:
        session.add(MeetingMember(meeting_id=meeting.key, account_id=person.key, invited_at=now))
    session.flush()
    invites.queue_request(session, now, office, meeting, person)
    record(
        session, by, now, EventKind.MEETING_MEMBERS_CHANGED, meeting=meeting.reference, change="invited",
        account=person.key,
    )  # fmt: skip


def remove_member(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, person: Account
) -> None:
    """Take one person's invite back; they alone get a cancellation. Raises `DomainError` for who is not invited."""
    check_may(by, meeting)
    _check_members_may_change(meeting)
    there = _member(session, meeting, person)
    if there is None or there.removed_at is not None:
        raise DomainError("This person is not invited.")
    _take_back(session, by, now, office, meeting, person, there)


def _take_back(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, person: Account, there: MeetingMember
) -> None:
    there.removed_at = now
    count_change(session, now, meeting)
    invites.queue_cancellation(session, now, office, meeting, person)
    record(
        session, by, now, EventKind.MEETING_MEMBERS_CHANGED, meeting=meeting.reference, change="removed",
        account=person.key,
    )  # fmt: skip


def withdraw_invitations(session: Session, by: Actor, now: datetime, office: Office, person: Account) -> int:
    """Take back the invites to meetings ahead that the person has no place at any more; gives how many.

    That is every one where the account is disabled, else those of areas in which no role is left. To be called past
    the actor's scope, after the account changed: it follows from that, whoever arranges the meetings.
    """
    grants = session.scalars(
        select(col(RoleGrant.area_id)).where(
            col(RoleGrant.account_id) == person.key, col(RoleGrant.ended_at).is_(None)
        )
    ).all()  # fmt: skip
    ahead = session.execute(
        select(Meeting, MeetingMember)
        .join(MeetingMember, col(MeetingMember.meeting_id) == col(Meeting.id))
        .where(
            col(MeetingMember.account_id) == person.key, col(MeetingMember.removed_at).is_(None),
            col(Meeting.state).in_((MeetingState.ANNOUNCED, MeetingState.PUBLISHED)),
            col(Meeting.held_on) >= london_date(now),
        )
        .order_by(col(Meeting.held_on), col(Meeting.id))
    ).all()  # fmt: skip
    withdrawn = 0
    for meeting, there in ahead:
        place = bool(grants) if meeting.area_id is None else None in grants or meeting.area_id in grants
        keeps = place and person.state is not AccountState.DISABLED
        if not keeps:
            _take_back(session, by, now, office, meeting, person, there)
            withdrawn += 1
    return withdrawn


def count_change(session: Session, now: datetime, meeting: Meeting) -> None:
    """Count the change, so that calendars take the next message for newer than the last."""
    meeting.calendar_sequence += 1
    meeting.calendar_changed_at = now
    session.flush()


def _check_members_may_change(meeting: Meeting) -> None:
    if meeting.state not in (MeetingState.ANNOUNCED, MeetingState.PUBLISHED):
        raise DomainError("People can be invited once the meeting is announced and until it begins.")


def _member(session: Session, meeting: Meeting, person: Account) -> MeetingMember | None:
    return session.scalars(
        select(MeetingMember).where(
            col(MeetingMember.meeting_id) == meeting.key, col(MeetingMember.account_id) == person.key
        )
    ).first()
