"""The one place that reads the time. Everything else is given it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """Whatever can say what time it is."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...  # pragma: no cover


@dataclass(frozen=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still, for demos and checks (`MEETINGS_NOW`)."""

    moment: datetime

    def now(self) -> datetime:
        """Return the fixed moment, aware, in UTC."""
        return self.moment


def clock_from(setting: str) -> Clock:
    """Give the system's clock, or a fixed one for an ISO 8601 text.

    A text without an offset is read as Europe/London time. Raises `ValueError` for anything else.
    """
    if not setting:
        return SystemClock()
    moment = datetime.fromisoformat(setting)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LONDON)
    return FixedClock(moment.astimezone(UTC))


def london_date(moment: datetime) -> date:
    """Return the calendar date in Europe/London at an aware moment."""
    return moment.astimezone(LONDON).date()


def at_london(day: date, wall_clock: time) -> datetime:
    """Return the moment, in UTC, at which the clocks in London show `wall_clock` on `day`."""
    return datetime.combine(day, wall_clock, tzinfo=LONDON).astimezone(UTC)


def end_of(starts_at: datetime, minutes: int) -> datetime:
    """Return the moment `minutes` after `starts_at`."""
    return starts_at + timedelta(minutes=minutes)
