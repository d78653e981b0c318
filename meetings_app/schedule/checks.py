"""What must hold before the schedule changes: who may, when, and one meeting of an area a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Area
from meetings_app.clock import london_date
from meetings_app.db.session import unscoped
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.permissions import PERMISSIONS, Actor, Permission
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.text import day_in_words

LONGEST_MEETING = 600
"""In minutes: as long as `agendas/` allows."""


@dataclass(frozen=True)
class Arrangement:
    """When and where a meeting is: wall clock in Europe/London, its length in minutes, place and link may be empty."""

    start_time: time
    minutes: int
    place: str = ""
    joining_link: str = ""


def may_arrange(by: Actor, area_id: int | None) -> bool:
    """Say whether a person may arrange the RMMs of an area, or the network meeting, which has none.

    The network meeting is arranged by its chair, who is of the police, and by coordinators of the whole county.
    """
    if area_id is not None:
        return by.may(Permission.ARRANGE_RMMS, area_id)
    return by.may(Permission.DECIDE_NETWORKS) or any(
        grant.area_id is None and Permission.ARRANGE_RMMS in PERMISSIONS[grant.role] for grant in by.grants
    )


def check_area(by: Actor, kind: MeetingType, area_id: int | None) -> None:
    """Raise unless the person may arrange this type of meeting here: `RuleBroken` for `area`, `NotFound`."""
    if (kind is MeetingType.RMM) != (area_id is not None):
        raise RuleBroken("area", "Choose an area for an RMM; a network meeting has none")
    if not may_arrange(by, area_id):
        raise NotFound


def check_may(by: Actor, meeting: Meeting) -> None:
    """Raise `NotFound` unless the person may arrange this meeting."""
    if not may_arrange(by, meeting.area_id):
        raise NotFound


def check_arrangement(arrangement: Arrangement) -> None:
    """Raise `RuleBroken` for a length that no meeting has."""
    if not 1 <= arrangement.minutes <= LONGEST_MEETING:
        raise RuleBroken("minutes", f"The length must be between 1 and {LONGEST_MEETING} minutes")


def check_day(office: Office, held_on: date, now: datetime) -> None:
    """Raise `RuleBroken` for a day in the past or one on which nobody works."""
    if held_on < london_date(now):
        raise RuleBroken("held_on", "The date of the meeting must be today or in the future")
    closed = office.calendar.why_not_working(held_on)
    if closed:
        raise RuleBroken("held_on", f"Choose a working day: {day_in_words(held_on)} is not one ({closed})")


def check_version(meeting: Meeting, version: int) -> None:
    """Raise `Conflict` where somebody else saved since the page was opened."""
    if meeting.version != version:
        raise Conflict("Somebody else changed this meeting while your page was open. Look at it again.")


def lock(session: Session, meeting: Meeting) -> None:
    """Let one person at a time change a meeting, and read what the one before left.

    Whoever only points to the meeting does not wait, so that tying a review never waits for who waits for it.
    """
    statement = select(col(Meeting.id)).where(col(Meeting.id) == meeting.key)
    session.execute(statement.with_for_update(key_share=True)).all()
    session.refresh(meeting)


def lock_dates(session: Session, area_id: int | None) -> None:
    """Let one person at a time change the dates of an area (of the county where there is none)."""
    statement = select(col(Area.id)).order_by(col(Area.id)).with_for_update(key_share=True)
    session.execute(statement if area_id is None else statement.where(col(Area.id) == area_id)).all()


def taken_dates(session: Session, kind: MeetingType, area_id: int | None) -> dict[date, str]:
    """Give the dates of an area on which a meeting stands, each with its reference."""
    # Read past the actor's scope: a date is taken whoever may see the meeting.
    area = col(Meeting.area_id).is_(None) if area_id is None else col(Meeting.area_id) == area_id
    rows = session.execute(
        select(col(Meeting.held_on), col(Meeting.reference))
        .where(col(Meeting.type) == kind, area, col(Meeting.state) != MeetingState.CANCELLED)
        .execution_options(**unscoped())
    )
    return {row.held_on: row.reference for row in rows}


def refuse_taken(
    session: Session, kind: MeetingType, area_id: int | None, dates: Sequence[date], field: str = "start"
) -> None:
    """Raise `RuleBroken` for the first of `dates` on which the area has a meeting, or that stands there twice."""
    taken = taken_dates(session, kind, area_id)
    for day in dates:
        if day in taken:
            raise RuleBroken(field, f"There is a meeting on {day_in_words(day)} already: {taken[day]}")
        taken[day] = "twice in this series"
