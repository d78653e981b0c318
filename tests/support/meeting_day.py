"""A prepared meeting with browsers for its people, for the tests of its pages."""

import re
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.children.models import Child
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from tests.support.browsing import browser
from tests.support.children import agency_id
from tests.support.remembered import remembered
from tests.support.rmm import Rmm, due, referred, rmm
from tests.support.sent_forms import form_to
from tests.support.world import send


@dataclass
class _Prepared:
    """A meeting and the children on its agenda."""

    day: Rmm
    children: list[Child]


@remembered
def _prepared(session: Session) -> _Prepared:
    day = rmm(session)
    children = [
        due(session), due(session, RiskRating.HIGH), due(session), due(session, leaving=True),
        referred(session), referred(session), referred(session, name="Testy O'Exämple & <Co>"), due(session),
    ]  # fmt: skip
    return _Prepared(day, children)


class Day:
    """A prepared meeting with browsers for its people."""

    def __init__(self, app: Flask, sessions: sessionmaker[Session]) -> None:
        self.app, self.sessions = app, sessions
        with self.open() as session:
            prepared = _prepared(session)
            day, self.children = prepared.day, prepared.children
            self.agencies = {code: str(agency_id(session, code)) for code in ("police", "childrens-services")}
            self.police, self.health = day.world.police.key, day.world.health.key
            self.people = {name: getattr(day.world, name).key for name in ("chair_cs", "chair_fs", "police", "health")}
            self.reference = day.meeting.reference
            session.commit()
        self.at = f"/meetings/{self.reference}"

    def open(self) -> Session:
        session = self.sessions()
        act_for(session, OPERATOR)
        return session

    def browser(self, who: str) -> FlaskClient:
        return browser(self.app, who)

    def number(self, person: FlaskClient, child: Child) -> str:
        page = person.get(f"{self.at}/record").get_data(as_text=True)
        found = re.search(
            rf'items/([\d.]+)">[\d.]+</a></td>\s*<th scope="row">(?:(?!</tr>).)*{child.reference}', page, re.S
        )
        assert found
        return found.group(1)

    def decide(self, person: FlaskClient, child: Child, **values: str) -> None:
        address = f"{self.at}/items/{self.number(person, child)}"
        page = person.get(address).get_data(as_text=True)
        version = re.search(r'name="version"[^>]*value="(\d+)"', page)
        assert version
        answer = send(person, address, {"version": version.group(1), **values})
        assert answer.status_code == 302, answer.get_data(as_text=True)

    def publish_and_open(self, coordinator: FlaskClient) -> None:
        for address, page, values in (
            ("agenda/publish", None, {}),
            ("record/start", f"{self.at}/record", {"read_by": "Testy McChair", "early": "y"}),
        ):
            shown = coordinator.get(page or f"{self.at}/{address}").get_data(as_text=True)
            version = re.search(r'name="version"[^>]*value="(\d+)"', shown)
            assert version
            answer = send(coordinator, f"{self.at}/{address}", {"version": version.group(1), **values}, page=page)
            assert answer.status_code == 302, answer.get_data(as_text=True)
        presence = {f"presence-{key}": "present" for key in self.people.values()}
        seen = seen_in(coordinator.get(f"{self.at}/attendance").get_data(as_text=True))
        answer = send(coordinator, f"{self.at}/attendance", {"members": "1", "seen": seen, **presence})
        assert answer.status_code == 302


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found
    return found.group(1)


def pass_on_the_rest(day: Day, person: FlaskClient, **values: str) -> None:
    """Pass on every item that is not decided: what becomes of them, then the list of them."""
    address = f"{day.at}/defer-the-rest"
    form = form_to(person.get(f"{day.at}/close").get_data(as_text=True), address)
    asked = person.post(address, data=form.with_values(**values))
    assert asked.status_code == 200
    form = form_to(asked.get_data(as_text=True), address)
    assert person.post(address, data=form.values).status_code == 302
