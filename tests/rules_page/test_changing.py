"""Rules are changed on the page by who may: seen before it is done, with a reason, and nobody's change lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.gate import CONFIRMED_FOR
from meetings_app.accounts.models import ImportedDefault
from meetings_app.accounts.reference import RULES, text_in_use
from meetings_app.audit.models import AuditEvent
from meetings_app.config import Settings
from meetings_app.permissions import Role
from meetings_app.ratings.models import RiskRating
from meetings_app.rules_page.values import RATINGS, RMM, values_of
from tests.conftest import NOW
from tests.support.browsing import browser, text_of
from tests.support.children import child_of, put_on_list
from tests.support.moving_clock import MovingClock
from tests.support.sent_forms import form_to, forms_of
from tests.support.world import PASSWORD, add_account, tiny_world

REVIEWS = "/settings/rules/reviews"
MEDIUM, HIGH = "ratings-medium-review_days", "ratings-high-review_days"
WHY = "The board decided so on 20 November."


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The settings of a test whose clock can be moved."""
    object.__setattr__(settings, "clock", MovingClock(NOW))
    return settings


@pytest.fixture
def admin(app: Flask, session: Session) -> FlaskClient:
    tiny_world(session)
    add_account(session, "admin", Role.ADMINISTRATOR, "childrens-services", name="Testy McAdmin")
    session.commit()
    session.close()
    return browser(app, "admin")


def form_at(client: FlaskClient, address: str) -> dict[str, str]:
    """What the form of a page sends as it stands."""
    return form_of_page(text_of(client, address), address)


def form_of_page(page: str, address: str) -> dict[str, str]:
    return form_to(page, address).values


def go_on(client: FlaskClient, values: dict[str, Any], address: str = REVIEWS, **entered: Any) -> Any:
    """Fill in the form and press Continue."""
    return client.post(address, data={**values, "reason": WHY, "step": "check", **entered})


def save(client: FlaskClient, checked: Any, address: str = REVIEWS, **entered: Any) -> Any:
    """Press “Change the rules” on the page that says what changes."""
    page = checked.get_data(as_text=True)
    assert checked.status_code == 200, page
    return client.post(address, data={**form_of_page(page, address), "step": "save", **entered})


def rule(session: Session, key: str, file: str = RATINGS) -> Any:
    value = values_of(file, text_in_use(session, file))[key]
    session.close()
    return value


def test_a_change_is_seen_first_and_then_rules_with_who_when_and_why(admin: FlaskClient, session: Session) -> None:
    checked = go_on(admin, form_at(admin, REVIEWS), **{MEDIUM: "42"})
    page = checked.get_data(as_text=True)
    assert "A child rated medium is reviewed after" in page
    assert 'data-label="Now">56 days' in page
    assert 'data-label="From now on"><strong>42 days' in page
    assert "A child rated high" not in page
    assert WHY in page
    assert rule(session, "ratings.medium.review_days") == 56

    answer = save(admin, checked)

    assert answer.status_code == 302
    assert rule(session, "ratings.medium.review_days") == 42
    version = session.scalars(
        select(ImportedDefault).where(col(ImportedDefault.file) == RULES).order_by(col(ImportedDefault.id).desc())
    ).first()
    assert version is not None
    assert (version.number, version.reason, version.on_page) == (2, WHY, True)
    kinds = session.scalars(select(col(AuditEvent.kind)).order_by(col(AuditEvent.id))).all()
    assert kinds.count("rules_changed") == 1
    session.close()
    assert "Testy McAdmin</bdi>: The board decided so" in text_of(admin, "/settings/rules")


