"""Who is in the room item by item, and what the quorum of each item allows."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.presence import room_of, set_room
from meetings_app.meetings.quorum import quorum_at
from meetings_app.ratings.models import Rating, RiskRating
from tests.support.browsing import text_of
from tests.support.meeting_day import Day
from tests.support.rmm import OFFICE, due, rated, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW


@pytest.fixture
def held(day: Day) -> Day:
    """The meeting is being held."""
    day.publish_and_open(day.browser("coordinator"))
    return day


def leave(day: Day, by: FlaskClient, number: str, agency: str) -> None:
    """Take whoever comes from an agency out of the room for an item."""
    address = f"{day.at}/items/{number}/room"
    page = text_of(by, address)
    there = [part for part in page.split('name="there" value="')[1:] if agency not in part.partition("</label>")[0]]
    sent = {**form_to(page, address).values, "there": [part.partition('"')[0] for part in there]}
    assert by.post(address, data=sent).status_code == 302


def test_the_item_says_its_quorum_and_what_it_allows(held: Day) -> None:
    chair = held.browser("chair-cs")
    first, second = held.number(chair, held.children[0]), held.number(chair, held.children[1])
    assert "There is a quorum for this item" in text_of(chair, f"{held.at}/items/{first}")
    leave(held, chair, first, "Police")
    shown = text_of(chair, f"{held.at}/items/{first}")
    assert "No quorum for this item: nobody from Police is in the room." in shown
    assert "There is a quorum for this item" in text_of(chair, f"{held.at}/items/{second}")


def test_a_conflict_of_interest_takes_a_person_out_of_the_room(held: Day) -> None:
    coordinator = held.browser("coordinator")
    number = held.number(coordinator, held.children[1])
    form = form_to(text_of(coordinator, f"{held.at}/conflicts"), f"{held.at}/conflicts")
    sent = form.with_values(person=str(held.people["health"]), item=number, reason="Invented.")
    assert coordinator.post(f"{held.at}/conflicts", data=sent).status_code == 302
    assert "nobody from Health is in the room" in text_of(coordinator, f"{held.at}/items/{number}")
    assert "Has a conflict of interest" in text_of(coordinator, f"{held.at}/items/{number}/room")


def test_a_second_saver_is_told(held: Day) -> None:
    coordinator, chair = held.browser("coordinator"), held.browser("chair-cs")
    number = held.number(chair, held.children[0])
    address = f"{held.at}/items/{number}/room"
    older = form_to(text_of(chair, address), address)
    leave(held, coordinator, number, "Police")
    assert chair.post(address, data=older.values).status_code == 409


def test_an_item_without_a_quorum_is_provisional_and_the_others_are_not(session: Session) -> None:
    day = rmm(session)
    without, with_quorum = due(session), due(session)
    day.open()
    item = day.item(without)
    chair = day.act("chair_cs")
    room = room_of(session, day.meeting, item)
    police = {person.attendance_id for person in room.people if person.agency_code == "police"}
    set_room(session, chair, NOW, day.meeting, item, police, room.seen)
    for child in (without, with_quorum):
        day.decide(child, rated(session, RiskRating.HIGH))
    although = "The police were rung afterwards, as invented."
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version, although=although)
    day.operator()
    rows = session.execute(
        select(col(Rating.child_id), col(Rating.provisional)).where(col(Rating.meeting_id) == day.meeting.key)
    )
    made = {row[0]: row[1] for row in rows}
    assert made == {without.key: True, with_quorum.key: False}


def test_the_quorum_goes_by_agency_and_says_who_is_missing() -> None:
    names = {"police": "Police", "health": "Health", "education": "Education"}
    quorum = quorum_at({"health"}, ["police", "health"], ["education", "health"], names)
    assert (quorum.missing, quorum.expected) == (("Police",), ("Education",))
    assert "not recorded yet" in quorum_at(set(), ["police"], [], names, recorded=False).sentence
    assert "nobody from Police or Health" in quorum_at({"education"}, ["police", "health"], [], names).sentence
