"""The reasons for a strategy discussion are changed like every rule: figures, words, one more, one out of use."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from meetings_app.accounts.reference import RULES, text_in_use
from meetings_app.partnership import parse, texts_in
from meetings_app.partnership.strategy import StrategyTrigger
from meetings_app.permissions import Role
from meetings_app.resources import folder
from meetings_app.strategy.words import labels_of
from tests.support.browsing import browser, text_of
from tests.support.sent_forms import form_to
from tests.support.world import add_account, tiny_world

MISSING = "/settings/rules/reason-missing_three_times"
NEW = "/settings/rules/reason-new"
LABEL, ASKS = "strategy-triggers-new-label", "strategy-triggers-new-asks"
KEY = "strategy-triggers-missing_three_times-"


@pytest.fixture
def admin(app: Flask, session: Session) -> FlaskClient:
    tiny_world(session)
    add_account(session, "admin", Role.ADMINISTRATOR, "childrens-services")
    session.commit()
    session.close()
    return browser(app, "admin")


def check(client: FlaskClient, address: str, **entered: str) -> Any:
    values = form_to(text_of(client, address), address).values
    return client.post(address, data={**values, "reason": "The board decided so.", "step": "check", **entered})


def change(client: FlaskClient, address: str, **entered: str) -> str:
    """Change a reason in the two steps; gives the page that said what changes."""
    answer = check(client, address, **entered)
    page = str(answer.get_data(as_text=True))
    assert answer.status_code == 200, page
    saved = client.post(address, data={**form_to(page, address).values, "step": "save"})
    assert saved.status_code == 302
    assert saved.location.endswith("#strategy")
    return page


def triggers(session: Session) -> dict[str, StrategyTrigger]:
    texts = {**texts_in(folder("agendas")), RULES: text_in_use(session, RULES)}
    session.close()
    return {each.code: each for each in parse(texts).ratings.strategy.triggers}


def test_the_page_says_when_each_reason_is_suggested(admin: FlaskClient) -> None:
    rows = text_of(admin, "/settings/rules").split("<tr>")

    def row(label: str) -> str:
        return next(each for each in rows if f'<th scope="row">{label}</th>' in each)

    assert "Missing episode 3 times in the last 90 days" in row("Three missing episodes in 90 days")
    assert "Rated high<" in row("Rated high")
    assert "Category 1 or 2 of SERAF; a tick that counts in the tier significant" in row(
        "A significant indicator though SERAF category 1 or 2"
    )
    assert "People say it; it is never suggested" in row("Trafficking is suspected")
    assert "It is held, or a named manager says why not" in row("Trafficking is suspected")
    assert "Last rated in another area" in row("The child moved into the area")


def test_its_figures_and_its_words_are_changed(admin: FlaskClient, session: Session) -> None:
    page = change(admin, MISSING, **{f"{KEY}within_days": "60", f"{KEY}label": "Three missing episodes in 60 days"})
    assert 'data-label="From now on"><strong>60 days' in page
    assert "Discussions on record stay as they are." in page
    changed = triggers(session)["missing_three_times"]
    assert (changed.within_days, changed.label, changed.at_least) == (60, "Three missing episodes in 60 days", 3)
    assert "in the last 60 days" in text_of(admin, "/settings/rules")


def test_a_reason_is_added_and_people_choose_it(admin: FlaskClient, session: Session) -> None:
    page = change(admin, NEW, **{LABEL: "Online grooming is suspected", ASKS: "discussion"})
    assert "Reason for a strategy discussion: Online grooming is suspected" in page
    assert 'data-label="From now on"><strong>In use' in page
    added = triggers(session)["online_grooming_is_suspected"]
    assert added.said_by_people
    assert list(triggers(session))[-1] == "online_grooming_is_suspected"
    twice = check(admin, NEW, **{LABEL: "Online grooming is suspected!", ASKS: "manager"})
    assert twice.status_code == 400
    assert "There is a reason of this name already" in twice.get_data(as_text=True)


@pytest.mark.parametrize("label", ["…", ""])
def test_a_reason_without_a_name_is_refused(admin: FlaskClient, label: str) -> None:
    answer = check(admin, NEW, **{LABEL: label, ASKS: "discussion"})
    assert answer.status_code == 400
    assert "govuk-error-message" in answer.get_data(as_text=True)


def test_a_reason_is_taken_out_of_use_and_stays_where_it_was_recorded(admin: FlaskClient, session: Session) -> None:
    page = change(admin, MISSING, **{f"{KEY}in_use": "no"})
    assert "Reason for a strategy discussion: Three missing episodes in 90 days" in page
    assert 'data-label="From now on"><strong>Out of use' in page
    assert page.count('data-label="From now on"') == 1
    assert "missing_three_times" not in triggers(session)
    text_of(admin, MISSING, 404)
    rules = parse({**texts_in(folder("agendas")), RULES: text_in_use(session, RULES)}).ratings.strategy
    assert labels_of(["missing_three_times"], rules) == ["missing three times"]


def test_whoever_changes_a_reason_that_went_out_of_use_is_told_and_sees_what_they_entered(
    admin: FlaskClient, session: Session
) -> None:
    opened = form_to(text_of(admin, MISSING), MISSING).values
    change(admin, MISSING, **{f"{KEY}in_use": "no"})
    entered = {f"{KEY}within_days": "61", "reason": "The board decided otherwise.", "step": "check"}
    told = admin.post(MISSING, data={**opened, **entered})
    assert told.status_code == 409
    page = told.get_data(as_text=True)
    assert "Somebody else changed the rules first" in page
    assert "Out of use" in page
    kept = form_to(page, MISSING).values
    assert (kept[f"{KEY}within_days"], kept["reason"].strip()) == ("61", "The board decided otherwise.")
    assert "missing_three_times" not in triggers(session)


def test_a_reason_that_a_rating_asks_for_is_not_taken_out(admin: FlaskClient, session: Session) -> None:
    answer = check(admin, "/settings/rules/reason-rating_high", **{"strategy-triggers-rating_high-in_use": "no"})
    assert answer.status_code == 400
    assert "The rating high asks for a discussion: a reason in use must name it" in answer.get_data(as_text=True)
    assert "rating_high" in triggers(session)
