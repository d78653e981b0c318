"""A whole meeting of two items, from the statement to the minutes: by keyboard alone, and without scripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR
from tests.browser.hands import Keyboard
from tests.notices.mail_servers import free_port
from tests.support.own_database import own_database
from tests.support.person import Person
from tests.support.real_server import RealServer
from tests.support.rmm import due, referred, rmm
from tests.support.world import NOW, SECRET

pytestmark = pytest.mark.browser


@dataclass
class Small:
    """A meeting whose agenda is published, on a server of its own."""

    base: str
    at: str
    known: str
    new: str


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    """A child who is due and one who was referred, on a published agenda."""
    with own_database("sqlite", tmp_path) as sessions:
        with sessions() as session:
            act_for(session, OPERATOR)
            day = rmm(session)
            known, new = due(session), referred(session)
            day.publish()
            day.operator()
            session.commit()
            at, names = f"/meetings/{day.meeting.reference}", (known.reference, new.reference)
        server = RealServer(f"sqlite:///{tmp_path / 'own.db'}", tmp_path, free_port())
        with server.running():
            yield Small(server.base, at, *names)


def at(chromium: Browser, small: Small, who: str, *, scripts: bool) -> Person:
    """Sign somebody in with a browser of their own."""
    person = Person(chromium, small.base, f"{who}@exampleshire.example", scripts=scripts)
    person.key = SECRET
    person.sign_in(NOW)
    return person


def the_shortcuts_are_switched_off_and_on(keyboard: Keyboard) -> None:
    """Switch the shortcuts off: they do nothing, here and on the next page of this browser, until they are on again."""
    page, keys = keyboard.page, keyboard.keys
    focused = "() => document.activeElement.name ?? ''"
    keyboard.reach("Keyboard shortcuts")
    keys.press("Enter")
    switch = page.get_by_label("Use these shortcuts in this browser")
    keys.press("Tab")
    expect(switch).to_be_focused()
    keyboard.person.picture("shortcuts")
    keys.press("Space")
    for _ in ("here", "on the next page"):
        expect(switch).not_to_be_checked()
        keys.press("Alt+Shift+KeyD")
        assert page.evaluate(focused) != "discussion"
        page.reload()
    assert page.evaluate("() => Object.entries(localStorage).flat()") == ["keyboard shortcuts off", "yes"]
    keyboard.reach("Keyboard shortcuts")
    keys.press("Enter")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Alt+Shift+KeyD")
    assert page.evaluate(focused) == "discussion"
    assert page.evaluate("() => localStorage.length") == 0


def test_a_whole_meeting_is_held_and_closed_by_keyboard_alone(chromium: Browser, small: Small) -> None:
    chair = at(chromium, small, "chair-cs", scripts=True)
    keyboard, page = Keyboard(chair), chair.page
    chair.visit(f"{small.at}/record")
    keyboard.type("read_by", "Testy McChair")
    keyboard.reach("early")
    keyboard.keys.press("Space")
    keyboard.press()
    for name in page.locator("select[name^=presence-]").evaluate_all("all => all.map(each => each.name)"):
        keyboard.reach(name)
        keyboard.keys.press("p")
    keyboard.press("Save attendance")
    # The new referral is heard first; it is not reached. The child who is due is rated.
    keyboard.press(page.get_by_role("button", name="in the room").inner_text())
    assert small.new in chair.words()
    assert "The room is at this item." in chair.words()
    the_shortcuts_are_switched_off_and_on(keyboard)
    keyboard.keys.press("Alt+Shift+KeyD")
    keyboard.keys.insert_text("Typed without a mouse.")
    keyboard.choose("outcome", "not_reached")
    keyboard.press(keys="Alt+Shift+KeyS")
    assert small.known in chair.words()
    assert "The room is at this item." in chair.words(), "the room goes on with whoever saves"
    keyboard.choose("outcome", "rated")
    keyboard.choose("rating", "medium")
    keyboard.choose("exploitation_status", "suspected")
    keyboard.type("rationale", "Because of the car, as invented.")
    keyboard.type("what", "Visit the car park")
    keyboard.reach("owner")
    keyboard.keys.type("Testy McPolice")
    keyboard.type("due_on", "1/12/2026")
    keyboard.press(keys="Alt+Shift+KeyS")
    keyboard.press("Check and close")
    keyboard.press("Close the meeting")
    assert "The meeting is closed and its decisions have taken effect." in chair.words()
    for said in ("Typed without a mouse.", "Because of the car, as invented.", "Visit the car park"):
        assert said in chair.words()


def test_a_whole_meeting_is_held_and_closed_without_scripts(chromium: Browser, small: Small) -> None:
    chair = at(chromium, small, "chair-cs", scripts=False)
    chair.visit(f"{small.at}/record")
    chair.fill(read_by="Testy McChair")
    chair.choose(early="y")
    chair.press("The statement was read: open the meeting")
    for choice in chair.page.locator("select[name^=presence-]").all():
        choice.select_option(label="Present")
    chair.press("Save attendance")
    chair.visit(f"{small.at}/attendance")
    chair.fill(agency="Police", name="Sample McLate", presence="Present")
    chair.press("Add")
    chair.visit(f"{small.at}/statement")
    chair.fill(read_by="Testy McReader")
    chair.press("It was read to them now")
    chair.press(chair.page.get_by_role("button", name="in the room").inner_text())
    number = chair.page.url.rpartition("/")[2]
    wall = chair.context.new_page()
    wall.goto(f"{small.at}/screen")
    assert small.new in wall.locator("main").inner_text()
    chair.fill(discussion="Typed without scripts.", view_agency="Police", view_text="Agrees, as invented.")
    chair.choose(outcome="not_reached")
    chair.press(f"Save item {number}")
    assert small.known in chair.words()
    wall.get_by_role("link", name="Load again").click()
    assert small.known in wall.locator("main").inner_text(), "the screen follows the room"
    number = chair.page.url.rpartition("/")[2]
    chair.choose(outcome="rated", rating="medium", exploitation_status="suspected")
    chair.fill(rationale="Because of the car, as invented.")
    chair.fill(what="Visit the car park", owner="Testy McPolice", due_on="1/12/2026")
    chair.press("Add the action")
    chair.press(f"Save item {number}")
    chair.visit(f"{small.at}/close")
    chair.press("Close the meeting")
    for said in (
        "Typed without scripts.", "Agrees, as invented.", "Because of the car, as invented.", "Visit the car park",
        "Read again to Sample McLate by Testy McReader",
    ):  # fmt: skip
        assert said in chair.words(), said
