"""Arranging meetings, with what follows from it: reviews tied to their new meetings, in the same transaction.

Everything here also writes the invites into the outbox (`schedule.service`). Pages, commands, jobs and the demo
county call this module. A planned meeting mails nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.clock import london_date
from meetings_app.cse_list.homing import Rehomed, rehome_area
from meetings_app.errors import RuleBroken
from meetings_app.meetings.recorded import is_anything_recorded
from meetings_app.permissions import Actor
from meetings_app.schedule import queries, service
from meetings_app.schedule.checks import lock, lock_dates
from meetings_app.schedule.models import Meeting, MeetingSeries, MeetingState, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.schedule.role_members import follow_roles
from meetings_app.schedule.service import Arrangement


@dataclass(frozen=True)
class Arranged:
    """A meeting that was changed, and the reviews that found another meeting by it."""

    meeting: Meeting
    rehomed: list[Rehomed]


def create_series(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    *,
    kind: MeetingType,
    area_id: int | None,
    start: date,
    count: int | None = None,
    arrangement: Arrangement | None = None,
) -> list[Meeting]:
    """Make a series from `start`, announce its meetings up to the horizon, and give every review its meeting.

    Without `count` it stands as far ahead as `agendas/` says (a year), without `arrangement` it has the time and
    length given there. Meetings beyond the horizon stay planned; a daily job announces them. Raises `RuleBroken`.
    """
    dates = service.plan_series(office, kind, start, count, london_date(now))
    meetings = service.create_series(
        session, by, now, office, kind=kind, area_id=area_id, dates=dates,
        arrangement=arrangement or usual_arrangement(office, kind),
    )  # fmt: skip
    horizon = horizon_of(office, kind, london_date(now))
    for meeting in meetings:
        if meeting.held_on <= horizon:
            service.announce(session, by, now, office, meeting)
    rehome(session, by, now, area_id)
    return meetings


def create_extra(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    *,
    kind: MeetingType,
    area_id: int | None,
    held_on: date,
    arrangement: Arrangement | None = None,
) -> Arranged:
    """Make one meeting beside the series and announce it where it is within the horizon."""
    meeting = service.create_extra(
        session, by, now, office, kind=kind, area_id=area_id, held_on=held_on,
        arrangement=arrangement or usual_arrangement(office, kind),
    )  # fmt: skip
    if held_on <= horizon_of(office, kind, london_date(now)):
        service.announce(session, by, now, office, meeting)
    return Arranged(meeting, rehome(session, by, now, area_id))


def announce(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting) -> Meeting:
    """Announce a planned meeting: each member gets an invite."""
    return service.announce(session, by, now, office, meeting)


def move_meeting(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    meeting: Meeting,
    version: int,
    *,
    held_on: date,
    arrangement: Arrangement | None = None,
) -> Arranged:
    """Move a meeting; without `arrangement` its time and place stay. Raises `Conflict`, `RuleBroken`, `DomainError`."""
    stays = service.arrangement_of(meeting)
    service.move(session, by, now, office, meeting, version, held_on=held_on, arrangement=arrangement or stays)
    return Arranged(meeting, rehome(session, by, now, meeting.area_id))


def cancel_meeting(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, version: int, reason: str
) -> Arranged:
    """Cancel a meeting, with its reason. Raises `Conflict`, `RuleBroken`, also where it is the last one of a child.

    Nothing that was recorded goes away by it: a meeting in progress with something on its record is closed instead.
    """
    # The dates before the meeting, in the order of whoever opens it on another day: else each waits for the other.
    lock_dates(session, meeting.area_id)
    lock(session, meeting)
    if meeting.state is MeetingState.IN_PROGRESS and is_anything_recorded(session, meeting):
        raise RuleBroken(
            "",
            f"{meeting.reference} has decisions or notes on its record. Close it instead: defer what was not reached.",
        )
    service.cancel(session, by, now, office, meeting, version, reason)
    rehomed = rehome(session, by, now, meeting.area_id)
    check_none_left(rehomed, "reason")
    return Arranged(meeting, rehomed)


def check_none_left(rehomed: Sequence[Rehomed], field: str) -> None:
    """Refuse, at `field`, what would leave a child on the list without a meeting. Raises `RuleBroken`."""
    left = sum(move.after is None for move in rehomed)
    if left:
        raise RuleBroken(
            field,
            f"{left} {'child' if left == 1 else 'children'} on the list would be without a meeting. "
            "Arrange the meetings that follow first",
        )


def announce_due(session: Session, by: Actor, now: datetime, office: Office) -> int:
    """Announce every planned meeting that has come within the horizon; gives how many."""
    today = london_date(now)
    due = [
        meeting
        for kind in MeetingType
        for meeting in queries.due_to_be_announced(session, kind, horizon_of(office, kind, today), today)
    ]
    for meeting in due:
        service.announce(session, by, now, office, meeting)
    return len(due)


def extend_all(session: Session, by: Actor, now: datetime, office: Office) -> int:
    """Let every series stand a year ahead again, or until it ends; gives how many meetings were added."""
    added = 0
    today = london_date(now)
    still_held = or_(col(MeetingSeries.ended_on).is_(None), col(MeetingSeries.ended_on) > today)
    for series in session.scalars(select(MeetingSeries).where(still_held).order_by(col(MeetingSeries.id))).all():
        until = today + timedelta(weeks=office.definition(series.type).stand_weeks)
        if series.ended_on is not None:
            until = min(until, series.ended_on - timedelta(days=1))
        made = service.extend_series(session, by, now, office, series, until)
        if made:
            added += len(made)
            rehome(session, by, now, series.area_id)
    return added


def keep_members(session: Session, by: Actor, now: datetime, office: Office) -> int:
    """Let the members of every announced meeting follow the roles; gives how many people were invited or taken off."""
    changed = 0
    for kind in MeetingType:
        meetings = session.scalars(
            select(Meeting).where(
                col(Meeting.type) == kind,
                col(Meeting.state).in_((MeetingState.ANNOUNCED, MeetingState.PUBLISHED)),
                col(Meeting.held_on) >= london_date(now),
            )
        ).all()
        for meeting in meetings:
            changed += follow_roles(session, by, now, office, meeting)
    return changed


def usual_arrangement(office: Office, kind: MeetingType) -> Arrangement:
    """Give the time and length of `agendas/`."""
    definition = office.definition(kind)
    return Arrangement(definition.time, definition.minutes)


def horizon_of(office: Office, kind: MeetingType, today: date) -> date:
    """Give the last day whose meetings are announced by now."""
    return today + timedelta(weeks=office.definition(kind).announce_weeks)


def rehome(session: Session, by: Actor, now: datetime, area_id: int | None) -> list[Rehomed]:
    """Tie the reviews of an area; network meetings hear none."""
    session.flush()
    return rehome_area(session, by, now, area_id) if area_id is not None else []
