"""The child's record beside an assessment: whoever made the assessment need not see it."""

from sqlalchemy import select
from sqlmodel import col

from meetings_app.assessments.models import Assessment
from meetings_app.children.models import Child
from meetings_app.children.queries import find_child
from meetings_app.children.reading import Reading, reading_of
from meetings_app.web.context import actor, db, found


def child_read_whole(reference: str) -> Child:
    """Give the child whose whole record the person reads, or answer 404; a school reads none of its assessments."""
    return found(_read_whole(find_child(db(), reference)))


def record_beside(assessment: Assessment) -> Child | None:
    """Give the child of an assessment where the person reads the whole record, else None."""
    return _read_whole(db().scalars(select(Child).where(col(Child.id) == assessment.child_id)).one_or_none())


def _read_whole(child: Child | None) -> Child | None:
    whole = child is not None and reading_of(db(), actor(), child) is Reading.WHOLE
    return child if whole else None
