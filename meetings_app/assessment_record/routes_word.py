"""A finished assessment as a Word document."""

from flask.typing import ResponseReturnValue

from meetings_app.assessment_record.blueprint import blueprint
from meetings_app.assessment_record.child import record_beside
from meetings_app.assessment_record.routes_history import finished_to_read
from meetings_app.assessment_record.word import facts_of
from meetings_app.audit.events import EventKind
from meetings_app.documents.render import assessment_document
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, now, partnership, saw, settings
from meetings_app.web.guard import requires
from meetings_app.web.word import word_answer, word_template


@blueprint.get("/assessments/<reference>/word")
@requires(Permission.ASSESS)
def as_word(reference: str) -> ResponseReturnValue:
    """Give a finished assessment as Word; that it was made is on record before it is sent."""
    assessment = finished_to_read(reference)
    facts = facts_of(
        db(), actor(), now(), assessment, record_beside(assessment),
        partnership=partnership().name, marking=settings().marking,
    )  # fmt: skip
    saw(EventKind.DOCUMENT_MADE, assessment.child_id, document=f"assessment {assessment.reference}")
    return word_answer(assessment_document(facts, word_template("assessment")), f"{assessment.reference}-assessment")
