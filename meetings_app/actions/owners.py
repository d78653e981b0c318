"""Gives actions to other people: one by one, or all of somebody who has left or may not see the child any more."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.queries import names_of
from meetings_app.actions.models import Action, ActionEvent, ActionEventKind, ActionState
from meetings_app.actions.queries import first_representative, possible_owners
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.permissions import Actor

HELD = (ActionState.OPEN, ActionState.PROPOSED)
"""States in which an action is somebody's work."""


def give_to(session: Session, by: Actor, now: datetime, action: Action, owner_id: int, reason: str) -> None:
    """Give an action to another owner; its history keeps from whom, to whom and why. The new owner is told."""
    names = names_of(session, [action.owner_id, owner_id])
    said = f"From {names.get(action.owner_id, 'nobody')} to {names.get(owner_id, 'nobody')}."
    text = f"{said} {reason.strip()}".strip()
    action.owner_id = owner_id
    session.add(
        ActionEvent(action_id=action.key, at=now, by_id=by.account_id, kind=ActionEventKind.REASSIGNED, text=text)
    )
    record(session, by, now, EventKind.ACTION_REASSIGNED, action.child_id, action=action.reference, owner=owner_id)
    session.flush()


def hand_over(
    session: Session, by: Actor, now: datetime, account_id: int, chosen: Mapping[int, int], reason: str
) -> tuple[int, int]:
    """Give what a person may not own any more to whom was chosen for the area, else to the agency's representative.

    To be called past the actor's scope, after the account or its roles changed. `chosen` holds accounts by area; one
    who may not own an action does not get it. Gives how many were given away, and how many nobody could be given:
    these stay with the person, and the coordinator's home page shows them.
    """
    held = select(Action).where(col(Action.owner_id) == account_id, col(Action.state).in_(HELD))
    given = left = 0
    for action in session.scalars(held.order_by(col(Action.id))).all():
        owners = {row.id for row in possible_owners(session, action.child_id or 0, action.agency_id)}
        if account_id in owners:
            continue
        queue = first_representative(session, action.area_id, action.agency_id, owners)
        owner = next((each for each in (chosen.get(action.area_id), queue) if each in owners), None)
        if owner is None:
            left += 1
        else:
            give_to(session, by, now, action, owner, reason)
            given += 1
    return given, left
