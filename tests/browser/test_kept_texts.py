"""The notes of a meeting and the text of its minutes: a dead server and a closed window take no word with them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.real_rmm import RealRmm, real_rmm
from tests.support.axe import problems
from tests.support.person import Person

pytestmark = pytest.mark.browser

KEPT = "() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRmm]:
    """A meeting that is being held."""
    with real_rmm(tmp_path_factory.mktemp("held")) as rmm:
        yield rmm


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRmm]:
    """A meeting that is closed, its minutes not issued yet."""
    with real_rmm(tmp_path_factory.mktemp("closed"), closed=True) as rmm:
        yield rmm


def box_at(person: Person, address: str, name: str) -> Locator:
    """Open a page, and give its box."""
    return person.visit(address).page.locator(f"textarea[name={name}]")


def test_two_who_type_notes_at_once_keep_both_and_signing_out_leaves_nothing(chromium: Browser, held: RealRmm) -> None:
    address = f"{held.meeting}/record"
    second, first = held.person(chromium, "coordinator"), held.person(chromium, "chair-cs")
    mine, theirs = (box_at(person, address, "notes") for person in (second, first))
    mine.fill("Mine.")
    theirs.fill("Theirs.")
    first.press("Save the notes")
    with second.page.expect_navigation():
        second.page.get_by_role("button", name="Save the notes", exact=True).click()
    second.trouble.clear()
    second.check(409)
    expect(mine).to_have_value("Mine.")
    assert problems(second) == []
    second.picture("kept_both")
    second.press("Keep both")
    expect(mine).to_have_value("Theirs.\n\nMine.")
    mine.fill("Typed, and left.")
    second.page.get_by_text("Not saved yet.").wait_for()
    assert "typed /meetings/" in second.page.evaluate(KEPT)
    second.page.on("dialog", lambda dialog: dialog.accept())
    second.page.locator(".app-header__button").click()
    expect(second.page.locator("h1")).to_have_text("Sign in")
    assert second.page.evaluate(KEPT) == "[[],[]]"


@pytest.mark.parametrize("kind", ["notes", "text"])
def test_what_is_typed_outlives_a_dead_server_and_a_closed_window(
    kind: str, chromium: Browser, request: pytest.FixtureRequest
) -> None:
    rmm: RealRmm = request.getfixturevalue("held" if kind == "notes" else "closed")
    address = f"{rmm.meeting}/record" if kind == "notes" else f"{rmm.minutes}/texts/{rmm.number}"
    save = "Save the notes" if kind == "notes" else "Save the text"
    person = rmm.person(chromium, "coordinator")
    box = box_at(person, address, kind)
    box.click()
    rmm.kill()
    box.fill("Typed while the server was dead.")
    expect(person.page.get_by_text("Not saved yet.")).to_be_visible()
    person.page.get_by_role("button", name=save, exact=True).click()
    expect(person.page.get_by_text("Not saved: the service cannot be reached.")).to_be_visible()
    assert person.page.url.endswith(address), "the form was not sent into nowhere"
    kept = person.page.evaluate(KEPT)
    assert "typed /meetings/" in kept
    assert "Typed while" not in kept, "nobody else can read it"
    with rmm.server.running():
        person.leave_for_another_window()
        box = box_at(person, address, kind)
        expect(box).to_have_value("Typed while the server was dead.")
        expect(person.page.get_by_text("You typed this before, and it was not saved yet.")).to_be_visible()
        assert problems(person) == []
        person.picture(f"kept_{kind}")
        person.press(save)
        assert "saved" in person.words()
        assert person.page.evaluate(KEPT) == "[[],[]]", "nothing is kept once it is saved"
        expect(box_at(person, address, kind)).to_have_value("Typed while the server was dead.")
