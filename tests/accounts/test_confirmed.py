"""What leaves the service, is signed or changes an account asks for the password again after a while."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.accounts.gate import CONFIRMED_FOR
from meetings_app.config import Settings
from tests.conftest import NOW
from tests.support.browsing import browser
from tests.support.moving_clock import MovingClock
from tests.support.world import PASSWORD, csrf_token, tiny_world


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
