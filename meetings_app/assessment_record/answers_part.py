"""What a finished assessment found and what was answered, for its page."""

from typing import Any

from meetings_app.accounts.queries import names_of
from meetings_app.assessment_record.child import record_beside
from meetings_app.assessment_record.telling import INFORMS, corrected_birth, name_of, told
from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import finished_before
from meetings_app.children.ages import age_on
from meetings_app.partnership import ToolDefinition
from meetings_app.web.context import db


def answers_part(assessment: Assessment, tool: ToolDefinition) -> dict[str, Any]:
    """Give the result and every answer in words, and links to what the person may open.

    `child` is None where the person does not read the record; then nothing of it is said either.
    """
    child = record_beside(assessment)
    people = [person for person in (assessment.started_by_id, assessment.finished_by_id) if person is not None]
    names = names_of(db(), people)
    return {
        "told": told(tool, assessment),
        "informs": INFORMS,
        "child": child,
        "age": age_on(assessment.born, assessment.assessed_on),
        "started_by": name_of(names, assessment.started_by_id),
        "finished_by": name_of(names, assessment.finished_by_id),
        "previous": finished_before(db(), assessment),
        "born_now": corrected_birth(tool, assessment, child.born) if child is not None else None,
    }
