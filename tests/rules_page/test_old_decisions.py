"""A change made on the page rules at once in the running service; what was decided keeps its date and its version."""

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.cse_list.service import live_entry
from meetings_app.permissions import Role
from meetings_app.ratings.models import RiskRating
from tests.meetings.test_rules_version import close, decided_in, present_office
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import child_of, put_on_list
from tests.support.rmm import due, rated, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW, add_account, tiny_world


def change(app: Flask, slug: str, **entered: str) -> None:
    """Change the rules of a section on the page, in its two steps."""
    client, address = browser(app, "admin"), f"/settings/rules/{slug}"
    values = {**form_to(text_of(client, address), address).values, "reason": "The board decided so.", **entered}
    page = client.post(address, data={**values, "step": "check"}).get_data(as_text=True)
    assert client.post(address, data={**form_to(page, address).values, "step": "save"}).status_code == 302


def test_it_rules_from_the_next_request_on(app: Flask, session: Session) -> None:
    people = tiny_world(session)
    add_account(session, "admin", Role.ADMINISTRATOR, "childrens-services")
    child = child_of(session, put_on_list(session))
    reference = give_action(session, past_meeting(session), child, people.police, NOW.date()).reference
    session.commit()
    session.close()
    police, address = browser(app, "police"), f"/actions/{reference}"
    answer = {"kind": "new_date", "text": "An invented reason.", "due_on": "2027-04-01"}
    assert "on or before 15 February 2027" in fill_in(police, address, answer).get_data(as_text=True)

    change(app, "actions", **{"actions-new_date_days": "7"})

    assert "on or before 30 November 2026" in fill_in(police, address, answer).get_data(as_text=True)


def test_a_decision_of_before_keeps_its_date_and_its_version(app: Flask, session: Session) -> None:
    day = rmm(session)
    add_account(session, "admin", Role.ADMINISTRATOR, "childrens-services")
    child = due(session, RiskRating.MEDIUM)
    day.open()
    day.decide(child, rated(session, RiskRating.MEDIUM))
    close(day, present_office(session))
    entry = live_entry(session, child.key)
    assert entry is not None
    before = (entry.next_review_on, decided_in(session, child).rules_version)
    session.commit()

    change(app, "reviews", **{"ratings-medium-review_days": "42"})

    session.refresh(entry)
    assert (entry.next_review_on, decided_in(session, child).rules_version) == before
    assert before[1] == 1
    rules = present_office(session).partnership
    assert (rules.rules_version, rules.ratings.ratings.medium.review_days) == (2, 42)
