"""Changes to the schedule: series, single meetings, their dates and their members. Own tables, and the outbox.

Pages, commands and jobs call `meetings.arranging`, which also ties the reviews of the area to their new meetings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, Area
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.calendars.event import uid_for
from meetings_app.clock import london_date
from meetings_app.db.session import unscoped
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.permissions import PERMISSIONS, Actor, Permission
from meetings_app.schedule import invites, queries
from meetings_app.schedule.models import UPCOMING, Meeting, MeetingMember, MeetingSeries, MeetingState, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.schedule.rules import PlannedDate, check_move, meeting_reference, series_dates
from meetings_app.text import day_in_words

LONGEST_SERIES = 520
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
    """Say whether a person may arrange meetings of an area; those of the county need a role in the whole county."""
    if area_id is not None:
        return by.may(Permission.ARRANGE_MEETINGS, area_id)
    return by.everything or any(
        grant.area_id is None and Permission.ARRANGE_MEETINGS in PERMISSIONS[grant.role] for grant in by.grants
    )


def plan_series(office: Office, kind: MeetingType, start: date, count: int | None, today: date) -> list[PlannedDate]:
    """Give the dates that a series would have; without `count`, as far ahead as series stand.

    Raises `RuleBroken` for `start` and `count`.
    """
    definition = office.definition(kind)
    wanted = count if count is not None else max(1, definition.stand_weeks * 7 // definition.interval_days)
    if not 1 <= wanted <= LONGEST_SERIES:
        raise RuleBroken("count", f"The number of meetings must be between 1 and {LONGEST_SERIES}")
    if start < today:
        raise RuleBroken("start", "The date of the first meeting must be today or in the future")
    return series_dates(start, definition.interval_days, wanted, office.calendar)


def create_series(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    *,
    kind: MeetingType,
    area_id: int | None,
    dates: Sequence[PlannedDate],
    arrangement: Arrangement,
) -> list[Meeting]:
    """Make a series with its meetings, all planned: nobody is invited yet.

    `dates` come from `plan_series`. Raises `DomainError` where the area has a meeting on one of them already.
    """
    _check_area(by, kind, area_id)
    check_arrangement(arrangement)
    _lock(session, area_id)
    _refuse_taken(session, kind, area_id, [planned.date for planned in dates])
    series = MeetingSeries(
        type=kind, area_id=area_id, anchor=dates[0].planned, interval_days=office.definition(kind).interval_days,
        start_time=arrangement.start_time, minutes=arrangement.minutes, place=arrangement.place,
        joining_link=arrangement.joining_link, created_at=now,
    )  # fmt: skip
    session.add(series)
    session.flush()
    meetings = _make(session, now, office, series, dates)
    record(session, by, now, EventKind.SERIES_CREATED, count=len(meetings), first=meetings[0].reference)
    return meetings


def extend_series(
    session: Session, by: Actor, now: datetime, office: Office, series: MeetingSeries, until: date
) -> list[Meeting]:
    """Add the planned meetings that a series lacks up to `until`; the slots of meetings that exist are left alone."""
    _lock(session, series.area_id)
    have = set(session.scalars(select(col(Meeting.planned)).where(col(Meeting.series_id) == series.key)))
    slots = max(0, (until - series.anchor).days // series.interval_days + 1)
    wanted = series_dates(series.anchor, series.interval_days, slots, office.calendar)
    last = max(have, default=series.anchor)
    taken = _taken_dates(session, series.type, series.area_id)
    missing = [slot for slot in wanted if slot.planned > last and slot.date not in taken]
    if not missing:
        return []
    meetings = _make(session, now, office, series, missing)
    record(session, by, now, EventKind.SERIES_CREATED, count=len(meetings), first=meetings[0].reference)
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
    arrangement: Arrangement,
) -> Meeting:
    """Make one meeting beside the series; an extra one in a week takes `-2`. Raises `RuleBroken`, `DomainError`."""
    _check_area(by, kind, area_id)
    check_arrangement(arrangement)
    _check_day(office, held_on, now)
    _lock(session, area_id)
    _refuse_taken(session, kind, area_id, [held_on])
    loose = MeetingSeries(
        type=kind, area_id=area_id, anchor=held_on, interval_days=1, start_time=arrangement.start_time,
        minutes=arrangement.minutes, place=arrangement.place, joining_link=arrangement.joining_link, created_at=now,
    )  # fmt: skip
    meeting = _make(session, now, office, loose, [PlannedDate(held_on, held_on, None)])[0]
    record(session, by, now, EventKind.SERIES_CREATED, count=1, first=meeting.reference)
    return meeting


def announce(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting) -> Meeting:
    """Announce a planned meeting: its members are fixed and each gets an invite. Raises `DomainError`."""
    _check_may(by, meeting)
    check_move(meeting.state, MeetingState.ANNOUNCED)
    meeting.state, meeting.announced_at = MeetingState.ANNOUNCED, now
    there = {member.account_id for member in queries.members(session, meeting.key)}
    for person in queries.entitled(session, office.definition(meeting.type), meeting.area_id):
        if person.key not in there:
            session.add(MeetingMember(meeting_id=meeting.key, account_id=person.key))
    session.flush()
    for person in queries.invited(session, meeting.key):
        invites.queue_request(session, now, office, meeting, person)
    record(session, by, now, EventKind.MEETING_ANNOUNCED, meeting=meeting.reference)
    return meeting


def move(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    meeting: Meeting,
    version: int,
    *,
    held_on: date,
    arrangement: Arrangement,
) -> Meeting:
    """Give a meeting another date, time or place; the reference stays, and who is invited is told.

    Possible until the meeting is in progress. Raises `Conflict`, `DomainError`, `RuleBroken`.
    """
    _check_may(by, meeting)
    _check_version(meeting, version)
    if meeting.state not in UPCOMING:
        raise DomainError(f"{meeting.reference} cannot be moved any more: it is {_words(meeting.state)}.")
    check_arrangement(arrangement)
    before = _when(meeting)
    if held_on != meeting.held_on:
        _check_day(office, held_on, now)
        _lock(session, meeting.area_id)
        _refuse_taken(session, meeting.type, meeting.area_id, [held_on], field="held_on")
        meeting.moved_because = ""
    meeting.held_on, meeting.start_time, meeting.minutes = held_on, arrangement.start_time, arrangement.minutes
    meeting.place, meeting.joining_link = arrangement.place, arrangement.joining_link
    if not session.is_modified(meeting):
        raise RuleBroken("held_on", "Change the date, the time or the place, or go back")
    _changed(session, now, meeting)
    if meeting.state is not MeetingState.PLANNED:
        for person in queries.invited(session, meeting.key):
            invites.queue_request(session, now, office, meeting, person, changed=True)
    record(session, by, now, EventKind.MEETING_MOVED, meeting=meeting.reference, before=before, after=_when(meeting))
    return meeting


def cancel(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, version: int, reason: str
) -> Meeting:
    """Cancel a meeting that is not closed; who is invited gets a cancellation. Raises as `move` does."""
    _check_may(by, meeting)
    _check_version(meeting, version)
    check_move(meeting.state, MeetingState.CANCELLED)
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the meeting is cancelled")
    was_planned = meeting.state is MeetingState.PLANNED
    meeting.state, meeting.cancelled_because = MeetingState.CANCELLED, reason.strip()
    _changed(session, now, meeting)
    if not was_planned:
        for person in queries.invited(session, meeting.key):
            invites.queue_cancellation(session, now, office, meeting, person)
    record(session, by, now, EventKind.MEETING_CANCELLED, meeting=meeting.reference)
    return meeting


def add_member(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, person: Account) -> None:
    """Invite one more person; nobody else hears of it. Raises `DomainError` for somebody invited already."""
    _check_may(by, meeting)
    _check_members_may_change(meeting)
    there = _member(session, meeting, person)
    if there is not None and there.removed_at is None:
        raise DomainError("This person is invited already.")
    if there is not None:
        # The calendar took a cancellation, so it listens only to a higher number.
        there.removed_at = None
        _changed(session, now, meeting)
    else:
        session.add(MeetingMember(meeting_id=meeting.key, account_id=person.key))
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
    _check_may(by, meeting)
    _check_members_may_change(meeting)
    there = _member(session, meeting, person)
    if there is None or there.removed_at is not None:
        raise DomainError("This person is not invited.")
    there.removed_at = now
    _changed(session, now, meeting)
    invites.queue_cancellation(session, now, office, meeting, person)
    record(
        session, by, now, EventKind.MEETING_MEMBERS_CHANGED, meeting=meeting.reference, change="removed",
        account=person.key,
    )  # fmt: skip


def _make(
    session: Session, now: datetime, office: Office, series: MeetingSeries, dates: Sequence[PlannedDate]
) -> list[Meeting]:
    code = session.get_one(Area, series.area_id).code if series.area_id is not None else None
    # Read past the actor's scope: a reference is unique in the county.
    used = set(session.scalars(select(col(Meeting.reference)).execution_options(**unscoped())))
    meetings = []
    for slot in dates:
        reference = meeting_reference(series.type, code, slot.planned, used)
        used.add(reference)
        meetings.append(
            Meeting(
                reference=reference, type=series.type, area_id=series.area_id, series_id=series.id,
                planned=slot.planned, held_on=slot.date, start_time=series.start_time, minutes=series.minutes,
                place=series.place, joining_link=series.joining_link, moved_because=slot.moved_because or "",
                calendar_uid=uid_for(reference, office.host), calendar_changed_at=now,
            )
        )  # fmt: skip
    session.add_all(meetings)
    session.flush()
    return meetings


def _check_area(by: Actor, kind: MeetingType, area_id: int | None) -> None:
    if (kind is MeetingType.RMM) != (area_id is not None):
        raise RuleBroken("area", "Choose an area for an RMM; a network meeting has none")
    if not may_arrange(by, area_id):
        raise NotFound


def _check_may(by: Actor, meeting: Meeting) -> None:
    if not may_arrange(by, meeting.area_id):
        raise NotFound


def check_arrangement(arrangement: Arrangement) -> None:
    """Raise `RuleBroken` for a length that no meeting has."""
    if not 1 <= arrangement.minutes <= LONGEST_MEETING:
        raise RuleBroken("minutes", f"The length must be between 1 and {LONGEST_MEETING} minutes")


def _check_day(office: Office, held_on: date, now: datetime) -> None:
    if held_on < london_date(now):
        raise RuleBroken("held_on", "The date of the meeting must be today or in the future")
    closed = office.calendar.why_not_working(held_on)
    if closed:
        raise RuleBroken("held_on", f"Choose a working day: {day_in_words(held_on)} is not one ({closed})")


def _check_version(meeting: Meeting, version: int) -> None:
    if meeting.version != version:
        raise Conflict("Somebody else changed this meeting while your page was open. Look at it again.")


def _check_members_may_change(meeting: Meeting) -> None:
    if meeting.state not in (MeetingState.ANNOUNCED, MeetingState.PUBLISHED):
        raise DomainError("People can be invited once the meeting is announced and until it begins.")


def _member(session: Session, meeting: Meeting, person: Account) -> MeetingMember | None:
    return session.scalars(
        select(MeetingMember).where(
            col(MeetingMember.meeting_id) == meeting.key, col(MeetingMember.account_id) == person.key
        )
    ).first()


def _changed(session: Session, now: datetime, meeting: Meeting) -> None:
    """Count the change, so that calendars take the next message for newer than the last."""
    meeting.calendar_sequence += 1
    meeting.calendar_changed_at = now
    session.flush()


def _lock(session: Session, area_id: int | None) -> None:
    """Let one person at a time change the dates of an area (of the county where there is none)."""
    statement = select(col(Area.id)).order_by(col(Area.id)).with_for_update(key_share=True)
    session.execute(statement if area_id is None else statement.where(col(Area.id) == area_id)).all()


def _taken_dates(session: Session, kind: MeetingType, area_id: int | None) -> dict[date, str]:
    # Read past the actor's scope: a date is taken whoever may see the meeting.
    area = col(Meeting.area_id).is_(None) if area_id is None else col(Meeting.area_id) == area_id
    rows = session.execute(
        select(col(Meeting.held_on), col(Meeting.reference))
        .where(col(Meeting.type) == kind, area, col(Meeting.state) != MeetingState.CANCELLED)
        .execution_options(**unscoped())
    )
    return {row.held_on: row.reference for row in rows}


def _refuse_taken(
    session: Session, kind: MeetingType, area_id: int | None, dates: Sequence[date], field: str = "start"
) -> None:
    taken = _taken_dates(session, kind, area_id)
    for day in dates:
        if day in taken:
            raise RuleBroken(field, f"There is a meeting on {day_in_words(day)} already: {taken[day]}")
        taken[day] = "twice in this series"


def _when(meeting: Meeting) -> str:
    """Give date and time for the trail, such as `2026-11-24 10:00`."""
    return f"{meeting.held_on.isoformat()} {meeting.start_time:%H:%M}"


def _words(state: MeetingState) -> str:
    return state.value.replace("_", " ")
