"""What a partnership decides for itself: the files in `agendas/`, read and checked."""

from meetings_app.partnership.ages import Ages
from meetings_app.partnership.clock import WEEKDAYS, ClockRules
from meetings_app.partnership.definitions import MeetingDefinition, Partnership, RatingRule, Ratings
from meetings_app.partnership.loading import identity_of, is_tool, is_whole, load, parse, read_tool, texts_in
from meetings_app.partnership.tools import ToolDefinition

__all__ = [
    "WEEKDAYS", "Ages", "ClockRules", "MeetingDefinition", "Partnership", "RatingRule", "Ratings", "ToolDefinition",
    "identity_of", "is_tool", "is_whole", "load", "parse", "read_tool", "texts_in",
]  # fmt: skip
