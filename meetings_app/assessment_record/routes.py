"""Every page about assessments: filling one in, reading one, and what follows from it."""

from meetings_app.assessment_record import (
    routes_filling,
    routes_following,
    routes_history,
    routes_recommended,
    routes_show,
    routes_word,
    routes_work,
)
from meetings_app.assessment_record.blueprint import blueprint

__all__ = [
    "blueprint", "routes_filling", "routes_following", "routes_history", "routes_recommended", "routes_show",
    "routes_word", "routes_work",
]  # fmt: skip
