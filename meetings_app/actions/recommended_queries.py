"""Reads of the actions that assessments recommend, with what became of each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.queries import agencies
from meetings_app.actions.models import Action, ActionState, RecommendationTakenUp
from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import Recommended
from meetings_app.assessments.recommended_queries import (
    declined_among,
    last_of_each_tool,
    recommended_by,
    tools_of,
)
from meetings_app.schedule.models import Meeting


class Fate(StrEnum):
    """What became of an action that an assessment recommends; `superseded` by a later one with the same tool."""

    OFFERED = "offered"
    TAKEN_UP = "taken_up"
    DECLINED = "declined"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class RecommendedAction:
    """An action that an assessment recommends, as pages show it; `agency_id` None where the tool names none of ours.

    With `by_rating` a rating asks for it: `assessment` is the rating then, and `tool` says so.

    `late_days` says how long what a rating asks for has waited beyond its day; an assessment's has no day that passes.

    The action's reference and state are None where the person may not see it, or nothing was taken up.
    """

    assessment: str
    tool: str
    number: int
    text: str
    agency_id: int | None
    agency: str
    due_on: date
    fate: Fate
    action: str | None = None
    action_state: ActionState | None = None
    meeting: str | None = None
    declined_by: str | None = None
    reason: str = ""
    by_rating: bool = False
    late_days: int = 0


def recommended_actions(session: Session, assessments: Sequence[Assessment], today: date) -> list[RecommendedAction]:
    """Give what finished assessments recommend, each with what became of it, in the order of the tools.

    Only the last finished assessment of a child with each tool still offers; the assessments are of one child.
    """
    asking = [each for each in assessments if each.category is not None]
    if not asking:
        return []
    last = {each.id for each in last_of_each_tool(session, asking[0].child_id)}
    return _with_fates(session, asking, last, today)


def offered_actions(session: Session, child_id: int, today: date) -> list[RecommendedAction]:
    """Give the recommended actions that wait for an answer: of the child's last assessment with each tool."""
    last = [each for each in last_of_each_tool(session, child_id) if each.category is not None]
    rows = _with_fates(session, last, {each.id for each in last}, today) if last else []
    return [row for row in rows if row.fate is Fate.OFFERED]


def _with_fates(
    session: Session, assessments: Sequence[Any], last: Collection[int], today: date
) -> list[RecommendedAction]:
    ids = [each.id for each in assessments]
    tools, ours = tools_of(session, assessments), {each.code: each for each in agencies(session)}
    taken, declined = _taken_among(session, ids), declined_among(session, ids)
    found = []
    for each in assessments:
        tool = tools[each.id]
        for asked in recommended_by(tool, each, today):
            place = (each.id, asked.number)
            row = _row(each, tool.name, asked, taken.get(place), declined.get(place), ours.get(asked.agency))
            too_late = row.fate is Fate.OFFERED and each.id not in last
            found.append(replace(row, fate=Fate.SUPERSEDED) if too_late else row)
    return found


# Built once, for every page beside a child with a finished assessment sends it.
_TAKEN_UP: Any = (
    select(
        col(RecommendationTakenUp.assessment_id), col(RecommendationTakenUp.number), col(Action.reference),
        col(Action.state), col(Meeting.reference).label("meeting"),
    )
    .outerjoin(Action, col(Action.id) == col(RecommendationTakenUp.action_id))
    .outerjoin(Meeting, col(Meeting.id) == col(Action.meeting_id))
    .where(col(RecommendationTakenUp.assessment_id).in_(bindparam("assessments", expanding=True)))
)  # fmt: skip


def _taken_among(session: Session, assessment_ids: Collection[int]) -> dict[tuple[int, int], Any]:
    """Give what was taken up by assessment and number. An action that the person may not see has no reference."""
    rows = session.execute(_TAKEN_UP, {"assessments": list(assessment_ids)})
    return {(row.assessment_id, row.number): row for row in rows}


def _row(assessment: Any, tool: str, asked: Recommended, taken: Any, declined: Any, agency: Any) -> RecommendedAction:
    fate = Fate.TAKEN_UP if taken else Fate.DECLINED if declined else Fate.OFFERED
    return RecommendedAction(
        assessment.reference, tool, asked.number, asked.text,
        agency.id if agency else None, agency.name if agency else asked.agency, asked.due_on, fate,
        action=taken.reference if taken else None, action_state=taken.state if taken else None,
        meeting=taken.meeting if taken else None,
        declined_by=declined.by if declined else None, reason=declined.reason if declined else "",
    )  # fmt: skip


def assessment_of_action(session: Session, action_id: int) -> str | None:
    """Give the reference of the assessment that recommended an action; None where it is none the person may see."""
    return session.scalars(
        select(col(Assessment.reference))
        .join(RecommendationTakenUp, col(RecommendationTakenUp.assessment_id) == col(Assessment.id))
        .where(col(RecommendationTakenUp.action_id) == action_id)
    ).first()
