"""Whoever is typed nearly as somebody is recorded already, of the same agency, is asked about before they are added."""

import pytest
from flask.testing import FlaskClient

from meetings_app.meetings.models import Presence
from tests.support.attendance import held_with, last_form, recorded, walks_in
from tests.support.meeting_day import Day

NAME, NEAR = "Walky McVisitor", "Walkie McVisiter"
QUESTION = "Is it one of these people?"


@pytest.fixture
def coordinator(day: Day) -> FlaskClient:
    """The meeting is held, and somebody without an account has walked in."""
    return held_with(day, NAME)


def test_who_is_typed_nearly_as_somebody_who_is_there_is_offered_and_recorded_once(
    day: Day, coordinator: FlaskClient
) -> None:
    asked = walks_in(day, coordinator, NEAR, presence="report_only")
    page = asked.get_data(as_text=True)
    assert (asked.status_code, QUESTION in page, f"{NAME}, Police, recorded without an account" in page) == (
        400, True, True,
    )  # fmt: skip
    assert recorded(day, NEAR) == []
    form = last_form(page)
    assert coordinator.post(f"{day.at}/attendance", data=form.values).status_code == 400, "a name settles nothing"
    chosen = form.with_values(account=f"there {NAME}")
    assert coordinator.post(f"{day.at}/attendance", data=chosen).status_code == 302
    assert recorded(day, NEAR) == []
    assert recorded(day, NAME) == [(None, day.agencies["police"], Presence.REPORT_ONLY)]


def test_none_of_them_is_somebody_else(day: Day, coordinator: FlaskClient) -> None:
    form = last_form(walks_in(day, coordinator, NEAR).get_data(as_text=True))
    assert coordinator.post(f"{day.at}/attendance", data=form.with_values(account="none")).status_code == 302
    assert len(recorded(day, NAME)) == len(recorded(day, NEAR)) == 1


def test_of_another_agency_or_as_they_are_recorded_nobody_is_asked_about(day: Day, coordinator: FlaskClient) -> None:
    assert walks_in(day, coordinator, NEAR, "childrens-services").status_code == 302
    assert walks_in(day, coordinator, NAME).status_code == 302
    assert len(recorded(day, NAME)) == 1
