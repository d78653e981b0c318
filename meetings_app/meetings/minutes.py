"""Minutes: made from the facts when a meeting closes, draft until both chairs have signed, then locked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency
from meetings_app.meetings.minutes_facts import digest_of, facts_of
from meetings_app.meetings.minutes_updates import updates_of
from meetings_app.meetings.models import Minutes
from meetings_app.ratings.levels import RiskRating
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office


def make_minutes(
    session: Session,
    now: datetime,
    office: Office,
    meeting: Meeting,
    before: Mapping[int, RiskRating | None],
    *,
    quorate: bool,
    no_attendance: str = "",
    passed: Mapping[str, Any],
) -> Minutes:
    """Make the first version of the minutes of a meeting that closes now; `before` is that of `facts_of`.

    `no_attendance` is why nobody’s attendance is recorded, empty where somebody’s is, `passed` what it was
    closed in spite of (`minutes_passed`).
    """
    facts = facts_of(session, office, meeting, before, quorate=quorate)
    facts |= {"updates": updates_of(session, meeting), "no_attendance": no_attendance, **passed}
    return add_version(session, now, meeting.key, 1, facts)


def add_version(session: Session, now: datetime, meeting_id: int, number: int, facts: dict[str, Any]) -> Minutes:
    """Add a version of the minutes with the digest of its facts."""
    minutes = Minutes(meeting_id=meeting_id, number=number, made_at=now, facts=facts, sha256=digest_of(facts))
    session.add(minutes)
    session.flush()
    return minutes


def latest_minutes(session: Session, meeting_id: int) -> Minutes | None:
    """Give the latest version of a meeting's minutes, or None before the meeting is closed."""
    return session.scalars(
        select(Minutes).where(col(Minutes.meeting_id) == meeting_id).order_by(col(Minutes.number).desc()).limit(1)
    ).first()


def minutes_that_hold(session: Session, meeting_id: int) -> Minutes | None:
    """Give the last version that both chairs have signed, or before that the newest; None before the meeting closes."""
    return session.scalars(
        select(Minutes)
        .where(col(Minutes.meeting_id) == meeting_id)
        .order_by(col(Minutes.second_signed_at).is_(None), col(Minutes.number).desc())
        .limit(1)
    ).first()


def numbers_of(session: Session, meeting_id: int) -> list[int]:
    """Give the numbers of the versions of a meeting's minutes, in order."""
    return list(
        session.scalars(
            select(col(Minutes.number)).where(col(Minutes.meeting_id) == meeting_id).order_by(col(Minutes.number))
        )
    )


def locked_numbers(session: Session, meeting_id: int) -> list[int]:
    """Give the numbers of the versions that both chairs have signed, in order."""
    return list(
        session.scalars(
            select(col(Minutes.number))
            .where(col(Minutes.meeting_id) == meeting_id, col(Minutes.second_signed_at).is_not(None))
            .order_by(col(Minutes.number))
        )
    )


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
