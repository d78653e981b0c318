"""Every main page, wide and narrow: axe finds nothing against WCAG A and AA, and nothing runs off the side."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.support.person import Person

pytestmark = pytest.mark.browser

WIDTHS = (1280, 375)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
PAGES: dict[str, tuple[str, ...]] = {
    "coordinator": (
        "/", "/list?area=NE&rating=medium", "first:/children/", "here:/assessments", "here:/new", "/referrals",
        "first:/referrals/R-", "/referrals/new", "/assessments?show=due", "/assessments?show=flags",
        "first:/assessments/S-", "first:/assessments/S-", "here:/compare", "/meetings/series", "/import", "/mail",
        "/mail/history?state=sent", "/timetable", "/weekly-lists", "/weekly-lists/recipients",
        "/meetings/mailed-answers", "/calendar", "/meetings", "first:/meetings/RMM-", "here:/series", "here:/end",
    ),
    "chair-cs": ("/", "first:/meetings/RMM-", "here:/agenda", "here:/publish", "/closures"),
    "chair-fs": (
        "/meetings", "first:/meetings/RMM-", "here:/replies", "/meetings", "first:/meetings/RMM-", "here:/pack",
    ),
    "police": (
        "/", "/actions", "first:/actions/A-", "/meetings", "first:/meetings/RMM-", "here:/before",
        "/networks", "first:/networks/N-", "here:/extracts/new", "/networks/disruption",
        "first:/networks/disruption/ND-", "/networks/charmm", "first:/networks/charmm/CH-", "/networks/referrals/new",
    ),
    "chair-police": (
        "/", "/networks/referrals", "first:/networks/referrals/NR-", "/networks/extracts",
        "first:/networks/extracts/NX-",
    ),
    "school": ("/",),
    "analyst": ("/", "/totals"),
    "admin": (
        "/accounts", "/account", "/settings/rules", "/settings/rules/ratings", "/settings/rules/meeting",
        "/settings/rules/history", "/settings/rules/history/ratings/1",
    ),
    "auditor": ("/audit/",),
}  # fmt: skip
"""By account, the pages in the order they are opened; `first:` follows the first such link of the page before, and
`here:` goes below the page before."""


def test_the_page_to_sign_in(chromium: Browser, county: str) -> None:
    person = Person(chromium, county, "").visit("/sign-in")
    assert problems(person) == []
    person.press("Sign in", 400)
    assert problems(person) == []


@pytest.mark.parametrize("who", sorted(PAGES))
def test_the_pages_of(who: str, chromium: Browser, county: str) -> None:
    person = Person(chromium, county, f"{who}@exampleshire.example")
    person.enter()
    found = []
    for wanted in PAGES[who]:
        kind, colon, rest = wanted.partition(":")
        path = wanted
        if colon and kind == "first":
            path = str(person.page.locator(f"main a[href^='{rest}']").first.get_attribute("href"))
        elif colon:
            path = person.page.url.removeprefix(county) + rest
        person.visit(path)
        person.picture(f"axe_{who}_{wanted.strip('/').replace('/', '_').replace(':', '') or 'home'}")
        found += problems(person)
    assert found == []


def problems(person: Person) -> list[tuple[str, int, str, str]]:
    """Give what is wrong with the page that stands there, at both widths: where, the width, the rule, the element."""
    found = []
    where = person.page.url.removeprefix(person.base)
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 900})
        person.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        wider = person.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        if wider > 0:
            found.append((where, width, "runs off the side", f"{wider} pixels"))
        for violation in Axe().run(person.page, options=RULES).response["violations"]:
            found.append((where, width, violation["id"], violation["nodes"][0]["html"][:200]))
    person.page.set_viewport_size({"width": 1280, "height": 900})
    return found
