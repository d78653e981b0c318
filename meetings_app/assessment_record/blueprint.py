"""The blueprint of the pages of assessments, and what each of them asks first."""

from flask import Blueprint

from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import find_assessment
from meetings_app.web.context import db, found

blueprint = Blueprint("assessment_record", __name__)


def assessment_to_read(reference: str) -> Assessment:
    """Give the assessment with this reference, or answer 404 where there is none or the person may not see it."""
    return found(find_assessment(db(), reference))
