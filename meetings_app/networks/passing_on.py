"""An action of an RMM that concerns a network is passed on to the network meeting: one action, watched by both."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.owners import HELD
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.networks.models import Subject
from meetings_app.networks.record_models import PassedAction
from meetings_app.networks.states import SubjectKind, SubjectState
from meetings_app.permissions import Actor, Permission


def may_pass_on(by: Actor, action: Action) -> bool:
    """Say whether somebody records the RMM of the area whose action it is."""
    return by.may(Permission.RECORD_MEETING, action.area_id)


def pass_on(session: Session, by: Actor, now: datetime, action: Action, network: Subject | None) -> None:
    """Let the network meeting watch an action of an RMM, with the network it is about.

    It stands on the next network agenda, and again when it is due. It stays the RMM’s: its owner answers it once, and
    both meetings see the answer. For whoever records the RMM. Raises `RuleBroken` for `network`, `DomainError` for an
    action that is over, `NotFound`.
    """
    if not may_pass_on(by, action):
        raise NotFound
    if action.state not in HELD:
        raise DomainError("This action is over: there is nothing to pass on.")
    if network is None or network.kind is not SubjectKind.NETWORK or network.state is not SubjectState.OPEN:
        raise RuleBroken("network", "Choose a network that is open")
    if session.scalar(select(col(PassedAction.id)).where(col(PassedAction.action_id) == action.key)) is not None:
        raise RuleBroken("network", "This action is passed on already")
    session.add(PassedAction(action_id=action.key, subject_id=network.key, passed_at=now, passed_by_id=by.account_id))
    session.flush()
    record(
        session, by, now, EventKind.SUBJECT_CHANGED, action.child_id, subject=network.reference,
        change=f"action {action.reference} of an RMM passed on",
    )  # fmt: skip


def passed_to(session: Session, subject_ids: Sequence[int]) -> Sequence[Action]:
    """Give the open actions that RMMs passed on to some records, as far as the reader may see them, by date."""
    passed = select(col(PassedAction.action_id)).where(col(PassedAction.subject_id).in_(subject_ids))
    statement = select(Action).where(col(Action.id).in_(passed), col(Action.state) == ActionState.OPEN)
    return session.scalars(statement.order_by(col(Action.due_on), col(Action.id))).all()
