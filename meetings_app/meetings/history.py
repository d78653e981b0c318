"""What came before, on one strip at the top of an item: what stands nowhere else on the page is read here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.cse_list.models import Closure, ClosureState, ListEntry
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind, Referral
from meetings_app.schedule.models import Meeting

_MOST = 60

# Built once each, for every page of an item sends them.
_CLOSURES: Any = (
    select(col(ListEntry.closed_on), col(ListEntry.listed_on), col(Meeting.reference).label("meeting"))
    .outerjoin(Closure, (col(Closure.entry_id) == col(ListEntry.id)) & (col(Closure.state) == ClosureState.CLOSED))
    .outerjoin(Meeting, col(Meeting.id) == col(Closure.meeting_id))
    .where(col(ListEntry.child_id) == bindparam("child"), col(ListEntry.closed_on).is_not(None))
    .order_by(col(ListEntry.id).desc())
    .limit(_MOST)
)
_REPEATS: Any = (
    select(col(Referral.reference), col(Referral.received_at))
    .where(col(Referral.child_id) == bindparam("child"), col(Referral.repeat))
    .order_by(col(Referral.received_at).desc(), col(Referral.id).desc())
    .limit(_MOST)
)
_MISSING: Any = (
    select(col(ChangeInCircumstances.happened_on))
    .where(
        col(ChangeInCircumstances.child_id) == bindparam("child"),
        col(ChangeInCircumstances.kind) == ChangeKind.MISSING_EPISODE,
    )
    .order_by(col(ChangeInCircumstances.happened_on).desc(), col(ChangeInCircumstances.id).desc())
    .limit(_MOST)
)


@dataclass(frozen=True)
class History:
    """Closures, repeat referrals and missing episodes of a child, each newest first."""

    closures: Sequence[Any]
    repeats: Sequence[Any]
    missing: Sequence[date]
    missing_lately: int
    missing_days: int


def history_of(session: Session, child_id: int, today: date, missing_days: int) -> History:
    """Give what came before for a child; `today` is the day of the meeting.

    Missing episodes are changes that were reported; they are counted for as many days back as the closure gate warns.
    """
    missing = session.scalars(_MISSING, {"child": child_id}).all()
    return History(
        closures=session.execute(_CLOSURES, {"child": child_id}).all(),
        repeats=session.execute(_REPEATS, {"child": child_id}).all(), missing=missing,
        missing_lately=sum(1 for on in missing if on >= today - timedelta(days=missing_days)),
        missing_days=missing_days,
    )  # fmt: skip


def went_missing(session: Session, child_id: int) -> bool:
    """Say whether a missing episode of the child is on record, however long ago."""
    return session.scalars(_MISSING, {"child": child_id}).first() is not None
