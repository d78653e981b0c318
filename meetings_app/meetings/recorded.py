"""Whether anything stands on the record of a meeting, of either kind: such a meeting is closed, and not cancelled."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action
from meetings_app.db.session import unscoped
from meetings_app.meetings.models import AgendaItem, ItemDecision
from meetings_app.meetings.network_models import NetworkDecision, NetworkItem
from meetings_app.schedule.models import Meeting


def is_anything_recorded(session: Session, meeting: Meeting) -> bool:
    """Say whether a decision, a discussion, an action or a note stands on the record of a meeting."""
    decided = (
        select(col(ItemDecision.id))
        .join(AgendaItem, col(AgendaItem.id) == col(ItemDecision.item_id))
        .where(col(AgendaItem.meeting_id) == meeting.key, col(ItemDecision.changed_by_id).is_not(None))
    )
    proposed = select(col(Action.id)).where(col(Action.meeting_id) == meeting.key)
    # Whoever cancels a network meeting need not see what it hears.
    of_network: Any = (
        select(col(NetworkDecision.id))
        .join(NetworkItem, col(NetworkItem.id) == col(NetworkDecision.item_id))
        .where(col(NetworkItem.meeting_id) == meeting.key, col(NetworkDecision.changed_by_id).is_not(None))
        .execution_options(**unscoped())
    )
    return bool(meeting.notes) or any(
        session.execute(statement.limit(1)).first() is not None for statement in (decided, proposed, of_network)
    )
