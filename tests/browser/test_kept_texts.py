"""The notes of a meeting and the text of its minutes: a dead server and a closed window take no word with them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Route, expect

from tests.browser.real_rmm import RealRmm, real_rmm
from tests.support.axe import problems
from tests.support.person import Person

pytestmark = pytest.mark.browser

NOTES = "SELECT notes FROM meeting WHERE statement_read_by <> ''"
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


def expect_soon(happened: Callable[[], bool], person: Person) -> None:
    """Wait, letting the browser go on, until something has happened."""
    for _ in range(100):
        if happened():
            return
        person.page.wait_for_timeout(50)
    raise AssertionError("it never happened")


def at_two_texts(chromium: Browser, held: RealRmm) -> tuple[Person, Locator]:
    """Let the coordinator save second, who reads both texts; gives the person and their box."""
    held.rows("UPDATE meeting SET notes = '' WHERE statement_read_by <> ''")
    second, first = held.person(chromium, "coordinator"), held.person(chromium, "chair-cs")
    mine, theirs = (box_at(person, f"{held.meeting}/record", "notes") for person in (second, first))
    mine.fill("Mine.")
    theirs.fill("Theirs.")
    first.press("Save the notes")
    with second.page.expect_navigation():
        second.page.get_by_role("button", name="Save the notes", exact=True).click()
    second.trouble.clear()
    second.check(409)
    return second, mine


def test_two_who_type_notes_at_once_keep_both_and_signing_out_asks_and_leaves_nothing(
    chromium: Browser, held: RealRmm
) -> None:
    second, mine = at_two_texts(chromium, held)
    expect(mine).to_have_value("Mine.")
    assert problems(second) == []
    second.picture("kept_both")
    second.press("Keep both")
    expect(mine).to_have_value("Theirs.\n\nMine.")
    mine.fill("Typed, and left.")
    second.page.get_by_text("Not saved yet.").wait_for()
    assert "typed /meetings/" in second.page.evaluate(KEPT)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    second.page.once("dialog", stay)
    second.page.locator(".app-header__button").click()
    expect_soon(lambda: bool(asked), second)
    assert "Signing out takes it away from this browser" in asked[0]
    expect(mine).to_have_value("Typed, and left.")
    assert "typed /meetings/" in second.page.evaluate(KEPT)
    asked.clear()

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    second.page.on("dialog", agree)
    second.page.locator(".app-header__button").click()
    expect(second.page.locator("h1")).to_have_text("Sign in")
    assert ["Signing out takes it away" in one for one in asked] == [True], "it asks once"
    assert second.page.evaluate(KEPT) == "[[],[]]"


def test_what_is_typed_while_a_save_is_under_way_is_kept_and_comes_back(chromium: Browser, held: RealRmm) -> None:
    person = held.person(chromium, "coordinator")
    box = box_at(person, f"{held.meeting}/record", "notes")
    box.fill("First.")
    on_its_way: list[Route] = []
    person.page.route("**/notes", lambda route: on_its_way.append(route), times=1)
    person.page.get_by_role("button", name="Save the notes", exact=True).click()
    expect_soon(lambda: len(on_its_way) == 1, person)
    box.fill("First. More words.")
    with person.page.expect_navigation():
        on_its_way[0].continue_()
    assert held.rows("SELECT notes FROM meeting WHERE notes <> ''") == [("First.",)]
    expect(person.page.get_by_text("You typed this before, and it was not saved yet.")).to_be_visible()
    expect(box).to_have_value("First. More words.")
    person.press("Save the notes")
    assert held.rows("SELECT notes FROM meeting WHERE notes <> ''") == [("First. More words.",)]
    assert person.page.evaluate(KEPT) == "[[],[]]"


def test_what_is_typed_while_both_texts_are_saved_takes_the_place_of_neither(chromium: Browser, held: RealRmm) -> None:
    person, box = at_two_texts(chromium, held)
    on_its_way: list[Route] = []
    person.page.route("**/notes", lambda route: on_its_way.append(route), times=1)
    person.page.get_by_role("button", name="Keep both", exact=True).click()
    expect_soon(lambda: len(on_its_way) == 1, person)
    box.fill("Mine. One word more.")
    with person.page.expect_navigation():
        on_its_way[0].continue_()
    assert held.rows(NOTES) == [("Theirs.\n\nMine.",)]
    expect(box).to_have_value("Mine. One word more.")
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="Save the notes", exact=True).click()
    person.trouble.clear()
    person.check(409)
    assert held.rows(NOTES) == [("Theirs.\n\nMine.",)]
    person.press("Keep both")
    assert held.rows(NOTES) == [("Theirs.\n\nMine.\n\nMine. One word more.",)]


def test_after_an_answer_that_was_lost_another_button_is_another_form(chromium: Browser, held: RealRmm) -> None:
    person, box = at_two_texts(chromium, held)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    person.page.route("**/notes", lose)
    person.page.get_by_role("button", name="Keep both", exact=True).click()
    expect(person.page.get_by_text("Not saved: the service cannot be reached.")).to_be_visible()
    person.page.unroute("**/notes")
    assert held.rows(NOTES) == [("Theirs.\n\nMine.",)]
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="Keep mine", exact=True).click()
    person.trouble.clear()
    person.check(409)
    expect(box).to_have_value("Mine.")
    person.press("Keep mine")
    assert held.rows(NOTES) == [("Mine.",)]
    assert person.page.evaluate(KEPT) == "[[],[]]"


def test_a_second_window_takes_away_only_what_was_typed_in_it(chromium: Browser, held: RealRmm) -> None:
    held.rows("UPDATE meeting SET notes = '' WHERE statement_read_by <> ''")
    address = f"{held.meeting}/record"
    person = held.person(chromium, "coordinator")
    box = box_at(person, address, "notes")
    second = person.page.context.new_page()
    second.goto(person.page.url)
    box.fill("Typed in the first window.")
    person.page.get_by_text("Not saved yet.").wait_for()
    other = second.locator("textarea[name=notes]")
    other.press_sequentially(" ")
    other.press("Backspace")
    expect(second.get_by_text("Not saved yet.")).to_be_hidden()
    box.press("End")
    box.press_sequentially(" And on.")
    expect_soon(lambda: "typed" in person.page.evaluate(KEPT), person)
    other.press_sequentially(" ")
    second.close()
    person.leave_for_another_window()
    expect(box_at(person, address, "notes")).to_have_value("Typed in the first window. And on.")


def test_after_an_answer_that_was_lost_what_is_typed_on_is_saved_too(chromium: Browser, closed: RealRmm) -> None:
    person = closed.person(chromium, "coordinator")
    address = f"{closed.minutes}/texts/{closed.number}"
    box = box_at(person, address, "text")
    box.fill("Sent, and its answer was lost.")
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    person.page.route(f"**{address}", lose)
    person.page.get_by_role("button", name="Save the text", exact=True).click()
    expect(person.page.get_by_text("Not saved: the service cannot be reached.")).to_be_visible()
    assert lost == [201]
    person.page.unroute(f"**{address}")
    person.trouble.clear()
    box.fill("Sent, and its answer was lost. More words.")
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="Save the text", exact=True).click()
    person.trouble.clear()
    person.check(409)
    person.press("Keep both")
    newest = "SELECT text FROM minutes_text ORDER BY id DESC LIMIT 1"
    assert closed.rows(newest) == [("Sent, and its answer was lost.\n\nSent, and its answer was lost. More words.",)]


def test_what_was_kept_when_the_meeting_closed_can_be_read_and_taken_away(chromium: Browser, tmp_path: Path) -> None:
    with real_rmm(tmp_path) as rmm:
        person, address = rmm.person(chromium, "coordinator"), f"{rmm.meeting}/record"
        box_at(person, address, "notes").fill("Typed, and never saved.")
        person.page.get_by_text("Not saved yet.").wait_for()
        person.leave_for_another_window()
        rmm.rows("UPDATE meeting SET state = 'closed', closed_at = statement_read_at WHERE statement_read_by <> ''")
        person.visit(address)
        expect(person.page.get_by_text("Typed, and never saved.")).to_be_visible()
        assert problems(person) == []
        person.picture("kept_without_a_box")
        person.page.get_by_role("button", name="I do not need it any more").click()
        expect(person.page.get_by_text("Typed, and never saved.")).not_to_be_visible()
        assert person.page.evaluate(KEPT) == "[[],[]]"


def test_what_is_saved_is_shown_and_what_was_typed_is_there_again(chromium: Browser, held: RealRmm) -> None:
    person, address = held.person(chromium, "chair-cs"), f"{held.meeting}/record"
    box = box_at(person, address, "notes")
    saved = box.input_value()
    box.fill("Typed, and looked away from.")
    person.page.get_by_text("Not saved yet.").wait_for()
    person.leave_for_another_window()
    box = box_at(person, address, "notes")
    for words, button in ((saved, "Show what is saved instead"), ("Typed, and looked away from.", "Show what I typed")):
        person.page.get_by_role("button", name=button, exact=True).click()
        expect(box).to_have_value(words)


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
