"""Two people save the same thing at the same moment: one is saved, the other is told with both texts. Both databases.

The requests are real: each has its own thread, its own connection and its own transaction, and is committed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.actions.models import Action, ActionEvent
from meetings_app.audit.models import AuditEvent
from meetings_app.audit.trail import verify
from meetings_app.children.models import Child, ChildNote
from meetings_app.db.session import act_for, reading
from meetings_app.meetings.models import ItemDecision
from meetings_app.networks.models import Subject
from meetings_app.networks.states import SubjectKind
from meetings_app.permissions import OPERATOR
from meetings_app.plans.models import SafetyPlan
from meetings_app.referrals.models import Referral
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, text_of
from tests.support.networks import open_subject
from tests.support.own_app import own_app, together
from tests.support.plans import TYPED
from tests.support.referrals import refer
from tests.support.rmm import due, rmm
from tests.support.sent_forms import form_to

ROUNDS = 3
"""How often two people meet at each form; one round alone may be one after the other by chance."""


@dataclass
class Office:
    """An RMM that is being held, in an office where everybody works at once."""

    app: Flask
    sessions: sessionmaker[Session]
    meeting: str
    items: list[str]
    children: list[str]
    referrals: list[str]
    actions: list[str]
    places: list[str]

    def count(self, model: type[Any], *criteria: Any) -> int:
        with reading(self.sessions, OPERATOR) as session:
            return session.scalar(select(func.count()).select_from(model).where(*criteria)) or 0

    def first(self, column: Any, *criteria: Any) -> Any:
        with reading(self.sessions, OPERATOR) as session:
            return session.scalars(select(col(column)).where(*criteria)).one()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with own_app(str(request.param), tmp_path_factory.mktemp("same_time")) as (app, sessions):
        with sessions() as session:
            act_for(session, OPERATOR)
            day = rmm(session)
            children = [due(session) for _ in range(ROUNDS + 1)]
            referrals = [refer(session).reference for _ in range(ROUNDS + 1)]
            earlier = past_meeting(session)
            actions = [
                give_action(session, earlier, child, day.world.police, date(2026, 12, 1)).reference
                for child in children
            ]
            places = [
                open_subject(session, SubjectKind.PLACE, f"Invented {number}").reference for number in range(ROUNDS)
            ]
            day.open()
            day.operator()
            items = [day.item(child).number for child in children]
            references = [child.reference for child in children]
            meeting = day.meeting.reference
            session.commit()
        yield Office(app, sessions, meeting, items, references, referrals, actions, places)
        with reading(sessions, OPERATOR) as session:
            assert verify(session)[1] is None


def both_send(
    office: Office, address: str, action: str, people: tuple[str, str], values: Callable[[str], dict[str, str]]
) -> tuple[str, str, str]:
    """Let two people who opened the same form send it at once: gives who saved, who was told, and the page of those.

    Fails unless exactly one is saved and the other is told with 409.
    """
    clients = [browser(office.app, who) for who in people]
    forms = [form_to(text_of(client, address), action) for client in clients]
    sends = [sender(client, action, form.with_values(**values(who)))
             for client, form, who in zip(clients, forms, people, strict=True)]  # fmt: skip
    answers = together(*sends)
    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [302, 409], statuses
    saved = people[statuses.index(302)]
    return saved, people[statuses.index(409)], answers[statuses.index(409)].get_data(as_text=True)


def sender(client: FlaskClient, address: str, values: dict[str, str]) -> Callable[[], Any]:
    return lambda: client.post(address, data=values)


def words(who: str) -> str:
    return f"Invented words of {who}"


def assert_both(page: str, saved: str, told: str) -> None:
    assert words(saved) in page, "the page shows what was saved"
    assert page.count(words(told)) >= 2, "what was typed stands beside it, and still in the form"


def test_a_decision_on_an_item(office: Office) -> None:
    for number in office.items[:ROUNDS]:
        address = f"/meetings/{office.meeting}/items/{number}"
        saved, told, page = both_send(
            office, address, address, ("coordinator", "chair-cs"), lambda who: {"discussion": words(who)}
        )
        assert_both(page, saved, told)
        assert office.count(ItemDecision, col(ItemDecision.discussion) == words(saved)) > 0
    assert office.count(ItemDecision, col(ItemDecision.discussion) != "") == ROUNDS


def test_the_details_of_a_child(office: Office) -> None:
    for reference in office.children[:ROUNDS]:
        address = f"/children/{reference}/details"
        saved, told, page = both_send(
            office, address, address, ("coordinator", "chair-cs"), lambda who: {"legal_status": words(who)}
        )
        assert_both(page, saved, told)
        assert office.first(Child.legal_status, col(Child.reference) == reference) == words(saved)


def test_the_decision_on_a_referral(office: Office) -> None:
    for reference in office.referrals[:ROUNDS]:
        address = f"/referrals/{reference}"
        saved, told, page = both_send(
            office, address, f"{address}/decision", ("coordinator", "chair-cs"),
            lambda who: {"outcome": "returned", "reason": words(who)},
        )  # fmt: skip
        assert_both(page, saved, told)
        assert decisions_of(office, reference) == 1


def decisions_of(office: Office, referral: str) -> int:
    with reading(office.sessions, OPERATOR) as session:
        decided = select(col(AuditEvent.facts)).where(col(AuditEvent.kind) == "referral_decided")
        return sum(1 for facts in session.scalars(decided) if facts["referral"] == referral)


def test_the_safety_plan(office: Office) -> None:
    for reference in office.children[:ROUNDS]:
        address = f"/children/{reference}/plan/write"
        saved, told, page = both_send(
            office, address, address, ("coordinator", "chair-cs"),
            lambda who: {**TYPED, "aim1": words(who)},
        )  # fmt: skip
        assert_both(page, saved, told)
    assert office.count(SafetyPlan) == ROUNDS


def test_the_answer_to_an_action(office: Office) -> None:
    for reference in office.actions[:ROUNDS]:
        address = f"/actions/{reference}"
        saved, told, page = both_send(
            office, address, address, ("police", "coordinator"), lambda who: {"kind": "done", "text": words(who)}
        )
        assert words(saved) in page
        assert words(told) in page
        assert office.first(Action.outcome, col(Action.reference) == reference) == words(saved)


def test_the_record_of_a_place_and_whoever_was_told_saves_over_what_they_saw(office: Office) -> None:
    for reference in office.places:
        address = f"/networks/{reference}/edit"
        saved, told, page = both_send(
            office, address, address, ("coordinator", "chair-cs"), lambda who: {"about": words(who)}
        )
        assert_both(page, saved, told)
        assert office.first(Subject.about, col(Subject.reference) == reference) == words(saved)
        again = browser(office.app, told)
        token = form_to(text_of(again, address), address).values["csrf_token"]
        answer = again.post(address, data={**form_to(page, address).values, "csrf_token": token})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        assert office.first(Subject.about, col(Subject.reference) == reference) == words(told)


def send_eight_times(office: Office, who: str, address: str, action: str, values: dict[str, str]) -> None:
    client = browser(office.app, who)
    filled = form_to(text_of(client, address), action).with_values(**values)
    eight(office, who, action, filled)


def eight(office: Office, who: str, action: str, filled: dict[str, str]) -> None:
    """Send the same form eight times at once; every answer leads to the same page, as if it were sent once."""
    client = browser(office.app, who)
    # The token belongs to the session, so the eight share the browser's cookie as eight clicks would.
    page = text_of(client, "/account")
    filled = {**filled, "csrf_token": form_to(page, "/account/password").values["csrf_token"]}
    clones = [clone(office.app, client) for _ in range(8)]
    answers = together(*(sender(each, action, filled) for each in clones))
    assert {answer.status_code for answer in answers} == {302}, [answer.status_code for answer in answers]
    assert len({answer.location for answer in answers}) == 1


def clone(app: Flask, client: FlaskClient) -> FlaskClient:
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    other = app.test_client()
    with other.session_transaction() as cookie:
        cookie.update(kept)
    return other


def test_a_note_sent_eight_times_at_once_is_one_note(office: Office) -> None:
    address = f"/children/{office.children[ROUNDS]}/note"
    send_eight_times(office, "coordinator", address, address, {"text": words("one")})
    assert office.count(ChildNote, col(ChildNote.text) == words("one")) == 1


def test_an_answer_sent_eight_times_at_once_is_one_answer(office: Office) -> None:
    address = f"/actions/{office.actions[ROUNDS]}"
    send_eight_times(office, "police", address, address, {"kind": "done", "text": words("one")})
    assert office.count(ActionEvent, col(ActionEvent.text) == words("one")) == 1


def test_a_decision_sent_eight_times_at_once_is_one_decision(office: Office) -> None:
    address = f"/referrals/{office.referrals[ROUNDS]}"
    send_eight_times(
        office, "coordinator", address, f"{address}/decision", {"outcome": "returned", "reason": words("one")}
    )
    assert decisions_of(office, office.referrals[ROUNDS]) == 1


def test_a_referral_sent_eight_times_at_once_is_one_referral_of_one_child(office: Office) -> None:
    client = browser(office.app, "police")
    page = text_of(client, "/referrals/new")
    typed = [
        {"name": "Testy McOnce", "born": "5/1/2012"},
        {"area": "NE", "reason": words("one"), "learning_disability": "unknown"},
    ]
    for values in typed:
        form = form_to(page, "/referrals/new")
        page = client.post("/referrals/new", data=form.with_values(**values)).get_data(as_text=True)
    filled = form_to(page, "/referrals/new").with_values(step="send")
    eight(office, "police", "/referrals/new", filled)
    assert office.count(Referral, col(Referral.reason) == words("one")) == 1
    assert office.count(Child, col(Child.name) == "Testy McOnce") == 1
