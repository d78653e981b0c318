"""What is pointed out before a meeting closes: nothing typed is left out, and the rest is the chairs’ to weigh."""

import html
import re

import pytest

from tests.support.browsing import text_of
from tests.support.live import typist
from tests.support.meeting_day import Day, pass_on_the_rest
from tests.support.sent_forms import form_to


def pointed_out(page: str) -> dict[str, list[str]]:
    """Give what is to be seen to, with the numbers of the items."""
    lines = page.partition('id="checks"')[2].partition("</ul>")[0].split("<li>")[1:]
    return {
        html.unescape(re.findall(r"<bdi>(.*?)</bdi>", line)[0]): re.findall(r"item ([\d.]+)", line) for line in lines
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


def test_high_without_the_police_and_silent_agencies_are_pointed_out(held: Day) -> None:
    chair, child = held.browser("chair-cs"), held.children[0]
    number = held.number(chair, child)
    address = f"{held.at}/items/{number}/room"
    page = text_of(chair, address)
    there = [part for part in page.split('name="there" value="')[1:] if "Police" not in part.partition("</label>")[0]]
    sent = {**form_to(page, address).values, "there": [part.partition('"')[0] for part in there]}
    assert chair.post(address, data=sent).status_code == 302
    held.decide(
        chair, child, outcome="rated", rating="high", exploitation_status="suspected", rationale="Because.",
        lead_agency=held.agencies["childrens-services"],
    )  # fmt: skip
    page = text_of(chair, f"{held.at}/close")
    shown = pointed_out(page)
    assert shown["Rated high, and the police are not in the room"] == [number]
    assert all(number in shown[f"{agency} sent no information"] for agency in ("Police", "Health"))
    assert page.index("Still open") < page.index('id="checks"'), "what keeps the meeting open stands before the rest"
    pass_on_the_rest(held, chair)
    page = text_of(chair, f"{held.at}/close")
    assert 'id="checks"' in page
    assert "cannot be closed yet" not in page


def test_texts_that_were_set_aside_are_pointed_out(held: Day) -> None:
    chair, notes = typist(held, "chair-cs"), typist(held, "coordinator")
    chair.type("discussion", "One.")
    notes.type("discussion", "Another.")
    number = held.number(chair.client, held.children[0])
    shown = pointed_out(text_of(chair.client, f"{held.at}/close"))
    assert shown["A text that two people wrote at once is set aside"] == [number]
