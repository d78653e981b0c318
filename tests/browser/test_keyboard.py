"""The pages without a mouse, and without scripts."""

import pytest
from playwright.sync_api import Browser

from tests.support.person import PASSWORD, Person

pytestmark = pytest.mark.browser


def test_the_keyboard_alone_signs_in_skips_the_menu_and_follows_a_link(chromium: Browser, county: str) -> None:
    person = Person(chromium, county, "coordinator@exampleshire.example").visit("/sign-in")
    keys = person.page.keyboard
    keys.press("Tab")
    assert person.page.evaluate("() => document.activeElement.textContent") == "Skip to main content"
    keys.press("Enter")
    assert person.page.evaluate("() => document.activeElement.id") == "main-content"
    keys.press("Tab")
    keys.type(person.email)
    keys.press("Tab")
    keys.type(PASSWORD)
    with person.page.expect_navigation():
        keys.press("Enter")
    person.check()
    assert person.page.locator("h1").inner_text() == "What needs you today"
    person.visit("/actions")
    keys.press("Tab")
    keys.press("Enter")
    person.page.wait_for_function("() => document.activeElement.id === 'main-content'")
    keys.press("Tab")
    focused = person.page.evaluate("() => document.activeElement.getAttribute('href')")
    assert focused.startswith("/")
    with person.page.expect_navigation():
        keys.press("Enter")
    person.check()
    assert person.page.url.partition("#")[0] == f"{county}{focused}"


def test_a_refused_form_puts_the_focus_on_what_is_wrong(chromium: Browser, county: str) -> None:
    person = Person(chromium, county, "police@exampleshire.example")
    person.enter()
    person.visit("/referrals/new")
    person.fill(name="Testy McTyped")
    person.press("Search", 400)
    assert "govuk-error-summary" in person.page.evaluate("() => document.activeElement.className")
    person.page.keyboard.press("Tab")
    person.page.keyboard.press("Enter")
    assert person.page.evaluate("() => document.activeElement.id") == "born"
    assert person.page.locator("#name").input_value() == "Testy McTyped"


def test_everything_works_without_scripts(chromium: Browser, county: str) -> None:
    person = Person(chromium, county, "coordinator@exampleshire.example", scripts=False)
    person.enter()
    person.visit("/list")
    assert person.page.locator("tbody tr").count() > 10
    person.visit("/referrals/new")
    person.press("Search", 400)
    assert "Enter the child’s full name" in person.words()
