"""The child that a page is about, how much of the record the person reads, and what they may do beside it."""

from collections.abc import Sequence
from typing import Any

from flask import abort

from meetings_app.child_record import queries
from meetings_app.children.reading import Reading, reading_of
from meetings_app.children.rules import may_for_child
from meetings_app.permissions import Permission
from meetings_app.plans.queries import versions_for_school, versions_of
from meetings_app.web.context import actor, db, found


def child_to_read(reference: str) -> tuple[Any, Reading]:
    """Give the child and how much of the record the person reads, or answer 404."""
    child = found(queries.identity(db(), reference))
    return child, found(reading_of(db(), actor(), child))


def whole_child(reference: str) -> Any:
    """Give the child whose whole record the person reads, or answer 404."""
    child, reading = child_to_read(reference)
    if reading is not Reading.WHOLE:
        abort(404)
    return child


def may(permission: Permission, child: Any) -> bool:
    """Say whether the person may do this beside the child."""
    return may_for_child(actor(), permission, child.area_id, child.lead_professional_id)


def plans_read(child: Any, reading: Reading) -> Sequence[Any]:
    """Give the versions of the safety plan that the person reads, newest first; a school those that are for schools."""
    if reading is Reading.PLAN:
        return versions_for_school(db(), child.id)
    return versions_of(db(), child.id, with_intelligence=True)


def merged_into(child: Any) -> str:
    """Give the reference of the record that this one points to, or an empty text."""
    if child.merged_into_id is None:
        return ""
    return str(queries.compared(db(), [child.merged_into_id])[child.merged_into_id].reference)
