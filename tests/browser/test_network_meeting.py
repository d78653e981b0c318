"""The tangled case at a browser: from three RMMs’ items through two network meetings to the closure of the network.

The chair clicks through the first meeting from its draft agenda to the signed minutes. Eight weeks later the second one
closes the network. Others read the minutes of both in Word, and the picture of what links a record.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from docx import Document
from playwright.sync_api import Browser, ViewportSize, expect
from sqlalchemy import select
from sqlmodel import col

from meetings_app.meetings.network_models import NetworkAction, NetworkItem
from meetings_app.networks.models import Disruption
from meetings_app.networks.suspects import name_reader
from meetings_app.permissions import Role
from meetings_app.schedule.models import Meeting
from tests.notices.mail_servers import free_port
from tests.support.axe import RULES, problems
from tests.support.network_meetings import DURING
from tests.support.own_database import own_database
from tests.support.person import Person
from tests.support.real_server import RealServer
from tests.support.tangled_case import ADULT, CAR, LATER, ONLINE, TAKEAWAY, YOUNG, Case, from_three_rmms, opened
from tests.support.world import NOW, SECRET, actor_for, add_account

pytestmark = pytest.mark.browser

RESTRICTED, SETTLED = "The adult drives the car.", "The takeaway has shut."
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
OUTSIDE = """svg => {
    const whole = svg.getBoundingClientRect();
    const cut = box => box.left < whole.left - 1 || box.right > whole.right + 1
        || box.top < whole.top - 1 || box.bottom > whole.bottom + 1;
    const words = [...svg.querySelectorAll("text")].filter(text => cut(text.getBoundingClientRect()));
    return words.map(text => text.textContent);
}"""
"""Gives the words of a picture that run out of it."""
CODE = re.compile(r"\b[CN]-[0-9A-Z]{5}\b")


@dataclass
class Place:
    """The tangled case, and the server of it: `at` the first meeting, and eight weeks on."""

    case: Case
    server: RealServer

    def meeting(self, meeting: Meeting) -> str:
        """Where a meeting is."""
        return f"/networks/meetings/{meeting.reference}"

    def number(self, meeting: Meeting, **about: int) -> str:
        """Give the number of the item about a record or a referral."""
        session = self.case.day.session
        own = (getattr(NetworkItem, name) == value for name, value in about.items())
        found = session.scalars(select(NetworkItem).where(col(NetworkItem.meeting_id) == meeting.key, *own)).one()
        session.commit()
        return found.number


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """The case on the day of its three referrals, with a second network chair and somebody whom the police named."""
    with own_database("sqlite", tmp_path) as sessions, sessions() as session:
        case = from_three_rmms(session)
        add_account(session, "second-police", Role.NETWORK_CHAIR, "police")
        people = case.day.people
        for suspect in (ADULT, YOUNG):
            name_reader(session, actor_for(session, people.police), NOW, case.known[suspect], people.health, "Invented")
        session.commit()
        yield Place(case, RealServer(str(session.get_bind().url), tmp_path, free_port(), DURING))  # type: ignore[union-attr]


def person(chromium: Browser, place: Place, who: str, moment: datetime) -> Person:
    """Sign a person in with the second step."""
    one = Person(chromium, place.server.base, f"{who}@exampleshire.example", [ADULT, YOUNG, ONLINE])
    one.key = SECRET
    one.sign_in(moment)
    return one


def looked_at(who: Person, name: str) -> None:
    """Keep a picture at two widths; axe finds nothing, and nothing runs out of the page."""
    who.picture(name)
    who.page.set_viewport_size(PHONE)
    who.picture(f"{name}-narrow")
    who.page.set_viewport_size(WIDE)
    assert problems(who) == []


def words_of(document: bytes) -> str:
    body = Document(io.BytesIO(document)).element.body
    return " ".join(element.text or "" for element in body.iter() if element.tag.endswith("}t"))


def test_from_three_rmms_through_two_meetings_to_the_closure_of_the_network(chromium: Browser, place: Place) -> None:
    with place.server.running():
        _first_meeting(chromium, place)
    second = place.case.day.second
    opened(place.case.day, second, LATER)
    place.case.day.operator()
    place.case.day.session.commit()
    with replace(place.server, now=LATER).running():
        police = person(chromium, place, "police", LATER)
        _police_answer(police, place)
        coordinator, health = (person(chromium, place, who, LATER) for who in ("coordinator", "health"))
        _pictures(place, {"police": police, "coordinator": coordinator, "health": health})
        _network_closed(person(chromium, place, "chair-police", LATER), place)
        _others_read(place, coordinator, police)


def _first_meeting(chromium: Browser, place: Place) -> None:
    case, first = place.case, place.case.day.first
    chair, here = person(chromium, place, "chair-police", DURING), place.meeting(first)
    # How the draft looks, the test of accessibility sees in the fictional county.
    assert case.network.reference in chair.visit(here).words()
    chair.visit(f"{here}/publish")
    looked_at(chair, "network-publish")
    chair.press("Publish the agenda")
    chair.visit(f"{here}/record").fill(read_by="Testy McChair")
    chair.press("The statement was read: open the meeting")
    looked_at(chair, "network-attendance")
    for row in chair.page.locator("select[name^=presence-]").all()[:8]:
        row.select_option(label="Present")
    chair.press("Save attendance")
    looked_at(chair, "network-record")
    for referral in case.referrals[1:]:
        _referral_added(chair, here, place.number(first, referral_id=referral.key))
    number = place.number(first, subject_id=case.network.key)
    _two_chairs_type(chair, person(chromium, place, "second-police", DURING), f"{here}/items/{number}")
    _network_goes_on(chair, place, number)
    chair.visit(f"{here}/close")
    looked_at(chair, "network-close")
    chair.press("Close the meeting")
    _signed(chair, here, number)
    chair.context.close()


def _referral_added(chair: Person, here: str, number: str) -> None:
    """The second and the third referral are about the network that the first one became."""
    chair.visit(f"{here}/items/{number}").choose(outcome="taken_up")
    chair.press(f"Save item {number}", 400)
    chair.fill(known="Invented Amber", rationale="The same car.")
    chair.press(f"Save item {number}")


def _two_chairs_type(chair: Person, second: Person, item: str) -> None:
    """Each sees what the other types, field by field, before anybody presses a button."""
    chair.visit(item)
    second.visit(item)
    chair.page.locator("textarea[name=discussion]").press_sequentially("Seen by both. ")
    second.page.locator("textarea[name=rationale]").press_sequentially("Not safe yet. ")
    expect(second.page.locator("textarea[name=discussion]")).to_have_value("Seen by both. ")
    expect(chair.page.locator("textarea[name=rationale]")).to_have_value("Not safe yet. ")
    second.context.close()


def _network_goes_on(chair: Person, place: Place, number: str) -> None:
    case, item = place.case, f"{place.meeting(place.case.day.first)}/items/{number}"
    chair.visit(item).choose(outcome="continues")
    chair.fill(discussion="Invented talk.", about_suspects=RESTRICTED, rationale="Not safe yet.")
    looked_at(chair, "network-item")
    chair.press(f"Save item {number}")
    chair.fill(what="Look at the cameras", owner="Testy McPolice", about=ADULT, due_on="16/12/2026")
    chair.press("Write the action down")
    assert "Look at the cameras" in chair.words()
    chair.visit(f"{item}/children/{case.children[0].reference}").choose(kind="item")
    chair.fill(text="Seen near the school.")
    chair.press("Pass it on")
    chair.visit(f"/networks/{case.known[ADULT].reference}/disruption/new").choose(state="sought")
    chair.fill(tactic="Child abduction", agency="Police", happened_on="2/12/2026", text="Asked for at the meeting.")
    chair.press("Record it")


def _signed(chair: Person, here: str, number: str) -> None:
    """The minutes are told, corrected and signed."""
    minutes = chair.visit(f"{here}/minutes")
    looked_at(minutes, "network-minutes")
    chair.press("Tell those who attended")
    chair.visit(f"{here}/minutes/corrections/{number}").fill(text="The car was blue.")
    chair.press("Send to the chair")
    chair.page.get_by_role("link", name="Accept or refuse").click()
    looked_at(chair, "network-answer")
    chair.fill(reason="It was red.")
    chair.press("Refuse with this reason")
    assert RESTRICTED in minutes.words()
    chair.fill(despite="Invented: all agree.")
    chair.press("Sign this version")
    assert "SHA-256 of the signed record" in chair.visit(f"{here}/minutes").words()


def _police_answer(police: Person, place: Place) -> None:
    """The action that the first meeting gave is done, and the order that it sought is granted."""
    session = place.case.day.session
    action = session.scalars(select(col(NetworkAction.reference))).one()
    order = session.scalars(select(col(Disruption.reference))).one()
    session.commit()
    assert "Look at the cameras" in police.visit("/networks/actions").words()
    police.visit(f"/networks/actions/{action}").choose(kind="done")
    police.fill(text="Looked at.")
    police.press("Save the answer")
    police.visit(f"/networks/disruption/{order}/step").choose(state="granted")
    police.fill(happened_on="27/1/2027", expires_on="27/7/2027", text="Served.")
    police.press("Record it")


def _pictures(place: Place, people: dict[str, Person]) -> None:
    """Everybody’s picture says what their table says: all that they may see of both ends, and nothing else."""
    case = place.case
    known = {name: subject.reference for name, subject in case.known.items()}
    children, network = [child.reference for child in case.children], case.network.reference
    for who, name, drawn in (
        ("police", TAKEAWAY, {known[ADULT], network, *children[:2]}),
        ("coordinator", TAKEAWAY, {network, *children[:2]}),
        ("health", ADULT, {known[YOUNG]}),
    ):
        reader = people[who].visit(f"/networks/{known[name]}")
        assert _drawn(reader, who) == drawn | {known[name]}
        # Whoever is under 18 is round, a child first, and nothing else is.
        assert reader.page.locator("svg circle").count() == len(drawn & {*children, known[YOUNG]})
    people["health"].visit(f"/networks/{known[TAKEAWAY]}", 404)


def _drawn(reader: Person, who: str) -> set[str]:
    """Look at the picture at both widths; give the references in it, which are those of the table."""
    drawing = reader.page.locator(".app-network")
    for width, size in (("wide", WIDE), ("narrow", PHONE)):
        reader.page.set_viewport_size(size)
        reader.picture(f"network-picture-{who}-{width}")
        if who == "police":
            assert Axe().run(reader.page, ".app-network", RULES).response["violations"] == []
        assert drawing.locator("svg").evaluate(OUTSIDE) == []
    reader.page.set_viewport_size(WIDE)
    said = reader.page.locator("#links ~ div tbody th").all_text_contents()
    ties = drawing.locator(".app-network__tie").all_text_contents()
    assert len(ties) == len(said)
    assert all(any(tie in row for row in said) for tie in ties)
    codes = {*drawing.locator(".app-network__code").all_text_contents()}
    own = CODE.findall(reader.page.locator(".govuk-caption-l").inner_text())
    assert codes == {*own, *CODE.findall(" ".join(said))}
    return codes


def _network_closed(chair: Person, place: Place) -> None:
    """Nothing that is still open is left without a word; the car is over, and all else is heard next time."""
    case, second = place.case, place.case.day.second
    here, number = place.meeting(second), place.number(second, subject_id=case.network.key)
    item, car = f"{here}/items/{number}", case.known[CAR]
    chair.visit(item).choose(outcome="closed")
    chair.fill(discussion="Invented talk.", about_suspects=RESTRICTED, rationale=SETTLED)
    chair.press(f"Save item {number}", 400)
    chair.visit(f"{item}/still-open")
    looked_at(chair, "network-still-open")
    for goes_on in chair.page.locator("input[type=radio][value=on]").all():
        goes_on.check(force=True)
    chair.choose(**{f"how_record_{car.key}": "ends"})
    chair.fill(**{f"why_record_{car.key}": "Scrapped."})
    chair.press("Save what becomes of each")
    chair.choose(outcome="closed")
    chair.fill(discussion="Invented talk.", about_suspects=RESTRICTED, rationale=SETTLED)
    chair.press(f"Save item {number}")
    chair.visit(f"{here}/close").press("Close the meeting")
    chair.visit(f"{here}/minutes").press("Tell those who attended")
    chair.visit(f"{here}/minutes").fill(despite="Invented: all agree.")
    chair.press("Sign this version")
    assert "Closed" in chair.visit(f"/networks/{case.network.reference}").words()


def _others_read(place: Place, coordinator: Person, police: Person) -> None:
    """Each reads the minutes of both meetings, in Word and on the page, as far as they see what they tell of."""
    case, first, second = place.case, *map(place.meeting, place.case.day.meetings[:2])
    told = {first: "Seen near the school.", second: SETTLED}
    for here, told_to_all in told.items():
        said, shown = (
            words_of(coordinator.download(f"{here}/minutes.docx")),
            coordinator.visit(f"{here}/minutes").words(),
        )
        for text in (case.network.reference, told_to_all):
            assert text in said
            assert text in shown
        for hidden in (ADULT, YOUNG, RESTRICTED, "Look at the cameras", "Child abduction"):
            assert hidden not in said
            assert hidden not in shown
        whole = words_of(police.download(f"{here}/minutes.docx"))
        for text in (ADULT, RESTRICTED, "Child abduction", told_to_all):
            assert text in whole
    assert "Look at the cameras" in words_of(police.download(f"{first}/minutes.docx"))
    assert f"Ends: {case.known[CAR].reference}" in words_of(police.download(f"{second}/minutes.docx"))
