"""When meetings are, what they are called, which one a review belongs to, and how a meeting moves on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import TypeVar

from meetings_app.errors import DomainError
from meetings_app.schedule.working_days import WorkingCalendar

MeetingId = TypeVar("MeetingId")


class MeetingType(StrEnum):
    """The two meetings that are held."""

    RMM = "rmm"
    NETWORK = "network"


class MeetingState(StrEnum):
    """How far a meeting has come."""

    PLANNED = "planned"
    ANNOUNCED = "announced"
    PUBLISHED = "published"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"
    SIGNED = "signed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class PlannedDate:
    """One meeting of a series: the date of the rhythm, the date it is held, and why the two differ."""

    planned: date
    date: date
    moved_because: str | None


_NEXT_STATES: dict[MeetingState, frozenset[MeetingState]] = {
    MeetingState.PLANNED: frozenset({MeetingState.ANNOUNCED, MeetingState.CANCELLED}),
    MeetingState.ANNOUNCED: frozenset({MeetingState.PUBLISHED, MeetingState.CANCELLED}),
    MeetingState.PUBLISHED: frozenset({MeetingState.IN_PROGRESS, MeetingState.CANCELLED}),
    MeetingState.IN_PROGRESS: frozenset({MeetingState.CLOSED, MeetingState.CANCELLED}),
    MeetingState.CLOSED: frozenset({MeetingState.SIGNED}),
    MeetingState.SIGNED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}


def may_move(state: MeetingState, to: MeetingState) -> bool:
    """Say whether a meeting in `state` may become `to`: one step at a time, cancelled until it is closed."""
    return to in _NEXT_STATES[state]


def check_move(state: MeetingState, to: MeetingState) -> None:
    """Raise `DomainError` where a meeting in `state` may not become `to`."""
    if not may_move(state, to):
        raise DomainError(f"A meeting that is {_in_words(state)} cannot become {_in_words(to)}.")


def series_dates(start: date, interval_days: int, count: int, calendar: WorkingCalendar) -> list[PlannedDate]:
    """Give the `count` dates of a series that begins on `start`.

    A date that is no working day moves to the next one; the rhythm of the series is not shifted by it, and no
    date is left out (our default).
    """
    planned_dates = [start + timedelta(days=interval_days * place) for place in range(count)]
    return [planned_date(planned, calendar) for planned in planned_dates]


def planned_date(planned: date, calendar: WorkingCalendar) -> PlannedDate:
    """Give the date on which a meeting planned for `planned` is held, and why where it is another one."""
    held = calendar.working_day_on_or_after(planned)
    return PlannedDate(planned, held, calendar.why_not_working(planned))


def same_week(day: date, weekday: int) -> date:
    """Give the day of the same ISO week on `weekday` (0 is Monday): a slot that keeps its week keeps its reference."""
    return day + timedelta(days=weekday - day.weekday())


def first_free_slot(last: date, interval_days: int) -> date:
    """Give the first day after the slot `last` for the next one: in a later week, where the series keeps to weeks.

    The weekday of a series may have changed since a meeting was cancelled, and a week never gets two meetings by it.
    """
    if interval_days % 7:
        return last + timedelta(days=1)
    return last + timedelta(days=7 - last.weekday())


def meeting_reference(kind: MeetingType, area_code: str | None, planned: date, existing: Collection[str]) -> str:
    """Make the reference of a meeting from the ISO week of its planned date, for example `RMM-NE-2026-W48`.

    A reference never changes. An extra meeting in a week takes `-2`, then `-3`; `existing` holds the
    references in use, cancelled meetings included. A network meeting has no area.
    """
    year, week, _ = planned.isocalendar()
    stem = f"RMM-{area_code}" if kind is MeetingType.RMM else "NET"
    reference = f"{stem}-{year}-W{week:02}"
    if reference not in existing:
        return reference
    number = 2
    while f"{reference}-{number}" in existing:
        number += 1
    return f"{reference}-{number}"


def home(review_on: date, meetings: Sequence[tuple[date, MeetingId]], today: date) -> tuple[date, MeetingId] | None:
    """Give the meeting that hears a review due on `review_on`, from the uncancelled meetings of the area.

    It is the last one on or before the review date, else the next one, at which the review is overdue.
    Meetings before `today` are past and take nothing. None means that no meeting stands.
    """
    ahead = sorted((meeting for meeting in meetings if meeting[0] >= today), key=lambda meeting: meeting[0])
    in_time = [meeting for meeting in ahead if meeting[0] <= review_on]
    if in_time:
        return in_time[-1]
    return ahead[0] if ahead else None


def cut_off(meeting_date: date, calendar: WorkingCalendar, working_days: int, wall_clock: time) -> tuple[date, time]:
    """Give the date and the London wall-clock time until which new items are taken for a meeting."""
    return calendar.add_working_days(meeting_date, -working_days), wall_clock


def agenda_issue_date(meeting_date: date, calendar: WorkingCalendar, working_days: int) -> date:
    """Give the date on which the agenda of a meeting is issued."""
    return calendar.add_working_days(meeting_date, -working_days)


def _in_words(state: MeetingState) -> str:
    return state.value.replace("_", " ")
