"""Reads of a child's assessments in the order of their dates."""

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.assessments.models import Assessment, AssessmentState


def previous_of(session: Session, assessment: Assessment) -> Assessment | None:
    """Give the finished assessment before this one with the same tool, where there is one that the person may see."""
    earlier = sa.tuple_(col(Assessment.assessed_on), col(Assessment.id)) < sa.tuple_(
        sa.literal(assessment.assessed_on), sa.literal(assessment.key)
    )
    return session.scalars(
        select(Assessment)
        .where(
            col(Assessment.child_id) == assessment.child_id,
            col(Assessment.tool_code) == assessment.tool_code,
            col(Assessment.state) == AssessmentState.FINISHED,
            earlier,
        )
        .order_by(col(Assessment.assessed_on).desc(), col(Assessment.id).desc())
        .limit(1)
    ).first()
