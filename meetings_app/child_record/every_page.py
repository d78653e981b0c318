"""Every page about one child."""

from meetings_app.child_record import (
    changes,
    routes_after_leaving,
    routes_leaving,
    routes_links,
    routes_plan,
    routes_plan_word,
    routes_raised,
    routes_strategy,
    transition,
)
from meetings_app.child_record.routes import blueprint

__all__ = [
    "blueprint",
    "changes",
    "routes_after_leaving",
    "routes_leaving",
    "routes_links",
    "routes_plan",
    "routes_plan_word",
    "routes_raised",
    "routes_strategy",
    "transition",
]
