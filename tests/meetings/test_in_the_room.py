"""Where the room is, how long it has been there, and who has heard the statement: from one record, in every window."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from meetings_app.meetings.item_times import Opening, item_time
from meetings_app.meetings.live_models import ItemOpening
from meetings_app.meetings.models import AgendaItem, StatementReading
from tests.support.browsing import text_of
from tests.support.live import typist
from tests.support.meeting_day import Day, pass_on_the_rest
from tests.support.sent_forms import form_to
from tests.support.world import NOW, send


@pytest.fixture
def held(day: Day) -> Day:
    """The meeting is being held."""
    day.publish_and_open(day.browser("coordinator"))
    return day


def bring_up(day: Day, by: FlaskClient, number: str) -> None:
    """Press the button that brings the room to an item."""
    address = f"{day.at}/items/{number}"
    form = form_to(text_of(by, address), f"{address}/bring-up")
    assert by.post(form.action, data=form.values).status_code == 302


def opened_before(day: Day, number: str, minutes: int) -> None:
    """Let the room have been at an item for so long."""
    with day.open() as session:
        row = session.scalars(
            select(ItemOpening)
            .join(AgendaItem, col(AgendaItem.id) == col(ItemOpening.item_id))
            .where(col(AgendaItem.number) == number)
        ).one()
        row.opened_at = NOW - timedelta(minutes=minutes)
        session.commit()


def test_the_time_at_an_item_is_the_same_in_every_window_and_adds_up(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    number = held.number(chair.client, held.children[0])
    assert notes.look().get_json()["room"] == {"at": "", "seconds": 0, "opened": False, "running": False}
    tag = notes.look().headers["ETag"]
    bring_up(held, chair.client, number)
    assert notes.look(tag=tag).status_code == 200, "that the room came here is news"
    opened_before(held, number, 7)
    for one in (chair, notes):
        assert one.look().get_json()["room"] == {"at": number, "seconds": 420, "opened": True, "running": True}
        page = text_of(one.client, one.address)
        assert "7 of 10 minutes<" in page
        assert "The room is at this item." in page
    held.decide(chair.client, held.children[0], outcome="not_reached")
    room = notes.look().get_json()["room"]
    assert (room["at"] != number, room["running"], room["seconds"]) == (True, False, 420), "saving goes on to the next"
    assert f"The room is at item {room['at']}." in text_of(notes.client, notes.address)


def test_from_an_item_taken_out_of_turn_the_room_goes_on_to_the_one_after_it(held: Day) -> None:
    chair, notes = held.browser("chair-cs"), typist(held, "coordinator")
    child_at = {held.number(chair, child): child for child in held.children}
    first, second, *rest = sorted(child_at, key=lambda number: [int(part) for part in number.split(".")])
    bring_up(held, chair, second)
    held.decide(chair, child_at[second], outcome="not_reached")
    assert notes.look().get_json()["room"]["at"] == [*rest, first][0]


def test_an_item_over_its_time_is_said_in_words_and_pointed_out_before_closing(held: Day) -> None:
    chair = held.browser("chair-cs")
    number = held.number(chair, held.children[0])
    bring_up(held, chair, number)
    assert "Took longer than planned" not in text_of(chair, f"{held.at}/close")
    opened_before(held, number, 14)
    assert "14 of 10 minutes: 4 minutes over its time" in text_of(chair, f"{held.at}/items/{number}")
    page = text_of(chair, f"{held.at}/close")
    line = page.partition("Took longer than planned")[2].partition("</li>")[0]
    assert f'items/{number}#time">{number}</a>' in line
    assert "Why is the meeting closed all the same?" not in page, "time alone asks for no reason"


def test_the_stretches_at_an_item_add_up_and_end_with_the_meeting() -> None:
    at = [NOW + timedelta(minutes=minute) for minute in (0, 5, 8)]
    openings = [Opening(1, "3.1", at[0]), Opening(2, "3.2", at[1]), Opening(1, "3.1", at[2])]
    first = item_time(openings, 1, 10, NOW + timedelta(minutes=20))
    assert (first.minutes, first.over, first.running) == (17, 7, True)
    second = item_time(openings, 2, 10, NOW + timedelta(minutes=20))
    assert (second.sentence, second.running) == ("3 of 10 minutes", False)
    assert item_time(openings, 3, 1, NOW).sentence == "Planned: 1 minute"


def test_the_statement_is_read_again_to_whoever_joins_and_the_minutes_say_so(held: Day) -> None:
    coordinator, chair = held.browser("coordinator"), held.browser("chair-cs")
    item = f"{held.at}/items/{held.number(chair, held.children[0])}"
    assert "still to be read" not in text_of(chair, item), "whoever was there at the start has heard it"
    for name in ("Zoë <Guest>", "Sample McLate"):
        values = {"agency": held.agencies["police"], "name": name, "presence": "present"}
        assert send(coordinator, f"{held.at}/attendance", values).status_code == 302
    for address in (item, f"{held.at}/record"):
        shown = text_of(chair, address).partition("The statement is still to be read")[2]
        assert "Zoë &lt;Guest&gt;" in shown
    address = f"{held.at}/statement"
    form = form_to(text_of(coordinator, address), "")
    with held.open() as session:
        before = len(session.scalars(select(StatementReading)).all())
    ids = _ids(text_of(coordinator, address))
    refused = coordinator.post(address, data={**form.values, "to": ids, "how": "read", "read_by": " "})
    assert (refused.status_code, "Enter who read the statement" in refused.get_data(as_text=True)) == (400, True)
    assert coordinator.post(address, data={**form.values, "to": [], "read_by": "Testy"}).status_code == 400
    sent = {**form.values, "to": ids[:1], "how": "read", "read_by": "Testy McReader"}
    assert coordinator.post(address, data=sent).status_code == 302
    left = form_to(text_of(coordinator, address), "")
    assert coordinator.post(address, data={**left.values, "to": ids[1:], "how": "there"}).status_code == 302
    assert "still to be read" not in text_of(chair, item)
    with held.open() as session:
        rows = session.scalars(select(StatementReading).order_by(col(StatementReading.id))).all()[before:]
        assert [(row.read_by, row.read_at) for row in rows] == [("Testy McReader", NOW), ("Testy McChair", NOW)]
    pass_on_the_rest(held, chair)
    form = form_to(text_of(chair, f"{held.at}/close"), f"{held.at}/close")
    assert chair.post(form.action, data=form.values).status_code == 302
    minutes = text_of(chair, f"{held.at}/minutes")
    again = minutes.partition("Read again to ")[2].partition(".")[0]
    assert "Sample McLate by Testy McReader" in again or "Zoë &lt;Guest&gt; by Testy McReader" in again


def _ids(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('name="to" value="')[1:]]
