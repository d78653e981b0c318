"""The closure of an 18-year-old at a browser: blocked, told what is missing, recorded, closed, signed by the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from tests.notices.mail_servers import free_port
from tests.support.own_database import own_database
from tests.support.person import Person
from tests.support.real_server import RealServer
from tests.support.rmm import due, rmm
from tests.support.world import NOW, SECRET

pytestmark = pytest.mark.browser

NAME = "Testy O'Eighteen"
MISSING = (
    "Enter the service that takes over", "Enter the contact there", "Enter when the support starts",
    "Enter who agreed the package", "Answer whether this is an adult at risk (Care Act, section 42)",
)  # fmt: skip
ANSWERED = {
    "no_onward_need": "y", "section_47": "no", "seen_since_review": "yes", "non_engagement_only": "no",
    "live_investigation": "no", "agency_dissents": "no", "still_at_risk": "yes",
}  # fmt: skip
SAID = {
    "rationale": "Still at risk, and handed over.", "good_practice": "The school never let go.",
    "child_view": "I want one worker.", "parents_view": "They agree.",
    "recently_high_reason": "Handed over with the rating.",
}  # fmt: skip


@dataclass(frozen=True)
class Held:
    """A meeting that is being held, with the child on its agenda, served at an address."""

    base: str
    meeting: str
    child: str
    number: str


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    """A real server with an RMM in progress about a child of 18 rated high, for whom no package is recorded."""
    with own_database("sqlite", tmp_path) as sessions, sessions() as session:
        act_for(session, OPERATOR)
        day = rmm(session)
        child = due(session, RiskRating.HIGH, born=date(2008, 11, 24), leaving=True, name=NAME)
        day.open()
        place, reference, number = day.meeting.reference, child.reference, day.item(child).number
        session.commit()
        session.close()
        server = RealServer(str(session.get_bind().url), tmp_path, free_port())  # type: ignore[union-attr]
        with server.running():
            yield Held(server.base, place, reference, number)


def person(chromium: Browser, held: Held, who: str) -> Person:
    """Sign a person in with the second step."""
    one = Person(chromium, held.base, f"{who}@exampleshire.example", [NAME])
    one.key = SECRET
    one.sign_in(NOW)
    return one


def test_an_18_year_old_leaves_the_list_once_the_package_is_there_and_both_have_signed(
    chromium: Browser, held: Held
) -> None:
    chair, other = person(chromium, held, "chair-cs"), person(chromium, held, "chair-fs")
    item, save = f"/meetings/{held.meeting}/items/{held.number}", f"Save item {held.number}"
    chair.visit(item)
    chair.page.get_by_text("Before this child can leave the list").click()
    chair.picture("at_18_gate")
    assert "Answer whether the young person is still at risk" in chair.words()
    chair.choose(outcome="closed", **ANSWERED)
    chair.fill(**SAID)
    chair.press(save, 400)
    chair.picture("at_18_blocked")
    said = chair.page.locator(".govuk-error-summary").inner_text()
    assert [words for words in MISSING if words not in said] == []
    assert chair.page.locator("[name=child_view]").input_value() == SAID["child_view"], "no word is lost"

    chair.visit(f"/children/{held.child}/transition/package")
    chair.fill(service="Adult safeguarding team", contact="Sample Worker", happens_on="1/12/2026")
    chair.fill(agreed_by="Fictional Manager")
    chair.press("Record the package")
    chair.visit(item)
    assert chair.page.locator("[name=package_contact]").input_value() == "Sample Worker", "it is typed once"
    chair.choose(outcome="closed", adult_at_risk="yes", **ANSWERED)
    chair.fill(**SAID, adult_at_risk_reason="Still followed by the same adults.")
    chair.press(save)
    chair.visit(item)
    assert "Before this child can leave the list: nothing is missing" in chair.words()

    chair.visit(f"/meetings/{held.meeting}/close").press("Close the meeting")
    chair.visit("/closures")
    chair.press(f"Sign the closure of {held.child}")
    chair.visit(f"/children/{held.child}")
    assert "Closing" in chair.words()
    chair.visit("/closures")
    assert "You have signed" in chair.words()
    other.visit("/closures").picture("at_18_second")
    other.press(f"Sign the closure of {held.child}")
    assert "the child is off the list" in other.words()
    other.visit("/list")
    assert held.child not in other.words()
    other.visit(f"/children/{held.child}").picture("at_18_left")
    other.page.set_viewport_size({"width": 390, "height": 844})
    other.picture("at_18_left_390")
