"""What a partnership decides for itself: the files in `agendas/`, read and checked."""

from meetings_app.partnership.definitions import Ages, MeetingDefinition, Partnership, RatingRule, Ratings
from meetings_app.partnership.loading import load

__all__ = ["Ages", "MeetingDefinition", "Partnership", "RatingRule", "Ratings", "load"]
