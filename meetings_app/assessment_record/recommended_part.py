"""TODO"""

from typing import Any

from meetings_app.assessments.models import Assessment
from meetings_app.partnership import ToolDefinition


def recommended_part(assessment: Assessment, tool: ToolDefinition) -> dict[str, Any]:
    """TODO"""
    return {}
