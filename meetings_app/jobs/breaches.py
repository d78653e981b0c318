"""Keeps what the check of the night found: what is new, what still stands, and what was put right since."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.cse_list.checks import Breach
from meetings_app.jobs.models import BreachFound
from meetings_app.referrals.models import Referral
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.strategy.models import StrategyDiscussion

NEED_A_MEETING = frozenset(
    {
        "next_meeting", "referral_without_meeting", "passed_on_to_nobody", "provisional_unheard", "strategy_unheard",
        "closing_unheard",
    }
)  # fmt: skip
"""What is put right by a meeting that is still to come."""
WRONG_HANDS = frozenset({"action_without_owner", "owner_of_another_agency", "owner_may_not_see"})
SERIES = "/meetings/series"
AGENDA_OPEN = (MeetingState.PLANNED, MeetingState.ANNOUNCED)
"""States of a meeting whose agenda still drafts itself."""
_AT_ONCE = 500


@dataclass(frozen=True)
class _Subject:
    """What a reference stands for: its area and child, and its own page."""

    area_id: int | None = None
    child_id: int | None = None
    page: str = ""
    meeting: str = ""


def keep_breaches(session: Session, now: datetime, found: Sequence[Breach]) -> None:
    """Keep what was found just now: what stands keeps the day it was found first, what is not found is cleared.

    `session` acts for the scheduler, who sees everything.
    """
    standing = {
        (row.code, row.reference, row.problem): row
        for row in session.scalars(select(BreachFound).where(col(BreachFound.cleared_at).is_(None)))
    }
    fresh = [breach for breach in found if (breach.code, breach.reference, breach.problem) not in standing]
    for breach in found:
        standing.pop((breach.code, breach.reference, breach.problem), None)
    for row in standing.values():
        row.cleared_at = now
    subjects, ahead = (
        _subjects(session, {breach.reference for breach in fresh}),
        _areas_ahead(session, london_date(now)),
    )
    for breach in fresh:
        subject = subjects.get(breach.reference, _Subject())
        session.add(
            BreachFound(
                code=breach.code, reference=breach.reference, problem=breach.problem, area_id=subject.area_id,
                href=_put_right_at(breach, subject), child_id=subject.child_id, found_at=now,
                without_meeting=subject.area_id not in ahead,
            )
        )  # fmt: skip
    session.flush()


def _put_right_at(breach: Breach, subject: _Subject) -> str:
    """Give the page where a breach is put right: where a meeting is made, an owner is chosen, or the thing is shown."""
    if breach.reference.startswith(("NET-", "N-", "NR-", "NA-")):
        return _put_right_with_networks(breach)
    if breach.code in NEED_A_MEETING:
        return SERIES
    if breach.code in WRONG_HANDS:
        return f"/actions/{breach.reference}/reassign"
    if breach.code == "left_open":
        return f"/meetings/{breach.reference}/record"
    if breach.code == "proposed_for_ever":
        return f"/meetings/{subject.meeting}"
    return subject.page


def _put_right_with_networks(breach: Breach) -> str:
    if breach.code == "network_without_meeting":
        return SERIES
    kind, _, _rest = breach.reference.partition("-")
    folders = {
        "NET": "/networks/meetings/",
        "N": "/networks/",
        "NR": "/networks/referrals/",
        "NA": "/networks/actions/",
    }
    return folders[kind] + breach.reference


def _areas_ahead(session: Session, today: date) -> set[int | None]:
    """Give the areas with an RMM ahead whose agenda is still open."""
    return set(
        session.scalars(
            select(col(Meeting.area_id))
            .where(
                col(Meeting.type) == MeetingType.RMM, col(Meeting.state).in_(AGENDA_OPEN), col(Meeting.held_on) >= today
            )
            .distinct()
        )
    )  # fmt: skip


def _subjects(session: Session, references: Iterable[str]) -> Mapping[str, _Subject]:
    found: dict[str, _Subject] = {}
    ordered = sorted(references)
    for start in range(0, len(ordered), _AT_ONCE):
        found.update(_looked_up(session, ordered[start : start + _AT_ONCE]))
    return found


def _looked_up(session: Session, references: Sequence[str]) -> Iterator[tuple[str, _Subject]]:
    """Look references up wherever they may stand; what is none of these, such as a file, is about no area."""
    child: Any = col(Child.reference).label("child")
    meeting: Any = col(Meeting.reference).label("meeting")
    statements: list[tuple[Any, str]] = [
        (select(child, col(Child.id).label("child_id"), col(Child.area_id)), "/children/{0.child}"),
        (
            select(col(Action.reference), col(Action.child_id), col(Action.area_id), meeting)
            .outerjoin(Meeting, col(Meeting.id) == col(Action.meeting_id)),
            "/actions/{0.reference}",
        ),
        (
            # The next RMM of the area where the child lives hears it, whatever area the referral was made for.
            select(col(Referral.reference), col(Referral.child_id), col(Child.area_id))
            .outerjoin(Child, col(Child.id) == col(Referral.child_id)),
            "/referrals/{0.reference}",
        ),
        (
            select(col(StrategyDiscussion.reference), child, col(Child.id).label("child_id"), col(Child.area_id))
            .join(Child, col(Child.id) == col(StrategyDiscussion.child_id)),
            "/children/{0.child}/strategy/{0.reference}",
        ),
        (select(meeting, col(Meeting.area_id)), "/meetings/{0.meeting}"),
    ]  # fmt: skip
    for statement, page in statements:
        for row in session.execute(statement.where(statement.selected_columns[0].in_(references))):
            yield (
                row[0],
                _Subject(row.area_id, getattr(row, "child_id", None), page.format(row), getattr(row, "meeting", "")),
            )
