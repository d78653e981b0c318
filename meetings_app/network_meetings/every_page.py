"""Every page of network meetings."""

from meetings_app.network_meetings import routes
from meetings_app.network_meetings.blueprint import blueprint

__all__ = ["blueprint", "routes"]
