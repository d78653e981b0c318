"""Whoever saw a colleague’s words beside their own and left takes nothing of the colleague’s away later."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.real_rmm import RealRmm, real_rmm
from tests.support.axe import problems
from tests.support.person import Person

pytestmark = pytest.mark.browser
THEIRS, MINE = "Theirs, typed by a colleague.", "Mine, typed meanwhile."
FACTS, OPINION, SAID = "textarea[name$='-facts']", "textarea[name$='-opinion']", "[data-autosave-state]"
STORED = "SELECT facts, opinion FROM information_draft"


@pytest.fixture
def rmm(tmp_path: Path) -> Iterator[RealRmm]:
    """A meeting before which agencies write what they know."""
    with real_rmm(tmp_path) as rmm:
        yield rmm


def at_two_texts(chromium: Browser, rmm: RealRmm) -> Person:
    """Let somebody of an agency save what a colleague has written meanwhile, who is shown both texts."""
    person = rmm.person(chromium, "police").visit(f"{rmm.meeting}/before")
    person.page.locator("input[name$='-answer'][value=relevant]").first.check(force=True)
    expect(person.page.get_by_text("Your draft is saved.", exact=True)).to_be_visible()
    rmm.rows("UPDATE information_draft SET facts = ?, version = version + 1", THEIRS)
    person.page.locator(FACTS).first.fill(MINE)
    expect(person.page.locator(SAID)).to_contain_text("somebody else of your agency")
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="Save as a draft", exact=True).click()
    expect(person.page.get_by_text(THEIRS).first).to_be_visible()
    person.trouble.clear()
    return person


def test_a_colleagues_draft_is_not_overwritten_unasked(chromium: Browser, rmm: RealRmm) -> None:
    person = at_two_texts(chromium, rmm)
    person.page.wait_for_timeout(1500)
    person.page.on("dialog", lambda dialog: dialog.accept())
    for _visit in range(2):
        person.page.goto(rmm.meeting)
        person.page.goto(f"{rmm.meeting}/before")
        expect(person.page.get_by_text(MINE)).to_be_visible()
        expect(person.page.locator(FACTS).first).to_have_value(THEIRS)
        person.page.wait_for_timeout(3000)
        assert (rmm.rows(STORED), person.page.locator(SAID).inner_text()) == ([(THEIRS, "")], "")
    assert problems(person) == []
    person.picture("kept_beside_a_colleagues")


def test_the_page_that_shows_both_texts_saves_neither_before_a_button_is_pressed(
    chromium: Browser, rmm: RealRmm
) -> None:
    person = at_two_texts(chromium, rmm)
    person.page.locator(OPINION).first.fill("An opinion, as invented.")
    expect(person.page.locator(SAID)).to_contain_text("Read both texts, and press a button")
    person.page.wait_for_timeout(4000)
    assert rmm.rows(STORED) == [(THEIRS, "")]
    person.press("Save as a draft")
    assert rmm.rows(STORED) == [(MINE, "An opinion, as invented.")]
    assert person.page.evaluate("() => localStorage.length") == 0


def test_notes_that_were_left_for_a_colleagues_ask_again_before_they_take_their_place(
    chromium: Browser, rmm: RealRmm
) -> None:
    address, notes = f"{rmm.meeting}/record", "SELECT notes FROM meeting WHERE statement_read_by <> ''"
    person = rmm.person(chromium, "coordinator").visit(address)
    person.page.locator("textarea[name=notes]").fill(MINE)
    colleague = rmm.person(chromium, "chair-cs").visit(address)
    colleague.page.locator("textarea[name=notes]").fill(THEIRS)
    colleague.press("Save the notes")
    for _time in range(2):
        with person.page.expect_navigation():
            person.page.get_by_role("button", name="Save the notes", exact=True).click()
        expect(person.page.get_by_text(THEIRS).first).to_be_visible()
        person.page.wait_for_timeout(1500)
        person.trouble.clear()
        person.leave_for_another_window()
        person.visit(address)
        expect(person.page.locator("textarea[name=notes]")).to_have_value(MINE)
        assert rmm.rows(notes) == [(THEIRS,)]
