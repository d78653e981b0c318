"""What goes along when one record is merged into another, and what comes back when that is undone.

Every row that moved is written down, so that undoing loses nothing either way. Past the actor's scope throughout: the
other record may live in another area. The callers have asked whether the person may.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.assessments.models import Assessment
from meetings_app.children.models import Child, MovedRow
from meetings_app.clock import london_date
from meetings_app.db.session import unscoped
from meetings_app.referrals import queries, rules
from meetings_app.referrals.models import ChangeInCircumstances, Referral, ReferralState
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.strategy.models import StrategyDiscussion

MOVED: dict[str, Any] = {
    "referral": Referral, "change_in_circumstances": ChangeInCircumstances, "assessment": Assessment,
    "strategy_discussion": StrategyDiscussion,
}  # fmt: skip
"""What moves, by the name of its table. Notes, ratings and plans stay where they were written."""


def bring_along(session: Session, now: datetime, office: Office, merged: Child, kept: Child) -> None:
    """Move the referrals, changes, assessments and strategy discussions of a record that now points to another.

    What was a repeat stays one, and a closure of either record makes a waiting referral of either a repeat.
    """
    session.flush()
    months = office.partnership.ratings.referrals.repeat_months
    closed_on = queries.closed_days(session, kept.key)
    for name, model in MOVED.items():
        moving = select(model).where(col(model.child_id) == merged.key).order_by(col(model.id))
        for row in session.scalars(moving.execution_options(**unscoped())):
            row.child_id = kept.key
            if isinstance(row, Referral):
                row.area_id, row.moved_at = kept.area_id, now
            write_down(session, now, merged.key, kept.key, name, row.key)
    session.flush()
    waiting = and_(col(Referral.child_id) == kept.key, col(Referral.state).in_((*rules.OPEN, ReferralState.ACCEPTED)))
    for referral in session.scalars(select(Referral).where(waiting).execution_options(**unscoped())):
        referral.repeat |= rules.is_repeat(london_date(referral.received_at), closed_on, months)
    session.flush()


def write_down(session: Session, now: datetime, merged_id: int, kept_id: int, table_name: str, row_id: int) -> None:
    """Keep that a row moved from one record to the other."""
    session.add(MovedRow(child_id=merged_id, kept_id=kept_id, table_name=table_name, row_id=row_id, moved_at=now))


def moved_rows(session: Session, merged_id: int) -> list[MovedRow]:
    """Give what moved when this record was merged into another, and has not come back."""
    statement = select(MovedRow).where(col(MovedRow.child_id) == merged_id, col(MovedRow.back_at).is_(None))
    return list(session.scalars(statement.order_by(col(MovedRow.id)).execution_options(**unscoped())))


def close_move(session: Session, now: datetime, moved: MovedRow) -> None:
    """Say that a row came back, and that what the other records did with it since is over: it comes back once."""
    later = select(MovedRow).where(
        col(MovedRow.table_name) == moved.table_name, col(MovedRow.row_id) == moved.row_id,
        col(MovedRow.id) >= moved.id, col(MovedRow.back_at).is_(None),
    )  # fmt: skip
    for each in session.scalars(later.execution_options(**unscoped())):
        each.back_at = now


def bring_back(session: Session, now: datetime, restored: Child) -> None:
    """Bring back to a record what had moved with it. What was heard for the other record since waits to be heard again.

    To a meeting it was told of the wrong child, and nobody falls off: it comes before the next RMM of the right one.
    """
    for moved in moved_rows(session, restored.key):
        model = MOVED.get(moved.table_name)
        if model is None:
            continue
        row = session.get_one(model, moved.row_id, execution_options=unscoped())
        row.child_id = restored.key
        close_move(session, now, moved)
        if isinstance(row, Referral):
            row.area_id, row.moved_at = restored.area_id, now
        if not isinstance(row, Assessment) and _heard_since(session, row.heard_at_meeting_id, moved.moved_at):
            row.heard_at_meeting_id = None
            if isinstance(row, Referral):
                row.state, row.outcome, row.heard_on = ReferralState.ACCEPTED, None, None
    session.flush()


def _heard_since(session: Session, meeting_id: int | None, moment: datetime) -> bool:
    if meeting_id is None:
        return False
    meeting = session.get_one(Meeting, meeting_id, execution_options=unscoped())
    return meeting.closed_at is not None and meeting.closed_at >= moment
