"""Reads of safety plans."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, literal, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.plans.models import SafetyPlan

# Built once each, for every child’s page sends one of them.
_VERSIONS: dict[bool, Any] = {
    with_intelligence: select(
        col(SafetyPlan.number),
        col(SafetyPlan.aims),
        col(SafetyPlan.contingency),
        col(SafetyPlan.child_view),
        col(SafetyPlan.parents_view),
        (col(SafetyPlan.police_intelligence) if with_intelligence else literal("")).label("police_intelligence"),
        col(SafetyPlan.written_at),
        col(SafetyPlan.written_by_id),
    )
    .where(col(SafetyPlan.child_id) == bindparam("child"))
    .order_by(col(SafetyPlan.number).desc())
    .limit(bindparam("most"))
    for with_intelligence in (True, False)
}


def versions_of(session: Session, child_id: int, *, with_intelligence: bool, limit: int = 30) -> Sequence[Any]:
    """Give the versions of a child's safety plan, newest first.

    Without `with_intelligence` the police intelligence is not even read: schools get the plan without it.
    """
    return session.execute(_VERSIONS[with_intelligence], {"child": child_id, "most": limit}).all()


def last_number(session: Session, child_id: int) -> int:
    """Give the number of the present version; 0 where none is written yet."""
    statement = select(col(SafetyPlan.number)).where(col(SafetyPlan.child_id) == child_id)
    return session.execute(statement.order_by(col(SafetyPlan.number).desc()).limit(1)).scalar() or 0
