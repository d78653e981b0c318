"""Looks a page over with axe: WCAG A and AA, and at both widths whether anything runs off the side.

One page is given to axe wide and the next one narrow; `make faults` gives every page to it at both widths.
"""

import itertools
import os

from axe_playwright_python.sync_playwright import Axe

from tests.support.person import Person

WIDTHS = (1280, 375)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


_AT_EVERY_WIDTH = "MEETINGS_AXE_AT_EVERY_WIDTH" in os.environ
_turns = itertools.cycle(WIDTHS)


def problems(person: Person) -> list[tuple[str, int, str, str]]:
    """Give what is wrong with the page that stands there: where, the width, the rule, the element."""
    found, turn = [], next(_turns)
    where = person.page.url.removeprefix(person.base)
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 900})
        person.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        wider = person.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        if wider > 0:
            found.append((where, width, "runs off the side", f"{wider} pixels"))
        if width != turn and not _AT_EVERY_WIDTH:
            continue
        for violation in Axe().run(person.page, options=RULES).response["violations"]:
            found.append((where, width, violation["id"], violation["nodes"][0]["html"][:200]))
    person.page.set_viewport_size({"width": 1280, "height": 900})
    return found
