"""An action of an RMM that concerns a network is passed on to the network meeting: one action, watched by both."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.queries import names_of
from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.owners import HELD
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.db.session import unscoped
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.networks import queries
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
    # Of two who pass it on at once, the second waits here and is told so.
    session.refresh(action, with_for_update=True)
    if action.state not in HELD:
        raise DomainError("This action is over: there is nothing to pass on.")
    if network is None or network.kind is not SubjectKind.NETWORK or network.state is not SubjectState.OPEN:
        raise RuleBroken("network", "Choose a network that is open")
    if watched(session, action) is not None:
        raise RuleBroken("network", "This action is passed on already")
    session.add(PassedAction(action_id=action.key, subject_id=network.key, passed_at=now, passed_by_id=by.account_id))
    session.flush()
    _recorded(session, by, now, action, network.reference, "passed on")


def call_back(session: Session, by: Actor, now: datetime, action: Action, reason: str) -> None:
    """Let the network meeting watch an action no more: it was passed on by mistake, or is no matter of the network.

    It stays the RMM’s as it was, and may be passed on again. For whoever records the RMM, whether they see the network
    or not. Raises `RuleBroken` for `reason`, `DomainError` where it is not passed on now, `NotFound`.
    """
    if not may_pass_on(by, action):
        raise NotFound
    session.refresh(action, with_for_update=True)
    row = watched(session, action)
    if row is None:
        raise DomainError("This action is not passed on to the network meeting now.")
    if not reason.strip():
        raise RuleBroken("reason", "Enter why it is called back")
    end(session, by, now, row, action, reason, "called back")


def end(
    session: Session, by: Actor, now: datetime, row: PassedAction, action: Action, why: str, how: str = "handed back"
) -> None:
    """End the watch of the network meeting over an action; who may was asked before. What was passed on stays known."""
    row.ended_at, row.ended_by_id, row.ended_because = now, by.account_id, why.strip()
    session.flush()
    network = select(col(Subject.reference)).where(col(Subject.id) == row.subject_id)
    # Whoever calls it back need not see the network; the trail names it.
    reference = session.scalars(network.execution_options(**unscoped("subject"))).one()
    _recorded(session, by, now, action, reference, how)


def watched(session: Session, action: Action) -> PassedAction | None:
    """Give how an action is passed on now, or None. Read past the scope: nobody passes it on a second time.

    For whoever records the RMM of the action; the network it names is theirs to see only where their scope says so.
    """
    return session.scalars(now_watched(action).execution_options(**unscoped("passed_action"))).first()


def now_watched(action: Action) -> Select[PassedAction]:
    """Ask how an action is passed on now."""
    running = (col(PassedAction.action_id) == action.key, col(PassedAction.ended_at).is_(None))
    return select(PassedAction).where(*running)


@dataclass(frozen=True)
class Ended:
    """A watch that has ended: when it ran and who ended it; the network and the reason for who sees both."""

    passed_at: datetime
    ended_at: datetime | None
    by: str
    why: str
    network: Subject | None


def ended(session: Session, action: Action) -> list[Ended]:
    """Give the watches over an action that have ended, the newest first; for whoever records its RMM.

    Who called it back, and when, is told to each of them. The reason may tell of the network: it is for who sees that.
    """
    over = (col(PassedAction.action_id) == action.key, col(PassedAction.ended_at).is_not(None))
    every = select(PassedAction).where(*over).order_by(col(PassedAction.id).desc())
    rows = session.scalars(every.execution_options(**unscoped("passed_action"))).all()
    seen = set(session.scalars(select(col(PassedAction.id)).where(*over)))
    names = names_of(session, [row.ended_by_id for row in rows if row.ended_by_id is not None])
    return [
        Ended(
            row.passed_at, row.ended_at, names.get(row.ended_by_id or 0, "nobody known"),
            row.ended_because if row.id in seen else "",
            queries.subject_by_id(session, row.subject_id) if row.id in seen else None,
        )
        for row in rows
    ]  # fmt: skip


def passed_to(
    session: Session, subject_ids: Sequence[int], states: Collection[ActionState] = (ActionState.OPEN,)
) -> Sequence[Action]:
    """Give the actions that RMMs passed on to some records, as far as the reader may see them, by date.

    The open ones, unless other `states` are asked for.
    """
    passed = select(col(PassedAction.action_id)).where(
        col(PassedAction.subject_id).in_(subject_ids), col(PassedAction.ended_at).is_(None)
    )
    statement = select(Action).where(col(Action.id).in_(passed), col(Action.state).in_(states))
    return session.scalars(statement.order_by(col(Action.due_on), col(Action.id))).all()


def _recorded(session: Session, by: Actor, now: datetime, action: Action, network: str, how: str) -> None:
    record(
        session, by, now, EventKind.SUBJECT_CHANGED, action.child_id, subject=network,
        change=f"action {action.reference} of an RMM {how}",
    )  # fmt: skip
