"""Invites, cancellations and feeds, read back by two programs that did not write them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from meetings_app.calendars.event import cancellation, feed, request, uid_for
from meetings_app.calendars.facts import Attendee, MeetingEvent

MEETING = MeetingEvent(
    uid=uid_for("RMM-NE-2026-W48", "meetings.example"),
    sequence=0,
    reference="RMM-NE-2026-W48",
    summary="Risk Management Meeting",
    date=date(2026, 11, 24),
    start_time=time(10, 0),
    minutes=120,
    place="Room 4, County Hall; north wing",
    joining_link="https://join.example/a,b;c?d=e",
    changed_at=datetime(2026, 11, 1, 9, 30, 5, tzinfo=UTC),
    link="https://meetings.example/meetings/RMM-NE-2026-W48",
    organiser_address="rmm@meetings.example",
    organiser_name="Risk Management Meetings",
)
POLICE = Attendee("testy@police.example", "Testy McExample")

NAMES = [
    "Zoë Müller-Öztürk",
    'Testy "Tess" McExample',
    "McExample, Testy (Police; North)",
    "Siobhán O'Example",
    "نور المثال",
    "测试 例",
    "Ола Пример",
    "Testy\r\nATTENDEE:mailto:stranger@evil.example",
    "Nobody\u2028In\u0085Particular\tHere",
    "Caret ^n ^' Example",
    "\\, \\n",
    "🧑‍💻 Example",
    "x" * 300,
    "",
]


def read_by_vobject(content: bytes) -> Any:
    return vobject.readOne(content.decode("utf-8"))


def read_by_icalendar(content: bytes) -> Calendar:
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    for component in calendar.walk():
        assert component.errors == []
    return calendar


def unfolded(content: bytes) -> str:
    return content.decode("utf-8").replace("\r\n ", "")


@pytest.mark.parametrize(
    ("day", "start", "instant"),
    [
        (date(2026, 3, 27), time(10, 0), datetime(2026, 3, 27, 10, 0, tzinfo=UTC)),
        (date(2026, 3, 29), time(0, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (date(2026, 3, 29), time(2, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 3, 30), time(10, 0), datetime(2026, 3, 30, 9, 0, tzinfo=UTC)),
        (date(2026, 7, 14), time(10, 0), datetime(2026, 7, 14, 9, 0, tzinfo=UTC)),
        (date(2026, 10, 23), time(10, 0), datetime(2026, 10, 23, 9, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(0, 59), datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        (date(2026, 10, 26), time(10, 0), datetime(2026, 10, 26, 10, 0, tzinfo=UTC)),
        (date(2029, 3, 26), time(9, 15), datetime(2029, 3, 26, 8, 15, tzinfo=UTC)),
        (date(2040, 10, 29), time(9, 15), datetime(2040, 10, 29, 9, 15, tzinfo=UTC)),
    ],
)
def test_the_meeting_starts_and_ends_at_the_right_instant_on_both_sides_of_the_clock_change(
    day: date, start: time, instant: datetime
) -> None:
    content = request(replace(MEETING, date=day, start_time=start, minutes=45), POLICE)

    # vobject works the instant out from the time zone component in the file, not from its own data.
    event = read_by_vobject(content).vevent
    assert event.dtstart.value.astimezone(UTC) == instant
    assert event.dtend.value.astimezone(UTC) == instant + timedelta(minutes=45)
    assert f"DTSTART;TZID=Europe/London:{day:%Y%m%d}T{start:%H%M%S}\r\n" in unfolded(content)


def test_a_meeting_that_runs_over_the_spring_change_lasts_its_minutes() -> None:
    event = replace(MEETING, date=date(2026, 3, 29), start_time=time(0, 30), minutes=60)

    read = read_by_vobject(request(event, POLICE)).vevent

    assert read.dtstart.value.astimezone(UTC) == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert read.dtend.value.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_the_time_zone_is_the_same_rule_whatever_the_meeting() -> None:
    def zone(content: bytes) -> bytes:
        return content[content.index(b"BEGIN:VTIMEZONE") : content.index(b"END:VTIMEZONE")]

    winter = request(MEETING, POLICE)
    summer = request(replace(MEETING, date=date(2031, 7, 1)), POLICE)

    assert zone(winter) == zone(summer)
    assert b"DTSTART:19960331T010000\r\n" in zone(winter)
    assert zone(winter).count(b"RRULE:FREQ=YEARLY") == 2


def test_an_invite_holds_what_a_calendar_needs_and_asks_for_a_reply() -> None:
    event: Any = read_by_icalendar(request(MEETING, POLICE)).walk("VEVENT")[0]

    assert event["UID"] == "RMM-NE-2026-W48@meetings.example"
    assert event["SEQUENCE"] == 0
    assert event["DTSTAMP"].dt == MEETING.changed_at
    assert event["SUMMARY"] == "Risk Management Meeting"
    assert event["LOCATION"] == MEETING.place
    assert event["URL"] == MEETING.link
    assert event["CLASS"] == "PRIVATE"
    assert event["STATUS"] == "CONFIRMED"
    assert event["ORGANIZER"] == "mailto:rmm@meetings.example"
    assert event["ORGANIZER"].params["CN"] == "Risk Management Meetings"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert MEETING.joining_link in event["DESCRIPTION"]
    assert MEETING.link in event["DESCRIPTION"]


def test_an_invite_reminds_half_an_hour_before() -> None:
    alarm = read_by_vobject(request(MEETING, POLICE)).vevent.valarm

    assert alarm.action.value == "DISPLAY"
    assert alarm.trigger.value == timedelta(minutes=-30)


def test_a_recipient_sees_only_themself() -> None:
    for content in (request(MEETING, POLICE), cancellation(MEETING, POLICE)):
        assert unfolded(content).count("\r\nATTENDEE") == 1
        assert read_by_vobject(content).vevent.attendee.value == "mailto:testy@police.example"


def test_a_meeting_is_one_event_that_does_not_repeat() -> None:
    for content in (request(MEETING, POLICE), cancellation(MEETING, POLICE)):
        event_text = content[content.index(b"BEGIN:VEVENT") :]
        assert content.count(b"BEGIN:VEVENT") == 1
        assert b"RRULE" not in event_text
        assert b"RDATE" not in event_text


def test_a_cancellation_names_the_same_meeting_with_a_higher_sequence() -> None:
    cancelled = read_by_vobject(cancellation(replace(MEETING, sequence=3), POLICE))

    assert cancelled.method.value == "CANCEL"
    assert cancelled.vevent.status.value == "CANCELLED"
    assert cancelled.vevent.uid.value == MEETING.uid
    assert cancelled.vevent.sequence.value == "3"
    assert not hasattr(cancelled.vevent, "valarm")


def test_an_invite_says_that_it_is_one() -> None:
    assert read_by_vobject(request(MEETING, POLICE)).method.value == "REQUEST"


def test_a_meeting_without_a_room_is_online() -> None:
    online = read_by_vobject(request(replace(MEETING, place=""), POLICE)).vevent
    nowhere = read_by_vobject(request(replace(MEETING, place="", joining_link=""), POLICE)).vevent

    assert online.location.value == "Online"
    assert not hasattr(nowhere, "location")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_neither_breaks_the_invite_nor_adds_to_it(name: str) -> None:
    content = request(MEETING, Attendee("testy@police.example", name))

    by_icalendar = read_by_icalendar(content).walk("VEVENT")[0]["ATTENDEE"]
    by_vobject = read_by_vobject(content).vevent.attendee
    assert by_icalendar == by_vobject.value == "mailto:testy@police.example"
    shown = " ".join(name.translate(str.maketrans("", "", '"^\\')).split())
    assert by_icalendar.params.get("CN", "") == shown
    assert by_vobject.params.get("CN", [""]) == [shown]
    assert unfolded(content).count("\r\nATTENDEE") == 1


@given(name=st.text(), place=st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_any_text_is_read_back_word_for_word(name: str, place: str) -> None:
    content = request(replace(MEETING, place=place), Attendee("testy@police.example", name))

    event = read_by_icalendar(content).walk("VEVENT")[0]
    assert event.get("LOCATION") == (place or "Online")
    assert event["ATTENDEE"] == "mailto:testy@police.example"
    assert unfolded(content).count("\r\nBEGIN:") == 5
    assert unfolded(content).count("\r\nATTENDEE") == 1


def test_lines_end_as_the_standard_says_and_are_no_longer_than_it_allows() -> None:
    content = request(replace(MEETING, place="Überall, 测试 " * 30), POLICE)

    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_a_feed_names_no_attendee_and_asks_for_no_reply() -> None:
    content = feed([MEETING, replace(MEETING, uid="another@meetings.example")], "Meetings, mine; all")

    calendar = read_by_icalendar(content)
    assert calendar["METHOD"] == "PUBLISH"
    assert len(calendar.walk("VEVENT")) == 2
    assert b"ATTENDEE" not in content
    assert b"VALARM" not in content
    assert read_by_vobject(content).contents["x-wr-calname"][0].value.replace("\\", "") == "Meetings, mine; all"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in unfolded(content)


def test_a_feed_of_the_same_meetings_is_the_same_bytes_in_whatever_order_they_come() -> None:
    later = replace(MEETING, uid="later@meetings.example", date=date(2026, 12, 1))

    assert feed([MEETING, later], "Mine") == feed([later, MEETING], "Mine")
    assert feed([MEETING], "Mine") != feed([replace(MEETING, place="Room 5")], "Mine")


def test_the_same_invite_made_again_is_the_same_bytes() -> None:
    assert request(MEETING, POLICE) == request(MEETING, POLICE)


def test_a_feed_without_meetings_is_still_a_calendar() -> None:
    assert read_by_icalendar(feed([], "Mine")).walk("VEVENT") == []
