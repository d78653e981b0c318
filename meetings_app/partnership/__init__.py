"""What a partnership decides for itself: the files in `agendas/`, read and checked."""

from meetings_app.partnership.definitions import Ages, MeetingDefinition, Partnership, RatingRule, Ratings
from meetings_app.partnership.loading import FILES, load, parse, text_of

__all__ = ["FILES", "Ages", "MeetingDefinition", "Partnership", "RatingRule", "Ratings", "load", "parse", "text_of"]
