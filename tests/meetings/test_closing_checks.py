"""What is pointed out before a meeting closes: nothing typed is left out, and the rest is the chairs’ to weigh."""

import html
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from tests.support.browsing import text_of
from tests.support.documents import words_of
from tests.support.live import typist
from tests.support.meeting_day import Day, pass_on_the_rest
from tests.support.sent_forms import form_to


def pointed_out(page: str) -> dict[str, list[str]]:
    """Give what is to be seen to, with the numbers of the items."""
    lists = [page.partition(f'id="{part}"')[2].partition("</ul>")[0] for part in ("checks", "checks-later")]
    lines = [line for part in lists for line in part.split("<li>")[1:]]
    return {
        html.unescape(re.findall(r"<bdi>(.*?)</bdi>", line)[0]): re.findall(r">(\d+\.\d+)</a>", line) for line in lines
    }


@pytest.fixture
def held(day: Day) -> Day:
    """The meeting is being held."""
    day.publish_and_open(day.browser("coordinator"))
    return day


def test_a_meeting_does_not_close_over_text_that_nobody_saved(held: Day) -> None:
    chair, child = typist(held, "chair-cs"), held.children[0]
    number = held.number(chair.client, child)
    held.decide(chair.client, child, outcome="not_reached")
    assert f"Item {number}</a>: " not in text_of(chair.client, f"{held.at}/close").partition("Still open")[2]
    chair.type("discussion", "Typed after it was decided.", seen=0)
    assert f"Item {number}</a>: something typed on it is not saved" in text_of(chair.client, f"{held.at}/close")
    form = form_to(text_of(chair.client, chair.address), chair.address)
    assert chair.client.post(chair.address, data=form.values).status_code == 302
    assert "something typed on it" not in text_of(chair.client, f"{held.at}/close")


