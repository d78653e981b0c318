"""Two windows of one browser on the same page: each keeps what is typed in it, and both come back."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.held_meeting import state
from tests.browser.real_rmm import RealRmm, real_rmm
from tests.browser.test_kept_texts import KEPT
from tests.support.axe import problems
from tests.support.person import Person

pytestmark = pytest.mark.browser

ONE, OTHER = "Typed in one window.", "Typed in the other window."


def two_windows(person: Person, address: str) -> tuple[Page, Page]:
    """Open a page in two windows before anything is typed."""
    one = person.visit(address).page
    other = person.context.new_page()
    other.goto(address)
    return one, other


def closed_at_once(person: Person, *pages: Page) -> None:
    """Let the windows be gone, as when the browser crashes, and go on in another one."""
    person.page = person.context.new_page()
    for page in pages:
        page.close()
    person.listen()
    person.trouble.clear()


def test_the_notes_of_two_windows_both_come_back(chromium: Browser, tmp_path: Path) -> None:
    with real_rmm(tmp_path) as rmm:
        person, address = rmm.person(chromium, "coordinator"), f"{rmm.meeting}/record"
        pages = two_windows(person, address)
        for page, words in zip(pages, (ONE, OTHER), strict=True):
            page.locator("textarea[name=notes]").fill(words)
            page.get_by_text("Not saved yet. Until you save it").wait_for()
        closed_at_once(person, *pages)
        person.visit(address)
        box = person.page.locator("textarea[name=notes]")
        expect(box).to_have_value(OTHER)
        expect(person.page.get_by_text(ONE)).to_be_visible()
        assert problems(person) == []
        person.press("Save the notes")
        expect(box).to_have_value(ONE)
        with person.page.expect_navigation():
            person.page.get_by_role("button", name="Save the notes", exact=True).click()
        person.trouble.clear()
        person.check(409)
        person.press("Keep both")
        assert rmm.rows("SELECT notes FROM meeting WHERE notes <> ''") == [(f"{OTHER}\n\n{ONE}",)]
        assert person.page.evaluate(KEPT) == "[[],[]]"


def test_what_a_window_kept_is_offered_in_one_that_stays_open_when_it_is_closed(
    chromium: Browser, tmp_path: Path
) -> None:
    with real_rmm(tmp_path) as rmm:
        person, address = rmm.person(chromium, "coordinator"), f"{rmm.meeting}/record"
        one = person.visit(address).page
        one.locator("textarea[name=notes]").fill(ONE)
        one.get_by_text("Not saved yet. Until you save it").wait_for()
        other = person.context.new_page()
        other.goto(address)
        box = other.locator("textarea[name=notes]")
        box.fill(OTHER)
        other.get_by_text("Not saved yet. Until you save it").wait_for()
        expect(one.locator("textarea[name=notes]")).to_have_value(ONE)
        one.close()
        expect(other.get_by_text(ONE)).to_be_visible()
        expect(box).to_have_value(OTHER)


def item_typed_in_two_windows(person: Person, rmm: RealRmm) -> tuple[Page, Page]:
    """Let the person type into the same box of an item in two windows whose server is dead."""
    pages = two_windows(person, rmm.item)
    rmm.kill()
    for page, words in zip(pages, (ONE, OTHER), strict=True):
        page.locator("textarea[name=discussion]").fill(words)
        expect(page.locator(".app-live__state")).to_contain_text("no connection")
    return pages


def test_the_boxes_of_an_item_in_two_windows_both_come_back(chromium: Browser, tmp_path: Path) -> None:
    with real_rmm(tmp_path) as rmm:
        person = rmm.person(chromium, "chair-cs")
        pages = item_typed_in_two_windows(person, rmm)
        closed_at_once(person, *pages)
        with rmm.server.running():
            person.visit(rmm.item)
            expect(person.page.locator("textarea[name=discussion]")).to_have_value(OTHER)
            expect(person.page.get_by_text(ONE)).to_be_visible()
            expect(state(person)).to_have_text("Saved 09:00")
            assert problems(person) == []
            person.picture("kept_of_two_windows")
            person.visit(rmm.item)
            expect(person.page.locator(".app-conflict")).to_contain_text(OTHER)
            person.page.get_by_role("button", name="Keep both", exact=True).click()
            expect(person.page.locator("textarea[name=discussion]")).to_have_value(f"{OTHER}\n\n{ONE}")
            expect(state(person)).to_have_text("Saved 09:00")
            assert person.page.evaluate(KEPT) == "[[],[]]"


def test_the_drafts_of_two_windows_both_come_back(chromium: Browser, tmp_path: Path) -> None:
    with real_rmm(tmp_path) as rmm:
        person, address = rmm.person(chromium, "police"), f"{rmm.meeting}/before"
        pages = two_windows(person, address)
        for page in pages:
            page.locator("input[name$='-answer'][value=relevant]").first.check(force=True)
        rmm.kill()
        for page, words in zip(pages, (ONE, OTHER), strict=True):
            page.locator("textarea[name$='-facts']").first.fill(words)
            expect(page.locator("[data-autosave-state]")).to_contain_text("not saved yet")
        closed_at_once(person, *pages)
        with rmm.server.running():
            person.visit(address)
            expect(person.page.locator("textarea[name$='-facts']").first).to_have_value(OTHER)
            expect(person.page.get_by_text(ONE)).to_be_visible()
            expect(person.page.get_by_text("Your draft is saved.", exact=True)).to_be_visible()
            assert problems(person) == []
            person.picture("kept_of_two_drafts")
            person.page.get_by_role("button", name="I do not need it any more").click()
            assert person.page.evaluate(KEPT) == "[[],[]]"
