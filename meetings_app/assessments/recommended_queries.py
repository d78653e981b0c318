"""Reads of what assessments recommend, for many at once: the tools they were made with, and what was declined."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.assessments.models import Assessment, AssessmentState, DeclinedRecommendation
from meetings_app.assessments.queries import Recommended, is_finished, kept_tools
from meetings_app.db.asked_once import asked_once
from meetings_app.db.columns import columns_of
from meetings_app.partnership import ToolDefinition


def _last_of_each_tool() -> Any:
    latest = (
        sa.func.row_number()
        .over(
            partition_by=col(Assessment.tool_code),
            order_by=(col(Assessment.assessed_on).desc(), col(Assessment.id).desc()),
        )
        .label("latest")
    )
    ranked = (
        select(col(Assessment.id).label("id"), latest)
        .where(col(Assessment.child_id) == bindparam("child"), is_finished())
        .subquery()
    )
    return (
        select(*columns_of(Assessment))
        .where(col(Assessment.id).in_(select(ranked.c.id).where(ranked.c.latest == 1)))
        .order_by(col(Assessment.assessed_on).desc(), col(Assessment.id).desc())
    )


# Built once each, for every child’s page sends them.
_LAST_OF_EACH_TOOL = _last_of_each_tool()
_DECLINED: Any = (
    select(
        col(DeclinedRecommendation.assessment_id), col(DeclinedRecommendation.number),
        col(DeclinedRecommendation.at), col(DeclinedRecommendation.reason), col(Account.name).label("by"),
    )
    .outerjoin(Account, col(Account.id) == col(DeclinedRecommendation.by_id))
    .where(col(DeclinedRecommendation.assessment_id).in_(bindparam("assessments", expanding=True)))
)  # fmt: skip


@asked_once
def last_of_each_tool(session: Session, child_id: int) -> Sequence[Any]:
    """Give a child's last finished assessment with each tool that the person may see, the latest date first.

    As rows of every column.
    """
    return session.execute(_LAST_OF_EACH_TOOL, {"child": child_id}).all()


def tools_of(session: Session, assessments: Collection[Any]) -> dict[int, ToolDefinition]:
    """Give the definition that each assessment was made with, by the assessment's id, in one statement."""
    kept = kept_tools(session, {(each.tool_file, each.tool_number) for each in assessments})
    return {each.id: kept[each.tool_file, each.tool_number] for each in assessments}


def recommended_by(tool: ToolDefinition, assessment: Any, not_before: date) -> list[Recommended]:
    """Give what `tool` recommends for the category of a finished assessment, each due on `not_before` or later."""
    if assessment.category is None or assessment.state is not AssessmentState.FINISHED:
        return []
    return [
        Recommended(
            number, action.text, action.agency, max(not_before, assessment.assessed_on + timedelta(days=action.days))
        )
        for number, action in enumerate(tool.category(assessment.category).actions, start=1)
    ]


def declined_among(session: Session, assessment_ids: Collection[int]) -> dict[tuple[int, int], Any]:
    """Give what was declined of some assessments by id and number: when, by whom and why."""
    rows = session.execute(_DECLINED, {"assessments": list(assessment_ids)})
    return {(row.assessment_id, row.number): row for row in rows}
