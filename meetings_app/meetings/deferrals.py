"""How often a child was deferred in a row: after the limit the RMM rates provisionally (`domain.md`, "Ratings")."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, takewhile
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.db.asked_once import asked_once
from meetings_app.meetings.models import AdjustmentKind, AgendaAdjustment, AgendaItem, ItemDecision, Outcome
from meetings_app.schedule.models import Meeting, MeetingState


@dataclass(frozen=True)
class Deferrals:
    """How often a child was deferred in a row, and which agency the last time waits for."""

    count: int
    agency_id: int | None


def deferrals_of(session: Session, child_id: int, meeting_id: int) -> Deferrals:
    """Count the meetings that deferred the child one after another, since one last heard it.

    A meeting that did not reach the child neither counts nor ends the count.
    """
    return deferrals_of_all(session, [child_id], meeting_id).get(child_id, Deferrals(0, None))


def deferrals_by_hand(session: Session, child_id: int, meeting: Meeting) -> int:
    """Count the earlier meetings from whose draft the child was deferred by hand, since one last heard the child."""
    heard = (
        select(func.max(col(Meeting.held_on)))
        .join(AgendaItem, col(AgendaItem.meeting_id) == col(Meeting.id))
        .join(ItemDecision, col(ItemDecision.item_id) == col(AgendaItem.id))
        .where(
            col(AgendaItem.child_id) == child_id, col(ItemDecision.took_effect_at).is_not(None),
            col(ItemDecision.outcome).not_in((Outcome.DEFERRED, Outcome.NOT_REACHED)),
        )
    )  # fmt: skip
    last_heard = session.scalars(heard).one() or date.min
    rows = session.execute(
        select(col(AgendaAdjustment.meeting_id), col(AgendaAdjustment.kind))
        .join(Meeting, col(Meeting.id) == col(AgendaAdjustment.meeting_id))
        .where(
            col(AgendaAdjustment.child_id) == child_id, col(AgendaAdjustment.kind) != AdjustmentKind.MOVED,
            col(Meeting.held_on) < meeting.held_on, col(Meeting.held_on) > last_heard,
            col(Meeting.state) != MeetingState.CANCELLED,
        )
        .order_by(col(AgendaAdjustment.id))
    )  # fmt: skip
    latest = {row.meeting_id: row.kind for row in rows}
    return sum(kind is AdjustmentKind.DEFERRED for kind in latest.values())


def deferrals_of_all(session: Session, child_ids: Collection[int], meeting_id: int) -> dict[int, Deferrals]:
    """Give as `deferrals_of` does for several children, by child, those whom no other meeting heard left out."""
    elsewhere = (
        row
        for row in decided_of(session, tuple(child_ids))
        if row.meeting_id != meeting_id and row.outcome is not Outcome.NOT_REACHED
    )
    found = {}
    for child_id, outcomes in groupby(elsewhere, key=lambda row: row.child_id):
        deferred = list(takewhile(lambda row: row.outcome is Outcome.DEFERRED, outcomes))
        found[child_id] = Deferrals(len(deferred), deferred[0].information_agency_id if deferred else None)
    return found


@asked_once
def decided_of(session: Session, child_ids: tuple[int, ...]) -> Sequence[Any]:
    """Give what meetings decided on these children, as far as it took effect, by child, the latest meeting first.

    Each with the meeting, its day, and the agency that was to supply what was missing.
    """
    return session.execute(
        select(
            col(AgendaItem.child_id), col(AgendaItem.meeting_id), col(Meeting.held_on), col(ItemDecision.outcome),
            col(ItemDecision.information_agency_id),
        )
        .join(AgendaItem, col(AgendaItem.id) == col(ItemDecision.item_id))
        .join(Meeting, col(Meeting.id) == col(AgendaItem.meeting_id))
        .where(col(AgendaItem.child_id).in_(child_ids), col(ItemDecision.took_effect_at).is_not(None))
        .order_by(col(AgendaItem.child_id), col(Meeting.held_on).desc(), col(AgendaItem.id).desc())
    ).all()  # fmt: skip
