"""What a stored invite or cancellation of ours says, for a page: the entry as a calendar shows it, and no attendee."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from meetings_app.clock import LONDON


@dataclass(frozen=True)
class SentEntry:
    """One entry. Date and times are wall clock in Europe/London; `place` may be empty."""

    is_cancelled: bool
    summary: str
    date: date
    starts: time
    ends: time
    place: str


def read_sent(content: str) -> SentEntry:
    """Read the one entry of a message that `calendars.event` wrote."""
    from icalendar import Calendar

    calendar: Any = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    starts, ends = (event[name].dt.astimezone(LONDON) for name in ("DTSTART", "DTEND"))
    return SentEntry(
        is_cancelled=str(calendar["METHOD"]) == "CANCEL", summary=str(event["SUMMARY"]), date=starts.date(),
        starts=starts.time(), ends=ends.time(), place=str(event.get("LOCATION", "")),
    )  # fmt: skip
