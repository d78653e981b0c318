"""A representative answers for each child by keyboard alone, on a telephone, with prompts and drafts as one types."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.support.person import PASSWORD, Person

pytestmark = pytest.mark.browser

WRITTEN = "It was called a lifestyle choice. “My lifestyle”, the child said."


def reach(page: Page, name: str) -> None:
    """Press Tab until the element with this name has the focus; a group of radios is one stop."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.name || document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"the keyboard never comes to {name}")


def answer_all(person: Person, written: str) -> int:
    """Answer on the page that stands there by keyboard: who comes, each child, Send. Gives the number of children."""
    page = person.page
    boxes: list[str] = page.locator("section.app-box").evaluate_all("all => all.map(each => each.id)")
    reach(page, "attendance-attending")
    page.keyboard.press("Space")
    for child in boxes:
        reach(page, f"{child}-answer")
        page.keyboard.press("Space")
        first = page.locator(f"input[name='{child}-answer']").first
        for _ in range(3):
            if first.is_checked():
                break
            page.keyboard.press("ArrowDown")
        for field, words in (("facts", written), ("source", "A visit.")):
            reach(page, f"{child}-{field}")
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(words)
    prompt = page.locator(f"#{boxes[-1]}-facts-language")
    prompt.get_by_text("You wrote “lifestyle choice”.").wait_for()
    assert prompt.get_attribute("aria-live") == "polite"
    assert prompt.locator("p").count() == 1, "what is quoted prompts nothing"
    page.get_by_text("Your draft is saved.", exact=True).wait_for()
    person.picture("before_meeting_390")
    reach(page, "do")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    person.check()
    return len(boxes)


def test_a_representative_answers_for_five_children_by_keyboard_on_a_telephone(chromium: Browser, county: str) -> None:
    person = Person(chromium, county, "nurse@exampleshire.example")
    person.enter()
    page, answered = person.page, 0
    page.set_viewport_size({"width": 390, "height": 844})
    links = page.locator("a[href$='/before']").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    for address in links:
        person.visit(address)
        answered += answer_all(person, f"{WRITTEN} Number {answered}.")
        assert re.search(r"Sent: \d+ answers?\.", person.words())
        assert WRITTEN in person.words()
        assert page.get_by_text("Saved as you wrote it.").count() == 0, "it was shown while it was typed"
        assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        if answered >= 5:
            break
    assert answered >= 5


def test_without_scripts_the_draft_is_saved_by_its_button_and_the_advice_is_said_after(
    chromium: Browser, county: str
) -> None:
    person = Person(chromium, county, "social-work@exampleshire.example", scripts=False)
    person.enter()
    address = person.page.locator("a[href$='/before']").first.get_attribute("href")
    assert address
    person.visit(address)
    person.page.locator("input[name$='-answer'][value=relevant]").first.check(force=True)
    person.page.locator("textarea[name$='-facts']").first.fill(WRITTEN)
    person.page.get_by_role("button", name="Save as a draft", exact=True).last.click()
    person.check()
    assert "Your draft is saved." in person.words()
    assert "You wrote “lifestyle choice”." in person.words()
    assert person.page.locator("textarea[name$='-facts']").first.input_value() == WRITTEN


def test_a_sign_in_that_ends_while_one_types_takes_no_word_with_it(chromium: Browser, county: str) -> None:
    person = Person(chromium, county, "social-work@exampleshire.example")
    person.enter()
    page = person.page
    address = page.locator("a[href$='/before']").first.get_attribute("href")
    assert address
    person.visit(address)
    page.locator("input[name$='-answer'][value=relevant]").first.check(force=True)
    box = page.locator("textarea[name$='-facts']").first
    box.fill("Saved. ")
    page.get_by_text("Your draft is saved.", exact=True).wait_for()
    person.context.clear_cookies()
    box.fill("Saved. Typed while signed out.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("you are signed out").wait_for()
    assert box.input_value() == "Saved. Typed while signed out."
    kept = page.evaluate("() => JSON.stringify(Object.entries(localStorage))")
    assert "typed /meetings/" in kept
    assert "signed out" not in kept
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/sign-in")
    person.trouble.clear()
    person.fill(email=person.email, password=PASSWORD)
    person.press("Sign in")
    person.visit(address)
    box = page.locator("textarea[name$='-facts']").first
    page.get_by_text("Your draft is saved.", exact=True).wait_for()
    assert box.input_value() == "Saved. Typed while signed out."
    assert box.is_visible()
    person.visit(address)
    assert page.locator("textarea[name$='-facts']").first.input_value() == "Saved. Typed while signed out."
