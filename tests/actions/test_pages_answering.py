"""Answering an action: four answers, each with its words; nothing typed is lost; nothing is saved twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionEvent, ActionState
from meetings_app.actions.queries import find_action
from meetings_app.permissions import Role
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import child_of, put_on_list
from tests.support.world import NOW, TinyWorld, add_account, csrf_token, form_id, tiny_world

TODAY = NOW.date()


@pytest.fixture
def people(session: Session) -> TinyWorld:
    return tiny_world(session)


@pytest.fixture
def action(session: Session, people: TinyWorld) -> Action:
    child = child_of(session, put_on_list(session, name="Testy McListed"))
    given = give_action(session, past_meeting(session), child, people.police, TODAY + timedelta(days=2))
    session.commit()
    return given


def now_stands(session: Session, action: Action) -> Any:
    session.expire_all()
    statement = select(
        col(Action.state), col(Action.outcome), col(Action.due_on), col(Action.first_due_on), col(Action.owner_id)
    ).where(col(Action.reference) == action.reference)
    return session.execute(statement).one()


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("done", ActionState.DONE),
        ("not_done", ActionState.NOT_DONE),
        ("could_not_be_done", ActionState.COULD_NOT_BE_DONE),
    ],
)
def test_the_agency_says_what_came_of_it(
    app: Flask, session: Session, action: Action, kind: str, state: ActionState
) -> None:
    address = f"/actions/{action.reference}"
    answer = fill_in(browser(app, "police"), address, {"kind": kind, "text": "It was & <b>so</b>."})
    assert answer.status_code == 302
    stands = now_stands(session, action)
    assert (stands.state, stands.outcome) == (state, "It was & <b>so</b>.")
    page = text_of(browser(app, "coordinator"), address)
    assert "It was &amp; &lt;b&gt;so&lt;/b&gt;." in page
    assert "Answer this action" not in page


def test_a_new_date_keeps_the_action_open_and_says_why(app: Flask, session: Session, action: Action) -> None:
    values = {"kind": "new_date", "text": "The officer is away.", "due_on": "04/12/2026"}
    client = browser(app, "police")
    assert fill_in(client, f"/actions/{action.reference}", values).status_code == 302
    stands = now_stands(session, action)
    assert (stands.state, stands.due_on, stands.first_due_on) == (
        ActionState.OPEN, date(2026, 12, 4), TODAY + timedelta(days=2),
    )  # fmt: skip
    page = text_of(client, f"/actions/{action.reference}")
    assert "New date: 4 December 2026" in page
    assert "The officer is away." in page
    assert "First date: 25 November 2026" in page


def test_a_date_that_was_moved_twice_is_moved_again_by_the_coordinator_or_a_chair_alone(
    app: Flask, session: Session, action: Action
) -> None:
    police, coordinator, address = browser(app, "police"), browser(app, "coordinator"), f"/actions/{action.reference}"
    said = "The date was moved 2 times. Only the coordinator or a chair of the area can set another one."
    for day in ("04/12/2026", "11/12/2026"):
        assert said not in text_of(police, address)
        values = {"kind": "new_date", "text": "Away.", "due_on": day}
        assert fill_in(police, address, values).status_code == 302
    assert said in text_of(police, address)
    third = {"kind": "new_date", "text": "Kept words", "due_on": "18/12/2026"}
    refused = fill_in(police, address, third)
    assert refused.status_code == 400
    assert "Ask the coordinator or a chair of the area to set another" in refused.text
    assert "Kept words" in refused.text
    assert now_stands(session, action).due_on == date(2026, 12, 11)
    assert said not in text_of(coordinator, address)
    assert fill_in(coordinator, address, third).status_code == 302
    assert now_stands(session, action).due_on == date(2026, 12, 18)
    assert fill_in(police, address, {"kind": "not_done", "text": "Left."}).status_code == 302


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"text": "Visited."}, "Choose what you can say about this action"),
        ({"kind": "ongoing", "text": "Going on."}, "Choose what you can say about this action"),
        ({"kind": "done", "text": "  "}, "Enter what was achieved, why it was not done, or what changed"),
        ({"kind": "new_date", "text": "Kept words"}, "Enter the new date"),
        ({"kind": "new_date", "text": "Kept words", "due_on": "22/11/2026"}, "The new date must be today or later"),
        ({"kind": "new_date", "text": "Kept words", "due_on": "25/11/2026"}, "Enter a date other than the present one"),
        (
            {"kind": "new_date", "text": "Kept words", "due_on": "31/02/2027"},
            "There is no 31 February 2027",
        ),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_nothing_changes(
    app: Flask, session: Session, action: Action, values: dict[str, str], message: str
) -> None:
    answer = fill_in(browser(app, "police"), f"/actions/{action.reference}", values)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert html.count(message) >= 2, "in the summary and beside the field"
    assert values["text"].strip() in html
    assert now_stands(session, action).state is ActionState.OPEN


def open_form(client: FlaskClient, address: str) -> dict[str, str]:
    html = text_of(client, address)
    version = html.split('name="version"')[1].split('value="')[1].split('"')[0]
    form = html[html.index("<main") :]
    return {"csrf_token": csrf_token(form), "form_id": form_id(form), "version": version}


def test_the_second_of_two_people_is_told_and_sees_both_texts(app: Flask, session: Session, action: Action) -> None:
    address = f"/actions/{action.reference}"
    police, coordinator = browser(app, "police"), browser(app, "coordinator")
    first, second = open_form(police, address), open_form(coordinator, address)
    assert police.post(address, data={**first, "kind": "done", "text": "Visited on Friday."}).status_code == 302
    answer = coordinator.post(address, data={**second, "kind": "not_done", "text": "Nobody went there."})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Somebody else saved this action first" in html
    assert "Visited on Friday." in html
    assert "Nobody went there." in html
    stands = now_stands(session, action)
    assert (stands.state, stands.outcome) == (ActionState.DONE, "Visited on Friday.")


def test_after_a_new_date_the_second_answer_can_be_sent_again_and_is_kept(
    app: Flask, session: Session, action: Action
) -> None:
    address = f"/actions/{action.reference}"
    police, coordinator = browser(app, "police"), browser(app, "coordinator")
    first, second = open_form(police, address), open_form(coordinator, address)
    moved = {**first, "kind": "new_date", "text": "Officer away.", "due_on": "04/12/2026"}
    assert police.post(address, data=moved).status_code == 302
    answer = coordinator.post(address, data={**second, "kind": "done", "text": "It is done already."})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Officer away." in html
    again = html[html.index("<main") :]
    version = again.split('name="version"')[1].split('value="')[1].split('"')[0]
    sent = {"csrf_token": csrf_token(again), "form_id": form_id(again), "version": version}
    assert coordinator.post(address, data={**sent, "kind": "done", "text": "It is done already."}).status_code == 302
    assert now_stands(session, action).outcome == "It is done already."


def test_a_form_sent_twice_is_saved_once(app: Flask, session: Session, action: Action) -> None:
    address, client = f"/actions/{action.reference}", browser(app, "police")
    values = {**open_form(client, address), "kind": "new_date", "text": "Away.", "due_on": "04/12/2026"}
    first, second = client.post(address, data=values), client.post(address, data=values)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    said = session.scalars(select(ActionEvent).where(col(ActionEvent.action_id) == action.key)).all()
    assert [event.kind.value for event in said] == ["given", "new_date"]


def test_another_agency_reads_the_action_and_cannot_answer_it(app: Flask, session: Session, action: Action) -> None:
    client, address = browser(app, "health"), f"/actions/{action.reference}"
    html = text_of(client, address)
    assert "Answer this action" not in html
    sent = {"csrf_token": csrf_token(html), "version": "1", "kind": "done", "text": "Not ours."}
    assert client.post(address, data=sent).status_code == 404
    assert now_stands(session, action).state is ActionState.OPEN


def test_it_can_be_given_to_a_colleague_who_may_see_the_child_and_to_nobody_else(
    app: Flask, session: Session, people: TinyWorld, action: Action
) -> None:
    colleague = add_account(session, "colleague", Role.REPRESENTATIVE, "police", ["NE"], name="Testy McColleague")
    add_account(session, "elsewhere", Role.REPRESENTATIVE, "police", ["NW"], name="Testy McElsewhere")
    session.commit()
    client, address = browser(app, "police"), f"/actions/{action.reference}/reassign"
    html = text_of(client, address)
    assert "McColleague" in html
    assert "McElsewhere" not in html
    assert "Testy McHealth" not in html
    wrong = fill_in(client, address, {"owner": str(people.health.key), "reason": ""})
    assert wrong.status_code == 400
    assert fill_in(client, address, {"owner": str(colleague.key), "reason": "Leave."}).status_code == 302
    assert now_stands(session, action).owner_id == colleague.key
    assert "Given to somebody else" in text_of(client, f"/actions/{action.reference}")


def test_what_a_meeting_only_proposes_is_no_action_yet(app: Flask, session: Session, action: Action) -> None:
    found = find_action(session, action.reference)
    assert found is not None
    found.state = ActionState.PROPOSED
    session.commit()
    client = browser(app, "police")
    text_of(client, f"/actions/{action.reference}", status=404)
    assert action.reference not in text_of(client, "/actions?whose=all")
