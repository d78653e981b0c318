"""A whole series changed from a date on, or ended: every meeting that is concerned is named, and none is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.permissions import Actor
from meetings_app.schedule.checks import Arrangement, check_arrangement, lock_dates, may_arrange, taken_dates
from meetings_app.schedule.models import UPCOMING, Meeting, MeetingSeries, MeetingState
from meetings_app.schedule.office import Office
from meetings_app.schedule.rules import PlannedDate, planned_date, same_week
from meetings_app.schedule.service import arrangement_of, cancel, rearrange
from meetings_app.text import day_in_words

AGENDA_IS_OUT = "its agenda is published"
MOVED_BY_HAND = "it was moved by hand"


@dataclass(frozen=True)
class SeriesChange:
    """What a series is to be like from a date on: the weekday (0 is Monday), time, length, place and link."""

    from_on: date
    weekday: int
    arrangement: Arrangement


@dataclass(frozen=True)
class SlotChange:
    """What happens to one meeting of a series; plain values, so that they outlive a change that is taken back.

    `held_on` and `arrangement` are None where the meeting goes; `stays` says why a meeting is left as it is.
    """

    meeting_id: int
    version: int
    reference: str
    state: MeetingState
    held_before: date
    before: Arrangement
    held_on: date | None
    arrangement: Arrangement | None
    moved_because: str = ""
    stays: str = ""


def series_of(session: Session, by: Actor, meeting: Meeting) -> MeetingSeries | None:
    """Give the series of a meeting to whoever may arrange it; None for a meeting beside the series."""
    if meeting.series_id is None or not may_arrange(by, meeting.area_id):
        return None
    return session.get(MeetingSeries, meeting.series_id)


def lock_series(session: Session, series: MeetingSeries) -> None:
    """Let one person at a time change the dates of the area, and read the series as the one before left it."""
    lock_dates(session, series.area_id)
    session.refresh(series)


def change_series(
    session: Session, by: Actor, now: datetime, office: Office, series: MeetingSeries, change: SeriesChange
) -> list[SlotChange]:
    """Give every meeting from a date on another weekday, time, length or place; who is invited to it is told.

    Each keeps its week and its reference. A bank holiday or closure day moves it to the next working day. A meeting
    whose agenda is published, or that was moved by hand, stays as it is (our default). Raises `RuleBroken`, `NotFound`.
    """
    meetings = _concerned(session, by, series, change.from_on)
    check_arrangement(change.arrangement)
    if change.weekday != series.anchor.weekday() and series.interval_days % 7:
        raise RuleBroken("weekday", "This series does not keep to one weekday")
    planned = [(meeting, _slot(office, meeting, change)) for meeting in meetings]
    slots = [_as_change(meeting, slot, change.arrangement) for meeting, slot in planned]
    _refuse_sameness(series, slots, change)
    _refuse_dates(session, series, slots, london_date(now))
    series.anchor = same_week(series.anchor, change.weekday)
    _keep(series, change.arrangement)
    for (meeting, slot), outcome in zip(planned, slots, strict=True):
        meeting.planned = slot.planned
        if not outcome.stays:
            meeting.moved_because = slot.moved_because or ""
            rearrange(session, by, now, office, meeting, slot.date, change.arrangement)
    session.flush()
    count = sum(not slot.stays for slot in slots)
    record(session, by, now, EventKind.SERIES_CHANGED, count=count, first=meetings[0].reference)
    return slots


def end_series(
    session: Session, by: Actor, now: datetime, office: Office, series: MeetingSeries, from_on: date, reason: str
) -> list[SlotChange]:
    """End a series: its meetings from a date on are cancelled, and no more are made. Raises as `change_series` does."""
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the series ends")
    if from_on < london_date(now):
        raise RuleBroken("from_on", "The date must be today or in the future")
    if series.ended_on is not None and series.ended_on <= from_on:
        raise DomainError(f"This series has ended already, on {day_in_words(series.ended_on)}.")
    meetings = _concerned(session, by, series, from_on)
    slots = [_as_cancelled(meeting) for meeting in meetings]
    series.ended_on = from_on
    for meeting in meetings:
        cancel(session, by, now, office, meeting, meeting.version, reason)
    record(session, by, now, EventKind.SERIES_ENDED, count=len(meetings), first=meetings[0].reference)
    return slots


def _concerned(session: Session, by: Actor, series: MeetingSeries, from_on: date) -> Sequence[Meeting]:
    if not may_arrange(by, series.area_id):
        raise NotFound
    lock_series(session, series)
    statement = (
        select(Meeting)
        .where(col(Meeting.series_id) == series.key, col(Meeting.held_on) >= from_on, col(Meeting.state).in_(UPCOMING))
        .order_by(col(Meeting.held_on), col(Meeting.id))
        .execution_options(populate_existing=True)
    )
    meetings = session.scalars(statement).all()
    if not meetings:
        raise RuleBroken("from_on", "No meeting of this series is still to be held on or after this date")
    return meetings


def _slot(office: Office, meeting: Meeting, change: SeriesChange) -> PlannedDate:
    return planned_date(same_week(meeting.planned, change.weekday), office.calendar)


def _as_change(meeting: Meeting, slot: PlannedDate, arrangement: Arrangement) -> SlotChange:
    stays = ""
    if meeting.state is MeetingState.PUBLISHED:
        stays = AGENDA_IS_OUT
    elif meeting.held_on != meeting.planned and not meeting.moved_because:
        stays = MOVED_BY_HAND
    is_as_now = (slot.date, arrangement) == (meeting.held_on, arrangement_of(meeting))
    before = arrangement_of(meeting)
    return SlotChange(
        meeting.key, meeting.version, meeting.reference, meeting.state, meeting.held_on, before,
        meeting.held_on if stays else slot.date, before if stays else arrangement,
        meeting.moved_because if stays else slot.moved_because or "",
        stays or ("it is so already" if is_as_now else ""),
    )  # fmt: skip


def _as_cancelled(meeting: Meeting) -> SlotChange:
    return SlotChange(
        meeting.key, meeting.version, meeting.reference, meeting.state, meeting.held_on, arrangement_of(meeting),
        None, None,
    )  # fmt: skip


def _refuse_sameness(series: MeetingSeries, slots: Sequence[SlotChange], change: SeriesChange) -> None:
    kept = Arrangement(series.start_time, series.minutes, series.place, series.joining_link)
    is_same = (change.weekday, change.arrangement) == (series.anchor.weekday(), kept)
    if is_same and all(slot.stays for slot in slots):
        raise RuleBroken("weekday", "Change the weekday, the time or the place, or go back")


def _refuse_dates(session: Session, series: MeetingSeries, slots: Sequence[SlotChange], today: date) -> None:
    """Refuse a date in the past, and one on which the area has another meeting already."""
    moving = {slot.reference for slot in slots if not slot.stays}
    taken = {
        day: reference
        for day, reference in taken_dates(session, series.type, series.area_id).items()
        if reference not in moving
    }
    for slot in slots:
        if slot.stays or slot.held_on is None:
            continue
        if slot.held_on < today:
            raise RuleBroken(
                "from_on", f"{slot.reference} would be on {day_in_words(slot.held_on)}, in the past. Enter a later date"
            )
        if slot.held_on in taken:
            clash = f"{slot.reference} would be on {day_in_words(slot.held_on)}, where {taken[slot.held_on]} stands"
            raise RuleBroken("weekday", f"{clash}. Move one of them first")
        taken[slot.held_on] = slot.reference


def _keep(series: MeetingSeries, arrangement: Arrangement) -> None:
    """Let the meetings that are made later be as the changed ones."""
    series.start_time, series.minutes = arrangement.start_time, arrangement.minutes
    series.place, series.joining_link = arrangement.place, arrangement.joining_link
