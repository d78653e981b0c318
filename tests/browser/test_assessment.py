"""An assessment by keyboard alone, from the list to what follows from it; axe finds nothing on the way."""

import pytest
from playwright.sync_api import Browser, Page

from tests.support.axe import problems
from tests.support.person import PASSWORD, Person

pytestmark = pytest.mark.browser

_FOCUSED = """() => {
  const element = document.activeElement;
  if (element === null) return "";
  const label = element.labels && element.labels.length ? element.labels[0].textContent : "";
  return (label || element.getAttribute("aria-label") || element.textContent || "").replace(/\\s+/g, " ").trim();
}"""
_MOST_STEPS = 250


class Keyboard:
    """A person who has no mouse, and who notices what is wrong with every page they come to."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page
        self.found: list[tuple[str, int, str, str]] = []

    def tab_to(self, *words: str) -> None:
        """Press Tab until the focus is on the link, button or box whose name begins with one of these."""
        for _ in range(_MOST_STEPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(_FOCUSED).startswith(words):
                return
        raise AssertionError(f"The keyboard does not reach {words} on {self.page.url}")

    def follow(self, words: str) -> None:
        """Follow a link or press a button, and look at the page it leads to."""
        self.tab_to(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.person.check()
        self.person.picture(f"assessment_{len(self.found):02}_{self.page.url.rpartition('/')[2][:30]}")
        self.found += problems(self.person)

    def tick(self, words: str) -> None:
        """Tick a box or choose the radio that is called so; the arrows walk through the radios of a group."""
        self.tab_to(words)
        self.page.keyboard.press("Space")

    def choose(self, first: str, words: str) -> None:
        """Choose a radio whose group begins with the one called `first`."""
        self.tab_to(first, words)
        for _ in range(20):
            if self.page.evaluate(_FOCUSED).startswith(words):
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrows do not reach “{words}”")

    def write(self, label: str, text: str) -> None:
        """Type into the box that is called so."""
        self.tab_to(label)
        self.page.keyboard.type(text)


def signed_in(chromium: Browser, county: str, who: str) -> Keyboard:
    person = Person(chromium, county, f"{who}@exampleshire.example").visit("/sign-in")
    keys = Keyboard(person)
    keys.write("Email", person.email)
    keys.write("Password", PASSWORD)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    person.check()
    return keys


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_an_assessment_from_the_list_to_what_follows(chromium: Browser, county: str) -> None:
    keys = signed_in(chromium, county, "coordinator")
    page = keys.page
    keys.follow("CSE list")
    name = page.locator("tbody a[href^='/children/']").first.inner_text()
    keys.follow(name)
    keys.follow("Start an assessment")
    keys.choose("CSE 1", "SERAF")
    keys.follow("Start")
    keys.follow("Begin: The child and the date")
    keys.choose("Yes", "No")
    keys.follow("Save and continue")
    assert heading(page) == "Vulnerabilities"
    keys.tick("Yes")
    page.keyboard.press("Tab")
    page.keyboard.type("The school saw it.")
    keys.follow("Save and continue")
    assert heading(page) == "Moderate indicators"
    keys.follow("Save and continue")
    assert heading(page) == "Significant indicators"
    keys.tick("Now or in the last 6 months")
    keys.follow("Save and continue")
    assert "Enter the reason for this indicator" in keys.person.words()
    keys.write("Why? What was seen or said", "A neighbour reported it.")
    keys.follow("Save and continue")
    keys.write("The child’s view", "“I am fine.”")
    keys.write("Professional judgement", "The score is low, and I am worried.")
    keys.follow("Save and continue")
    assert heading(page) == "Check your answers"
    assert "A neighbour reported it." in keys.person.words()
    keys.follow("Finish")
    assert "It can no longer be changed" in keys.person.words()
    keys.follow("Answer this")
    keys.choose("Yes, it was done", "Yes, it was done")
    keys.write("When was it done or decided?", "24/11/2026")
    keys.write("Who took part, or which manager decided?", "A. Manager")
    keys.write("What was decided, and why?", "No reasonable cause at present; looked at again in a week.")
    keys.follow("Record the answer")
    assert "Answered" in keys.person.words()
    keys.follow("Refer to the RMM")
    assert "Carried by referral R-" in keys.person.words()
    assert keys.found == []
