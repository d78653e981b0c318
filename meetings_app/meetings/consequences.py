"""What moving or cancelling a meeting would do, found out by doing it and taking it back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.trail import put_pending, take_pending
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings.arranging import Arranged
from meetings_app.meetings.models import AdjustmentKind, AgendaAdjustment, AgendaItem
from meetings_app.schedule import queries
from meetings_app.schedule.models import Meeting, MeetingState

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
    recorded = take_pending(session)
    taken_back = session.begin_nested()
    try:
        return consequences_of(session, change())
    finally:
        taken_back.rollback()
        take_pending(session)
        put_pending(session, recorded)


def consequences_of(session: Session, arranged: Arranged) -> list[Consequence]:
    """Give the children of a change that was made, by reference, with the meeting each has now and how late it is."""
    meeting = arranged.meeting
    homes = {move.child_id: (move.before, move.after) for move in arranged.rehomed}
    items = _on_agenda(session, meeting.key) if meeting.state is MeetingState.CANCELLED else set()
    ahead = queries.upcoming(session, meeting.area_id, meeting.type)
    # A meeting whose day has passed hears nobody any more; the day of the change is that of the cancellation.
    today = london_date(meeting.calendar_changed_at)
    next_reference = next((one.reference for one in ahead if one.held_on >= today), None)
    for child_id in items - homes.keys():
        homes[child_id] = (meeting.reference, next_reference)
    for child_id in _late_at(session, meeting) - homes.keys():
        homes[child_id] = (meeting.reference, meeting.reference)
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


def _late_at(session: Session, meeting: Meeting) -> set[int]:
    """Give the children whose review stays with the meeting and is due before its new day."""
    if meeting.state is MeetingState.CANCELLED:
        return set()
    late = session.scalars(
        select(col(ListEntry.child_id)).where(
            col(ListEntry.next_meeting_id) == meeting.key, col(ListEntry.next_review_on) < meeting.held_on, is_live()
        )
    )
    return set(late)


def _reviews(session: Session, child_ids: set[int]) -> dict[int, date]:
    """Give the day the next review of each of these children is due, where the child is on the list."""
    rows = session.execute(
        select(col(ListEntry.child_id), col(ListEntry.next_review_on)).where(
            col(ListEntry.child_id).in_(child_ids), is_live()
        )
    )
    return {row.child_id: row.next_review_on for row in rows}


def _on_agenda(session: Session, meeting_id: int) -> set[int]:
    """Give the children with an item of the published agenda, and those who were added to the draft by hand."""
    items = set(session.scalars(select(col(AgendaItem.child_id)).where(col(AgendaItem.meeting_id) == meeting_id)))
    added = session.scalars(
        select(col(AgendaAdjustment.child_id)).where(
            col(AgendaAdjustment.meeting_id) == meeting_id, col(AgendaAdjustment.kind) == AdjustmentKind.ADDED
        )
    )
    return items.union(added)


def _references(session: Session, child_ids: set[int]) -> dict[int, str]:
    if not child_ids:
        return {}
    rows = session.execute(select(col(Child.id), col(Child.reference)).where(col(Child.id).in_(child_ids)))
    return {row.id or 0: row.reference for row in rows}
