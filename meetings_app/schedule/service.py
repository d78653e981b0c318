"""Changes to the schedule: series, single meetings, their dates and their members. Own tables, and the outbox.

Pages, commands and jobs call `meetings.arranging`, which also ties the reviews of the area to their new meetings.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Area
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.calendars.event import uid_for
from meetings_app.db.session import unscoped
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.permissions import Actor
from meetings_app.schedule import invites, queries
from meetings_app.schedule.answering import forget_answers
from meetings_app.schedule.checks import (
    Arrangement,
    check_area,
    check_arrangement,
    check_day,
    check_may,
    check_version,
    lock_dates,
    may_arrange,
    refuse_taken,
    taken_dates,
)
from meetings_app.schedule.membership import add_member, count_change, remove_member
from meetings_app.schedule.models import UPCOMING, Meeting, MeetingMember, MeetingSeries, MeetingState, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.schedule.rules import (
    PlannedDate,
    check_move,
    first_free_slot,
    meeting_reference,
    series_dates,
)

LONGEST_SERIES = 520

__all__ = [
    "Arrangement", "add_member", "announce", "arrangement_of", "cancel", "check_arrangement", "create_extra",
    "create_series", "extend_series", "may_arrange", "move", "plan_series", "rearrange", "remove_member",
]  # fmt: skip


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
    check_area(by, kind, area_id)
    check_arrangement(arrangement)
    lock_dates(session, area_id)
    refuse_taken(session, kind, area_id, [planned.date for planned in dates])
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
    lock_dates(session, series.area_id)
    have = set(session.scalars(select(col(Meeting.planned)).where(col(Meeting.series_id) == series.key)))
    slots = max(0, (until - series.anchor).days // series.interval_days + 1)
    wanted = series_dates(series.anchor, series.interval_days, slots, office.calendar)
    begins = first_free_slot(max(have, default=series.anchor), series.interval_days)
    taken = taken_dates(session, series.type, series.area_id)
    missing = [slot for slot in wanted if slot.planned >= begins and slot.date not in taken]
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
    check_area(by, kind, area_id)
    check_arrangement(arrangement)
    check_day(office, held_on, now)
    lock_dates(session, area_id)
    refuse_taken(session, kind, area_id, [held_on], field="held_on")
    loose = MeetingSeries(
        type=kind, area_id=area_id, anchor=held_on, interval_days=1, start_time=arrangement.start_time,
        minutes=arrangement.minutes, place=arrangement.place, joining_link=arrangement.joining_link, created_at=now,
    )  # fmt: skip
    meeting = _make(session, now, office, loose, [PlannedDate(held_on, held_on, None)])[0]
    record(session, by, now, EventKind.SERIES_CREATED, count=1, first=meeting.reference)
    return meeting


def announce(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting) -> Meeting:
    """Announce a planned meeting: its members are fixed and each gets an invite. Raises `DomainError`."""
    check_may(by, meeting)
    check_move(meeting.state, MeetingState.ANNOUNCED)
    meeting.state, meeting.announced_at = MeetingState.ANNOUNCED, now
    there = {member.account_id for member in queries.members(session, meeting.key)}
    for person in queries.entitled(session, office.definition(meeting.type), meeting.area_id):
        if person.key not in there:
            session.add(MeetingMember(meeting_id=meeting.key, account_id=person.key, invited_at=now))
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
    check_may(by, meeting)
    check_version(meeting, version)
    if meeting.state not in UPCOMING:
        raise DomainError(f"{meeting.reference} cannot be moved any more: it is {_words(meeting.state)}.")
    check_arrangement(arrangement)
    if (held_on, arrangement) == (meeting.held_on, arrangement_of(meeting)):
        raise RuleBroken("held_on", "Change the date, the time or the place, or go back")
    if held_on != meeting.held_on:
        check_day(office, held_on, now)
        lock_dates(session, meeting.area_id)
        refuse_taken(session, meeting.type, meeting.area_id, [held_on], field="held_on")
        meeting.moved_because = ""
    rearrange(session, by, now, office, meeting, held_on, arrangement)
    return meeting


def rearrange(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    meeting: Meeting,
    held_on: date,
    arrangement: Arrangement,
) -> None:
    """Let a meeting be at another date, time or place that was checked before; who is invited is told.

    Another date or time asks them all anew.
    """
    before, asked_for = _when(meeting), (meeting.held_on, meeting.start_time)
    meeting.held_on, meeting.start_time, meeting.minutes = held_on, arrangement.start_time, arrangement.minutes
    meeting.place, meeting.joining_link = arrangement.place, arrangement.joining_link
    count_change(session, now, meeting)
    if asked_for != (meeting.held_on, meeting.start_time):
        forget_answers(session, meeting)
    _tell_of_change(session, by, now, office, meeting, before)


def hold_on(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, held_on: date) -> None:
    """Let a meeting that was opened be on the day on which it is really held, which was checked before.

    Whoever is invited is told, and keeps the answer given for the planned day.
    """
    before, meeting.held_on, meeting.moved_because = _when(meeting), held_on, ""
    count_change(session, now, meeting)
    _tell_of_change(session, by, now, office, meeting, before)


def _tell_of_change(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, before: str
) -> None:  # fmt: skip
    if meeting.state is not MeetingState.PLANNED:
        for person in queries.invited(session, meeting.key):
            invites.queue_request(session, now, office, meeting, person, changed=True)
    record(session, by, now, EventKind.MEETING_MOVED, meeting=meeting.reference, before=before, after=_when(meeting))


def arrangement_of(meeting: Meeting) -> Arrangement:
    """Give when and where a meeting is, without its date."""
    return Arrangement(meeting.start_time, meeting.minutes, meeting.place, meeting.joining_link)


def cancel(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, version: int, reason: str
) -> Meeting:
    """Cancel a meeting that is not closed; who is invited gets a cancellation. Raises as `move` does."""
    check_may(by, meeting)
    check_version(meeting, version)
    check_move(meeting.state, MeetingState.CANCELLED)
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the meeting is cancelled")
    was_planned = meeting.state is MeetingState.PLANNED
    meeting.state, meeting.cancelled_because = MeetingState.CANCELLED, reason.strip()
    count_change(session, now, meeting)
    if not was_planned:
        for person in queries.invited(session, meeting.key):
            invites.queue_cancellation(session, now, office, meeting, person)
    record(session, by, now, EventKind.MEETING_CANCELLED, meeting=meeting.reference)
    return meeting


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


def _when(meeting: Meeting) -> str:
    """Give date and time for the trail, such as `2026-11-24 10:00`."""
    return f"{meeting.held_on.isoformat()} {meeting.start_time:%H:%M}"


def _words(state: MeetingState) -> str:
    return state.value.replace("_", " ")