def test_the_figures_of_the_meeting_are_changed_the_same_way(admin: FlaskClient, session: Session) -> None:
    address = "/settings/rules/meeting"
    sent: dict[str, Any] = {**form_at(admin, address), "cut_off-time": "4:30pm", "item_minutes-review": "12"}
    sent |= {"quorum_agencies": ["childrens-services", "police"], "expected_agencies": ["police", "health"],
             "chairing_agencies": ["childrens-services", "family-services"]}  # fmt: skip
    checked = admin.post(address, data={**sent, "reason": WHY, "step": "check"})
    page = checked.get_data(as_text=True)
    assert "Children’s Services; Police<" in page
    assert "closed meetings decided stays decided" in page
    hidden = [(form.action, form.values) for form in forms_of(page) if form.action == address]
    assert hidden
    sent |= {"reason": WHY, "step": "save", "form_id": hidden[0][1]["form_id"]}
    assert admin.post(address, data=sent).status_code == 302
    assert rule(session, "quorum_agencies", RMM) == ("childrens-services", "police")
    assert f"{rule(session, 'cut_off.time', RMM):%H:%M}" == "16:30"
    # What has several answers is carried from step to step whole.
    assert page.count('name="expected_agencies"') == 2


def test_who_holds_a_child_rated_low_is_read_and_changed_on_the_page(admin: FlaskClient, session: Session) -> None:
    address, key = "/settings/rules/ratings", "ratings.low.held_by"
    shown = text_of(admin, "/settings/rules")
    assert re.search(r"A child rated low for whom no lead agency is chosen[^<]*(<[^>]*>\s*)*Family Services", shown)
    for chosen, kept, words in (("nobody", "", "No agency by itself"), ("education", "education", "Education")):
        checked = go_on(admin, form_at(admin, address), address, **{"ratings-low-held_by": chosen})
        assert f"<strong>{words}" in checked.get_data(as_text=True)
        assert save(admin, checked, address).status_code == 302
        assert rule(session, key) == kept


@pytest.mark.parametrize(
    ("entered", "says"),
    [
        ({MEDIUM: "many"}, "Enter a whole number from 1 to 3,660"),
        ({MEDIUM: "0"}, "Enter a whole number from 1 to 3,660"),
        ({MEDIUM: "85"}, "The latest review must not come before the usual one"),
        ({MEDIUM: ""}, "Enter both when the child is reviewed and when at the latest"),
        ({MEDIUM: "42", "reason": " "}, "Enter why the rules change"),
        ({}, "Nothing is changed yet"),
    ],
)
def test_what_cannot_rule_is_refused_at_its_field(
    admin: FlaskClient, session: Session, entered: dict[str, str], says: str
) -> None:
    answer = go_on(admin, form_at(admin, REVIEWS), **entered)
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert says in page
    assert rule(session, "ratings.medium.review_days") == 56
    if entered:
        assert "govuk-error-message" in page


def test_what_was_entered_stays_when_one_goes_back_to_edit(admin: FlaskClient) -> None:
    checked = go_on(admin, form_at(admin, REVIEWS), **{MEDIUM: "42"})
    values = {**form_of_page(checked.get_data(as_text=True), REVIEWS), "step": "change"}
    page = admin.post(REVIEWS, data=values).get_data(as_text=True)
    again = form_of_page(page, REVIEWS)
    assert again[MEDIUM] == "42"
    assert again["reason"].strip() == WHY


def test_the_second_of_two_is_told_and_what_they_entered_is_kept(
    app: Flask, admin: FlaskClient, session: Session
) -> None:
    add_account(session, "second", Role.ADMINISTRATOR, "childrens-services")
    session.commit()
    session.close()
    second = browser(app, "second")
    opened = form_at(second, REVIEWS)
    assert save(admin, go_on(admin, form_at(admin, REVIEWS), **{MEDIUM: "42", HIGH: "21"})).status_code == 302

    told = go_on(second, opened, **{MEDIUM: "49", "ratings-low-review_days": "70"})

    assert told.status_code == 409
    page = told.get_data(as_text=True)
    assert "Somebody else changed the rules first" in page
    assert "Testy McAdmin" in page
    kept = form_of_page(page, REVIEWS)
    # Mine stays where I changed it; where I changed nothing, the other one's figure stands.
    assert (kept[MEDIUM], kept["ratings-low-review_days"], kept[HIGH]) == ("49", "70", "21")
    assert kept["reason"].strip() == WHY
    assert page.count("app-conflict__pair") == 1
    assert rule(session, "ratings.low.review_days") == 84

    assert save(second, go_on(second, kept, **{MEDIUM: kept[MEDIUM]})).status_code == 302
    assert [rule(session, f"ratings.{each}.review_days") for each in ("high", "medium", "low")] == [21, 49, 70]


