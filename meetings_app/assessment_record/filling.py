"""What the pages on which an assessment is filled in ask, and how far each section is."""

from typing import Any

from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import draft_of
from meetings_app.assessments.sections import problems_of, sections_of
from meetings_app.assessments.service import may_fill_in
from meetings_app.partnership import ToolDefinition
from meetings_app.web.context import actor, db, today


def overview(assessment: Assessment, tool: ToolDefinition) -> dict[str, Any]:
    """Give the sections of a draft with how far each is, and whether the person may fill them in."""
    problems = problems_of(tool, draft_of(assessment), today())
    return {
        "sections": sections_of(tool, problems, assessment.sections),
        "problems": problems,
        "may_fill_in": may_fill_in(db(), actor(), assessment),
    }
