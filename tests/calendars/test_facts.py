"""What may go into a calendar entry at all."""

from dataclasses import fields
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from meetings_app.calendars.event import feed, request
from meetings_app.calendars.facts import Attendee, MeetingEvent

FACTS: dict[str, Any] = {
    "uid": "RMM-NE-2026-W48@meetings.example",
    "sequence": 0,
    "reference": "RMM-NE-2026-W48",
    "summary": "Risk Management Meeting",
    "date": date(2026, 11, 24),
    "start_time": time(10, 0),
    "minutes": 120,
    "place": "Room 4",
    "joining_link": "",
    "changed_at": datetime(2026, 11, 1, tzinfo=timezone.utc),  # noqa: UP017
    "link": "https://meetings.example/meetings/RMM-NE-2026-W48",
    "organiser_address": "rmm@meetings.example",
    "organiser_name": "Risk Management Meetings",
}

ENTRY_PROPERTIES = {
    "BEGIN",
    "END",
    "UID",
    "SEQUENCE",
    "DTSTAMP",
    "LAST-MODIFIED",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "URL",
    "CLASS",
    "TRANSP",
    "ORGANIZER",
    "STATUS",
    "ATTENDEE",
    "ACTION",
    "TRIGGER",
}


def test_a_calendar_entry_has_no_field_for_anything_of_a_child() -> None:
    assert {field.name for field in fields(MeetingEvent)} == set(FACTS)
    assert {field.name for field in fields(Attendee)} == {"address", "name"}


@pytest.mark.parametrize("field", ["child", "child_name", "date_of_birth", "school", "items", "description"])
def test_nothing_of_a_child_can_be_handed_to_a_calendar_entry(field: str) -> None:
    with pytest.raises(TypeError):
        MeetingEvent(**{**FACTS, field: "Testy McExample"})
    with pytest.raises(AttributeError):
        object.__setattr__(MeetingEvent(**FACTS), field, "Testy McExample")


@pytest.mark.parametrize("reference", ["RMM-NE-2026-W48", "RMM-NE-2026-W48-2", "NETWORK-2026-W50"])
def test_the_reference_is_that_of_a_meeting(reference: str) -> None:
    assert MeetingEvent(**{**FACTS, "reference": reference}).reference == reference


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reference", "C-7Q4KD"),
        ("reference", "Testy McExample"),
        ("reference", "RMM-NE-2026-W48\r\nX:1"),
        ("reference", ""),
        ("uid", ""),
        ("uid", "one\r\nATTENDEE:mailto:x@evil.example"),
        ("link", "https://meetings.example/\nX:1"),
        ("link", ""),
        ("summary", ""),
        ("summary", "two\nlines"),
        ("place", "two\u2028lines"),
        ("organiser_address", "not an address"),
        ("sequence", -1),
        ("minutes", 0),
        ("start_time", time(10, 0, tzinfo=timezone(timedelta(hours=1)))),
        ("changed_at", datetime(2026, 11, 1)),  # noqa: DTZ001
        ("changed_at", datetime(2026, 7, 1, tzinfo=timezone(timedelta(hours=1)))),
    ],
)
def test_facts_that_no_calendar_could_read_are_refused(field: str, value: Any) -> None:
    with pytest.raises(ValueError) as refused:
        MeetingEvent(**{**FACTS, field: value})
    assert "Testy" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "testy",
        "testy@",
        "@police.example",
        "a@b.example, c@d.example",
        "a b@c.example",
        "a@b.example\r\nX:1",
        "zoë@police.example",
        "testy@police.example\n",
        "<testy@police.example>",
    ],
)
def test_an_attendee_has_exactly_one_address(address: str) -> None:
    with pytest.raises(ValueError) as refused:
        Attendee(address, "Testy McExample")
    assert address == "" or address not in str(refused.value)


def test_the_only_words_in_an_entry_are_those_of_the_meeting() -> None:
    """Every line of the event is explained by a fact handed in or a fixed word: nothing else can travel."""
    event = MeetingEvent(**FACTS)
    properties = {
        line.split(":")[0].split(";")[0]
        for content in (request(event, Attendee("a@b.example", "A")), feed([event], "Mine"))
        for line in content[content.index(b"BEGIN:VEVENT") :].decode().replace("\r\n ", "").split("\r\n")
        if line
    }
    assert properties == ENTRY_PROPERTIES
