"""What the closure gate goes by, read from the record as it stands now."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action
from meetings_app.actions.queries import is_open
from meetings_app.assessments.models import Assessment, AssessmentState
from meetings_app.children.link_queries import linked_ids, links_of
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.db.session import unscoped
from meetings_app.meetings.gate import GateFacts
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind


def gate_facts(session: Session, child_id: int, held_on: date) -> GateFacts:
    """Give what the gate goes by at a meeting held on a day, in a fixed number of statements.

    An action that a meeting still proposes is not open: it is what follows the closure.
    """
    actions: Any = select(col(Action.reference)).where(col(Action.child_id) == child_id, is_open())
    left = select(col(ListEntry.closed_on)).where(
        col(ListEntry.child_id) == child_id, col(ListEntry.state) == EntryState.CLOSED
    )
    last_days = session.execute(select(_assessed(child_id), _missing(child_id))).one()
    return GateFacts(
        open_actions=tuple(session.scalars(actions.order_by(col(Action.due_on), col(Action.id)))),
        assessed_on=last_days[0],
        missing_on=last_days[1],
        left_list_on=tuple(day for day in session.scalars(left) if day is not None),
        high_on=_high_on(session, child_id, held_on),
        linked_high=bool(session.execute(_linked_high(child_id), execution_options=unscoped()).first()),
    )


def linked_high_seen(session: Session, child_id: int) -> Sequence[Any]:
    """Give id, reference and name of the linked children rated high now whom the reader may see, with their link."""
    rows = {row.other_id: row for row in links_of(session, child_id) if row.ended_at is None}
    high = select(col(ListEntry.child_id)).where(
        col(ListEntry.child_id).in_(rows), is_live(), col(ListEntry.current_rating) == RiskRating.HIGH
    )
    return [rows[child] for child in session.scalars(high.order_by(col(ListEntry.child_id)))] if rows else []


def _linked_high(child_id: int) -> Any:
    """Select from the entries of linked children who are rated high now."""
    linked = linked_ids(child_id)
    return (
        select(col(ListEntry.id))
        .where(
            col(ListEntry.child_id).in_(select(linked.c.id)), col(ListEntry.child_id) != child_id, is_live(),
            col(ListEntry.current_rating) == RiskRating.HIGH,
        )
        .limit(1)
    )  # fmt: skip


def _assessed(child_id: int) -> Any:
    return (
        select(func.max(col(Assessment.assessed_on)))
        .where(col(Assessment.child_id) == child_id, col(Assessment.state) == AssessmentState.FINISHED)
        .scalar_subquery()
    )


def _missing(child_id: int) -> Any:
    return (
        select(func.max(col(ChangeInCircumstances.happened_on)))
        .where(
            col(ChangeInCircumstances.child_id) == child_id,
            col(ChangeInCircumstances.kind) == ChangeKind.MISSING_EPISODE,
        )
        .scalar_subquery()
    )


def _high_on(session: Session, child_id: int, held_on: date) -> date | None:
    """Give the last day on which the child was rated high: a rating holds until the next one is decided."""
    rows = session.execute(
        select(col(Rating.rating), col(Rating.decided_on))
        .where(col(Rating.child_id) == child_id)
        .order_by(col(Rating.id).desc())
    )
    until = held_on
    for rating, decided_on in rows:
        if rating is RiskRating.HIGH:
            return until
        until = decided_on
    return None