def test_the_second_is_told_even_between_the_two_steps(app: Flask, admin: FlaskClient, session: Session) -> None:
    add_account(session, "second", Role.ADMINISTRATOR, "childrens-services")
    session.commit()
    session.close()
    second = browser(app, "second")
    checked = go_on(second, form_at(second, REVIEWS), **{MEDIUM: "49"})
    assert save(admin, go_on(admin, form_at(admin, REVIEWS), **{HIGH: "21"})).status_code == 302
    assert save(second, checked).status_code == 409
    assert rule(session, "ratings.medium.review_days") == 56


def test_the_password_is_asked_again_before_the_change_and_nothing_entered_is_lost(
    app: Flask, admin: FlaskClient, session: Session
) -> None:
    values = form_at(admin, REVIEWS)
    app.extensions["meetings"].settings.clock.move(CONFIRMED_FOR + timedelta(minutes=1))
    checked = go_on(admin, values, **{MEDIUM: "42"})
    assert 'type="password"' not in checked.get_data(as_text=True), "it is asked for once it is to be changed"
    asked = form_of_page(save(admin, checked).get_data(as_text=True), "")
    wrong = admin.post(REVIEWS, data={**asked, "password": "not-the-password"})
    assert wrong.status_code == 400
    assert "The password is not right" in wrong.get_data(as_text=True)
    assert rule(session, "ratings.medium.review_days") == 56
    again = form_of_page(wrong.get_data(as_text=True), "")
    assert (again[MEDIUM], again["step"]) == ("42", "save")
    assert admin.post(REVIEWS, data={**again, "password": PASSWORD}).status_code == 302
    assert rule(session, "ratings.medium.review_days") == 42


def test_a_form_sent_twice_makes_one_version(admin: FlaskClient, session: Session) -> None:
    checked = go_on(admin, form_at(admin, REVIEWS), **{MEDIUM: "42"})
    assert [save(admin, checked).status_code for _time in range(2)] == [302, 302]
    versions = select(col(ImportedDefault.number)).where(col(ImportedDefault.file) == RULES)
    assert sorted(session.scalars(versions)) == [1, 2]


def test_children_are_counted_for_who_sees_them_and_keep_their_date(app: Flask, session: Session) -> None:
    tiny_world(session)
    entry = put_on_list(session, rating=RiskRating.MEDIUM)
    child, due = child_of(session, entry).reference, entry.next_review_on
    add_account(session, "county", Role.COORDINATOR, "childrens-services")
    add_account(session, "admin", Role.ADMINISTRATOR, "childrens-services")
    session.commit()
    session.close()
    county, admin = browser(app, "county"), browser(app, "admin")
    page = go_on(county, form_at(county, REVIEWS), **{MEDIUM: "42"}).get_data(as_text=True)
    assert (
        "1 child rated medium keeps the next review as it is set; the new interval counts from the next rating." in page
    )
    checked = go_on(admin, form_at(admin, REVIEWS), **{MEDIUM: "42"})
    assert "Every child rated medium keeps the next review as it is set" in checked.get_data(as_text=True)
    assert save(admin, checked).status_code == 302
    assert due is not None
    assert f"{due.day} {due:%B %Y}" in text_of(county, f"/children/{child}")


@pytest.mark.parametrize(
    ("email", "status"), [("coordinator", 404), ("chair-cs", 404), ("auditor", 404), ("county", 200)]
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_only_administrators_and_a_coordinator_of_the_whole_county_change_rules(
    app: Flask, session: Session, email: str, status: int
) -> None:
    tiny_world(session)
    add_account(session, "county", Role.COORDINATOR, "childrens-services")
    add_account(session, "auditor", Role.AUDITOR, "childrens-services")
    session.commit()
    session.close()
    client = browser(app, email)
    text_of(client, REVIEWS, status)
    assert (f'href="{REVIEWS}"' in text_of(client, "/settings/rules")) is (status == 200)
