"""Every page about meetings, those of the minutes among them."""

from meetings_app.meetings.routes import blueprint
from meetings_app.minutes import routes, routes_actions, routes_corrections, routes_files, routes_texts

__all__ = ["blueprint", "routes", "routes_actions", "routes_corrections", "routes_files", "routes_texts"]
