"""What came before, on one strip at the top of an item: what stands nowhere else on the page is read here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.cse_list.models import Closure, ClosureState, ListEntry
from meetings_app.db.asked_once import asked_once
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind
from meetings_app.referrals.of_child import changes_of, referrals_of
from meetings_app.schedule.models import Meeting

_MOST = 60

# Built once, for every page of an item sends it.
_ENDED_STAYS: Any = (
    select(col(ListEntry.closed_on), col(ListEntry.listed_on), col(Meeting.reference).label("meeting"))
    .outerjoin(Closure, (col(Closure.entry_id) == col(ListEntry.id)) & (col(Closure.state) == ClosureState.CLOSED))
    .outerjoin(Meeting, col(Meeting.id) == col(Closure.meeting_id))
    .where(col(ListEntry.child_id) == bindparam("child"), col(ListEntry.closed_on).is_not(None))
    .order_by(col(ListEntry.id).desc())
)

_WENT_MISSING: Any = (
    select(col(ChangeInCircumstances.child_id))
    .where(
        col(ChangeInCircumstances.child_id).in_(bindparam("children", expanding=True)),
        col(ChangeInCircumstances.kind) == ChangeKind.MISSING_EPISODE,
    )
    .distinct()
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
    missing = missing_days_of(session, child_id)
    return History(
        closures=ended_stays_of(session, child_id)[:_MOST],
        repeats=[each for each in reversed(referrals_of(session, (child_id,))) if each.repeat][:_MOST],
        missing=missing[:_MOST],
        missing_lately=sum(1 for on in missing if on >= today - timedelta(days=missing_days)),
        missing_days=missing_days,
    )  # fmt: skip


def went_missing(session: Session, child_id: int) -> bool:
    """Say whether a missing episode of the child is on record, however long ago."""
    return bool(missing_days_of(session, child_id))


def who_went_missing(session: Session, child_ids: Collection[int]) -> set[int]:
    """Give those of several children of whom a missing episode is on record."""
    return set(session.scalars(_WENT_MISSING, {"children": list(child_ids)}))


def missing_days_of(session: Session, child_id: int) -> Sequence[date]:
    """Give the days of a child's missing episodes that were reported, the newest first."""
    changes = reversed(changes_of(session, child_id))
    return [change.happened_on for change in changes if change.kind is ChangeKind.MISSING_EPISODE]


@asked_once
def ended_stays_of(session: Session, child_id: int) -> Sequence[Any]:
    """Give when each earlier stay of a child on the list began and ended, the newest first, and which RMM closed it."""
    return session.execute(_ENDED_STAYS, {"child": child_id}).all()
