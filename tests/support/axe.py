"""Looks a page over with axe at both widths: WCAG A and AA, and whether anything runs off the side."""

from axe_playwright_python.sync_playwright import Axe

from tests.support.person import Person

WIDTHS = (1280, 375)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


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
