"""A whole series changed or ended, with the reviews that find another meeting by it, in one transaction.

Each change can be looked at before it is made: it is really made, and then taken back.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.cse_list.homing import Rehomed
from meetings_app.meetings.arranging import check_none_left, rehome
from meetings_app.meetings.consequences import Consequence, consequences_of_all, taken_back
from meetings_app.permissions import Actor
from meetings_app.schedule import series as schedule
from meetings_app.schedule.models import Meeting, MeetingSeries
from meetings_app.schedule.office import Office
from meetings_app.schedule.series import SeriesChange, SlotChange


@dataclass(frozen=True)
class SeriesArranged:
    """What was done to each meeting of a series, and the reviews that found another meeting by it."""

    slots: list[SlotChange]
    rehomed: list[Rehomed]


@dataclass(frozen=True)
class SeriesPreview:
    """What a change of a series would do to each meeting and each child; `seen` stands for the meetings as shown."""

    slots: list[SlotChange]
    consequences: list[Consequence]
    seen: str


def change_series(
    session: Session, by: Actor, now: datetime, office: Office, series: MeetingSeries, change: SeriesChange
) -> SeriesArranged:
    """Change a series from a date on. Raises `RuleBroken`, `NotFound`."""
    slots = schedule.change_series(session, by, now, office, series, change)
    return SeriesArranged(slots, rehome(session, by, now, series.area_id))


def end_series(
    session: Session, by: Actor, now: datetime, office: Office, series: MeetingSeries, from_on: date, reason: str
) -> SeriesArranged:
    """End a series from a date on. Raises `RuleBroken`, also where a child on the list would be left without a meeting.

    So the series that follows is made first (our default), and nobody is without a meeting in between.
    """
    slots = schedule.end_series(session, by, now, office, series, from_on, reason)
    rehomed = rehome(session, by, now, series.area_id)
    check_none_left(rehomed, "from_on")
    return SeriesArranged(slots, rehomed)


def rehearse_series(session: Session, change: Callable[[], SeriesArranged]) -> SeriesPreview:
    """Say what `change` would do; nothing stays changed. Raises what `change` raises."""

    def look() -> SeriesPreview:
        arranged = change()
        meetings = _changed(session, arranged.slots)
        found = consequences_of_all(session, meetings, arranged.rehomed) if meetings else []
        return SeriesPreview(arranged.slots, found, _fingerprint(arranged.slots))

    return taken_back(session, look)


def _changed(session: Session, slots: Sequence[SlotChange]) -> Sequence[Meeting]:
    ids = [slot.meeting_id for slot in slots if not slot.stays]
    return session.scalars(select(Meeting).where(col(Meeting.id).in_(ids)).order_by(col(Meeting.held_on))).all()


def _fingerprint(slots: Sequence[SlotChange]) -> str:
    """Give a short text that differs where a meeting was changed since, or another one is concerned."""
    facts = [(slot.meeting_id, slot.version, slot.held_on, slot.arrangement) for slot in slots]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]
