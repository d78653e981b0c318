"""Every main page, wide and narrow: axe finds nothing against WCAG A and AA, and nothing runs off the side."""

import pytest
from playwright.sync_api import Browser

from tests.support.axe import problems
from tests.support.person import Person

pytestmark = pytest.mark.browser

PAGES: dict[str, tuple[str, ...]] = {
    "coordinator": (
        "/", "/list?area=NE&rating=medium", "first:/children/", "here:/assessments", "here:/new", "/referrals",
        "first:/referrals/R-", "/referrals/new", "/assessments?show=due", "/assessments?show=flags",
        "first:/assessments/S-", "first:/assessments/S-", "here:/compare", "/meetings/series", "/import", "/mail",
        "/mail/history?state=sent", "/timetable", "/weekly-lists", "/weekly-lists/recipients",
        "/meetings/mailed-answers", "/calendar", "/meetings", "first:/meetings/RMM-", "here:/series", "here:/end",
        "/networks", "first:/networks/N-", "/networks/meetings", "first:/networks/meetings/NET-",
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
        "first:/networks/extracts/NX-", "/networks", "first:/networks/N-", "/networks/disruption",
        "/networks/meetings", "first:/networks/meetings/NET-", "here:/add", "/networks/actions",
    ),
    "school": ("/",),
    "analyst": ("/", "/totals"),
    "admin": (
        "/accounts", "/account", "/not-sent", "/settings/rules", "/settings/rules/ratings", "/settings/rules/meeting",
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
