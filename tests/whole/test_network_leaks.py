"""What is known of a network lives through the service, and nothing of it leaves by mail, address, file name or log.

And a record that somebody may not see leaves no trace on the pages they may: neither a part of the picture, nor a gap,
a count or another size of the drawing.
"""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from meetings_app.db.session import act_for
from meetings_app.jobs.network_week import remind_of_expiry
from meetings_app.network_meetings import publishing
from meetings_app.networks import linking, queries, subjects
from meetings_app.networks.states import ChildTie, SubjectKind, Tie
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import Meeting
from tests.support.browsing import browser
from tests.support.canaries import OF_NETWORKS, WORDS, Leaving, leaks, of_answer
from tests.support.children import area_id
from tests.support.network_meetings import child_called, network_day
from tests.support.networks import GROUNDS, listed, open_subject
from tests.support.rmm import OFFICE
from tests.support.world import NOW, tiny_world
from tests.whole.test_leaks import Lines, Outside, log, mail_of, outside

__all__ = ["log", "outside"]

SURE = {"basis": "fact", "confidence": "likely", "source": f"{WORDS} said"}


class Police:
    """The police at work: every form is opened and sent, and what leaves with the answers is kept."""

    def __init__(self, outside: Outside, client: FlaskClient) -> None:
        self.outside, self.client = outside, client

    def send(self, address: str, values: dict[str, Any], page: str = "", status: int = 302) -> str:
        html = self.outside.open(self.client, page or address)
        hidden = {
            name: found[1] for name in ("csrf_token", "form_id", "version")
            if (found := re.search(rf'name="{name}"[^>]*value="([^"]*)"', html))
        }  # fmt: skip
        answer = self.client.post(address, data={**hidden, **values})
        assert answer.status_code == status, (address, answer.status_code)
        self.outside.left += of_answer(self.outside.app, answer)
        return str(answer.location or answer.get_data(as_text=True))

    def record(self, kind: str, name: str, area: str, **more: str) -> str:
        return self.send(f"/networks/new/{kind}", {"name": name, "areas": [area], "about": WORDS, **more})


