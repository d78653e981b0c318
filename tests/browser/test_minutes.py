"""Minutes at a browser: edited, issued, corrected, signed by both, reopened and amended, by four people."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from meetings_app.db.session import act_for
from meetings_app.meetings.closing import close_meeting
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from tests.notices.mail_servers import free_port
from tests.support.own_database import own_database
from tests.support.person import Person
from tests.support.real_server import RealServer
from tests.support.rmm import OFFICE, due, rated, rmm
from tests.support.world import NOW, SECRET

pytestmark = pytest.mark.browser

NAME = "Testy O'Minuted"
SILVER, WHITE = "A silver van was seen near the school.", "A white van was seen near the school."


@dataclass(frozen=True)
class Closed:
    """A meeting that is closed, with one child, served at an address."""

    base: str
    minutes: str
    number: str


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Closed]:
    """A real server with an RMM that is closed and whose minutes nobody has touched."""
    with own_database("sqlite", tmp_path) as sessions, sessions() as session:
        act_for(session, OPERATOR)
        day = rmm(session)
        child = due(session, name=NAME)
        day.open()
        number = day.item(child).number
        day.decide(child, rated(session, RiskRating.HIGH, discussion="A van was seen."))
        close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
        at = f"/meetings/{day.meeting.reference}/minutes"
        session.commit()
        session.close()
        server = RealServer(str(session.get_bind().url), tmp_path, free_port())  # type: ignore[union-attr]
        with server.running():
            yield Closed(server.base, at, number)


def person(chromium: Browser, closed: Closed, who: str) -> Person:
    """Sign a person in with the second step."""
    one = Person(chromium, closed.base, f"{who}@exampleshire.example", [NAME])
    one.key = SECRET
    one.sign_in(NOW)
    return one


def write(who: Person, closed: Closed, text: str) -> None:
    """Edit the text of the child’s item."""
    who.visit(f"{closed.minutes}/texts/{closed.number}")
    who.page.fill("textarea[name=text]", text)
    who.press("Save the text")


def test_from_the_draft_to_the_amendment(chromium: Browser, closed: Closed) -> None:
    coordinator, police = person(chromium, closed, "coordinator"), person(chromium, closed, "police")
    chairs = [person(chromium, closed, who) for who in ("chair-cs", "chair-fs")]
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
