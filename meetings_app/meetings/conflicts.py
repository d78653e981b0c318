"""Conflicts of interest: declared at the start of a meeting or when one comes up, for one person and one item.

From then on the person is kept from the item, its minutes and the child, whatever their role (`access_apart`), until
a chair or a coordinator says why that is over. Whoever declared it is not among those who see that it was.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.access_clauses import about_one_of, one_child
from meetings_app.accounts.models import Account, ConflictOfInterest
from meetings_app.actions.models import Action, ActionState
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.meetings.declared import holding, keep_from
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import check_may_record
from meetings_app.meetings.walking_in import taking_part
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting, MeetingState

_DECLARED_WHILE = (MeetingState.PUBLISHED, MeetingState.IN_PROGRESS, MeetingState.CLOSED)


def conflicts_at(session: Session, meeting: Meeting) -> Sequence[Any]:
    """Give the conflicts that hold now about children of a meeting’s items, as far as the reader may see the items."""
    return session.execute(
        select(
            col(ConflictOfInterest.id), col(AgendaItem.id).label("item_id"), col(AgendaItem.number),
            col(Child.reference), col(ConflictOfInterest.account_id), col(Account.name),
            col(ConflictOfInterest.reason), col(ConflictOfInterest.declared_at),
        )
        .join(AgendaItem, _about(col(AgendaItem.child_id)))
        .join(Child, col(Child.id) == col(AgendaItem.child_id))
        .join(Account, col(Account.id) == col(ConflictOfInterest.account_id))
        .where(col(AgendaItem.meeting_id) == meeting.key, col(ConflictOfInterest.ended_at).is_(None))
        .order_by(col(AgendaItem.place), col(Account.name), col(ConflictOfInterest.id))
    ).all()  # fmt: skip


def actions_held(session: Session, meeting: Meeting) -> dict[int, list[Any]]:
    """Give the actions about the child that somebody with a conflict still owns, by conflict: another owner is named.

    Each with its reference, what is to be done, its date, its state, and the number of the item.
    """
    rows: Any = session.execute(
        select(
            col(ConflictOfInterest.id).label("conflict_id"), col(Action.reference), col(Action.what),
            col(Action.due_on), col(Action.state), col(AgendaItem.number),
        )
        .join(
            Action,
            _about(col(Action.child_id))
            & (col(Action.owner_id) == col(ConflictOfInterest.account_id)),
        )
        .join(AgendaItem, _about(col(AgendaItem.child_id)))
        .where(
            col(AgendaItem.meeting_id) == meeting.key, col(ConflictOfInterest.ended_at).is_(None),
            col(Action.state).in_((ActionState.OPEN, ActionState.PROPOSED)),
        )
        .order_by(col(Action.due_on), col(Action.id))
    )  # fmt: skip
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.conflict_id or 0, []).append(row)
    return found


def declare(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem, account_id: int, reason: str
) -> None:
    """Record that a person has a conflict of interest about the child of an item.

    Raises `RuleBroken` for `person` or `reason`, `DomainError` for a meeting that is not held, `NotFound`.
    """
    _check(session, by, meeting)
    if account_id not in dict(taking_part(session, by, meeting)):
        raise RuleBroken("person", "Choose who has the conflict of interest")
    if not reason.strip():
        raise RuleBroken("reason", "Enter what the conflict of interest is")
    if holding(session, account_id, item.child_id) is not None:
        raise RuleBroken("person", "This conflict of interest is recorded already")
    keep_from(session, by, now, meeting, item, account_id, reason.strip())


def end(session: Session, by: Actor, now: datetime, meeting: Meeting, conflict_id: int, reason: str) -> None:
    """Record that a conflict of interest is over, and why: the person is kept from the child no longer.

    Nobody ends their own, for they do not see it. Raises `RuleBroken` for `reason`, `DomainError`, `NotFound`.
    """
    _check(session, by, meeting)
    row = session.scalars(select(ConflictOfInterest).where(col(ConflictOfInterest.id) == conflict_id)).first()
    if row is None or row.ended_at is not None or row.account_id == by.account_id or row.area_id != meeting.area_id:
        raise NotFound
    if not reason.strip():
        raise RuleBroken("ended_reason", "Enter why the conflict of interest is over")
    row.ended_at, row.ended_by_id, row.ended_reason = now, by.account_id, reason.strip()
    session.flush()
    record(
        session, by, now, EventKind.CONFLICT_ENDED, row.child_id, meeting=meeting.reference, account=row.account_id
    )  # fmt: skip


def kept_out(session: Session, child_id: int) -> set[int]:
    """Give the accounts that have a conflict of interest about a child, for whoever may see the child."""
    rows = session.scalars(
        select(col(ConflictOfInterest.account_id)).where(
            about_one_of(col(ConflictOfInterest.child_id), [child_id]), col(ConflictOfInterest.ended_at).is_(None)
        )
    )
    return set(rows)


def _about(child_id: Any) -> ColumnElement[bool]:
    """Say that a conflict is about this child, whichever of the child's records either names."""
    return one_child(col(ConflictOfInterest.child_id), child_id)


def _check(session: Session, by: Actor, meeting: Meeting) -> None:
    check_may_record(by, meeting)
    lock(session, meeting)
    if meeting.state not in _DECLARED_WHILE:
        raise DomainError("A conflict of interest is recorded once the agenda is published.")
