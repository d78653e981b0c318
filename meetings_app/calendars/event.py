"""Invites, cancellations and subscription feeds as iCalendar bytes (RFC 5545, RFC 5546).

One event a message, one UID a meeting for ever, one attendee an invite. Nothing is taken from the
clock or made at random: the same facts give the same bytes, so that a feed's ETag matches.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal, cast

from meetings_app.calendars.facts import Attendee, MeetingEvent, one_line
from meetings_app.calendars.zone import LONDON_COMPONENT

# The iCalendar library takes longer to import than the web framework, and most requests never need it:
# the functions below import it when they are called.
if TYPE_CHECKING:
    from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]

PRODUCT = "-//Meetings//Risk Management Meetings//EN"
# Our defaults: a reminder half an hour before the start, and a feed read again every hour.
REMINDER_BEFORE = timedelta(minutes=30)
FEED_READ_AGAIN_AFTER = timedelta(hours=1)


def uid_for(reference: str, host: str) -> str:
    """Give the UID of a meeting: its reference, which never changes, at the host of the service."""
    return f"{reference}@{host}"


def request(event: MeetingEvent, attendee: Attendee) -> bytes:
    """Give the invite (METHOD:REQUEST) of one meeting to one person, who sees nobody else."""
    component = _event_component(event)
    component.add("status", "CONFIRMED")
    component.add("attendee", _attendee(attendee, reply_wanted=True))
    component.add_component(_reminder(event))
    return _calendar_bytes("REQUEST", [component])


def cancellation(event: MeetingEvent, attendee: Attendee) -> bytes:
    """Give the cancellation (METHOD:CANCEL) for one person: the meeting is off, or the person is.

    `event.sequence` must be higher than that of the invite, or calendars ignore the message.
    """
    component = _event_component(event)
    component.add("status", "CANCELLED")
    component.add("attendee", _attendee(attendee, reply_wanted=False))
    return _calendar_bytes("CANCEL", [component])


def feed(events: Iterable[MeetingEvent], name: str, cancelled: Collection[str] = ()) -> bytes:
    """Give a subscription feed (METHOD:PUBLISH) called `name`, by date, without any attendee.

    `cancelled` holds the UIDs of the meetings that are off.

    No reminders either: who subscribes and is invited would be reminded twice.
    """
    components = []
    for event in sorted(events, key=lambda event: (event.starts, event.uid)):
        component = _event_component(event)
        component.add("status", "CANCELLED" if event.uid in cancelled else "CONFIRMED")
        components.append(component)
    return _calendar_bytes("PUBLISH", components, name)


# Read once: a series for a year is a thousand messages, and each holds it as it is.
@cache
def _london() -> "Timezone":
    from icalendar import Timezone

    return cast("Timezone", Timezone.from_ical(LONDON_COMPONENT))


def _calendar_bytes(method: Method, components: "list[Event]", feed_name: str = "") -> bytes:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if feed_name:
        _name_feed(calendar, feed_name)
    calendar.add_component(_london())
    for component in components:
        calendar.add_component(component)
    written: bytes = calendar.to_ical(sorted=False)
    return written


def _name_feed(calendar: "Calendar", name: str) -> None:
    from icalendar import vText

    shown_name = one_line(name)
    # The library knows neither property as text, and would leave commas and semicolons unescaped.
    calendar.add("name", vText(shown_name))
    calendar.add("x-wr-calname", vText(shown_name))
    # RFC 7986 gives this property no default type: without VALUE=DURATION strict readers refuse it.
    calendar.add("refresh-interval", FEED_READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")


def _event_component(event: MeetingEvent) -> "Event":
    from icalendar import Event

    component = Event()
    changed_at = event.changed_at.astimezone(UTC).replace(microsecond=0)
    component.add("uid", event.uid)
    component.add("sequence", event.sequence)
    component.add("dtstamp", changed_at)
    component.add("last-modified", changed_at)
    _add_wall_clock(component, "dtstart", event.starts)
    _add_wall_clock(component, "dtend", event.ends)
    component.add("summary", event.summary)
    component.add("description", _description(event))
    if event.place or event.joining_link:
        component.add("location", event.place or "Online")
    component.add("url", event.link)
    component.add("class", "PRIVATE")
    component.add("transp", "OPAQUE")
    component.add("organizer", _calendar_address(event.organiser_address, event.organiser_name))
    return component


def _add_wall_clock(component: "Event", name: str, moment: datetime) -> None:
    component.add(name, moment.replace(tzinfo=None), parameters={"TZID": "Europe/London"})


def _description(event: MeetingEvent) -> str:
    lines = [f"Meeting {event.reference}"]
    if event.joining_link:
        lines.append(f"Join online: {event.joining_link}")
    lines.append(f"Sign in to see the agenda: {event.link}")
    return "\n".join(lines)


def _reminder(event: MeetingEvent) -> "Alarm":
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", event.summary)
    alarm.add("trigger", -REMINDER_BEFORE)
    return alarm


def _attendee(attendee: Attendee, *, reply_wanted: bool) -> "vCalAddress":
    address = _calendar_address(attendee.address, attendee.name)
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "REQ-PARTICIPANT"
    if reply_wanted:
        address.params["PARTSTAT"] = "NEEDS-ACTION"
        address.params["RSVP"] = "TRUE"
    return address


def _calendar_address(address: str, name: str) -> "vCalAddress":
    from icalendar import vCalAddress

    calendar_address = vCalAddress(f"mailto:{address}")
    shown_name = _parameter_text(name)
    if shown_name:
        calendar_address.params["CN"] = shown_name
    return calendar_address


def _parameter_text(text: str) -> str:
    """Leave out what a parameter cannot hold, or what programs read differently.

    A double quote has no escape (RFC 5545). The caret begins an escape in newer programs (RFC 6868) and
    stands for itself in older ones; some take a backslash for an escape though the standard knows none.
    """
    return one_line("".join(letter for letter in text if letter not in '"^\\'))
