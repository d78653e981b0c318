"""Words that a browser kept for a box which its page does not show any more are said to be kept, and shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.held_meeting import state
from tests.browser.real_rmm import RealRmm, real_rmm
from tests.browser.test_kept_apart_boxes import CONFLICT
from tests.support.axe import problems
from tests.support.person import Person

pytestmark = pytest.mark.browser

ANOTHER = "Canaryhidden Canarylast"
WORDS = "Typed for a box that is hidden by now."
NOT_HERE = "You typed this before, and it was not saved. It cannot be saved here any more: copy what you need."
FOLDED = "What is chosen on this page now shows no box for it: copy what you need."
KEPT = "() => localStorage.length + sessionStorage.length"


@pytest.fixture
def held(tmp_path: Path) -> Iterator[RealRmm]:
    """A meeting of two children that is being held."""
    with real_rmm(tmp_path, another=ANOTHER) as rmm:
        yield rmm


def typed_for_a_dead_server(chromium: Browser, held: RealRmm, box: str) -> Person:
    """Let a chair defer the item and type into a box while the server is dead, and close the window."""
    person = held.person(chromium, "chair-cs").visit(held.item)
    person.page.locator("input[name=outcome][value=deferred]").check(force=True)
    expect(state(person)).to_have_text("Saved 09:00")
    held.kill()
    person.fill(**{box: WORDS})
    expect(state(person)).to_contain_text("no connection")
    person.leave_for_another_window()
    return person


def test_a_box_that_a_colleagues_decision_folds_away_is_opened_for_what_was_typed_there(
    chromium: Browser, held: RealRmm
) -> None:
    person = typed_for_a_dead_server(chromium, held, "deferred_reason")
    with held.server.running():
        colleague = held.person(chromium, "chair-fs").visit(held.item)
        colleague.page.locator("input[name=outcome][value=not_reached]").check(force=True)
        expect(state(colleague)).to_have_text("Saved 09:00")
        person.visit(held.item)
        box = person.page.locator("textarea[name=deferred_reason]")
        expect(box).to_have_value(WORDS)
        expect(box).to_be_visible()
        expect(state(person)).to_have_text("Saved 09:00")
        assert problems(person) == []


def test_a_box_that_has_become_somebody_elses_shows_what_was_kept_for_it(chromium: Browser, held: RealRmm) -> None:
    person = typed_for_a_dead_server(chromium, held, "discussion")
    held.rows(CONFLICT, "chair-cs@%", ANOTHER)
    with held.server.running():
        colleague = held.person(chromium, "chair-fs").visit(held.item)
        colleague.page.locator("textarea[name=discussion]").fill(f"With {ANOTHER}.")
        expect(state(colleague)).to_have_text("Saved 09:00")
        person.visit(held.item)
        expect(person.page.get_by_text(WORDS)).to_be_visible()
        expect(person.page.get_by_text(NOT_HERE)).to_be_visible()
        assert problems(person) == []
        person.picture("kept_of_others_box")


def test_once_the_meeting_is_over_what_was_kept_of_its_item_can_be_read_and_taken_away(
    chromium: Browser, held: RealRmm
) -> None:
    person = typed_for_a_dead_server(chromium, held, "discussion")
    held.rows("UPDATE meeting SET state = 'closed', closed_at = statement_read_at WHERE statement_read_by <> ''")
    with held.server.running():
        person.visit(held.item)
        expect(person.page.get_by_text(WORDS)).to_be_visible()
        assert problems(person) == []
        person.picture("kept_of_an_item_that_is_over")
        person.page.get_by_role("button", name="I do not need it any more").click()
        expect(person.page.get_by_text(WORDS)).to_be_hidden()
        assert person.page.evaluate(KEPT) == 0


@pytest.mark.parametrize("over", [False, True], ids=["another answer", "the meeting is over"])
def test_an_agencys_page_shows_what_was_kept_for_a_box_that_it_does_not_show(
    over: bool, chromium: Browser, held: RealRmm
) -> None:
    address = f"{held.meeting}/before"
    person = held.person(chromium, "police").visit(address)
    person.page.locator("input[name$='-answer'][value=relevant]").first.check(force=True)
    expect(person.page.get_by_text("Your draft is saved.", exact=True)).to_be_visible()
    held.kill()
    person.page.locator("textarea[name$='-facts']").first.fill(WORDS)
    expect(person.page.locator("[data-autosave-state]")).to_contain_text("not saved yet")
    person.leave_for_another_window()
    held.rows("UPDATE information_draft SET answer = 'nothing_known', version = version + 1")
    if over:
        held.rows("UPDATE meeting SET state = 'closed', closed_at = statement_read_at WHERE statement_read_by <> ''")
    with held.server.running():
        person.visit(address)
        expect(person.page.get_by_text(WORDS)).to_be_visible()
        expect(person.page.get_by_text(NOT_HERE if over else FOLDED)).to_be_visible()
        assert problems(person) == []
        person.picture(f"kept_of_a_draft_{over}")
        person.page.get_by_role("button", name="I do not need it any more").click()
        expect(person.page.get_by_text(WORDS)).to_be_hidden()
        assert person.page.evaluate(KEPT) == 0
