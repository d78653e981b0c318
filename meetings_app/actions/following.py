"""What becomes of a child’s open actions when the child leaves the list, moves area, or becomes one with another."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionEventKind, ActionState
from meetings_app.actions.owners import give_to
from meetings_app.actions.queries import first_representative, possible_owners
from meetings_app.actions.service import happened
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.db.session import unscoped, unscoped_while
from meetings_app.permissions import Actor

MOVED_AREA = "The child’s record belongs to another area now."


def end_actions(session: Session, by: Actor, now: datetime, child_id: int, reason: str) -> int:
    """End every open action of a child who has left the list, with the reason; gives how many. Nobody is mailed.

    Past what the person may see of actions: the chairs have decided about the child.
    """
    still_open = select(Action).where(col(Action.child_id) == child_id, col(Action.state) == ActionState.OPEN)
    ended = session.scalars(still_open.order_by(col(Action.id)).execution_options(**unscoped())).all()
    for action in ended:
        action.state, action.outcome, action.answered_on = ActionState.WITHDRAWN, reason, london_date(now)
        happened(session, by, now, action, ActionEventKind.WITHDRAWN, reason, None)
        record(
            session, by, now, EventKind.ACTION_ANSWERED, child_id, action=action.reference, answer="withdrawn",
        )  # fmt: skip
    session.flush()
    return len(ended)


def follow_area(session: Session, by: Actor, now: datetime, child: Child) -> None:
    """Let the open actions of a child stand in the child's area, and belong to somebody who may see the child there.

    Where the owner may not, the agency's first representative of that area gets the action who may see the child;
    where there is none, it stays with its owner and `meetings check` names it.
    """
    wanted = select(Action).where(
        col(Action.child_id) == child.key, col(Action.state).in_([ActionState.OPEN, ActionState.PROPOSED])
    )
    for action in session.scalars(wanted.order_by(col(Action.id)).execution_options(**unscoped())).all():
        action.area_id, action.child_reference = child.area_id, child.reference
        with unscoped_while(session):
            owners = {row.id for row in possible_owners(session, child.key, action.agency_id)}
            next_owner = first_representative(session, child.area_id, action.agency_id, owners)
        if action.owner_id not in owners and next_owner is not None:
            give_to(session, by, now, action, next_owner, MOVED_AREA)
    session.flush()
