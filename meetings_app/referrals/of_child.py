"""What was reported about a child: every change in circumstances, and every referral, whatever became of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.db.asked_once import asked_once
from meetings_app.db.columns import columns_of
from meetings_app.referrals.models import ChangeInCircumstances, Referral

# Built once each, for every page beside a child sends one of them.
_CHANGES: Any = (
    select(*columns_of(ChangeInCircumstances))
    .where(col(ChangeInCircumstances.child_id) == bindparam("child"))
    .order_by(col(ChangeInCircumstances.happened_on), col(ChangeInCircumstances.id))
)
_REFERRALS: Any = (
    select(Referral)
    .where(col(Referral.child_id).in_(bindparam("children", expanding=True)))
    .order_by(col(Referral.received_at), col(Referral.id))
)


@asked_once
def changes_of(session: Session, child_id: int) -> Sequence[Any]:
    """Give the changes in circumstances of a child, the first that happened first, as rows of every column."""
    return session.execute(_CHANGES, {"child": child_id}).all()


@asked_once
def referrals_of(session: Session, child_ids: tuple[int, ...]) -> Sequence[Referral]:
    """Give the referrals of children, the first received first."""
    found: Sequence[Referral] = session.scalars(_REFERRALS, {"children": child_ids}).all()
    return found
