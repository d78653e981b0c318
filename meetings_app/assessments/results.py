"""What finished assessments came to, in words."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import kept_tools
from meetings_app.assessments.words import result_in_words
from meetings_app.text import day_in_words

# Built once, for every child’s page with an assessment sends it.
_RESULTS: Any = select(
    col(Assessment.id), col(Assessment.tool_file), col(Assessment.tool_number), col(Assessment.assessed_on),
    col(Assessment.category), col(Assessment.score),
).where(col(Assessment.id).in_(bindparam("ids", expanding=True)))  # fmt: skip


def titles_of(session: Session, assessment_ids: Collection[int]) -> dict[int, str]:
    """Give each finished assessment in words, by id: the tool, the date, and what it came to."""
    rows = session.execute(_RESULTS, {"ids": list(assessment_ids)}).all()
    tools = kept_tools(session, {(row.tool_file, row.tool_number) for row in rows})
    titles = {}
    for row in rows:
        tool = tools[row.tool_file, row.tool_number]
        result = result_in_words(tool, row.category, row.score)
        titles[row.id] = f"Assessment with {tool.name} on {day_in_words(row.assessed_on)}: {result}"
    return titles
