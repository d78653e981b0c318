"""What leaves the service, is signed or changes an account asks for the password again after a while."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.accounts.gate import CONFIRMED_FOR
from meetings_app.config import Settings
from meetings_app.permissions import Role
from tests.conftest import NOW
from tests.support.browsing import browser
from tests.support.moving_clock import MovingClock
from tests.support.sent_forms import form_to
from tests.support.world import PASSWORD, add_account, csrf_token, tiny_world


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The settings of a test whose clock can be moved."""
    object.__setattr__(settings, "clock", MovingClock(NOW))
    return settings


def test_an_export_asks_for_the_password_again_and_then_gives_the_file(app: Flask, session: Session) -> None:
    world = tiny_world(session)
    email = world.coordinator.email
    session.commit()
    client = browser(app, email)
    assert client.get("/list/export.xlsx").status_code == 200
    clock = app.extensions["meetings"].settings.clock
    clock.move(CONFIRMED_FOR - timedelta(minutes=1))
    assert client.get("/list").status_code == 200
    clock.move(timedelta(minutes=2))

    asked = client.get("/list/export.xlsx?rating=high")

    assert asked.status_code == 302
    assert "/confirm" in asked.location
    page = client.get(asked.location)
    values = {"password": PASSWORD, "csrf_token": csrf_token(page.get_data(as_text=True))}
    answer = client.post(asked.location, data=values)
    assert answer.location.endswith("/list/export.xlsx?rating=high")
    assert client.get(answer.location).status_code == 200


def test_a_form_that_was_sent_waits_for_the_password_and_is_not_typed_again(app: Flask, session: Session) -> None:
    tiny_world(session)
    add_account(session, "admin", Role.ADMINISTRATOR, "childrens-services")
    session.commit()
    client, at = browser(app, "admin"), "/accounts/invite"
    page = client.get(at).get_data(as_text=True)
    typed = {"name": "Testy McNew <b>", "email": "new@exampleshire.example", "role": "chair"}
    form = {**form_to(page, "").values, **typed, "agency": "", "areas": ["NE", "NW"]}
    app.extensions["meetings"].settings.clock.move(CONFIRMED_FOR)
    asked = client.post(at, data=form)
    assert asked.status_code == 200
    kept = form_to(asked.text, "").values
    assert typed.items() <= kept.items()
    assert asked.text.count('name="areas"') == 2, "each of several choices"
    assert kept["form_id"] == form["form_id"], "sent twice it still makes nothing twice"
    wrong = client.post(at, data={**kept, "password": "wrong password here"})
    assert (wrong.status_code, "The password is not right" in wrong.text) == (400, True)
    assert "wrong password here" not in wrong.text
    again = form_to(wrong.text, "").values
    refused = client.post(at, data={**again, "areas": ["NE"], "password": PASSWORD})
    assert (refused.status_code, "Choose an agency" in refused.text) == (400, True)
    # The password stays given though the form was refused.
    mended = {**form_to(refused.text, "").values, "agency": "childrens-services", "areas": ["NE"]}
    assert client.post(at, data=mended).status_code == 302
