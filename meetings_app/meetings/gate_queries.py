"""What the closure gate goes by, read from the record as it stands now."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.queries import open_actions_of
from meetings_app.children.link_queries import linked_ids, links_of
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.db.asked_once import asked_once
from meetings_app.db.session import unscoped
from meetings_app.meetings.gate import GateFacts
from meetings_app.meetings.history import ended_stays_of, missing_days_of
from meetings_app.meetings.standing import last_assessed
from meetings_app.ratings.models import RiskRating
from meetings_app.ratings.queries import ratings_of


def gate_facts(session: Session, child_id: int, held_on: date) -> GateFacts:
    """Give what the gate goes by at a meeting held on a day, in a fixed number of statements.

    An action that a meeting still proposes is not open: it is what follows the closure.
    """
    return GateFacts(
        open_actions=tuple(action.reference for action in open_actions_of(session, child_id)),
        assessed_on=last_assessed(session, child_id).on,
        missing_on=max(missing_days_of(session, child_id), default=None),
        left_list_on=tuple(stay.closed_on for stay in ended_stays_of(session, child_id)),
        high_on=_high_on(session, child_id, held_on),
        linked_high=_is_linked_high(session, child_id),
    )


def linked_high_seen(session: Session, child_id: int) -> Sequence[Any]:
    """Give id, reference and name of the linked children rated high now whom the reader may see, with their link."""
    rows = {row.other_id: row for row in links_of(session, child_id) if row.ended_at is None}
    high = select(col(ListEntry.child_id)).where(
        col(ListEntry.child_id).in_(rows), is_live(), col(ListEntry.current_rating) == RiskRating.HIGH
    )
    return [rows[child] for child in session.scalars(high.order_by(col(ListEntry.child_id)))] if rows else []


# Built once: it is asked at every item, and to build it costs more than to send it.
_LINKED_HIGH: Any = (
    select(col(ListEntry.id))
    .where(
        col(ListEntry.child_id).in_(select(linked_ids(bindparam("child")).c.id)),
        col(ListEntry.child_id) != bindparam("child"), is_live(), col(ListEntry.current_rating) == RiskRating.HIGH,
    )
    .limit(1)
    .execution_options(**unscoped())
)  # fmt: skip


@asked_once
def _is_linked_high(session: Session, child_id: int) -> bool:
    """Say whether a linked child is rated high now."""
    return session.execute(_LINKED_HIGH, {"child": child_id}).first() is not None


def _high_on(session: Session, child_id: int, held_on: date) -> date | None:
    """Give the last day on which the child was rated high: a rating holds until the next one is decided."""
    until = held_on
    for row in ratings_of(session, child_id):
        if row.rating is RiskRating.HIGH:
            return until
        until = row.decided_on
    return None
