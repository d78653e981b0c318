"""A person's own calendar address: references only, their meetings only, and nothing once it is taken back."""

import re
from datetime import date
from typing import Any

import vobject
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.accounts.models import AccountState
from meetings_app.meetings import arranging
from meetings_app.meetings.routes_feed import _READS
from meetings_app.permissions import OPERATOR
from meetings_app.schedule import service
from meetings_app.schedule.models import CalendarFeed, Meeting
from meetings_app.web.limits import Limit
from tests.support.browsing import browser, press, text_of
from tests.support.children import add_child
from tests.support.meetings import office, series
from tests.support.world import NOW, tiny_world


def address_for(app: Flask, who: str) -> str:
    page = press(browser(app, who), "/calendar", "/calendar/make", {}).get_data(as_text=True)
    found = re.search(r"(/calendar/[^<\s]+\.ics)", page)
    assert found, "the page shows the address once"
    return found.group(1)


def events(content: bytes) -> dict[str, tuple[str, date]]:
    """Give status and day by UID, as two programs read them that must agree."""
    components: Any = Calendar.from_ical(content).walk("VEVENT")
    one = {str(event["uid"]): (str(event["status"]), event["dtstart"].dt.date()) for event in components}
    other = {
        event.uid.value: (event.status.value, event.dtstart.value.date())
        for event in vobject.readOne(content.decode()).vevent_list
    }
    assert one == other
    return one


def test_a_feed_shows_ones_own_meetings_and_says_what_is_off(app: Flask, session: Session) -> None:
    world = tiny_world(session)
    first, second, third, _fourth = series(session)
    series(session, "NW")
    arranging.cancel_meeting(session, OPERATOR, NOW, office(), second, second.version, "Invented")
    service.remove_member(session, OPERATOR, NOW, office(), third, world.police)
    session.commit()
    session.close()
    answer = app.test_client().get(address_for(app, "police"))
    found = events(answer.get_data())
    assert found[first.calendar_uid] == ("CONFIRMED", date(2026, 11, 24))
    assert found[second.calendar_uid][0] == "CANCELLED"
    assert third.calendar_uid not in found
    assert len(found) == 3, "and none of another area"
    assert answer.headers["Cache-Control"] == "private, max-age=900"
    assert "ATTENDEE" not in answer.get_data(as_text=True)


def test_an_unchanged_feed_is_not_sent_again(app: Flask, session: Session) -> None:
    tiny_world(session)
    meeting = series(session, count=1)[0]
    session.commit()
    address, client = address_for(app, "police"), app.test_client()
    session.close()
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    again = session.get_one(Meeting, meeting.key)
    arranging.move_meeting(session, OPERATOR, NOW, office(), again, again.version, held_on=date(2026, 11, 26))
    session.commit()
    session.close()
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_an_address_ends_when_it_is_taken_back_replaced_or_its_person_disabled(app: Flask, session: Session) -> None:
    world = tiny_world(session)
    session.close()
    first = address_for(app, "police")
    second = address_for(app, "police")
    client = app.test_client()
    assert [client.get(address).status_code for address in (first, second)] == [404, 200]
    press(browser(app, "police"), "/calendar", "/calendar/revoke", {})
    assert client.get(second).status_code == 404
    third = address_for(app, "health")
    session.get_one(type(world.health), world.health.key).state = AccountState.DISABLED
    session.commit()
    session.close()
    assert client.get(third).status_code == 404
    assert client.get("/calendar/nothing.ics").status_code == 404


def test_only_the_hash_of_the_address_is_kept(app: Flask, session: Session) -> None:
    tiny_world(session)
    session.close()
    token = address_for(app, "police").removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) > 40
    assert token not in {feed.token_hash for feed in session.scalars(select(CalendarFeed))}
    assert token not in text_of(browser(app, "police"), "/calendar"), "it is shown once"


def test_no_feed_holds_a_child(app: Flask, session: Session) -> None:
    tiny_world(session)
    child = add_child(session, name="Canaryfeather McExample")
    series(session)
    session.commit()
    session.close()
    answer = app.test_client().get(address_for(app, "police"))
    said = answer.get_data(as_text=True) + str(answer.headers)
    assert "Canaryfeather" not in said
    assert child.reference not in said


def test_who_reads_too_often_waits() -> None:
    limit = Limit(2, _READS._window)
    assert [limit.allows("a", NOW) for _ in range(3)] == [True, True, False]
    assert limit.allows("b", NOW), "each address by itself"
    assert limit.allows("a", NOW + _READS._window)
