"""What a browser kept of an item and of an agency’s page shows nobody a child from whom they are kept by now."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.held_meeting import state
from tests.browser.real_rmm import NAME, RealRmm, real_rmm
from tests.support.axe import problems
from tests.support.person import Person

pytestmark = pytest.mark.browser

ANOTHER = "Canaryhidden Canarylast"
TYPED = f"Seen with {ANOTHER}, and a bus pass is asked for."
READ = "Seen with [another child], and a bus pass is asked for."
OWN = "About the hidden child alone: a red bicycle."
KEPT = "() => localStorage.length + sessionStorage.length"
CONFLICT = (
    "INSERT INTO conflict_of_interest (account_id, child_id, area_id, meeting_id, reason, declared_at, ended_reason) "
    "SELECT account.id, child.id, child.area_id, meeting.id, 'A neighbour, as invented.', "
    "'2026-11-24 10:00:00.000000', '' FROM account, child, meeting "
    "WHERE account.email LIKE ? AND child.name = ? AND meeting.statement_read_by <> ''"
)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[RealRmm]:
    """A meeting of two children that is being held."""
    with real_rmm(tmp_path, another=ANOTHER) as rmm:
        yield rmm


def item_of(rmm: RealRmm, name: str) -> str:
    """Give where the item of a child is."""
    [(number,)] = rmm.rows(
        "SELECT number FROM agenda_item JOIN child ON child.id = child_id WHERE child.name = ?", name
    )
    return f"{rmm.meeting}/items/{number}"


def type_for_nobody(person: Person, box: str, words: str, said: str) -> None:
    """Type into a box whose server is dead."""
    person.page.locator(box).first.fill(words)
    expect(person.page.locator(said)).to_contain_text("aved")
    person.page.wait_for_function(f"{KEPT.removeprefix('() => ')} > 0")


def at_item_without_server(chromium: Browser, held: RealRmm, name: str, words: str) -> Person:
    """Let a chair type into an item while the server is dead, and close the window."""
    person = held.person(chromium, "chair-cs").visit(item_of(held, name))
    held.kill()
    type_for_nobody(person, "textarea[name=discussion]", words, ".app-live__state")
    expect(state(person)).to_contain_text("no connection")
    person.leave_for_another_window()
    return person


def test_a_box_of_an_item_takes_nothing_that_names_a_child_kept_apart_since(chromium: Browser, held: RealRmm) -> None:
    person = at_item_without_server(chromium, held, NAME, TYPED)
    held.rows(CONFLICT, "chair-cs@%", ANOTHER)
    with held.server.running():
        person.visit(item_of(held, NAME))
        expect(person.page.get_by_text(READ)).to_be_visible()
        expect(person.page.locator("textarea[name=discussion]")).to_have_value("")
        assert "Canary" not in person.page.locator("main").inner_text()
        assert problems(person) == []
        person.picture("kept_apart_box")
        person.page.locator("textarea[name=discussion]").fill("Typed anew.")
        expect(state(person)).to_have_text("Saved 09:00")
        person.visit(item_of(held, NAME))
        expect(person.page.get_by_text(READ)).to_be_visible()
        person.page.get_by_role("button", name="I do not need it any more").click()
        expect(person.page.get_by_text(READ)).to_be_hidden()
        assert person.page.evaluate(KEPT) == 0


def test_nothing_is_shown_of_what_was_typed_at_the_item_of_the_child_kept_apart_until_that_is_over(
    chromium: Browser, held: RealRmm
) -> None:
    person = at_item_without_server(chromium, held, ANOTHER, OWN)
    held.rows(CONFLICT, "chair-cs@%", ANOTHER)
    with held.server.running():
        person.page.goto(item_of(held, ANOTHER))
        person.trouble.clear()
        person.check(404)
        assert "bicycle" not in person.words()
        for page in (item_of(held, NAME), f"{held.meeting}/record", "/"):
            person.visit(page)
            assert "bicycle" not in person.page.content()
        held.rows("UPDATE conflict_of_interest SET ended_at = declared_at")
        person.visit(item_of(held, ANOTHER))
        expect(person.page.locator("textarea[name=discussion]")).to_have_value(OWN)


def test_an_agencys_page_offers_its_other_boxes_without_the_child_and_nothing_of_the_childs_own(
    chromium: Browser, held: RealRmm
) -> None:
    address = f"{held.meeting}/before"
    [(hidden,)] = held.rows("SELECT reference FROM child WHERE name = ?", ANOTHER)
    [(open_,)] = held.rows("SELECT reference FROM child WHERE name = ?", NAME)
    person = held.person(chromium, "police").visit(address)
    for reference in (hidden, open_):
        person.page.locator(f"input[name='{reference}-answer'][value=relevant]").check(force=True)
    held.kill()
    for reference, words in ((hidden, OWN), (open_, TYPED)):
        type_for_nobody(person, f"textarea[name='{reference}-facts']", words, "[data-autosave-state]")
    expect(person.page.locator("[data-autosave-state]")).to_contain_text("not saved yet")
    person.leave_for_another_window()
    held.rows(CONFLICT, "police@%", ANOTHER)
    with held.server.running():
        person.visit(address)
        expect(person.page.get_by_text(READ)).to_be_visible()
        words = person.page.locator("main").inner_text()
        assert not [word for word in ("Canary", "bicycle", str(hidden)) if word in words]
        assert person.page.locator(f"textarea[name='{open_}-facts']").input_value() == ""
        assert problems(person) == []
        person.picture("kept_apart_draft")
        held.rows("UPDATE conflict_of_interest SET ended_at = declared_at")
        person.trouble.clear()
        person.page.on("dialog", lambda dialog: dialog.accept())
        person.visit(address)
        expect(person.page.locator(f"textarea[name='{hidden}-facts']")).to_have_value(OWN)


def test_boxes_for_want_of_an_answer_are_said_to_wait(chromium: Browser, held: RealRmm) -> None:
    person = at_item_without_server(chromium, held, NAME, TYPED)
    held.rows(CONFLICT, "chair-cs@%", ANOTHER)
    with held.server.running():
        person.page.route("**/typed-words", lambda route: route.abort())
        person.page.goto(item_of(held, NAME))
        expect(person.page.get_by_text("cannot be shown at the moment")).to_be_visible()
        assert "bus pass" not in person.words()
        person.page.unroute_all()
        person.page.locator("textarea[name=rationale]").fill("Typed meanwhile.")
        expect(state(person)).to_have_text("Saved 09:00")
        person.trouble.clear()
        person.visit(item_of(held, NAME))
        expect(person.page.get_by_text(READ)).to_be_visible()
