"""What was reported about a child: every change in circumstances, and every referral, whatever became of it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.db.asked_once import asked_once
from meetings_app.referrals.models import ChangeInCircumstances, Referral


@asked_once
def changes_of(session: Session, child_id: int) -> Sequence[ChangeInCircumstances]:
    """Give the changes in circumstances of a child, the first that happened first."""
    return session.scalars(
        select(ChangeInCircumstances)
        .where(col(ChangeInCircumstances.child_id) == child_id)
        .order_by(col(ChangeInCircumstances.happened_on), col(ChangeInCircumstances.id))
    ).all()


@asked_once
def referrals_of(session: Session, child_ids: tuple[int, ...]) -> Sequence[Referral]:
    """Give the referrals of children, the first received first."""
    return session.scalars(
        select(Referral)
        .where(col(Referral.child_id).in_(child_ids))
        .order_by(col(Referral.received_at), col(Referral.id))
    ).all()
