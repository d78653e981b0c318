"""Every page of before a meeting."""

from meetings_app.before_meeting import routes_replies
from meetings_app.before_meeting.routes import blueprint

__all__ = ["blueprint", "routes_replies"]
