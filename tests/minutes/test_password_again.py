"""A chair who is asked for the password on signing types nothing twice."""

from datetime import timedelta

import pytest
from flask import Flask

from meetings_app.accounts.gate import CONFIRMED_FOR
from meetings_app.config import Settings
from meetings_app.minutes.issuing import issue
from tests.conftest import NOW
from tests.support.browsing import browser, text_of
from tests.support.moving_clock import MovingClock
from tests.support.rmm import OFFICE, Rmm
from tests.support.sent_forms import form_to
from tests.support.world import PASSWORD


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The settings of a test whose clock can be moved."""
    object.__setattr__(settings, "clock", MovingClock(NOW))
    return settings


def test_the_reason_for_signing_early_is_kept_while_the_password_is_asked_for(day: Rmm, app: Flask) -> None:
    issue(day.session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    day.session.commit()
    day.session.close()
    chair, at = browser(app, "chair-cs"), f"/meetings/{day.meeting.reference}/minutes"
    form = form_to(text_of(chair, at), f"{at}/sign").with_values(despite="All of them were rung.\nAs invented.")
    app.extensions["meetings"].settings.clock.move(CONFIRMED_FOR + timedelta(minutes=1))
    asked = chair.post(f"{at}/sign", data=form)
    assert asked.status_code == 200
    assert "Signed so far" not in text_of(chair, at)
    kept = form_to(asked.text, "")
    assert chair.post(f"{at}/sign", data=kept.with_values(password=PASSWORD)).status_code == 302
    signed = text_of(browser(app, "chair-fs"), at)
    assert "Signed so far" in signed
    assert "All of them were rung.\nAs invented." in signed
