"""The tangled case by viewer: which records, links, counts, search hits and documents each of them finds, and no more.

By their letters: the network, the adult suspect, the young person of 17, the takeaway, the car, the online name, and
the two children who are linked with the takeaway. The network touches one of two areas, all else both.
"""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from meetings_app.network_meetings import publishing
from meetings_app.networks.disrupting import Step, begin_disruption
from meetings_app.networks.states import DisruptionState
from meetings_app.networks.suspects import name_reader
from meetings_app.permissions import OPERATOR
from tests.support.browsing import browser
from tests.support.children import agency_id
from tests.support.documents import words_of
from tests.support.rmm import OFFICE
from tests.support.tangled_case import ADULT, CAR, ONLINE, TAKEAWAY, YOUNG, from_three_rmms
from tests.support.world import NOW, actor_for, send

NAMES = {"a": ADULT, "y": YOUNG, "t": TAKEAWAY, "c": CAR, "o": ONLINE}
MATRIX = {
    # Who: records, what the picture of the takeaway holds, orders found, what the agenda in Word tells of.
    "police": ("naytco", "nat12", 1, "naytco"),
    "chair-police": ("naytco", "nat12", 1, "naytco"),
    "chair-cs": ("naytco", "nat12", 1, "naytco"),
    "coordinator": ("ntco", "nt12", 0, "ntco"),
    "coordinator-nw": ("tco", "", 0, ""),
    "health": ("ay", "", 1, ""),
    "education": ("", "", 0, ""),
}
CODE = re.compile(r"\b[CN]-[0-9A-Z]{5}\b")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_finds_which_record_link_count_search_hit_and_document(app: Flask, session: Session) -> None:
    case = from_three_rmms(session)
    people, police = case.day.people, agency_id(session, "police")
    for suspect in (ADULT, YOUNG):
        name_reader(session, actor_for(session, people.police), NOW, case.known[suspect], people.health, "Invented")
    sought = Step(DisruptionState.SOUGHT, NOW.date(), "Invented")
    begin_disruption(session, OPERATOR, NOW, case.known[ADULT], "abduction_warning", police, sought)
    letters = {case.known[name].reference: letter for letter, name in NAMES.items()} | {case.network.reference: "n"}
    letters |= {case.children[0].reference: "1", case.children[1].reference: "2", case.children[2].reference: "3"}
    first = case.day.first
    publishing.publish(session, OPERATOR, NOW, OFFICE, first, first.version)
    agenda = f"/networks/meetings/{first.reference}/agenda.docx"
    session.commit()
    session.close()
    found = {}
    for who in MATRIX:
        client = browser(app, who)
        records = [code for code in letters if code.startswith("N-")]
        opened = {code for code in records if client.get(f"/networks/{code}").status_code == 200}
        # The list and the search find what can be opened, and the list is as long as that.
        assert _rows(client.get("/networks").text) == opened, who
        hits = {
            code for words in ("testy", TAKEAWAY) for code in _rows(send(client, "/networks", {"words": words}).text)
        }
        assert hits == opened & {case.known[name].reference for name in (ADULT, YOUNG, TAKEAWAY)}, who
        found[who] = (
            _said(letters, opened), _said(letters, _drawn(client, case.known[TAKEAWAY].reference)),
            send(client, "/networks/disruption", {"words": ADULT}).text.count("/networks/disruption/ND-"),
            _said(letters, _told(client, agenda)),
        )  # fmt: skip
    wanted = {who: (*map(_sorted, row[:2]), row[2], _sorted(row[3])) for who, row in MATRIX.items()}
    assert found == wanted


def _said(letters: dict[str, str], codes: set[str]) -> str:
    return _sorted("".join(letters[code] for code in codes if code in letters))


def _sorted(letters: str) -> str:
    return "".join(sorted(letters))


def _rows(page: str) -> set[str]:
    return set(re.findall(r'href="/networks/(N-[0-9A-Z]{5})"', page))


def _drawn(client: FlaskClient, code: str) -> set[str]:
    drawing = re.search(r"<svg class=\"app-network.*?</svg>", client.get(f"/networks/{code}").text, re.DOTALL)
    return set(CODE.findall(drawing[0])) if drawing else set()


def _told(client: FlaskClient, address: str) -> set[str]:
    answer = client.get(address)
    if answer.status_code != 200:
        return set()
    return {code for code in CODE.findall(words_of(answer.data)) if code.startswith("N-")}
