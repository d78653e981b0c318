"""A meeting at which a child leaves the list, to the signed minutes: by keyboard alone, and without scripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from tests.browser.hands import Hand, Keyboard, WithoutScripts
from tests.notices.mail_servers import free_port
from tests.support.own_database import own_database
from tests.support.person import Person
from tests.support.real_server import RealServer
from tests.support.rmm import due, referred, rmm
from tests.support.world import NOW, SECRET

pytestmark = pytest.mark.browser

WAYS: dict[str, type[Keyboard | WithoutScripts]] = {"by keyboard alone": Keyboard, "without scripts": WithoutScripts}
SAID = ("Goodpractice", "Childview", "Parentsview", "Whyleaves", "Whylate", "Whynotreached", "Whystays")


@dataclass
class Leaving:
    """A meeting whose agenda is published, on a server of its own, and the way in which its pages are used."""

    chromium: Browser
    base: str
    at: str
    stays: str
    leaves: str
    late: str
    way: type[Keyboard | WithoutScripts]

    def sign_in(self, who: str) -> Hand:
        """Sign somebody in with a browser of their own."""
        person = Person(self.chromium, self.base, f"{who}@exampleshire.example", scripts=self.way is not WithoutScripts)
        person.key = SECRET
        person.sign_in(NOW)
        return self.way(person)


@pytest.fixture(params=WAYS)
def leaving(request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path) -> Iterator[Leaving]:
    """Two children who are due, one of whom may leave, and one who is referred once the agenda is published."""
    with own_database("sqlite", tmp_path) as sessions:
        with sessions() as session:
            act_for(session, OPERATOR)
            day = rmm(session)
            stays, leaves = due(session), due(session, RiskRating.LOW, leaving=True)
            day.publish()
            day.operator()
            late = referred(session)
            session.commit()
            at, names = f"/meetings/{day.meeting.reference}", (stays.reference, leaves.reference, late.reference)
        server = RealServer(f"sqlite:///{tmp_path / 'own.db'}", tmp_path, free_port())
        with server.running():
            yield Leaving(chromium, server.base, at, *names, WAYS[request.param])


def open_the_meeting(hand: Hand, leaving: Leaving) -> None:
    hand.person.visit(f"{leaving.at}/record")
    hand.type("read_by", "Testy McChair")
    hand.tick("early")
    hand.press("The statement was read: open the meeting")
    lines = hand.person.page.locator("select[name^=presence-]").evaluate_all("all => all.map(each => each.name)")
    for line in lines:
        hand.pick(line, "Present")
    hand.press("Save attendance")


def keep_the_police_out(hand: Hand, leaving: Leaving, number: str) -> None:
    """Record a conflict of interest: the page of the item is not there for them from then on."""
    police = leaving.sign_in("police").person
    hand.person.visit(f"{leaving.at}/conflicts")
    hand.pick("person", "Testy McPolice")
    hand.pick("item", number)
    hand.type("reason", "Knows the family, as invented.")
    hand.press("Record the conflict of interest")
    assert "Knows the family, as invented." in hand.person.words()
    assert leaving.stays not in police.visit(f"{leaving.at}/agenda").words()


def add_late(hand: Hand, leaving: Leaving) -> None:
    hand.person.visit(f"{leaving.at}/agenda/add")
    hand.type("q", leaving.late)
    hand.press("Search")
    hand.choose("child", leaving.late)
    hand.type("reason", "Whylate.")
    hand.press("Add to the agenda")
    assert "Whylate." in hand.person.words()
    hand.choose("outcome", "not_reached")
    hand.type("not_reached_reason", "Whynotreached.")
    hand.press(f"Save item {number_of(hand)}")


def number_of(hand: Hand) -> str:
    return hand.person.page.url.partition("#")[0].rpartition("/")[2]


def open_item(hand: Hand, leaving: Leaving, child: str) -> str:
    """Open the item of a child, and give its number."""
    hand.person.visit(f"{leaving.at}/record")
    row = hand.person.page.locator("tr", has_text=child)
    number = row.locator("a[href*='/items/']").first.inner_text()
    hand.person.visit(f"{leaving.at}/items/{number}")
    return number


def rate(hand: Hand, number: str) -> None:
    hand.choose("outcome", "rated")
    hand.choose("rating", "medium")
    hand.choose("exploitation_status", "suspected")
    hand.type("rationale", "Whystays.")
    hand.press(f"Save item {number}")


def let_leave(hand: Hand, number: str) -> None:
    hand.choose("outcome", "closed")
    hand.type("rationale", "Whyleaves.")
    hand.type("good_practice", "Goodpractice.")
    hand.tick("no_onward_need")
    hand.type("child_view", "Childview.")
    hand.type("parents_view", "Parentsview.")
    for question, answer in (
        ("section_47", "no"), ("seen_since_review", "yes"), ("non_engagement_only", "no"),
        ("live_investigation", "no"), ("agency_dissents", "no"),
    ):  # fmt: skip
        hand.choose(question, answer)
    hand.press(f"Save item {number}")


def test_a_child_leaves_another_comes_late_and_the_minutes_are_signed(leaving: Leaving) -> None:
    chair, other = leaving.sign_in("chair-cs"), leaving.sign_in("chair-fs")
    open_the_meeting(chair, leaving)
    number = open_item(chair, leaving, leaving.stays)
    rate(chair, number)
    keep_the_police_out(chair, leaving, number)
    add_late(chair, leaving)
    let_leave(chair, open_item(chair, leaving, leaving.leaves))
    chair.person.visit(f"{leaving.at}/close")
    chair.press("Close the meeting")
    for hand in (chair, other):
        hand.person.visit("/closures")
        hand.press(f"Sign the closure of {leaving.leaves}")
    assert "the child is off the list" in other.person.words()
    the_minutes_are_signed(leaving, chair, other)


def the_minutes_are_signed(leaving: Leaving, chair: Hand, other: Hand) -> None:
    coordinator, health = leaving.sign_in("coordinator"), leaving.sign_in("health")
    at = f"{leaving.at}/minutes"
    coordinator.person.visit(f"{at}/issue")
    coordinator.press("Issue the draft")
    health.person.visit(at)
    health.press("Ask for a correction")
    health.type("text", "It was a Tuesday.")
    health.press("Send to the chairs")
    chair.person.visit(at)
    chair.press("Accept or refuse")
    chair.type("text", "Seen on a Tuesday.")
    chair.press("Accept, and save the text")
    coordinator.person.visit(at)
    coordinator.press("Make version 2 to be signed")
    chair.person.visit(at)
    chair.type("despite", "Whyearly.")
    chair.press("Sign version 2")
    other.person.visit(at)
    other.press("Sign version 2")
    signed = other.person.words()
    for said in (*SAID, "Seen on a Tuesday.", "SHA-256 of the signed record"):
        assert said in signed, said
