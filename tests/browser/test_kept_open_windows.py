"""A window that stays open goes on with what is saved in it, whatever another one kept before."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.real_rmm import real_rmm
from tests.browser.test_kept_windows import ONE, OTHER

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", ["item", "draft"])
def test_a_saved_text_in_an_open_window_is_not_replaced(chromium: Browser, tmp_path: Path, kind: str) -> None:
    with real_rmm(tmp_path) as rmm:
        person = rmm.person(chromium, "chair-cs" if kind == "item" else "police")
        if kind == "draft":
            person.visit(f"{rmm.meeting}/before")
            person.page.locator("input[name$='-answer'][value=relevant]").first.check(force=True)
            expect(person.page.get_by_text("Your draft is saved.", exact=True)).to_be_visible()
        address = rmm.item if kind == "item" else f"{rmm.meeting}/before"
        one = person.visit(address).page
        box = "textarea[name=discussion]" if kind == "item" else "textarea[name$='-facts']"
        one.route("**/live*", lambda route: route.abort())
        one.route("**/draft", lambda route: route.abort())
        one.locator(box).first.fill(ONE)
        one.wait_for_timeout(1500)
        other = person.context.new_page()
        other.goto(address)
        other.locator(box).first.fill(OTHER)
        other.wait_for_timeout(5000)
        one.close()
        other.wait_for_timeout(4000)
        expect(other.get_by_text(ONE)).to_be_visible()
        expect(other.get_by_text("It is not in the box: copy what you need of it.")).to_be_visible()
        assert other.locator(box).first.input_value() == OTHER, other.locator("main").inner_text()[:600]


def test_an_untouched_box_of_an_open_window_takes_what_was_typed_over_the_text_in_it(
    chromium: Browser, tmp_path: Path
) -> None:
    with real_rmm(tmp_path) as rmm:
        person = rmm.person(chromium, "chair-cs")
        one = person.visit(rmm.item).page
        one.route("**/live*", lambda route: route.abort())
        one.locator("textarea[name=discussion]").fill(ONE)
        expect(one.locator(".app-live__state")).to_contain_text("no connection")
        other = person.context.new_page()
        other.goto(rmm.item)
        other.locator("textarea[name=rationale]").fill(OTHER)
        expect(other.locator(".app-live__state")).to_have_text("Saved 09:00")
        one.close()
        expect(other.locator("textarea[name=discussion]")).to_have_value(ONE)
        expect(other.locator("textarea[name=rationale]")).to_have_value(OTHER)


def test_notes_that_were_saved_in_an_open_window_are_not_replaced(chromium: Browser, tmp_path: Path) -> None:
    with real_rmm(tmp_path) as rmm:
        person, address = rmm.person(chromium, "coordinator"), f"{rmm.meeting}/record"
        one = person.visit(address).page
        one.locator("textarea[name=notes]").fill(ONE)
        one.get_by_text("Not saved yet. Until you save it").wait_for()
        other = person.context.new_page()
        other.goto(address)
        other.locator("textarea[name=notes]").fill(OTHER)
        with other.expect_navigation():
            other.get_by_role("button", name="Save the notes", exact=True).click()
        expect(other.locator("textarea[name=notes]")).to_have_value(OTHER)
        other.wait_for_timeout(1500)
        one.close()
        expect(other.get_by_text(ONE)).to_be_visible()
        expect(other.locator("textarea[name=notes]")).to_have_value(OTHER)
