"""The meeting that hears a review, as it is today: where no job has tied the review again since, it is worked out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.cse_list.homing import homes_of_area, past_ties
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import EntryRow, HeldOn
from meetings_app.cse_list.rules import Homes
from meetings_app.db.asked_once import asked_once


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


@dataclass(frozen=True)
class Hearing:
    """Which reviews each meeting hears today.

    `stale` holds, area by area, the past meetings that reviews are still tied to, with the meetings to come; nothing
    while every tie is right.
    """

    stale: Sequence[tuple[Sequence[int], Homes]]

    def heard_at(self, meeting_id: int) -> sa.ColumnElement[bool]:
        """Say, in SQL, that the review of an entry is heard at a meeting; none is where the meeting is past."""
        if any(meeting_id in past for past, _homes in self.stale):
            return sa.false()
        moved = (
            sa.and_(col(ListEntry.next_meeting_id).in_(past), _due_for(homes, meeting_id))
            for past, homes in self.stale
            if homes.holds(meeting_id)
        )  # fmt: skip
        return sa.or_(col(ListEntry.next_meeting_id) == meeting_id, *moved)

    def meeting_of(self, meeting_ids: Sequence[int]) -> Any:
        """Give, in SQL, which of these meetings hears the review of an entry; NULL where none of them does."""
        return sa.case(*((self.heard_at(each), sa.literal(each)) for each in meeting_ids))


def _due_for(homes: Homes, meeting_id: int) -> sa.ColumnElement[bool]:
    first, until = homes.span_of(meeting_id)
    review_on = col(ListEntry.next_review_on)
    bounds = [review_on >= first] if first is not None else []
    return sa.and_(sa.true(), *bounds, *([review_on < until] if until is not None else []))


@asked_once
def hearing_today(session: Session, today: date) -> Hearing:
    """Give which meeting hears which review today. One statement, and one more an area whose ties are not right."""
    past: defaultdict[int, list[int]] = defaultdict(list)
    for area_id, meeting_id in past_ties(session, today):
        past[area_id].append(meeting_id)
    return Hearing([(ids, homes_of_area(session, area_id, today)) for area_id, ids in past.items()])


def _is_past(held_on: date | None, today: date) -> bool:
    return held_on is not None and held_on < today
