"""The meeting that hears a review, as it is today: where no job has tied the review again since, it is worked out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.cse_list.homing import homes_of_area
from meetings_app.cse_list.queries import EntryRow, HeldOn


def homed_today(session: Session, rows: Sequence[EntryRow], today: date) -> Sequence[EntryRow]:
    """Give the rows with the meeting that hears each review. A statement an area, and none while every tie is right."""
    stale = {row.area_id for row in rows if _is_past(row.held_on, today)}
    if not stale:
        return rows
    homes = {area_id: homes_of_area(session, area_id, today) for area_id in stale}
    found = []
    for row in rows:
        if _is_past(row.held_on, today):
            home = homes[row.area_id].with_date(row.next_review_on)
            row = row._replace(meeting=home[0] if home else None, held_on=home[1] if home else None)
        found.append(row)
    return found


def home_today(
    session: Session, area_id: int, live: Any, meetings: Mapping[int, HeldOn], today: date
) -> HeldOn | None:  # fmt: skip
    """Give the meeting that hears the next review of a child's present stay, or None; `meetings` are known by id."""
    tied = meetings.get(live.next_meeting_id) if live else None
    if tied is None or not _is_past(tied.on, today):
        return tied
    home = homes_of_area(session, area_id, today).with_date(live.next_review_on)
    return HeldOn(*home) if home else None


def _is_past(held_on: date | None, today: date) -> bool:
    return held_on is not None and held_on < today
