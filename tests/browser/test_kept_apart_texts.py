"""What a browser kept of a text is not shown whole to whoever is kept from a child whom it names by now."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Route, expect

from tests.browser.real_rmm import NAME, RealRmm, real_rmm
from tests.browser.test_kept_texts import KEPT, box_at, expect_soon
from tests.support.axe import problems
from tests.support.person import Person

pytestmark = pytest.mark.browser

TYPED = f"Seen with {NAME}, and a bus pass is asked for."
READ = "Seen with [another child], and a bus pass is asked for."
OLD = "Old words that name nobody."
ANEW = "New words, typed meanwhile."
WAITS = "It is kept in this browser, and cannot be shown at the moment."
CONFLICT = (
    "INSERT INTO conflict_of_interest (account_id, child_id, area_id, meeting_id, reason, declared_at, ended_reason) "
    "SELECT account.id, child.id, child.area_id, meeting.id, 'A neighbour, as invented.', "
    "'2026-11-24 10:00:00.000000', '' "
    "FROM account, child, meeting WHERE account.email LIKE 'coordinator@%' AND meeting.statement_read_by <> ''"
)


def typed_and_left(chromium: Browser, rmm: RealRmm, words: str = TYPED) -> Person:
    """Let the coordinator type notes that name a child, leave them unsaved, and declare a conflict of interest then."""
    person = rmm.person(chromium, "coordinator")
    box_at(person, f"{rmm.meeting}/record", "notes").fill(words)
    person.page.get_by_text("Not saved yet.").wait_for()
    person.leave_for_another_window()
    rmm.rows(CONFLICT)
    return person


def test_what_names_a_child_kept_apart_is_put_into_no_box_and_shown_without_the_name(
    chromium: Browser, tmp_path: Path
) -> None:
    with real_rmm(tmp_path) as rmm:
        person = typed_and_left(chromium, rmm)
        box = box_at(person, f"{rmm.meeting}/record", "notes")
        expect(person.page.get_by_text(READ)).to_be_visible()
        expect(box).to_have_value("")
        assert NAME not in person.page.locator("main").inner_text()
        assert problems(person) == []
        box.fill("Typed anew.")
        expect(person.page.get_by_text(READ)).to_be_visible()
        person.page.get_by_role("button", name="I do not need it any more").click()
        expect(person.page.get_by_text(READ)).to_be_hidden()
        person.press("Save the notes")
        assert rmm.rows("SELECT notes FROM meeting WHERE notes <> ''") == [("Typed anew.",)]
        assert person.page.evaluate(KEPT) == "[[],[]]"


def left_and_typed_anew(person: Person, address: str) -> Locator:
    """Type other words while those before are not in the box, leave them unsaved too, and come back."""
    person.page.goto(address)
    person.page.locator("textarea[name=notes]").fill(ANEW)
    expect(person.page.get_by_text("Not saved yet. Until you save it")).to_be_visible()
    person.page.unroute_all()
    person.leave_for_another_window()
    return box_at(person, address, "notes")


def test_what_is_typed_beside_what_names_a_child_kept_apart_is_kept_and_signing_out_takes_both(
    chromium: Browser, tmp_path: Path
) -> None:
    with real_rmm(tmp_path) as rmm:
        person = typed_and_left(chromium, rmm)
        box = left_and_typed_anew(person, f"{rmm.meeting}/record")
        expect(box).to_have_value(ANEW)
        expect(person.page.get_by_text(READ)).to_be_visible()
        assert person.page.evaluate("() => localStorage.length") == 2
        asked: list[str] = []

        def agree(dialog: Dialog) -> None:
            asked.append(dialog.message)
            dialog.accept()

        person.page.on("dialog", agree)
        person.page.locator(".app-header__button").click()
        expect(person.page.locator("h1")).to_have_text("Sign in")
        assert any("Signing out takes it away from this browser" in one for one in asked)
        assert person.page.evaluate(KEPT) == "[[],[]]"


def test_what_is_typed_while_the_service_is_asked_stays_in_the_box_and_what_was_before_stands_beside_it(
    chromium: Browser, tmp_path: Path
) -> None:
    with real_rmm(tmp_path) as rmm:
        person = typed_and_left(chromium, rmm, OLD)
        asked: list[Route] = []
        person.page.route("**/typed-words", lambda route: asked.append(route))
        box = box_at(person, f"{rmm.meeting}/record", "notes")
        expect_soon(lambda: bool(asked), person)
        box.fill(ANEW)
        expect(person.page.get_by_text("Not saved yet. Until you save it")).to_be_visible()
        asked[0].continue_()
        expect(person.page.get_by_text(OLD)).to_be_visible()
        expect(box).to_have_value(ANEW)
        assert problems(person) == []
        person.picture("kept_beside")
        person.page.get_by_role("button", name="I do not need it any more").click()
        expect(person.page.get_by_text(OLD)).to_be_hidden()
        person.press("Save the notes")
        assert rmm.rows("SELECT notes FROM meeting WHERE notes <> ''") == [(ANEW,)]
        assert person.page.evaluate(KEPT) == "[[],[]]"


def test_what_cannot_be_shown_for_want_of_an_answer_is_said_to_wait_and_is_not_written_over(
    chromium: Browser, tmp_path: Path
) -> None:
    with real_rmm(tmp_path) as rmm:
        person, address = typed_and_left(chromium, rmm, OLD), f"{rmm.meeting}/record"
        statuses = [429, 500]

        def refuse(route: Route) -> None:
            if statuses:
                route.fulfill(status=statuses.pop())
            else:
                route.abort()

        person.page.route("**/typed-words", refuse)
        for _each in ("busy", "broken", "not reached"):
            person.page.goto(address)
            expect(person.page.get_by_text(WAITS)).to_be_visible()
        assert problems(person) == []
        person.picture("kept_waits")
        person.trouble.clear()
        box = left_and_typed_anew(person, address)
        expect(box).to_have_value(ANEW)
        expect(person.page.get_by_text(OLD)).to_be_visible()
        person.press("Save the notes")
        assert rmm.rows("SELECT notes FROM meeting WHERE notes <> ''") == [(ANEW,)]
        assert person.page.evaluate("() => localStorage.length") == 1, "what was before is kept until it is taken away"


def test_whoever_is_signed_out_meanwhile_is_told_that_it_waits(chromium: Browser, tmp_path: Path) -> None:
    with real_rmm(tmp_path) as rmm:
        person = typed_and_left(chromium, rmm, OLD)

        def signed_out(route: Route) -> None:
            rmm.sign_everybody_out()
            route.continue_()

        person.page.route("**/typed-words", signed_out)
        person.page.goto(f"{rmm.meeting}/record")
        expect(person.page.get_by_text(WAITS)).to_be_visible()


def test_words_without_a_box_are_said_to_wait_too(chromium: Browser, tmp_path: Path) -> None:
    with real_rmm(tmp_path) as rmm:
        person = typed_and_left(chromium, rmm, OLD)
        rmm.rows("UPDATE meeting SET state = 'closed', closed_at = statement_read_at WHERE statement_read_by <> ''")
        person.page.route("**/typed-words", lambda route: route.abort())
        person.page.goto(f"{rmm.meeting}/record")
        expect(person.page.get_by_text(WAITS)).to_be_visible()
        assert OLD not in person.words()


def test_once_the_meeting_is_closed_it_is_shown_without_the_name_too(chromium: Browser, tmp_path: Path) -> None:
    with real_rmm(tmp_path) as rmm:
        person = typed_and_left(chromium, rmm)
        rmm.rows("UPDATE meeting SET state = 'closed', closed_at = statement_read_at WHERE statement_read_by <> ''")
        person.visit(f"{rmm.meeting}/record")
        expect(person.page.get_by_text(READ)).to_be_visible()
        assert NAME not in person.page.locator("main").inner_text()
