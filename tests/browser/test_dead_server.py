"""A server that dies and a sign-in that ends lose no word of what is typed, whichever database is behind them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.browser.held_meeting import box, state, type_at_the_end
from tests.browser.real_rmm import RealRmm, real_rmm
from tests.support.person import Person

pytestmark = pytest.mark.browser


@pytest.fixture
def held(database: str, tmp_path: Path) -> Iterator[RealRmm]:
    """A meeting that is being held."""
    with real_rmm(tmp_path, database) as rmm:
        yield rmm


def load_again_in_vain(person: Person) -> None:
    """Load the page again while nobody answers: the browser says so in its own words."""
    person.page.on("dialog", lambda dialog: dialog.accept())
    with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
        person.page.reload()
    person.trouble.clear()


def test_an_item_that_is_sent_to_a_dead_server_is_saved_when_it_is_back(chromium: Browser, held: RealRmm) -> None:
    person = held.person(chromium, "chair-cs").visit(held.item)
    box(person, "discussion").fill("Saved before.")
    expect(state(person)).to_have_text("Saved 09:00")
    held.kill()
    box(person, "discussion").fill("Saved before. Typed while it was dead.")
    person.page.get_by_role("button", name=f"Save item {held.number}", exact=True).click()
    expect(state(person)).to_contain_text("Not saved: no connection")
    assert person.page.url.endswith(held.item), "the form was not sent into nowhere"
    load_again_in_vain(person)
    with held.server.running():
        person.visit(held.item)
        expect(box(person, "discussion")).to_have_value("Saved before. Typed while it was dead.")
        expect(state(person)).to_have_text("Saved 09:00")
        person.press(f"Save item {held.number}")
        assert box(person, "discussion").input_value() == "Saved before. Typed while it was dead."


def test_what_an_agency_typed_for_a_dead_server_outlives_its_window_and_is_said_beside_the_box(
    chromium: Browser, held: RealRmm
) -> None:
    address = f"{held.meeting}/before"
    person = held.person(chromium, "police")
    person.page.set_viewport_size({"width": 390, "height": 600})
    page = person.visit(address).page
    page.locator("input[name$='-answer'][value=relevant]").first.check(force=True)
    page.locator("textarea[name$='-facts']").first.click()
    held.kill()
    page.keyboard.type("Typed while it was dead.")
    said = page.locator("[data-autosave-state]")
    expect(said).to_contain_text("not saved yet")
    expect(said).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(said).to_contain_text("not saved yet")
    with held.server.running():
        person.leave_for_another_window()
        page = person.visit(address).page
        facts = page.locator("textarea[name$='-facts']").first
        expect(facts).to_have_value("Typed while it was dead.")
        expect(page.locator("[data-autosave-state]")).to_contain_text("Your draft is saved.")
        assert facts.is_visible()
        assert page.evaluate("() => localStorage.length") == 0


def test_a_sign_in_that_ends_in_the_middle_of_a_sentence_loses_no_word(chromium: Browser, held: RealRmm) -> None:
    person = held.person(chromium, "chair-cs").visit(held.item)
    type_at_the_end(person, "discussion", "Saved. ")
    expect(state(person)).to_have_text("Saved 09:00")
    held.sign_everybody_out()
    type_at_the_end(person, "discussion", "Typed while signed out.")
    expect(state(person)).to_contain_text("you are signed out")
    again = held.person(chromium, "chair-cs")
    person.context.add_cookies(again.context.cookies())  # type: ignore[arg-type] # They are what it takes.
    type_at_the_end(person, "discussion", " And on.")
    expect(state(person)).to_have_text("Saved 09:00")
    saved = held.rows("SELECT value FROM live_field WHERE name = 'discussion'")
    assert saved == [("Saved. Typed while signed out. And on.",)]