def recorded(police: Police, chair: Police, health: Police, area: str, child: str) -> list[str]:
    """Record everything that networks hold, through the pages; gives the addresses of documents."""
    suspect = police.record("suspect", "Testy Zarkowick", area, born="01/02/1990", details=WORDS)
    car = police.record("vehicle", "Silver car, plate ZQ61 XPL", area)
    online = police.record("online", "zarko.b.99", area)
    place, twin = (police.record("place", f"Vintagrell {name}", area) for name in ("Grill", "Kebab"))
    said = {"criteria": ["location"], "known": WORDS, "areas": [area], "children": child, "suspects": "Zarkowick"}
    referral = health.send("/networks/referrals/new", {**said, **SURE})
    network = chair.send(f"{referral}/accept", {"name": "Ambergrisk"}, page=referral)
    police.send(f"{suspect}/name", {"name": "Brandlewhip", "source": WORDS})
    code = network.rpartition("/")[2]
    for one in (suspect, car, online, place):
        police.send(f"{one}/links/new", {"other": code, "tie": "part_of", **SURE})
    police.send(f"{place}/children/new", {"child": child, "tie": "taken_to", **SURE})
    police.send(f"{twin}/same", {"other": place.rpartition("/")[2], "reason": WORDS})
    order = {"tactic": "abduction_warning", "state": "granted", "happened_on": "20/11/2026", "text": "Zarkowick warned"}
    agency = re.search(r'<option value="(\d+)">[^<]*[Pp]olice', police.client.get(f"{suspect}/disruption/new").text)
    assert agency
    police.send(
        f"{suspect}/disruption/new", {**order, "agency": agency[1], "expires_on": "10/12/2026", "conditions": WORDS}
    )
    taken = {"district": "Invented", "referred_on": "20/11/2026", "why": f"{WORDS} Zarkowick"}
    police.send(f"{suspect}/charmm/new", taken)
    borough = {"authority": "Invented Borough", "contact": "Testy Neighbourly", "reach": "Invented"}
    police.send(f"{network}/authority", borough)
    number = re.search(r"/authority/(\d+)/child", police.client.get(network).text)
    assert number
    police.send(f"{network}/authority/{number[1]}/child", {"name": "Tindlewhick", "tie": "targeted_by", **SURE})
    police.send("/networks", {"words": "Zarkowick"}, status=200)
    police.send("/networks/disruption", {"words": "Brandlewhip"}, status=200)
    chosen = {"authority": number[1], "purpose": WORDS, "lines": ["name"]}
    shown = re.search(r'name="shown" value="([^"]+)"', police.send(f"{network}/extracts/new", chosen, status=200))
    assert shown
    extract = police.send(f"{network}/extracts/new", {**chosen, "step": "send", "shown": shown[1]})
    chair.send(f"{extract}/decide", {"state": "approved"}, page=extract)
    police.send(f"{extract}/copies", {"reader": "Testy Neighbourly"}, page=extract)
    return [f"{extract}/copies/1/word"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_of_a_network_leaves(
    outside: Outside, session: Session, log: Lines, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    day = network_day(session)
    child, area, key = listed(session, "Testy McOne"), str(area_id(session, "NE")), day.first.key
    session.commit()
    session.close()
    police, chair, health = (
        Police(outside, browser(outside.app, name)) for name in ("police", "chair-police", "health")
    )
    for address in recorded(police, chair, health, area, child):
        outside.open(police.client, address)
    act_for(session, OPERATOR)
    remind_of_expiry(session, NOW, OFFICE)
    meeting = session.get_one(Meeting, key)
    publishing.publish(session, day.chair(), NOW, OFFICE, meeting, meeting.version)
    session.commit()
    session.close()
    for client in (police.client, chair.client, browser(outside.app, "coordinator")):
        assert outside.walk(client) > 10

    def fail(*_values: Any) -> None:
        raise IntegrityError("INSERT INTO subject", {"name": "Zarkowick"}, ValueError(f"Key (Zarkowick) {WORDS}"))

    with monkeypatch.context() as changed:
        changed.setattr(subjects, "open_subject", fail)
        again = {"name": "Testy Zarkowick", "areas": [area]}
        asked = police.send("/networks/new/suspect", again, status=400)
        shown = re.search(r'name="compared"[^>]*value="([^"]+)"', asked)
        assert shown
        police.send("/networks/new/suspect", {**again, "another": WORDS, "compared": shown[1]}, status=500)
    outside.left += [*mail_of(outside.app), *log.lines]
    said = capfd.readouterr()
    outside.left += [Leaving("standard error", said.err), Leaving("standard output", said.out)]
    kinds = {one.text for one in outside.left if one.place == "mail header Subject"}
    assert any("needs a look before it expires" in subject for subject in kinds)
    assert any("Your referral NR-" in subject for subject in kinds)
    assert len(outside.left) > 1000
    assert sorted(set(leaks(outside.left, OF_NETWORKS))) == []


SAMPLES = (
    "Testy Zarkowick", "Brandlewhip", "plate ZQ61XPL", "zarko.b.99", "Vintagrell Grill", "AMBERGRISK", "%54indlewhick",
    "Neighbourly", f"about {WORDS}",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), list(zip(OF_NETWORKS, SAMPLES, strict=True)))
def test_the_search_finds_each_of_them(kind: str, text: str) -> None:
    assert leaks([Leaving("here", text)], OF_NETWORKS) == [f"here: {kind}"]


def test_a_hidden_record_leaves_no_trace_on_the_pages_of_what_is_seen(app: Flask, session: Session) -> None:
    tiny_world(session)
    act_for(session, OPERATOR)
    network, place = (
        open_subject(session, kind, f"Invented {kind.value}") for kind in (SubjectKind.NETWORK, SubjectKind.PLACE)
    )
    linking.link_subjects(session, OPERATOR, NOW, place, network, Tie.PART_OF, GROUNDS)
    for name in ("McOne", "McTwo"):
        child = child_called(session, listed(session, f"Testy {name}"))
        linking.link_child(session, OPERATOR, NOW, network, child, ChildTie.TARGETED_BY, GROUNDS)
    pages = [f"/networks/{network.reference}", f"/networks/{place.reference}", "/networks", "/networks/disruption"]
    session.commit()
    session.close()
    coordinator = browser(app, "coordinator")
    before = [_plain(coordinator.get(page).text) for page in pages]
    act_for(session, OPERATOR)
    known = [queries.find_subject(session, page.rpartition("/")[2]) for page in pages[:2]]
    seen_records = [record for record in known if record is not None]
    assert len(seen_records) == 2
    for kind, areas in ((SubjectKind.SUSPECT, ("NE",)), (SubjectKind.PLACE, ("NW",)), (SubjectKind.ONLINE, ("NW",))):
        hidden = open_subject(session, kind, "Canaryhidden", areas)
        for seen in seen_records:
            linking.link_subjects(session, OPERATOR, NOW, hidden, seen, Tie.USES, GROUNDS)
    far = child_called(session, listed(session, "Testy Canaryfar", "NW"))
    for seen in seen_records:
        linking.link_child(session, OPERATOR, NOW, seen, far, ChildTie.SEEN_WITH, GROUNDS)
    session.commit()
    session.close()
    assert [_plain(coordinator.get(page).text) for page in pages] == before
    assert "Canaryhidden" in browser(app, "police").get(pages[0]).text


def _plain(page: str) -> str:
    """Give a page without what differs each time: the nonce and the tokens of its forms."""
    return re.sub(r'nonce="[^"]*"|name="(csrf_token|form_id)"[^>]*value="[^"]*"', "", page)
