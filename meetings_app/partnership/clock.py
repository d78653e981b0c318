"""The shape of `clock.toml`: when the service does by itself what the week asks for."""

from datetime import time
from typing import Annotated

from pydantic import Field, field_validator

from meetings_app.partnership.values import Definition, Weekday

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


class ClockRules(Definition):
    """`clock.toml`. Times are wall-clock times in Europe/London."""

    weekly_list_weekday: Weekday = "monday"
    weekly_list_time: time = time(6)
    weekly_mails_weekday: Weekday = "monday"
    # Ten working days over Christmas are still within the three weeks that the clock looks ahead.
    updates_asked_working_days: Annotated[int, Field(ge=1, le=10, strict=True)] = 2
    changes_wait_minutes: Annotated[int, Field(ge=0, le=120, strict=True)] = 10

    @field_validator("weekly_list_time")
    @classmethod
    def _whole_minutes(cls, at: time) -> time:
        if at.second or at.microsecond or at.tzinfo is not None:
            raise ValueError("must be a time in whole minutes, such as 06:00:00")
        # Between 1 and 2 in the morning an hour is left out, or comes twice, when the clocks change.
        if time(1) <= at < time(2):
            raise ValueError("must not be from 01:00 to 01:59: the clocks leave that hour out, or repeat it")
        return at
