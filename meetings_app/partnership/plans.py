"""The shape of what `ratings.toml` says about safety plans."""

from typing import Literal

from meetings_app.partnership.values import Days, Definition

PlanNeed = Literal["actions", "contingency", "views", "school", "dated_aim", "missing"]


class PlanRules(Definition):
    """What a rating asks of a safety plan, and when an update is asked for. What a file leaves out is the default."""

    update_working_days: Days = 2
    update_recent_days: Days = 7
    missing_days: Days = 90
    high: tuple[PlanNeed, ...] = ("actions", "contingency", "views", "school", "dated_aim", "missing")
    medium: tuple[PlanNeed, ...] = ("contingency", "views", "school")
    low: tuple[PlanNeed, ...] = ()
