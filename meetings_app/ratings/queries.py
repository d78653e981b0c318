"""Reads of ratings."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.db.asked_once import asked_once
from meetings_app.ratings.models import InformationOwed, Rating
from meetings_app.schedule.models import Meeting

WHY_IT_DIFFERS = "Why the rating differs from the assessment tool"

# Built once, for every page beside a child sends it.
_NEWEST_FIRST: Any = (
    select(
        col(Rating.child_id), col(Rating.rating), col(Rating.decided_on), col(Rating.recorded_at),
        col(Rating.recorded_by_id), col(Rating.provisional), col(Rating.before_service),
        col(Rating.exploitation_status), col(Rating.rationale),
        col(Rating.tool_difference_reason), col(Rating.rules_version), col(Rating.meeting_id),
        col(Meeting.reference).label("meeting"), col(Meeting.area_id),
    )
    .outerjoin(Meeting, col(Meeting.id) == col(Rating.meeting_id))
    .order_by(col(Rating.id).desc())
)  # fmt: skip
_OF_CHILD: Any = _NEWEST_FIRST.where(col(Rating.child_id) == bindparam("child"))
_OF_CHILDREN: Any = _NEWEST_FIRST.where(col(Rating.child_id).in_(bindparam("children", expanding=True)))


@asked_once
def ratings_of(session: Session, child_id: int) -> Sequence[Any]:
    """Give the ratings of a child, the newest first, each with the meeting that decided it and that meeting's area."""
    return session.execute(_OF_CHILD, {"child": child_id}).all()


def ratings_of_all(session: Session, child_ids: Collection[int]) -> dict[int, list[Any]]:
    """Give the same for several children, by child; only those who have been rated."""
    found: dict[int, list[Any]] = {}
    for row in session.execute(_OF_CHILDREN, {"children": tuple(child_ids)}):
        found.setdefault(row.child_id, []).append(row)
    return found


def last_rating(session: Session, child_id: int) -> Rating | None:
    """Give the present rating of a child: the last one recorded, or None."""
    return session.scalars(
        select(Rating).where(col(Rating.child_id) == child_id).order_by(col(Rating.id).desc()).limit(1)
    ).first()


def still_owed() -> ColumnElement[bool]:
    """Ask of what an agency did not supply whether the rating that is provisional for want of it still stands."""
    later = aliased(Rating)
    return ~exists().where(
        col(later.child_id) == col(InformationOwed.child_id), col(later.id) > col(InformationOwed.rating_id)
    )


def ratings_of_meeting(session: Session, meeting_id: int) -> dict[int, Any]:
    """Give by child the rating that a meeting decided, with the name of the agency that owed information, or ""."""
    rows: Any = session.execute(
        select(
            col(Rating.child_id), col(Rating.rating), col(Rating.provisional), col(Rating.tool_difference_reason),
            func.coalesce(col(Agency.name), "").label("owed_by"),
        )
        .outerjoin(InformationOwed, col(InformationOwed.rating_id) == col(Rating.id))
        .outerjoin(Agency, col(Agency.id) == col(InformationOwed.agency_id))
        .where(col(Rating.meeting_id) == meeting_id)
        .order_by(col(Rating.id))
    )  # fmt: skip
    return {row.child_id: row for row in rows}


def rating_lines(rated: Any) -> list[tuple[str, str]]:
    """Say what else stands on a rating, each with its label; `rated` is one of `ratings_of_meeting`."""
    lines = []
    if rated.tool_difference_reason:
        lines.append((WHY_IT_DIFFERS, rated.tool_difference_reason))
    if rated.owed_by:
        lines.append(
            (
                "Why the rating is provisional",
                f"{rated.owed_by} has not supplied what was missing. The agency is escalated.",
            )
        )
    return lines
