"""What a browser kept and no box takes any more, or an earlier version of the page kept, is shown and not lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.held_meeting import state
from tests.browser.real_rmm import RealRmm, real_rmm
from tests.browser.test_kept_windows import closed_at_once
from tests.support.axe import problems
from tests.support.person import Person

pytestmark = pytest.mark.browser
NOT_NEEDED = "I do not need it any more"
FACTS, OPINION = "textarea[name$='-facts']", "textarea[name$='-opinion']"
OLD_FORM = """async (pairs) => {
    const { autosave, autosaveMark, autosaveKey } = document.querySelector("form[data-autosave]").dataset;
    const { openStores } = await import("/static/js/live_store.js");
    const name = document.querySelector("textarea[name$='-facts']").name.replace("facts", "");
    const hidden = Array.from(document.querySelectorAll(`input[type=hidden][name^='${name}']`));
    const all = [...hidden.map((one) => [one.name, one.value]), ...pairs.map(([last, value]) => [name + last, value])];
    return openStores(autosave, autosaveMark, autosaveKey).own.put(all);
}"""
WITHOUT_LOCKS = """
    delete Array.prototype.toReversed;
    Object.defineProperty(navigator, "locks", { value: undefined });
"""


@pytest.fixture
def rmm(tmp_path: Path) -> Iterator[RealRmm]:
    """A meeting that is being held."""
    with real_rmm(tmp_path) as rmm:
        yield rmm


def typed_before(chromium: Browser, rmm: RealRmm) -> Person:
    """Let somebody of an agency say that it knows something, and what they type then come to nobody."""
    person = rmm.person(chromium, "police").visit(f"{rmm.meeting}/before")
    person.page.locator("input[name$='-answer'][value=relevant]").first.check(force=True)
    expect(person.page.get_by_text("Your draft is saved.", exact=True)).to_be_visible()
    person.page.route("**/draft", lambda route: route.abort())
    return person


def come_back(person: Person, address: str) -> Page:
    """Open a page in another window, the one before gone."""
    closed_at_once(person, person.page)
    return person.visit(address).page


def test_a_choice_that_is_not_offered_any_more_is_shown_and_sends_nothing(chromium: Browser, rmm: RealRmm) -> None:
    person = rmm.person(chromium, "chair-cs").visit(rmm.item)
    chosen = person.page.locator("main form select").first
    name = chosen.get_attribute("name")
    chosen.evaluate("element => element.add(new Option('Nobody’s Agency', 'nobody'))")
    person.page.route("**/live*", lambda route: route.abort())
    chosen.select_option("nobody", force=True)
    expect(state(person)).to_contain_text("no connection")
    page = come_back(person, rmm.item)
    expect(page.locator(".govuk-inset-text").get_by_text("Nobody’s Agency")).to_be_visible()
    page.wait_for_timeout(1500)
    assert page.locator(f"select[name={name}]").input_value() != "nobody"
    expect(state(person)).to_have_text("What you type is saved as you go.")
    assert problems(person) == []


def test_a_box_that_is_read_only_takes_nothing_back(chromium: Browser, rmm: RealRmm) -> None:
    person = rmm.person(chromium, "chair-cs").visit(rmm.item)
    person.page.route("**/live*", lambda route: route.abort())
    person.page.locator("textarea[name=discussion]").fill("Typed before.")
    expect(state(person)).to_contain_text("no connection")
    person.page.context.add_init_script(
        "new MutationObserver(() => document.querySelector('textarea[name=discussion]')?.setAttribute('readonly', ''))"
        ".observe(document, { childList: true, subtree: true })"
    )
    page = come_back(person, rmm.item)
    expect(page.get_by_text("It cannot be saved here any more")).to_be_visible()
    expect(page.locator("textarea[name=discussion]")).to_have_value("")


def test_a_draft_that_an_earlier_version_kept_comes_back(chromium: Browser, rmm: RealRmm) -> None:
    person = typed_before(chromium, rmm)
    assert person.page.evaluate(OLD_FORM, [["facts", "Kept long ago."]])
    page = come_back(person, f"{rmm.meeting}/before")
    expect(page.locator(FACTS).first).to_have_value("Kept long ago.")
    expect(page.get_by_text("Your draft is saved.", exact=True)).to_be_visible()


def test_a_draft_that_an_earlier_version_kept_is_shown_beside_what_was_saved_since(
    chromium: Browser, rmm: RealRmm
) -> None:
    person = typed_before(chromium, rmm)
    pairs = [["facts", "Kept long ago."], ["answer", "not_shared"], ["opinion", "Thought long ago."]]
    assert person.page.evaluate(OLD_FORM, pairs)
    rmm.rows("UPDATE information_draft SET facts = 'Saved since.', version = version + 1")
    page = come_back(person, f"{rmm.meeting}/before")
    shown = page.locator(".govuk-inset-text")
    for words in ("Kept long ago.", "Thought long ago."):
        expect(shown.get_by_text(words)).to_be_visible()
    assert "not_shared" not in person.words(), "a choice is shown in its words"
    expect(page.locator(FACTS).first).to_have_value("Saved since.")
    assert problems(person) == []
    assert rmm.rows("SELECT facts, opinion FROM information_draft") == [("Saved since.", "")]


def test_a_browser_that_cannot_tell_whether_a_window_is_open_offers_what_was_kept(
    chromium: Browser, rmm: RealRmm
) -> None:
    person = rmm.person(chromium, "police")
    person.page.context.add_init_script(WITHOUT_LOCKS)
    person.page.close()
    person.page = person.context.new_page()
    person.listen()
    person.visit(f"{rmm.meeting}/before")
    person.page.locator("input[name$='-answer'][value=relevant]").first.check(force=True)
    expect(person.page.get_by_text("Your draft is saved.", exact=True)).to_be_visible()
    person.page.route("**/draft", lambda route: route.abort())
    person.page.locator(FACTS).first.fill("Typed in an old browser.")
    expect(person.page.locator("[data-autosave-state]")).to_contain_text("not saved yet")
    page = come_back(person, f"{rmm.meeting}/before")
    expect(page.locator(FACTS).first).to_have_value("Typed in an old browser.")
    expect(page.get_by_text("Your draft is saved.", exact=True)).to_be_visible()
    assert page.evaluate("() => localStorage.length") == 0


def test_who_takes_words_away_goes_on_at_the_next_and_each_button_says_which_it_means(
    chromium: Browser, rmm: RealRmm
) -> None:
    person = typed_before(chromium, rmm)
    person.page.locator(FACTS).first.fill("The first words.")
    person.page.locator(OPINION).first.fill("The second words.")
    expect(person.page.locator("[data-autosave-state]")).to_contain_text("not saved yet")
    rmm.rows("UPDATE information_draft SET facts = 'Saved.', opinion = 'Saved too.', version = version + 1")
    page = come_back(person, f"{rmm.meeting}/before")
    first, second = (page.get_by_role("button", name=f"{words} words.") for words in ("The first", "The second"))
    for button in (first, second):
        assert str(button.get_attribute("aria-label")).startswith(f"{NOT_NEEDED}: C-")
    assert problems(person) == []
    second.press("Enter")
    expect(first).to_be_focused()
    first.press("Enter")
    expect(page.get_by_role("heading", name="Who comes")).to_be_focused()
    expect(page.get_by_text("The first words.")).to_be_hidden()
    assert page.evaluate("() => localStorage.length") == 0
