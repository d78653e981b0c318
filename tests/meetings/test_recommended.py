"""What an assessment recommends, on the page of the item: proposed at this meeting, or declined; no word is lost."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.actions.models import Action, ActionState
from meetings_app.children.models import Child
from tests.support.assessments import SERAF, codes_of, finished, ticked
from tests.support.meeting_day import Day
from tests.support.world import actor_for, send

ACTIONS = SERAF.category(4).actions


class Assessed(Day):
    """A meeting that is being held; its first child was assessed before it."""

    def __init__(self, app: Flask, sessions: sessionmaker[Session]) -> None:
        super().__init__(app, sessions)
        self.child: Child = self.children[0]
        with self.open() as session:
            account = session.get_one(Account, self.people["chair_cs"])
            child = session.get_one(Child, self.child.key)
            ticks = ticked(codes_of(SERAF, "significant")[:4])
            self.assessment = finished(session, actor_for(session, account), child, ticks=ticks).reference
            session.commit()
        coordinator = self.browser("coordinator")
        self.publish_and_open(coordinator)
        self.item = f"{self.at}/items/{self.number(coordinator, self.child)}"

    def recommended(self, number: int) -> str:
        return f"{self.item}/recommended/{self.assessment}/{number}"

    def actions(self) -> list[tuple[str, ActionState]]:
        with self.open() as session:
            return [(each.what, each.state) for each in session.scalars(select(Action).order_by(col(Action.id)))]

    def page(self, person: FlaskClient) -> str:
        return person.get(self.item).get_data(as_text=True)


@pytest.fixture
def assessed(app: Flask, sessions: sessionmaker[Session]) -> Assessed:
    return Assessed(app, sessions)


def values(assessed: Assessed, **other: str) -> dict[str, str]:
    return {"what": "Share it, as invented.", "owner": str(assessed.police), "due_on": "12/12/2026", **other}


def test_the_item_offers_what_the_assessment_recommends(assessed: Assessed) -> None:
    page = assessed.page(assessed.browser("chair-cs"))
    for number, action in enumerate(ACTIONS, start=1):
        assert action.text in page
        assert f'value="{assessed.assessment} {number}"' in page
    assert "Decline" not in assessed.browser("police").get(assessed.item).get_data(as_text=True)


def test_the_button_keeps_what_is_typed_and_leads_to_the_form(assessed: Assessed) -> None:
    chair = assessed.browser("chair-cs")
    version = re.search(r'name="version"[^>]*value="(\d+)"', assessed.page(chair))
    assert version
    typed = {"version": version.group(1), "discussion": "Typed before, as invented.", "outcome": ""}
    answer = send(chair, assessed.item, {**typed, "recommended": f"{assessed.assessment} 4"})
    assert (answer.status_code, answer.location) == (302, assessed.recommended(4))
    assert "Typed before, as invented." in assessed.page(chair)
    form = chair.get(assessed.recommended(4)).get_data(as_text=True)
    assert f">\n{ACTIONS[3].text}</textarea>" in form
    people = re.findall(r"<option[^>]*>[^<]*, ([^<]+)</option>", form)
    assert people[0] == "Police"


def test_it_is_proposed_removed_offered_again_and_declined(assessed: Assessed) -> None:
    coordinator = assessed.browser("coordinator")
    assert send(coordinator, assessed.recommended(4), values(assessed)).status_code == 302
    assert assessed.actions() == [("Share it, as invented.", ActionState.PROPOSED)]
    page = assessed.page(coordinator)
    assert f'value="{assessed.assessment} 4"' not in page
    assert coordinator.get(assessed.recommended(4)).status_code == 404
    removed = re.search(r'action="([^"]*/actions/A-[^"]*/remove)"', page)
    assert removed
    assert send(coordinator, removed.group(1), {}, page=assessed.item).status_code == 302
    assert assessed.actions() == []
    assert f'value="{assessed.assessment} 4"' in assessed.page(coordinator)
    declined = f"{assessed.recommended(4)}/decline"
    refused = send(coordinator, declined, {"reason": ""}, page=assessed.recommended(4))
    assert refused.status_code == 400
    assert "Enter why it is not taken up" in refused.get_data(as_text=True)
    answer = send(coordinator, declined, {"reason": "Done already, as invented."}, page=assessed.recommended(4))
    assert answer.status_code == 302
    assert f'value="{assessed.assessment} 4"' not in assessed.page(coordinator)
    shown = coordinator.get(f"/assessments/{assessed.assessment}").get_data(as_text=True)
    assert "Done already, as invented." in shown


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [("due_on", "1/10/2026", "must not be before the meeting"), ("owner", "", "Choose who does it")],
)
def test_what_is_wrong_is_said_beside_the_field(assessed: Assessed, field: str, typed: str, message: str) -> None:
    answer = send(assessed.browser("chair-fs"), assessed.recommended(1), values(assessed, **{field: typed}))
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert re.search(rf'id="{field}-error"[^>]*>.*{message}', page)
    assert "Share it, as invented." in page
    assert assessed.actions() == []


@pytest.mark.parametrize("who", ["police", "coordinator-nw"])
def test_nobody_else_sees_the_form(assessed: Assessed, who: str) -> None:
    assert assessed.browser(who).get(assessed.recommended(1)).status_code == 404


def test_no_form_for_another_childs_assessment(assessed: Assessed) -> None:
    coordinator = assessed.browser("coordinator")
    other = f"{assessed.at}/items/{assessed.number(coordinator, assessed.children[1])}"
    assert coordinator.get(f"{other}/recommended/{assessed.assessment}/1").status_code == 404
    assert assessed.assessment not in coordinator.get(other).get_data(as_text=True)
