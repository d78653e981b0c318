"""What a finished assessment recommends, and what became of each: taken up, declined, or still offered."""

from typing import Any

from meetings_app.actions.models import ActionState
from meetings_app.actions.recommended_queries import Fate, recommended_actions
from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import place_of_child
from meetings_app.children.models import Child
from meetings_app.children.rules import may_for_child
from meetings_app.partnership import ToolDefinition
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, today


def recommended_part(assessment: Assessment, tool: ToolDefinition, child: Child | None) -> dict[str, Any]:
    """Give the recommended actions of an assessment and whether the person may take them up or decline them.

    What became of them belongs to the record, so there are none where `child` is None: the record is hidden.
    """
    rows = recommended_actions(db(), [assessment], today()) if child is not None else []
    category = tool.category(assessment.category) if assessment.category is not None else None
    return {
        "recommended": rows,
        "recommended_for": category.label if category is not None else "",
        "may_take_up": bool(rows) and may_take_up(assessment),
        "fates": Fate,
        "proposed": ActionState.PROPOSED,
    }


def may_take_up(assessment: Assessment) -> bool:
    """Say whether the person may give actions for the child: coordinators, chairs, and the child's own lead."""
    place = place_of_child(db(), assessment.child_id)
    return place is not None and may_for_child(
        actor(), Permission.GIVE_ACTION, place.area_id, place.lead_professional_id
    )
