"""ical.js, which calendar programs are built on, reads every message of a meeting’s life as the other readers do.

It runs in the browser that the tests of pages need anyway. The file is ical.js 2.2.1 as it was published (Mozilla
Public License 2.0, which stands beside it); it is used by this test alone and is part of no installation.
"""

import base64
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from meetings_app.schedule import feeds
from tests.calendars.test_life_of_a_meeting import IN_UTC, announced, facts_by_icalendar, messages, whole_life
from tests.support.meetings import office
from tests.support.world import NOW, tiny_world

ICAL_JS = Path(__file__).parents[1] / "calendars" / "data" / "ical.min.js"
PINNED = "6643f20634241dc040e02c2f10e3c48cf9bcda4b3180f4321a3d05a3a83dfe52"
READ = """async ([library, contents]) => {
  const ical = (await import("data:text/javascript;base64," + library)).default;
  return contents.map(content => {
    ical.TimezoneService.reset();
    const calendar = new ical.Component(ical.parse(content));
    calendar.getAllSubcomponents("vtimezone").forEach(zone => ical.TimezoneService.register(zone));
    return calendar.getAllSubcomponents("vevent").map(found => {
      const event = new ical.Event(found), first = name => found.getFirstPropertyValue(name);
      return [calendar.getFirstPropertyValue("method"), event.uid, event.sequence, first("status"), first("attendee"),
              event.startDate.toJSDate().toISOString(), event.endDate.toJSDate().toISOString(), event.location || ""];
    });
  });
}"""


def facts_by_ical_js(chromium: Browser, contents: list[str]) -> list[list[tuple[object, ...]]]:
    page = chromium.new_page()
    library = ICAL_JS.read_bytes()
    assert hashlib.sha256(library).hexdigest() == PINNED, "the file as it was published"
    read: Any = page.evaluate(READ, [base64.b64encode(library).decode(), contents])
    page.close()
    return [[(*event[:5], moment(event[5]), moment(event[6]), event[7]) for event in events] for events in read]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize("database", ["sqlite"])
def test_ical_js_agrees_on_every_message_of_every_life_and_on_the_feed(chromium: Browser, session: Session) -> None:
    world = tiny_world(session)
    for day in IN_UTC:
        whole_life(session, world, day)
    sent = messages(session, world.police) + messages(session, world.health)
    assert len(sent) == len(IN_UTC) * (6 + 4)
    assert facts_by_ical_js(chromium, sent) == [[facts_by_icalendar(content)] for content in sent]
    for day in IN_UTC:
        announced(session, day)
    session.flush()
    feed = feeds.calendar_for(session, world.police.key, NOW, office()).decode()
    (events,) = facts_by_ical_js(chromium, [feed])
    starts = {event[5] for event in events if event[3] != "CANCELLED"}
    assert starts == {datetime(day.year, day.month, day.day, hour, tzinfo=UTC) for day, hour in IN_UTC.items()}
    assert {event[4] for event in events} == {None}, "a feed names nobody"
