"""A clock that a test moves on."""

from dataclasses import dataclass
from datetime import timedelta

from meetings_app.clock import FixedClock


@dataclass(frozen=True)
class MovingClock(FixedClock):
    """Stands still until the test moves it."""

    def move(self, by: timedelta) -> None:
        """Move on by so much."""
        object.__setattr__(self, "moment", self.moment + by)