def test_what_somebody_typed_and_did_not_add_is_named_and_keeps_nothing_open(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    number = held.number(chair.client, held.children[0])
    held.decide(chair.client, held.children[0], outcome="not_reached")
    notes.type("what", "Ring the school")
    page = text_of(chair.client, f"{held.at}/close")
    assert pointed_out(page)["An action or a view that Testy McCoordinator typed is not added"] == [number]
    assert f"Item {number}</a>: something" not in page
    assert f'items/{number}#not-added"' in page
    notes.type("view_text", "A view of <nobody>")
    notes.type("view_agency", held.agencies["police"])
    shown = text_of(chair.client, chair.address).partition('id="not-added"')[2]
    assert all(typed in shown for typed in ("Ring the school", "A view of &lt;nobody&gt;", "Testy McCoordinator"))
    assert 'id="not-added"' not in text_of(notes.client, notes.address), "one’s own stands in one’s own boxes"


def test_what_was_never_added_stays_on_the_page_of_its_item_when_the_meeting_is_over(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    notes.type("what", "Ring the school")
    notes.type("owner", str(held.police))
    assert "Ring the school" not in text_of(chair.client, chair.address), "nothing is decided yet: it is theirs alone"
    pass_on_the_rest(held, chair.client)
    form = form_to(text_of(chair.client, f"{held.at}/close"), f"{held.at}/close")
    assert chair.client.post(form.action, data=form.values).status_code == 302
    for one in (chair, notes):
        page = text_of(one.client, one.address).partition('id="not-added"')[2]
        assert all(typed in page for typed in ("Ring the school", "Testy McCoordinator", "Testy McPolice, Police"))


HIGH = "High risk before the meeting or after it, and the police were not in the room"


def without_the_police(held: Day, chair: FlaskClient, child: Child) -> str:
    """Record that the police were not in the room for a child; gives the number of the item."""
    number = held.number(chair, child)
    address = f"{held.at}/items/{number}/room"
    page = text_of(chair, address)
    there = [part for part in page.split('name="there" value="')[1:] if "Police" not in part.partition("</label>")[0]]
    sent = {**form_to(page, address).values, "there": [part.partition('"')[0] for part in there]}
    assert chair.post(address, data=sent).status_code == 302
    return number


def test_high_without_the_police_and_silent_agencies_are_pointed_out(held: Day) -> None:
    chair, child = held.browser("chair-cs"), held.children[0]
    number = without_the_police(held, chair, child)
    held.decide(
        chair, child, outcome="rated", rating="high", exploitation_status="suspected", rationale="Because.",
        lead_agency=held.agencies["childrens-services"],
    )  # fmt: skip
    page = text_of(chair, f"{held.at}/close")
    shown = pointed_out(page)
    assert shown[HIGH] == [number]
    assert shown["Police told nothing about any child heard"] == [], "what is so of every child is one short line"
    assert page.index("Still open") < page.index('id="checks"'), "what keeps the meeting open stands before the rest"
    pass_on_the_rest(held, chair)
    page = text_of(chair, f"{held.at}/close")
    assert 'id="checks"' in page
    assert "cannot be closed yet" not in page


def test_a_child_who_came_as_high_and_is_put_off_without_the_police_takes_a_reason_that_the_minutes_say(
    held: Day,
) -> None:
    chair, child = held.browser("chair-cs"), held.children[1]
    number = without_the_police(held, chair, child)
    pass_on_the_rest(held, chair)
    assert HIGH not in pointed_out(text_of(chair, f"{held.at}/close")), "a child who was not reached was not discussed"
    held.decide(
        chair, child, outcome="deferred", deferred_reason="Invented.", information_agency=held.agencies["police"]
    )  # fmt: skip
    page = text_of(chair, f"{held.at}/close")
    assert pointed_out(page)[HIGH] == [number]
    form = form_to(page, f"{held.at}/close")
    refused = chair.post(form.action, data=form.values)
    assert (refused.status_code, "Enter why you go on" in refused.get_data(as_text=True)) == (400, True)
    reason = f"Canaryclosed: {child.name} was agreed by telephone."
    assert chair.post(form.action, data=form.with_values(although=reason)).status_code == 302
    page = text_of(chair, f"{held.at}/minutes")
    assert "Meeting closed all the same" in page
    assert f"{HIGH}: item {number}" in page
    assert "Canaryclosed" in page
    read = text_of(held.browser("coordinator"), f"{held.at}/minutes")
    assert "Canaryclosed" in read
    copies = {
        each: words_of(chair.get(f"{held.at}/minutes.docx?audience={each}").get_data())
        for each in ("full", "chair", "anonymised", "agency:police")
    }
    assert all(f"{HIGH}: item {number}" in copy for copy in copies.values()), copies.keys()
    assert {each for each, copy in copies.items() if "Canaryclosed" in copy} == {"full", "chair"}
    assert child.name not in copies["anonymised"]
    with held.open() as session:
        [event] = session.scalars(select(AuditEvent).where(col(AuditEvent.kind) == "checks_overridden")).all()
        assert (event.facts["stage"], event.facts["checks"]) == ("closing", "no_police")


def test_what_an_agency_said_in_the_meeting_is_not_missed(held: Day) -> None:
    chair, child = held.browser("chair-cs"), held.children[0]
    number = held.number(chair, child)
    other = held.number(chair, held.children[2])
    for each in (child, held.children[2]):
        held.decide(
            chair, each, outcome="rated", rating="medium", exploitation_status="suspected", rationale="Because.",
            lead_agency=held.agencies["childrens-services"],
        )  # fmt: skip
    address = f"{held.at}/items/{number}"
    form = form_to(text_of(chair, address), address)
    said = form.with_values(view_agency=held.agencies["police"], view_text="An invented view.")
    assert chair.post(address, data=said).status_code == 302
    shown = pointed_out(text_of(chair, f"{held.at}/close"))
    assert shown["Police told nothing"] == [other]
    assert shown["Health told nothing about any child heard"] == []


def test_texts_that_were_set_aside_are_pointed_out(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    chair.type("discussion", "One.")
    notes.type("discussion", "Another.")
    number = held.number(chair.client, held.children[0])
    shown = pointed_out(text_of(chair.client, f"{held.at}/close"))
    assert shown["A text that two people wrote at once is set aside"] == [number]
