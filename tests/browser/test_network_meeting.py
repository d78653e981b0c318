"""A network meeting at a browser: held by its chair item by item, closed, signed, and read in Word by others."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, ViewportSize, expect

from meetings_app.permissions import Role
from tests.notices.mail_servers import free_port
from tests.support.axe import problems
from tests.support.meetings import series
from tests.support.network_meetings import network_day, tangled
from tests.support.networks import refer
from tests.support.own_database import own_database
from tests.support.person import Person
from tests.support.real_server import RealServer
from tests.support.world import NOW, SECRET, add_account

pytestmark = pytest.mark.browser

SUSPECT, RESTRICTED = "Canarysuspect", "The adult drives the car."
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Place:
    """A network meeting of a tangled network and a referral, served at an address."""

    base: str
    here: str
    network: str
    child: str


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A real server with an announced network meeting."""
    with own_database("sqlite", tmp_path) as sessions, sessions() as session:
        day = network_day(session)
        add_account(session, "second-police", Role.NETWORK_CHAIR, "police")
        known = tangled(session)
        refer(session)
        series(session)
        here = f"/networks/meetings/{day.first.reference}"
        made = (known.network.reference, known.children[0].reference)
        session.commit()
        session.close()
        server = RealServer(str(session.get_bind().url), tmp_path, free_port())  # type: ignore[union-attr]
        with server.running():
            yield Place(server.base, here, *made)


def person(chromium: Browser, place: Place, who: str) -> Person:
    """Sign a person in with the second step."""
    one = Person(chromium, place.base, f"{who}@exampleshire.example", ["Testy McFirst", SUSPECT])
    one.key = SECRET
    one.sign_in(NOW)
    return one


def looked_at(who: Person, name: str) -> None:
    """Keep a picture at two widths; axe finds nothing, and nothing runs out of the page."""
    who.picture(name)
    who.page.set_viewport_size(PHONE)
    who.picture(f"{name}-narrow")
    who.page.set_viewport_size({"width": 1280, "height": 900})
    assert problems(who) == []


def words_of(document: bytes) -> str:
    body = Document(io.BytesIO(document)).element.body
    return " ".join(element.text or "" for element in body.iter() if element.tag.endswith("}t"))


def test_from_the_draft_agenda_to_the_signed_minutes(chromium: Browser, place: Place) -> None:
    chair, here = person(chromium, place, "chair-police"), place.here
    chair.visit(here)
    looked_at(chair, "network-agenda")
    chair.visit(f"{here}/publish")
    looked_at(chair, "network-publish")
    chair.press("Publish the agenda")
    chair.visit(f"{here}/record").fill(read_by="Testy McChair")
    chair.press("The statement was read: open the meeting")
    looked_at(chair, "network-attendance")
    for row in chair.page.locator("select[name^=presence-]").all()[:8]:
        row.select_option(label="Present")
    chair.press("Save attendance")
    looked_at(chair, "network-record")
    _referral_taken_up(chair, here)
    _two_chairs_type(chair, person(chromium, place, "second-police"), f"{here}/items/4.2")
    _network_goes_on(chair, place)
    chair.visit(f"{here}/items/4.2/still-open")
    looked_at(chair, "network-still-open")
    chair.visit(f"{here}/close")
    looked_at(chair, "network-close")
    chair.press("Close the meeting")
    minutes = chair.visit(f"{here}/minutes")
    looked_at(minutes, "network-minutes")
    chair.press("Tell those who attended")
    chair.visit(f"{here}/minutes/corrections/4.2").fill(text="The car was blue.")
    chair.press("Send to the chair")
    chair.page.get_by_role("link", name="Accept or refuse").click()
    looked_at(chair, "network-answer")
    chair.fill(reason="It was red.")
    chair.press("Refuse with this reason")
    assert RESTRICTED in minutes.words()
    chair.press("Sign this version")
    assert "SHA-256 of the signed record" in chair.visit(f"{here}/minutes").words()
    _others_read(chromium, place)


def _referral_taken_up(chair: Person, here: str) -> None:
    chair.visit(f"{here}/items/4.1").choose(outcome="taken_up")
    chair.press("Save item 4.1", 400)
    chair.fill(network_name="Invented Amber", rationale="Invented.")
    chair.press("Save item 4.1")


def _two_chairs_type(chair: Person, second: Person, item: str) -> None:
    """Each sees what the other types, field by field, before anybody presses a button."""
    chair.visit(item)
    second.visit(item)
    chair.page.locator("textarea[name=discussion]").press_sequentially("Seen by both. ")
    second.page.locator("textarea[name=rationale]").press_sequentially("Not safe yet. ")
    expect(second.page.locator("textarea[name=discussion]")).to_have_value("Seen by both. ")
    expect(chair.page.locator("textarea[name=rationale]")).to_have_value("Not safe yet. ")
    second.context.close()


def _network_goes_on(chair: Person, place: Place) -> None:
    item = f"{place.here}/items/4.2"
    chair.visit(item).choose(outcome="continues")
    chair.fill(discussion="Invented talk.", about_suspects=RESTRICTED, rationale="Not safe yet.")
    looked_at(chair, "network-item")
    chair.press("Save item 4.2")
    chair.fill(what="Look at the cameras", owner="Testy McPolice", about=SUSPECT, due_on="16/12/2026")
    chair.press("Write the action down")
    assert "Look at the cameras" in chair.words()
    chair.visit(f"{item}/children/{place.child}").choose(kind="item")
    chair.fill(text="Seen near the school.")
    chair.press("Pass it on")


def _others_read(chromium: Browser, place: Place) -> None:
    coordinator, police = person(chromium, place, "coordinator"), person(chromium, place, "police")
    said = words_of(coordinator.download(f"{place.here}/minutes.docx"))
    assert place.network in said
    assert "Seen near the school." in said
    for hidden in (SUSPECT, RESTRICTED, "Look at the cameras"):
        assert hidden not in said
        assert hidden not in coordinator.visit(f"{place.here}/minutes").words()
    assert RESTRICTED in words_of(police.download(f"{place.here}/minutes.docx"))
    assert "Look at the cameras" in police.visit("/networks/actions").words()
    assert "Seen near the school." in coordinator.visit("/meetings/RMM-NE-2026-W48/agenda").words()
