"""Every page about meetings."""

from meetings_app.meetings import routes_arranging, routes_changing, routes_members
from meetings_app.meetings.blueprint import blueprint

__all__ = ["blueprint", "routes_arranging", "routes_changing", "routes_members"]
