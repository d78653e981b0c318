"""One assessment: a draft with its sections, or a finished one with what it found and what follows from it."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from meetings_app.assessment_record.answers_part import answers_part
from meetings_app.assessment_record.blueprint import assessment_to_read, blueprint
from meetings_app.assessment_record.child import record_beside
from meetings_app.assessment_record.filling import overview
from meetings_app.assessment_record.following_part import clock_of, following_part
from meetings_app.assessment_record.recommended_part import recommended_part
from meetings_app.assessments.models import AssessmentState
from meetings_app.assessments.queries import tool_of
from meetings_app.audit.events import EventKind
from meetings_app.permissions import Permission
from meetings_app.web.context import db, saw
from meetings_app.web.guard import requires


@blueprint.get("/assessments/<reference>")
@requires(Permission.ASSESS)
def show(reference: str) -> ResponseReturnValue:
    """Show an assessment that the person may see; a draft leads through its sections."""
    assessment = assessment_to_read(reference)
    tool = tool_of(db(), assessment)
    if assessment.state is AssessmentState.DISCARDED:
        abort(404)
    saw(EventKind.ASSESSMENT_VIEWED, assessment.child_id, assessment=assessment.reference)
    if assessment.state is AssessmentState.DRAFT:
        return render_template(
            "assessment_record/draft.html", assessment=assessment, tool=tool, clock=clock_of(assessment),
            child=record_beside(assessment),            **overview(assessment, tool),
        )  # fmt: skip
    answers = answers_part(assessment, tool)
    return render_template(
        "assessment_record/finished.html",
        assessment=assessment,
        tool=tool,
        **answers,
        **following_part(assessment, tool),
        **recommended_part(assessment, tool, answers["child"]),
    )
