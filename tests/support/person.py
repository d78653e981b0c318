"""A person at a browser, who notices what is wrong with every page that is opened."""

import os
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyotp
from playwright.sync_api import Browser, Dialog, Locator, Page, Response

PASSWORD = "plainly-invented-otter-lamp"
PICTURES = os.environ.get("MEETINGS_TEST_PICTURES", "")
"""A folder; where it is set, every page that a person looks at closely is kept there as a picture."""


class Person:
    """One person with a browser of their own. Every page is checked when it has loaded."""

    def __init__(
        self, browser: Browser, base: str, email: str, secret_names: Iterable[str] = (), *, scripts: bool = True
    ) -> None:
        self.base, self.email, self.key = base, email, ""
        self.secret_names = [name for name in secret_names if len(name) > 3]
        self.context = browser.new_context(
            base_url=base, viewport={"width": 1280, "height": 900}, locale="en-GB", java_script_enabled=scripts
        )
        self.page: Page = self.context.new_page()
        self.trouble: list[str] = []
        self.statuses: dict[str, int] = {}
        self.listen()

    def listen(self) -> None:
        """Notice from now on what goes wrong in the window."""
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("pageerror", lambda problem: self.trouble.append(str(problem)))
        self.page.on("response", self._answered)

    def leave_for_another_window(self) -> None:
        """Close the window though it warns that something is not saved, and go on in another one."""
        warned: list[str] = []

        def leave(dialog: Dialog) -> None:
            warned.append(dialog.type)
            dialog.accept()

        self.page.on("dialog", leave)
        self.page.close(run_before_unload=True)
        if not self.page.is_closed():
            self.page.wait_for_event("close")
        assert warned == ["beforeunload"], "it warns before the text is left"
        self.page = self.context.new_page()
        self.listen()
        self.trouble.clear()

    def _heard(self, kind: str, text: str) -> None:
        # A page that says 400 is what some steps expect; its status is checked there.
        if kind in ("error", "warning") and "the server responded with a status of 4" not in text:
            self.trouble.append(text)

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.statuses[response.url.partition("#")[0]] = response.status
        elif response.status >= 400:
            self.trouble.append(f"{response.status} {response.url}")

    def check(self, status: int = 200) -> None:
        """Check the page that stands there: its status, its title, its address, and that nothing complained."""
        address = self.page.url.partition("#")[0]
        assert self.statuses.get(address) == status, (self.statuses.get(address), address, self.words()[:800])
        assert self.trouble == [], (address, self.trouble)
        heading = " ".join(self.page.locator("h1").inner_text().split())
        title = " ".join(self.page.title().rpartition(" – ")[0].split())
        if self.page.locator("h1 bdi").count():
            assert heading not in title, "a name stands on the page, not in the title, which browsers keep"
        else:
            assert title == (f"Error: {heading}" if title.startswith("Error: ") else heading)
        assert not [name for name in self.secret_names if name in title], title
        assert not [name for name in self.secret_names if name.casefold() in unquote(address).casefold()], address

    def visit(self, path: str, status: int = 200) -> "Person":
        """Open a page and check it."""
        self.page.goto(path)
        self.check(status)
        return self

    def press(self, name: str, status: int = 200, *, within: Locator | None = None) -> None:
        """Press a button and check the page that follows."""
        button = (within or self.page).get_by_role("button", name=name, exact=True)
        with self.page.expect_navigation():
            button.first.click()
        self.check(status)

    def fill(self, **fields: str) -> None:
        """Fill in boxes by the name of the field; drop-downs take the text of a choice, or how it begins."""
        for name, value in fields.items():
            box = self.page.locator(f"[name={name}]:not([type=hidden])").first
            if box.evaluate("element => element.tagName") == "SELECT":
                box.select_option(label=self._option(box, value))
            else:
                self._reveal(box)
                box.fill(value)

    def choose(self, **fields: str) -> None:
        """Choose radios and tick boxes by the name of the field and the value."""
        for name, value in fields.items():
            box = self.page.locator(f"[name={name}][value={value}]")
            self._reveal(box)
            box.check(force=True)

    def _reveal(self, box: Locator) -> None:
        """Open what hides a box, as a person does."""
        if not box.is_visible():
            box.evaluate("element => { const hides = element.closest('details'); if (hides) hides.open = true; }")

    def _option(self, box: Locator, begins: str) -> str:
        labels: list[str] = box.evaluate("element => [...element.options].map(option => option.label)")
        return next(label for label in labels if label.startswith(begins))

    def words(self) -> str:
        """Give what stands on the page."""
        return " ".join(self.page.locator("main").inner_text().split())

    def picture(self, name: str) -> None:
        """Keep a picture of the page, where somebody wants to look at it."""
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)

    def download(self, path: str) -> bytes:
        """Download a file with the person's own session."""
        answer: Any = self.context.request.get(path)
        assert answer.status == 200, (answer.status, path)
        assert not [name for name in self.secret_names if name in answer.headers["content-disposition"]]
        return bytes(answer.body())

    def accept_invitation(self, link: str, moment: datetime) -> None:
        """Choose a password on the page of the invitation, and set the second step up with the key shown."""
        self.visit(link.removeprefix(self.base))
        self.fill(password=PASSWORD)
        self.press("Continue")
        self.key = self.page.locator(".app-key").inner_text().replace(" ", "")
        self.picture("set_up")
        self.fill(code="000000" if self.code(moment) != "000000" else "111111")
        self.press("Finish", 400)
        self.fill(code=self.code(moment))
        self.press("Finish")
        assert self.page.locator("h1").inner_text() == "What needs you today"

    def enter(self) -> None:
        """Sign in where no second step is asked for: in the fictional county."""
        self.visit("/sign-in")
        self.fill(email=self.email, password=PASSWORD)
        self.press("Sign in")

    def sign_in(self, moment: datetime) -> None:
        """Sign in with the password and a code from the app."""
        self.visit("/sign-in")
        self.fill(email=self.email, password=PASSWORD)
        self.press("Sign in")
        assert "/sign-in/code" in self.page.url
        self.fill(code=self.code(moment))
        self.press("Continue")

    def code(self, moment: datetime) -> str:
        """Give the code that the app shows at a moment."""
        return pyotp.TOTP(self.key).at(moment)


def children_on(page: Page) -> dict[str, str]:
    """Give the names on a page by reference, wherever a child stands there."""
    found = {}
    for child in page.locator(".app-child").all():
        reference = re.search(r"C-[0-9A-Z]{5}", child.inner_text())
        names = child.locator("bdi")
        if reference and names.count():
            found[reference.group()] = names.first.text_content() or ""
    return found
