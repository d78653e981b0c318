"""Minutes at a browser: edited, issued, corrected, signed by both, reopened and amended, by four people."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.real_rmm import RealRmm, real_rmm
from tests.support.person import Person

pytestmark = pytest.mark.browser

SILVER, WHITE = "A silver van was seen near the school.", "A white van was seen near the school."


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[RealRmm]:
    """A real server with an RMM that is closed and whose minutes nobody has touched."""
    with real_rmm(tmp_path, closed=True) as rmm:
        yield rmm


def write(who: Person, closed: RealRmm, text: str) -> None:
    """Edit the text of the child’s item."""
    who.visit(f"{closed.minutes}/texts/{closed.number}")
    who.page.fill("textarea[name=text]", text)
    who.press("Save the text")


def test_from_the_draft_to_the_amendment(chromium: Browser, closed: RealRmm) -> None:
    coordinator, police = closed.person(chromium, "coordinator"), closed.person(chromium, "police")
    chairs = [closed.person(chromium, who) for who in ("chair-cs", "chair-fs")]
    at = closed.minutes
    write(coordinator, closed, SILVER)
    assert "Differs from what was recorded" in coordinator.words()
    coordinator.visit(f"{at}/issue")
    despite = coordinator.page.locator("textarea[name=despite]")
    if despite.count():
        despite.fill("An invented reason.")
    coordinator.press("Issue the draft")
    police.visit(f"{at}/corrections/{closed.number}").page.fill("textarea[name=text]", "The van was white.")
    police.press("Send to the chairs")
    chairs[0].visit(at).page.get_by_role("link", name="Accept or refuse").click()
    chairs[0].page.fill("textarea[name=text]", WHITE)
    chairs[0].press("Accept, and save the text")
    coordinator.visit(at).press("Make version 3 to be signed")
    chairs[0].visit(at).page.fill("textarea[name=despite]", "An invented reason.")
    chairs[0].press("Sign version 3")
    chairs[1].visit(at).press("Sign version 3")
    signed = police.visit(at).words()
    assert WHITE in signed
    assert "SHA-256 of the signed record" in signed
    chairs[1].visit(f"{at}/reopen").page.fill("textarea[name=reason]", "It was silver after all.")
    chairs[1].press("Reopen the minutes")
    assert "an amendment is being written" in police.visit(at).words()
    write(coordinator, closed, SILVER)
    coordinator.press("Make the amendment to be signed")
    for chair in chairs:
        chair.visit(f"{at}?version=4").press("Sign version 4")
    amended = police.visit(at).words()
    assert "4, amendment 1 to version 3" in amended
    assert f"Before: {WHITE}" in amended
    assert WHITE in police.visit(f"{at}?version=3").words()
