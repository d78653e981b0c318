"""Where saving an item is refused, all that is wrong is named at once, beside the fields, and nothing is kept."""

import html
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from meetings_app.actions.models import Action
from meetings_app.meetings.models import AgencyView, AgendaItem, ItemDecision
from meetings_app.permissions import OPERATOR
from meetings_app.plans.service import write_version
from tests.support.browsing import text_of
from tests.support.meeting_day import Day
from tests.support.plans import plan_text
from tests.support.sent_forms import forms_of
from tests.support.world import NOW

RULES = ("Choose the exploitation status", "Enter why the meeting decided this rating", "Choose the lead agency")


@pytest.fixture
def chair(day: Day) -> FlaskClient:
    """A chair of the meeting that is being held."""
    day.publish_and_open(day.browser("coordinator"))
    return day.browser("chair-cs")


def refused(day: Day, chair: FlaskClient, path: str = "", **values: str) -> list[str]:
    """Send the page of the first item as it stands, with these values; gives what is named beside the fields."""
    address = f"{day.at}/items/{day.number(chair, day.children[0])}"
    [form] = [each for each in forms_of(text_of(chair, address)) if "discussion" in each.values]
    answer = chair.post(f"{address}{path}", data=form.with_values(**values))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400, page
    found = re.findall(r'<p[^>]*class="govuk-error-message"[^>]*>(.*?)</p>', page, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", each)).replace("Error:", "").strip() for each in found]


def test_what_the_rules_ask_is_named_beside_what_was_typed_wrong(day: Day, chair: FlaskClient) -> None:
    said = refused(
        day, chair, "/actions", outcome="rated", rating="high", rationale="", lead_agency="",
        exploitation_status="", next_review_on="not a day", what="", owner="",
        view_text="As invented.", view_agency="",
    )  # fmt: skip
    wanted = (
        *RULES, "Enter what is to be done", "Choose who does it", "Enter the date by which it is done",
        "Choose the agency whose view it is",
    )  # fmt: skip
    assert [text for text in wanted if not any(text in one for one in said)] == []
    assert len(said) == len(set(said)) == len(wanted) + 1, "and that the day is none, each once"


def test_rules_of_the_decision_the_plan_and_the_action_are_named_together(day: Day, chair: FlaskClient) -> None:
    with day.open() as session:
        write_version(session, OPERATOR, NOW, day.children[0].key, plan_text())
        session.commit()
    owner = str(day.people["police"])
    said = refused(
        day, chair, outcome="rated", rating="high", rationale="", lead_agency="", exploitation_status="",
        effect_1="working", seen_1="", what="As invented", owner=owner, due_on="2020-01-01",
    )  # fmt: skip
    for text in (*RULES, "Enter what was seen"):
        assert any(text in one for one in said), (text, said)
    assert any("date" in one.lower() for one in said), said
    with day.open() as session:
        assert session.scalars(select(col(Action.id)).where(col(Action.what) == "As invented")).all() == []


def test_nothing_of_a_refused_save_is_shown_as_added(day: Day, chair: FlaskClient) -> None:
    address = f"{day.at}/items/{day.number(chair, day.children[0])}"
    [form] = [each for each in forms_of(text_of(chair, address)) if "discussion" in each.values]
    sent = form.with_values(
        outcome="deferred", view_agency=day.agencies["police"], view_text="Canaryview, as invented.",
        what="Canaryaction", owner=str(day.people["police"]), due_on="2026-12-30",
    )  # fmt: skip
    answer = chair.post(address, data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Select the agency that supplies what is missing" in page
    assert "Enter what is missing" in page
    assert 'app-text">Canaryview' not in page
    with day.open() as session:
        assert session.scalars(select(AgencyView)).all() == []
        outcomes = select(col(ItemDecision.outcome)).join(AgendaItem, col(AgendaItem.id) == col(ItemDecision.item_id))
        assert set(session.scalars(outcomes)) == {None}


def test_a_rating_that_is_not_chosen_is_named_with_the_rationale(day: Day, chair: FlaskClient) -> None:
    said = refused(day, chair, outcome="rated", rating="", rationale="")
    assert sorted(said) == ["Choose a rating", "Enter why the meeting decided this rating"]
