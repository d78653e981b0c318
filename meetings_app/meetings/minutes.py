"""Minutes: made from the facts when a meeting closes, draft until both chairs have signed, then locked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import DomainError, NotFound
from meetings_app.meetings.minutes_facts import digest_of, facts_of
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.publishing import lock
from meetings_app.permissions import Actor, Permission
from meetings_app.ratings.levels import RiskRating
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.office import Office
from meetings_app.schedule.rules import check_move


def make_minutes(
    session: Session,
    now: datetime,
    office: Office,
    meeting: Meeting,
    before: Mapping[int, RiskRating | None],
    *,
    quorate: bool,
) -> Minutes:
    """Make the first version of the minutes of a meeting that closes now; `before` is that of `facts_of`."""
    facts = facts_of(session, office, meeting, before, quorate=quorate)
    minutes = Minutes(meeting_id=meeting.key, number=1, made_at=now, facts=facts, sha256=digest_of(facts))
    session.add(minutes)
    session.flush()
    return minutes


def latest_minutes(session: Session, meeting_id: int) -> Minutes | None:
    """Give the latest version of a meeting's minutes, or None before the meeting is closed."""
    return session.scalars(
        select(Minutes).where(col(Minutes.meeting_id) == meeting_id).order_by(col(Minutes.number).desc()).limit(1)
    ).first()


def sign_minutes(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, number: int) -> Minutes:
    """Sign the latest version; with the second signature it is locked and the meeting signed.

    The two chairs are two different people, one of each chairing agency. Raises `DomainError` where the version is not
    the latest any more or the person or the agency has signed, `NotFound` for whoever is no chair of the area.
    """
    agency = session.scalars(select(Agency).where(col(Agency.id) == by.agency_id)).first()
    chairs = agency is not None and agency.code in office.partnership.rmm.chairing_agencies
    if meeting.area_id is None or by.account_id is None or not chairs:
        raise NotFound
    if not by.may(Permission.SIGN_MINUTES, meeting.area_id):
        raise NotFound
    lock(session, meeting)
    minutes = latest_minutes(session, meeting.key)
    if minutes is None or meeting.state is not MeetingState.CLOSED:
        raise DomainError("These minutes cannot be signed now.")
    session.refresh(minutes)
    if minutes.number != number:
        raise DomainError("There is a newer version of these minutes. Read it before you sign.")
    if digest_of(minutes.facts) != minutes.sha256:
        raise DomainError("These minutes are not as they were recorded. Tell whoever runs the service.")
    if minutes.first_signed_at is None:
        minutes.first_chair_id, minutes.first_signed_at = by.account_id, now
    else:
        _check_second(session, by, minutes)
        minutes.second_chair_id, minutes.second_signed_at = by.account_id, now
        check_move(meeting.state, MeetingState.SIGNED)
        meeting.state, meeting.signed_at = MeetingState.SIGNED, now
    session.flush()
    record(session, by, now, EventKind.MINUTES_SIGNED, meeting=meeting.reference, version=minutes.number)
    return minutes


def signatures_of(session: Session, minutes: Minutes) -> list[Any]:
    """Give the signatures made so far: name, agency and moment, in order."""
    made = [
        (minutes.first_chair_id, minutes.first_signed_at), (minutes.second_chair_id, minutes.second_signed_at)
    ]  # fmt: skip
    return signed_by(session, made)


def signed_by(session: Session, made: list[tuple[int | None, datetime | None]]) -> list[Any]:
    """Give name, agency and moment for each signature that was made."""
    ids = [account_id for account_id, _at in made if account_id is not None]
    rows: Any = session.execute(
        select(col(Account.id), col(Account.name), col(Agency.name).label("agency"))
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .where(col(Account.id).in_(ids))
    )
    people = {row.id: row for row in rows}
    return [
        (people[account_id].name, people[account_id].agency, at)
        for account_id, at in made
        if account_id in people and at is not None
    ]


def _check_second(session: Session, by: Actor, minutes: Minutes) -> None:
    if minutes.first_chair_id == by.account_id:
        raise DomainError("You have signed these minutes. The other chair signs as well.")
    if session.get_one(Account, minutes.first_chair_id).agency_id == by.agency_id:
        raise DomainError("The second signature is that of the chair of the other agency.")
