"""Mail to the owners of actions that a transaction gave them: one each, with numbers and a link and nothing else."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, event, select
from sqlalchemy.orm import Session, SessionTransaction, object_session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.actions.filters import WEEK
from meetings_app.actions.models import Action, ActionEvent, ActionEventKind, ActionState
from meetings_app.clock import london_date
from meetings_app.db.session import unscoped
from meetings_app.notices.service import queue
from meetings_app.notices.templates import NoticeKind

_GIVEN = "actions_given"


_GIVES = (ActionEventKind.GIVEN, ActionEventKind.REASSIGNED)


@event.listens_for(ActionEvent, "after_insert")
def _note(_mapper: Any, _connection: Any, said: ActionEvent) -> None:
    """Remember that the transaction gives an action to somebody, whoever wrote it into the action’s history."""
    session = object_session(said)
    if session is not None and said.kind in _GIVES:
        session.info.setdefault(_GIVEN, {})[said.action_id] = said.key


def tell_owners(session: Session, now: datetime, base_url: str) -> int:
    """Write one mail to each person who owns an action given in this transaction; gives how many were written.

    Called once, at the end of what a page changes. A meeting that closes gives many actions at once, and its owner gets
    one mail (own). Who owns an action in the end is told, and nobody who owned it in between.
    """
    session.flush()
    given: dict[int, int] = session.info.pop(_GIVEN, {})
    if not given:
        return 0
    by_owner: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for row in session.execute(_OWNED, {"ids": sorted(given)}, execution_options=unscoped()):
        by_owner[row.owner_id][row.id] = given[row.id]
    counts = {} if not by_owner else _counts(session, sorted(by_owner), london_date(now))
    return sum(_tell(session, now, base_url, owner, by_owner[owner], counts[owner]) for owner in sorted(by_owner))


def _tell(
    session: Session, now: datetime, base_url: str, owner_id: int, given: Mapping[int, int], counts: tuple[int, int]
) -> bool:
    this_week, overdue = counts
    return queue(
        session, now, kind=NoticeKind.ACTION_GIVEN, recipient=session.get_one(Account, owner_id),
        dedupe_key=f"actions:{owner_id}:{max(given.values())}", order_key=f"actions:{owner_id}",
        values={
            "new_count": len(given), "due_this_week_count": this_week, "overdue_count": overdue,
            "link": f"{base_url}/actions?whose=mine",
        },
    )  # fmt: skip


_OWNED: Any = select(col(Action.id), col(Action.owner_id)).where(
    col(Action.id).in_(bindparam("ids", expanding=True)), col(Action.state) == ActionState.OPEN
)
_OPEN: Any = (
    select(
        col(Action.owner_id), sa.func.count().filter(col(Action.due_on) >= bindparam("today")),
        sa.func.count().filter(col(Action.due_on) < bindparam("today")),
    )
    .where(
        col(Action.owner_id).in_(bindparam("owners", expanding=True)), col(Action.state) == ActionState.OPEN,
        col(Action.due_on) < bindparam("week_ends"),
    )
    .group_by(col(Action.owner_id))
)  # fmt: skip


def _counts(session: Session, owners: list[int], today: date) -> dict[int, tuple[int, int]]:
    """Count the open actions of each owner that are due this week and that are overdue.

    Read past the actor’s scope: whoever gives an action need not see the owner’s others, and only numbers are read.
    """
    values = {"owners": owners, "today": today, "week_ends": today + WEEK}
    found = dict.fromkeys(owners, (0, 0))
    for owner, this_week, overdue in session.execute(_OPEN, values, execution_options=unscoped()):
        found[owner] = (this_week, overdue)
    return found


@event.listens_for(Session, "after_commit")
def _forget(session: Session) -> None:
    """Forget what a transaction gave that ended without telling, as the demonstration’s do."""
    session.info.pop(_GIVEN, None)


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, transaction: SessionTransaction) -> None:
    """Forget what a rolled back transaction gave; a savepoint inside it forgets nothing."""
    if transaction.parent is None:
        session.info.pop(_GIVEN, None)
