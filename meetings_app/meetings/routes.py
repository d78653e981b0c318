"""Every page about meetings."""

from meetings_app.meetings import (
    routes_after_closure,
    routes_agenda,
    routes_answers,
    routes_arranging,
    routes_changing,
    routes_conflicts,
    routes_deputies,
    routes_item,
    routes_live,
    routes_members,
    routes_recommended,
    routes_reply_mails,
    routes_room,
    routes_running,
    routes_series,
    routes_strategy,
    routes_views,
)
from meetings_app.meetings.blueprint import blueprint

__all__ = [
    "blueprint",
    "routes_after_closure",
    "routes_agenda",
    "routes_answers",
    "routes_arranging",
    "routes_changing",
    "routes_conflicts",
    "routes_deputies",
    "routes_item",
    "routes_live",
    "routes_members",
    "routes_recommended",
    "routes_reply_mails",
    "routes_room",
    "routes_running",
    "routes_series",
    "routes_strategy",
    "routes_views",
]
