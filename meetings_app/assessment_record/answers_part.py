"""What a finished assessment found and what was answered, for its page."""

from typing import Any

from meetings_app.accounts.queries import names_of
from meetings_app.assessment_record.child import record_beside
from meetings_app.assessment_record.previous import previous_of
from meetings_app.assessment_record.telling import INFORMS, told
from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import answers_of
from meetings_app.assessments.rules import would_change
from meetings_app.children.ages import age_on
from meetings_app.partnership import ToolDefinition
from meetings_app.web.context import db


def answers_part(assessment: Assessment, tool: ToolDefinition) -> dict[str, Any]:
    """Give the result and every answer in words, and links to what the person may open.

    `born_now` is the date of birth that the record has by now, where it would make the outcome another.
    """
    child = record_beside(assessment)
    people = [person for person in (assessment.started_by_id, assessment.finished_by_id) if person is not None]
    names = names_of(db(), people)
    corrected = child is not None and child.born != assessment.born
    return {
        "told": told(tool, assessment),
        "informs": INFORMS,
        "child": child,
        "age": age_on(assessment.born, assessment.assessed_on),
        "started_by": _name(names, assessment.started_by_id),
        "finished_by": _name(names, assessment.finished_by_id),
        "previous": previous_of(db(), assessment),
        "born_now": (
            child.born
            if child is not None and corrected and would_change(tool, answers_of(tool, assessment), child.born)
            else None
        ),
    }


def _name(names: dict[int, str], account_id: int | None) -> str:
    return names.get(account_id, "") if account_id is not None else "the operator of the machine"
