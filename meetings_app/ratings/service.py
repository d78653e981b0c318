"""Recording what an RMM decided about a rating. A rating is never changed afterwards: a later one follows it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.db.session import unscoped
from meetings_app.errors import NotFound
from meetings_app.permissions import Actor
from meetings_app.ratings.models import ExploitationStatus, InformationOwed, Rating, RiskRating
from meetings_app.schedule.models import Meeting


def record_rating(
    session: Session, by: Actor, now: datetime, child_id: int, rating: RiskRating, *, rationale: str, decided_on: date,
    meeting_id: int | None = None, exploitation_status: ExploitationStatus | None = None, provisional: bool = False,
    before_service: bool = False, next_review_on: date | None = None, next_review_reason: str = "",
    tool_difference_reason: str = "", owed_by_agency_id: int | None = None, rules_version: int | None = None,
    so_far: Sequence[Any] | None = None,
) -> Rating:  # fmt: skip
    """Add a rating to the child's history. The rules of `ratings.rules` are asked by the caller, before.

    `decided_on` is the date of the meeting in London. `before_service` marks what the first import brings, recorded
    with the entry; `owed_by_agency_id` who did not supply what was missing. `so_far` are the child's ratings, the
    newest first, where the caller has read them and the child. Raises `NotFound` out of scope.
    """
    if so_far is None:
        so_far = _last_in_scope(session, child_id)
    decided = Rating(
        child_id=child_id, meeting_id=meeting_id, rating=rating, exploitation_status=exploitation_status,
        rationale=rationale, provisional=provisional, before_service=before_service, decided_on=decided_on,
        recorded_at=now, recorded_by_id=by.account_id, next_review_on=next_review_on, rules_version=rules_version,
        next_review_reason=next_review_reason, tool_difference_reason=tool_difference_reason,
    )  # fmt: skip
    if not before_service:
        before, meeting = so_far[0].rating.value if so_far else "not rated", meeting_reference(session, meeting_id)
        record(
            session, by, now, EventKind.RATING_DECIDED, child_id, rating=rating.value, before=before, meeting=meeting
        )  # fmt: skip
    session.add(decided)
    session.flush()
    _is_owed(session, decided, owed_by_agency_id)
    return decided


def _is_owed(session: Session, decided: Rating, agency_id: int | None) -> None:
    if agency_id is None:
        return
    session.add(InformationOwed(child_id=decided.child_id, rating_id=decided.key, agency_id=agency_id))
    session.flush()


def _last_in_scope(session: Session, child_id: int) -> Sequence[Any]:
    """Give the last rating of a child that may be seen."""
    if session.execute(select(col(Child.id)).where(col(Child.id) == child_id)).first() is None:
        raise NotFound
    ratings = select(col(Rating.rating)).where(col(Rating.child_id) == child_id).order_by(col(Rating.id).desc())
    return session.execute(ratings.limit(1)).all()


def meeting_reference(session: Session, meeting_id: int | None) -> str:
    """Give the reference of a meeting for the trail; a reference says nothing about a child."""
    if meeting_id is None:
        return "no meeting"
    meeting = session.get(Meeting, meeting_id, execution_options=unscoped())
    return meeting.reference if meeting is not None else "no meeting"
