"""Every page about assessments: filling one in, reading one, and what follows from it."""

from meetings_app.assessment_record import routes_following, routes_show, routes_work
from meetings_app.assessment_record.blueprint import blueprint

__all__ = ["blueprint", "routes_following", "routes_show", "routes_work"]
