"""Every message of a meeting's life, on both sides of the change of the clocks, read by programs that did not write it.

Two libraries read each message, and a real CalDAV server takes the events and the feed and finds them at their hour.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import vobject
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.meetings import arranging
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR
from meetings_app.schedule import feeds, service
from meetings_app.schedule.models import Meeting, MeetingType
from meetings_app.schedule.service import Arrangement
from tests.support.caldav_server import CalendarServer, caldav_server
from tests.support.children import put_on_list
from tests.support.meetings import area_id, office
from tests.support.world import NOW, TinyWorld, tiny_world

WINTER, SUMMER = date(2027, 3, 23), date(2027, 3, 30)
"""The Tuesdays before and after the clocks go forward."""
AUTUMN_SUMMER, AUTUMN_WINTER = date(2027, 10, 26), date(2027, 11, 2)
"""The Tuesdays before and after they go back."""
IN_UTC = {WINTER: 10, SUMMER: 9, AUTUMN_SUMMER: 9, AUTUMN_WINTER: 10}
"""The hour of UTC at which it is ten in London."""


@pytest.fixture(scope="module")
def server() -> Iterator[CalendarServer]:
    with caldav_server() as started:
        yield started


@pytest.fixture
def world(session: Session) -> TinyWorld:
    return tiny_world(session)


def announced(session: Session, day: date) -> Meeting:
    made = arranging.create_extra(
        session, OPERATOR, NOW, office(), kind=MeetingType.RMM, area_id=area_id(session), held_on=day,
        arrangement=Arrangement(time(10), 120, "Room 4, Exampleshire House; north wing", "https://join.example/1"),
    )  # fmt: skip
    if made.meeting.announced_at is None:
        arranging.announce(session, OPERATOR, NOW, office(), made.meeting)
    return made.meeting


def whole_life(session: Session, world: TinyWorld, day: date) -> Meeting:
    """Announce, move by an hour, change the place, take one person's place back, give it again, cancel."""
    meeting = announced(session, day)
    for arrangement in (Arrangement(time(11), 120), Arrangement(time(11), 90, "Room 5")):
        arranging.move_meeting(
            session, OPERATOR, NOW, office(), meeting, meeting.version, held_on=day, arrangement=arrangement
        )  # fmt: skip
    police = session.get_one(Account, world.police.key)
    service.remove_member(session, OPERATOR, NOW, office(), meeting, police)
    service.add_member(session, OPERATOR, NOW, office(), meeting, police)
    arranging.cancel_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, "Half-term")
    return meeting


def messages(session: Session, account: Account) -> list[str]:
    rows = session.scalars(
        select(OutboxMail).where(col(OutboxMail.account_id) == account.key).order_by(col(OutboxMail.id))
    )
    return [mail.invite for mail in rows if mail.invite]


def facts_by_icalendar(content: str) -> tuple[object, ...]:
    calendar: Any = Calendar.from_ical(content.encode())
    (event,) = calendar.walk("VEVENT")
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    return (
        str(calendar["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"]),
        str(event["ATTENDEE"]), start.astimezone(UTC), end.astimezone(UTC), str(event.get("LOCATION", "")),
    )  # fmt: skip


def facts_by_vobject(content: str) -> tuple[object, ...]:
    calendar: Any = vobject.readOne(content)
    event = calendar.vevent
    place = event.location.value if "location" in event.contents else ""
    return (
        calendar.method.value, event.uid.value, int(event.sequence.value), event.status.value, event.attendee.value,
        event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC), place,
    )  # fmt: skip


@pytest.mark.parametrize("day", IN_UTC)
def test_two_readers_agree_on_every_message_of_a_life(session: Session, world: TinyWorld, day: date) -> None:
    meeting = whole_life(session, world, day)
    hour = IN_UTC[day]
    read = [facts_by_icalendar(content) for content in messages(session, world.police)]
    assert read == [facts_by_vobject(content) for content in messages(session, world.police)]
    assert [(one[0], one[2]) for one in read] == [
        ("REQUEST", 0), ("REQUEST", 1), ("REQUEST", 2), ("CANCEL", 3), ("REQUEST", 4), ("CANCEL", 5),
    ]  # fmt: skip
    assert {one[1] for one in read} == {meeting.calendar_uid}, "one meeting, one UID for ever"
    assert {one[4] for one in read} == {f"mailto:{world.police.email}"}, "each sees only themself"
    starts = [
        datetime(day.year, day.month, day.day, hour, tzinfo=UTC) + timedelta(hours=place > 0) for place in range(6)
    ]
    assert [one[5] for one in read] == starts
    others = [facts_by_icalendar(content)[2] for content in messages(session, world.health)]
    assert others == [0, 1, 2, 5], "who stays hears nothing of the others"


@pytest.mark.parametrize("day", IN_UTC)
def test_a_calendar_server_takes_each_invite_and_finds_it_at_its_hour(
    session: Session, world: TinyWorld, server: CalendarServer, day: date
) -> None:
    announced(session, day)
    (invite,) = messages(session, world.police)
    calendar = f"invites-{day}-{session.get_bind().dialect.name}/"
    assert server.ask("MKCALENDAR", calendar)[0] == 201
    assert server.put(f"{calendar}one.ics", invite.encode()) == 201
    starts = datetime(day.year, day.month, day.day, IN_UTC[day], tzinfo=UTC)
    minute = timedelta(minutes=1)
    assert server.events_between(calendar, starts - minute, starts) == []
    (found,) = server.events_between(calendar, starts, starts + minute)
    assert "RMM-NE-2027-W" in found
    ends = starts + timedelta(hours=2)
    assert len(server.events_between(calendar, ends - minute, ends)) == 1
    assert server.events_between(calendar, ends, ends + minute) == []


def test_a_calendar_server_takes_the_whole_feed_and_no_child_is_in_it(
    session: Session, world: TinyWorld, server: CalendarServer
) -> None:
    put_on_list(session, name="Canaryfeather McExample", review_on=WINTER)
    for day in IN_UTC:
        announced(session, day)
    session.flush()
    content = feeds.calendar_for(session, world.police.key, NOW, office())
    calendar = f"feed-{session.get_bind().dialect.name}/"
    assert server.put(calendar, content) == 201
    for day, hour in IN_UTC.items():
        starts = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        (found,) = server.events_between(calendar, starts, starts + timedelta(minutes=1))
        assert "ATTENDEE" not in found
    everything = content.decode() + "".join(messages(session, world.police))
    for hidden in ("Canaryfeather", "McExample", "C-"):
        assert hidden not in everything.replace(world.police.name, "")
