"""What moving or cancelling a meeting would do, found out by doing it and taking it back."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.trail import put_pending, take_pending
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.meetings.arranging import Arranged
from meetings_app.meetings.models import AdjustmentKind, AgendaAdjustment, AgendaItem
from meetings_app.schedule import queries
from meetings_app.schedule.models import MeetingState

NO_MEETING = "no meeting: the area has none left"


@dataclass(frozen=True)
class Consequence:
    """A child whose review, or whose place on the agenda, goes to another meeting. References only.

    `on_agenda` says that the child stood there as an item, or was added to the draft by hand, and is carried over.
    """

    child: str
    before: str
    after: str
    on_agenda: bool


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
    """Give the children of a change that was made, by reference, with the meeting each has now."""
    meeting = arranged.meeting
    homes = {move.child_id: (move.before, move.after) for move in arranged.rehomed}
    items = _on_agenda(session, meeting.key) if meeting.state is MeetingState.CANCELLED else set()
    ahead = queries.upcoming(session, meeting.area_id, meeting.type) if items else []
    # A meeting whose day has passed hears nobody any more; the day of the change is that of the cancellation.
    today = london_date(meeting.calendar_changed_at)
    next_reference = next((one.reference for one in ahead if one.held_on >= today), None)
    for child_id in items - homes.keys():
        homes[child_id] = (meeting.reference, next_reference)
    return sorted(
        (
            Consequence(
                reference, homes[child_id][0] or "no meeting", homes[child_id][1] or NO_MEETING, child_id in items
            )
            for child_id, reference in _references(session, set(homes)).items()
        ),
        key=lambda consequence: (consequence.after, consequence.child),
    )


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
