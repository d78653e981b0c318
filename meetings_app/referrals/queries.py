"""Reads of referrals: the pending queue, one referral, and what stands beside it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.service import is_listed
from meetings_app.db.session import unscoped
from meetings_app.referrals.models import Referral, ReferralState


def find_referral(session: Session, reference: str) -> Referral | None:
    """Give the referral with this reference, or None where there is none or the person may not see it."""
    return session.scalars(select(Referral).where(col(Referral.reference) == reference.strip().upper())).first()


def closed_days(session: Session, child_id: int) -> Sequence[date]:
    """Give the days on which the child left the list.

    Looked up past the actor's scope: whether a referral is a repeat does not depend on who makes it.
    """
    statement = select(col(ListEntry.closed_on)).where(
        col(ListEntry.child_id) == child_id, col(ListEntry.closed_on).is_not(None)
    )
    rows = session.scalars(statement.execution_options(**unscoped()))
    return [closed_on for closed_on in rows if closed_on is not None]


def is_known(session: Session, referral: Referral) -> bool:
    """Say whether an RMM hears the child anyway: on the list, or through another accepted referral.

    Looked up past the actor's scope, for the answer counts in the county.
    """
    if is_listed(session, referral.child_id):
        return True
    statement = select(col(Referral.id)).where(
        col(Referral.child_id) == referral.child_id,
        col(Referral.id) != referral.key,
        col(Referral.state) == ReferralState.ACCEPTED,
    )
    return session.execute(statement.execution_options(**unscoped())).first() is not None
