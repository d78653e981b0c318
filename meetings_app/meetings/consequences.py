"""What moving or cancelling a meeting would do, found out by doing it and taking it back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.trail import put_pending, take_pending
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.cse_list.homing import Rehomed
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings.arranging import Arranged
from meetings_app.meetings.models import AdjustmentKind, AgendaAdjustment, AgendaItem
from meetings_app.schedule import queries
from meetings_app.schedule.models import Meeting, MeetingState

Seen = TypeVar("Seen")

NO_MEETING = "no meeting: the area has none left"


@dataclass(frozen=True)
class Consequence:
    """A child whom the change of a meeting concerns. References only; the id is for the trail.

    The review, or the place on the agenda, goes to another meeting; or it stays with a meeting that moves past the day
    the review is due, so that `before` and `after` are one. `on_agenda` says that the child stood there as an item, or
    was added to the draft by hand, and is carried over. `days_late` is how long after `review_on` the child is heard,
    0 where that is in time or no meeting is left.
    """

    child_id: int
    child: str
    before: str
    after: str
    on_agenda: bool
    review_on: date | None = None
    days_late: int = 0


def rehearse(session: Session, change: Callable[[], Arranged]) -> list[Consequence]:
    """Say where each child would go if `change` were made; nothing stays changed.

    The change is really made and then taken back, so that what a person confirms is what will happen. Raises what
    `change` raises.
    """
    return taken_back(session, lambda: consequences_of(session, change()))


def taken_back(session: Session, look: Callable[[], Seen]) -> Seen:
    """Give what `look` finds while it changes things, and take its changes and its records back."""
    recorded = take_pending(session)
    place = session.begin_nested()
    try:
        return look()
    finally:
        place.rollback()
        take_pending(session)
        put_pending(session, recorded)


def consequences_of(session: Session, arranged: Arranged) -> list[Consequence]:
    """Give the children of a change that was made, by reference, with the meeting each has now and how late it is."""
    return consequences_of_all(session, [arranged.meeting], arranged.rehomed)


def consequences_of_all(session: Session, meetings: Sequence[Meeting], rehomed: Iterable[Rehomed]) -> list[Consequence]:
    """Give the same for meetings of one area that were changed in one go."""
    homes = {move.child_id: (move.before, move.after) for move in rehomed}
    cancelled = {meeting.key: meeting.reference for meeting in meetings if meeting.state is MeetingState.CANCELLED}
    items = _on_agenda(session, cancelled)
    ahead = queries.upcoming(session, meetings[0].area_id, meetings[0].type)
    # A meeting whose day has passed hears nobody any more; the day of the change is that of the cancellation.
    today = london_date(max(meeting.calendar_changed_at for meeting in meetings))
    next_reference = next((one.reference for one in ahead if one.held_on >= today), None)
    for child_id in items.keys() - homes.keys():
        homes[child_id] = (items[child_id], next_reference)
    late = _late_at(session, [meeting for meeting in meetings if meeting.key not in cancelled])
    for child_id in late.keys() - homes.keys():
        homes[child_id] = (late[child_id], late[child_id])
    dates = {one.reference: one.held_on for one in ahead}
    reviews = _reviews(session, set(homes))
    found = [
        _consequence(child_id, reference, homes[child_id], child_id in items, reviews.get(child_id), dates)
        for child_id, reference in _references(session, set(homes)).items()
    ]
    return sorted(found, key=lambda consequence: (consequence.after, consequence.child))


def _consequence(
    child_id: int, reference: str, home: tuple[str | None, str | None], on_agenda: bool, review_on: date | None,
    dates: dict[str, date],
) -> Consequence:  # fmt: skip
    before, after = home
    heard_on = dates.get(after) if after else None
    late = (heard_on - review_on).days if heard_on and review_on else 0
    return Consequence(
        child_id, reference, before or "no meeting", after or NO_MEETING, on_agenda, review_on, max(late, 0)
    )


def _late_at(session: Session, meetings: Sequence[Meeting]) -> dict[int, str]:
    """Give the children whose review stays with one of the meetings and is due before its day, each with it."""
    rows = session.execute(
        select(col(ListEntry.child_id), col(Meeting.reference))
        .join(Meeting, col(Meeting.id) == col(ListEntry.next_meeting_id))
        .where(
            col(Meeting.id).in_([meeting.key for meeting in meetings]),
            col(ListEntry.next_review_on) < col(Meeting.held_on),
            is_live(),
        )
    )
    return {row.child_id: row.reference for row in rows}


def _reviews(session: Session, child_ids: set[int]) -> dict[int, date]:
    """Give the day the next review of each of these children is due, where the child is on the list."""
    rows = session.execute(
        select(col(ListEntry.child_id), col(ListEntry.next_review_on)).where(
            col(ListEntry.child_id).in_(child_ids), is_live()
        )
    )
    return {row.child_id: row.next_review_on for row in rows}


def _on_agenda(session: Session, meetings: dict[int, str]) -> dict[int, str]:
    """Give the children with an item of a published agenda, or added to a draft by hand, each with the meeting."""
    items = session.execute(
        select(col(AgendaItem.child_id), col(AgendaItem.meeting_id)).where(col(AgendaItem.meeting_id).in_(meetings))
    )
    added = session.execute(
        select(col(AgendaAdjustment.child_id), col(AgendaAdjustment.meeting_id)).where(
            col(AgendaAdjustment.meeting_id).in_(meetings), col(AgendaAdjustment.kind) == AdjustmentKind.ADDED
        )
    )
    return {row.child_id: meetings[row.meeting_id] for row in (*added, *items) if row.child_id is not None}


def _references(session: Session, child_ids: set[int]) -> dict[int, str]:
    if not child_ids:
        return {}
    rows = session.execute(select(col(Child.id), col(Child.reference)).where(col(Child.id).in_(child_ids)))
    return {row.id or 0: row.reference for row in rows}
