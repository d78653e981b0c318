"""What a calendar program answers to an invite, read from its bytes (iTIP, RFC 5546). Knows no mail and no database."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

ANSWERS = frozenset({"ACCEPTED", "TENTATIVE", "DECLINED", "DELEGATED"})
LARGEST = 200_000
"""In bytes, our default: an answer has some thousand."""


class NotUnderstood(ValueError):
    """The bytes are no answer to one meeting by one person."""


@dataclass(frozen=True, slots=True)
class CalendarReply:
    """One person's answer to one meeting. `answer` is an iCalendar PARTSTAT; `deputy` an address, or empty.

    `is_counter` says that another time is proposed, which no calendar decides.
    """

    uid: str
    sequence: int
    said_at: datetime
    attendee: str
    answer: str
    deputy: str = ""
    is_counter: bool = False


def read_reply(content: bytes) -> CalendarReply:
    """Read one answer as Outlook, Gmail or Apple write it. Raises `NotUnderstood` for anything else."""
    from icalendar import Calendar

    if len(content) > LARGEST:
        raise NotUnderstood
    try:
        calendar = Calendar.from_ical(content)
        method = str(calendar.get("METHOD", "")).upper()
        events = calendar.walk("VEVENT")
        if method not in ("REPLY", "COUNTER") or len(events) != 1:
            raise NotUnderstood
        return _of_event(events[0], is_counter=method == "COUNTER")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise NotUnderstood from None


def _of_event(event: Any, *, is_counter: bool) -> CalendarReply:
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    answering = [one for one in attendees if str(one.params.get("PARTSTAT", "")).upper() in ANSWERS]
    if len(answering) != 1 and not is_counter:
        raise NotUnderstood
    attendee = answering[0] if answering else attendees[0]
    return CalendarReply(
        uid=str(event["UID"]).strip(),
        sequence=max(0, int(event.get("SEQUENCE", 0))),
        said_at=_moment(event["DTSTAMP"].dt),
        attendee=_address(attendee),
        answer=str(attendee.params.get("PARTSTAT", "")).upper(),
        deputy=_deputy(attendee.params.get("DELEGATED-TO", "")),
        is_counter=is_counter,
    )


def _address(value: object) -> str:
    text = str(value).strip().strip('"')
    if text[:7].lower() != "mailto:" or "@" not in text:
        raise NotUnderstood
    return text[7:].strip().lower()


def _deputy(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    return _address(first) if first else ""


def _moment(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise NotUnderstood
    # RFC 5545 wants UTC; a program that leaves the Z out means it all the same.
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
