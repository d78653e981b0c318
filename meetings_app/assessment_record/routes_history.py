"""A child's assessments: the list with its charts, and one beside the one before it."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from meetings_app.accounts.queries import names_of
from meetings_app.assessment_record.blueprint import assessment_to_read, blueprint
from meetings_app.assessment_record.child import child_read_whole
from meetings_app.assessment_record.comparing import side_by_side
from meetings_app.assessment_record.history import HEIGHT, LEFT, WIDTH, charts_of, kept_as, rows_of
from meetings_app.assessments.models import Assessment, AssessmentState
from meetings_app.assessments.queries import assessments_of, finished_before, kept_tool, tool_of
from meetings_app.audit.events import EventKind
from meetings_app.children.rules import may_for_child
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, saw
from meetings_app.web.guard import requires

MOST = 200


@blueprint.get("/children/<reference>/assessments")
@requires(Permission.ASSESS)
def of_child(reference: str) -> ResponseReturnValue:
    """List a child's assessments for whoever reads the whole record, with their results over time."""
    child = child_read_whole(reference)
    assessments = assessments_of(db(), child.key, MOST)
    tools = {kept: kept_tool(db(), *kept) for kept in {kept_as(assessment) for assessment in assessments}}
    saw(EventKind.ASSESSMENTS_VIEWED, child.key, shown=len(assessments), children=[child.key])
    rows = rows_of(assessments, tools, child.born)
    people = [person for each in assessments for person in (each.started_by_id, each.finished_by_id) if person]
    return render_template(
        "assessment_record/history.html", child=child, rows=rows, charts=charts_of(rows), width=WIDTH, height=HEIGHT,
        left=LEFT, names=names_of(db(), people), most=MOST,
        may_start=child.merged_into_id is None
        and may_for_child(actor(), Permission.ASSESS, child.area_id, child.lead_professional_id),
    )  # fmt: skip


@blueprint.get("/assessments/<reference>/compare")
@requires(Permission.ASSESS)
def compare(reference: str) -> ResponseReturnValue:
    """Show a finished assessment beside the one before it with the same tool, or say that there is none."""
    assessment = finished_to_read(reference)
    tool, before = tool_of(db(), assessment), finished_before(db(), assessment)
    for shown in (assessment, *([before] if before else [])):
        saw(EventKind.ASSESSMENT_VIEWED, shown.child_id, assessment=shown.reference)
    sides = side_by_side(tool_of(db(), before), before, tool, assessment) if before else None
    return render_template(
        "assessment_record/compare.html", assessment=assessment, tool=tool, before=before, sides=sides
    )


def finished_to_read(reference: str) -> Assessment:
    """Give the finished assessment with this reference, or answer 404."""
    assessment = assessment_to_read(reference)
    if assessment.state is not AssessmentState.FINISHED:
        abort(404)
    return assessment
