"""Every page of network meetings."""

from meetings_app.network_meetings import (
    routes,
    routes_actions,
    routes_corrections,
    routes_holding,
    routes_item,
    routes_live,
    routes_minutes,
    routes_settling,
)
from meetings_app.network_meetings.blueprint import blueprint

__all__ = [
    "blueprint",
    "routes",
    "routes_actions",
    "routes_corrections",
    "routes_holding",
    "routes_item",
    "routes_live",
    "routes_minutes",
    "routes_settling",
]
