"""A person's own calendar address: made, taken back, and what a calendar program reads there. References only."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.gate import hash_of
from meetings_app.accounts.models import Account, AccountState
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.calendars.event import feed
from meetings_app.clock import london_date
from meetings_app.db.session import unscoped
from meetings_app.errors import DomainError
from meetings_app.notices.service import SERVICE_NAME
from meetings_app.permissions import Actor
from meetings_app.schedule.invites import event_of
from meetings_app.schedule.models import CalendarFeed, Meeting, MeetingMember, MeetingState
from meetings_app.schedule.office import Office

LOOKS_BACK = timedelta(days=90)
"""Our default: how long a meeting that was held stays in the calendar."""


def present_feed(session: Session, by: Actor) -> CalendarFeed | None:
    """Give a person's own address where they have one."""
    return session.scalars(
        select(CalendarFeed).where(
            col(CalendarFeed.account_id) == by.account_id, col(CalendarFeed.revoked_at).is_(None)
        )
    ).first()


def make_feed(session: Session, by: Actor, now: datetime) -> str:
    """Give a person a new address and let the old one go; gives its token, which is kept nowhere."""
    if by.account_id is None:
        raise DomainError("Only a person has a calendar.")
    old, token = present_feed(session, by), secrets.token_urlsafe(32)
    if old is not None:
        old.revoked_at = now
    session.add(CalendarFeed(account_id=by.account_id, token_hash=hash_of(token), created_at=now))
    record(session, by, now, EventKind.CALENDAR_FEED_CHANGED, change="made")
    return token


def revoke_feed(session: Session, by: Actor, now: datetime) -> None:
    """Let a person's address show nothing any more. Raises `DomainError` where there is none."""
    old = present_feed(session, by)
    if old is None:
        raise DomainError("You have no calendar address.")
    old.revoked_at = now
    record(session, by, now, EventKind.CALENDAR_FEED_CHANGED, change="taken back")


def account_of_feed(session: Session, token: str) -> int | None:
    """Give whose calendar an address shows, or None for an address that shows none (any more)."""
    # Read past the scope: a calendar program does not sign in, and its address is the proof.
    statement = (
        select(col(CalendarFeed.account_id))
        .join(Account, col(Account.id) == col(CalendarFeed.account_id))
        .where(
            col(CalendarFeed.token_hash) == hash_of(token),
            col(CalendarFeed.revoked_at).is_(None),
            col(Account.state) == AccountState.ACTIVE,
        )
        .execution_options(**unscoped())
    )
    return session.scalars(statement).first()


def calendar_for(session: Session, account_id: int, now: datetime, office: Office) -> bytes:
    """Give the meetings to which a person is invited, as a calendar; a meeting that is off says so."""
    statement: Any = (
        select(Meeting)
        .join(MeetingMember, col(MeetingMember.meeting_id) == col(Meeting.id))
        .where(
            col(MeetingMember.account_id) == account_id,
            col(MeetingMember.removed_at).is_(None),
            col(Meeting.state) != MeetingState.PLANNED,
            col(Meeting.held_on) >= london_date(now) - LOOKS_BACK,
        )
        .order_by(col(Meeting.held_on), col(Meeting.id))
        .execution_options(**unscoped())
    )
    meetings = list(session.scalars(statement))
    off = {meeting.calendar_uid for meeting in meetings if meeting.state is MeetingState.CANCELLED}
    return feed([event_of(meeting, office) for meeting in meetings], SERVICE_NAME, cancelled=off)
