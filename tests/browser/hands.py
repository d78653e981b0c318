"""Two ways to use the same pages: by keyboard alone, and with a mouse where no scripts run."""

from typing import Protocol

from tests.support.person import Person


class Hand(Protocol):
    """What somebody does on a page, whichever way they do it."""

    person: Person

    def type(self, name: str, words: str) -> None:
        """Type into a box."""

    def pick(self, name: str, label: str) -> None:
        """Take a choice of a drop-down, by how it begins."""

    def choose(self, name: str, value: str) -> None:
        """Choose one of some radios."""

    def tick(self, name: str) -> None:
        """Tick a box."""

    def press(self, wanted: str) -> None:
        """Press a button or a link, and check the page that follows."""


class Keyboard:
    """Somebody who has no mouse: goes to what is wanted with Tab, and presses it."""

    def __init__(self, person: Person) -> None:
        self.person, self.page, self.keys = person, person.page, person.page.keyboard

    def reach(self, wanted: str) -> None:
        """Press Tab until what has this name, or begins to say this, has the focus; a group of radios is one stop."""
        for _ in range(200):
            self.keys.press("Tab")
            here = "() => [document.activeElement.name, document.activeElement.textContent.trim()]"
            name, said = self.page.evaluate(here)
            if name == wanted or said.startswith(wanted):
                return
        raise AssertionError(f"the keyboard never comes to {wanted}")

    def type(self, name: str, words: str) -> None:
        """Type into a box."""
        self.reach(name)
        self.keys.press("Control+a")
        self.keys.insert_text(words)

    def pick(self, name: str, label: str) -> None:
        """Take a choice of a drop-down, by how it begins."""
        self.reach(name)
        self.keys.type(label)
        box = self.page.locator(f"select[name={name}]")
        chosen = box.evaluate("element => element.selectedOptions[0].label")
        assert chosen.startswith(label), chosen

    def tick(self, name: str) -> None:
        """Tick a box."""
        self.reach(name)
        self.keys.press("Space")

    def choose(self, name: str, value: str) -> None:
        """Choose one of some radios: the first with the space bar, the others with the arrow."""
        self.reach(name)
        self.keys.press("Space")
        for _ in range(8):
            if self.page.locator(f"input[name={name}][value={value}]").is_checked():
                return
            self.keys.press("ArrowDown")
        raise AssertionError(f"the keyboard never chooses {value}")

    def press(self, wanted: str = "", *, keys: str = "Enter") -> None:
        """Press a button or a link, or some keys, and check the page that follows."""
        if wanted:
            self.reach(wanted)
        with self.page.expect_navigation():
            self.keys.press(keys)
        self.person.check()


class WithoutScripts:
    """Somebody with a mouse, in whose browser no scripts run."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page

    def type(self, name: str, words: str) -> None:
        """Type into a box."""
        self.person.fill(**{name: words})

    def pick(self, name: str, label: str) -> None:
        """Take a choice of a drop-down, by how it begins."""
        self.person.fill(**{name: label})

    def choose(self, name: str, value: str) -> None:
        """Choose one of some radios."""
        self.person.choose(**{name: value})

    def tick(self, name: str) -> None:
        """Tick a box."""
        self.page.locator(f"[name={name}]").check()

    def press(self, wanted: str) -> None:
        """Press a button or a link, and check the page that follows."""
        named = self.page.get_by_role("button", name=wanted).or_(self.page.get_by_role("link", name=wanted))
        with self.page.expect_navigation():
            named.first.click()
        self.person.check()
