"""A role that is given or ended reaches the invites in the same transaction, whatever page or command changed it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, or_, select
from sqlalchemy.orm import Session, SessionTransaction, object_session
from sqlmodel import col

from meetings_app.accounts.models import Account, RoleGrant
from meetings_app.clock import london_date
from meetings_app.db.session import unscoped_while
from meetings_app.permissions import SCHEDULER
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.office import Office
from meetings_app.schedule.role_members import follow_roles

_TOUCHED = "roles_touched"


@event.listens_for(RoleGrant, "after_insert")
@event.listens_for(RoleGrant, "after_update")
def _note_role(_mapper: Any, _connection: Any, grant: RoleGrant) -> None:
    """Remember whose roles the transaction changes, whoever changed them."""
    _note(object_session(grant), grant.account_id)


@event.listens_for(Account, "after_update")
def _note_state(_mapper: Any, _connection: Any, account: Account) -> None:
    """Remember who can no longer sign in, or can again."""
    if sa.inspect(account).attrs.state.history.has_changes():
        _note(object_session(account), account.key)


def _note(session: Session | None, account_id: int) -> None:
    if session is not None:
        session.info.setdefault(_TOUCHED, set()).add(account_id)


def is_touched(session: Session) -> bool:
    """Say whether the transaction has changed anybody's roles, as far as it was written."""
    return _TOUCHED in session.info


def follow_changes(session: Session, now: datetime, office: Office) -> int:
    """Invite and take off those whose roles this transaction changed; gives how many places that were.

    Called once, as the last step before the change is saved: the invites and the role are saved together, or neither.
    It follows from the change, whoever arranges the meetings, so it is the service that does it, past anybody's scope.
    """
    session.flush()
    touched: set[int] = session.info.pop(_TOUCHED, set())
    if not touched:
        return 0
    with unscoped_while(session):
        changed = sum(
            follow_roles(session, SCHEDULER, now, office, meeting, touched)
            for meeting in _meetings_of(session, now, touched)
        )
        session.flush()
    return changed


def _meetings_of(session: Session, now: datetime, accounts: Collection[int]) -> list[Meeting]:
    """Give the meetings ahead whose members these people are, were or may be: of the areas of their roles."""
    held = select(col(RoleGrant.area_id)).where(col(RoleGrant.account_id).in_(accounts)).distinct()
    areas = set(session.scalars(held))
    here = sa.true() if None in areas else or_(col(Meeting.area_id).is_(None), col(Meeting.area_id).in_(areas))
    statement = select(Meeting).where(
        here, col(Meeting.state).in_((MeetingState.ANNOUNCED, MeetingState.PUBLISHED)),
        col(Meeting.held_on) >= london_date(now),
    )  # fmt: skip
    return list(session.scalars(statement.order_by(col(Meeting.held_on), col(Meeting.id))))


@event.listens_for(Session, "after_commit")
def _forget(session: Session) -> None:
    """Forget what a transaction changed that ended without following, as the demonstration's do."""
    session.info.pop(_TOUCHED, None)


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, transaction: SessionTransaction) -> None:
    """Forget what a rolled back transaction changed; a savepoint inside it forgets nothing."""
    if transaction.parent is None:
        session.info.pop(_TOUCHED, None)
