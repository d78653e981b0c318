"""Attendance that is sent once the meeting is closed: nothing of it is saved, and all of it is shown to be copied."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlmodel import col

from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.attendance import last_form, recorded, walks_in
from tests.support.browsing import text_of
from tests.support.meeting_day import Day
from tests.support.sent_forms import forms_of


@pytest.fixture
def coordinator(day: Day) -> FlaskClient:
    """Whoever records the meeting that is being held."""
    client = day.browser("coordinator")
    day.publish_and_open(client)
    return client


def close(day: Day) -> None:
    """Let somebody else close the meeting."""
    with day.open() as session:
        session.execute(
            update(Meeting).where(col(Meeting.reference) == day.reference).values(state=MeetingState.CLOSED)
        )
        session.commit()


@pytest.mark.parametrize("agency", ["police", ""])
def test_what_was_chosen_and_typed_stands_there_to_be_copied(day: Day, coordinator: FlaskClient, agency: str) -> None:
    at = f"{day.at}/attendance"
    typed = {"name": "Nobody Alike", "agency": day.agencies.get(agency, ""), "presence": "present", "note": "Late"}
    form = last_form(text_of(coordinator, at)).with_values(
        **typed, **{f"presence-{day.police}": "", f"presence-{day.health}": "apologies"}
    )
    close(day)
    told = coordinator.post(at, data=form)
    page = told.get_data(as_text=True)
    assert (told.status_code, "The meeting is closed" in page) == (409, True)
    copied = page.partition("<dl")[2].partition("</dl>")[0]
    for words in ("Testy McPolice", "Not recorded", "Testy McHealth", "Apologies", "Nobody Alike", "Present", "Late"):
        assert words in copied
    assert ("Police</dd>" in copied) is bool(agency)
    members = page.partition("<table")[2].partition("</table>")[0]
    assert "Apologies" not in members, "the members stand there as they are recorded"
    assert "There is a problem" not in page, "nothing is to be put right in a form that is not there"
    assert recorded(day, "Nobody Alike") == []
    assert [presence.value for *_who, presence in recorded(day, "Testy McPolice")] == ["present"]


def test_so_does_who_was_to_be_taken_off(day: Day, coordinator: FlaskClient) -> None:
    at = f"{day.at}/attendance"
    assert walks_in(day, coordinator, "Testy McWrong").status_code == 302
    form = last_form(text_of(coordinator, at)).with_values(remove=f"{day.agencies['police']} Testy McWrong")
    close(day)
    told = coordinator.post(at, data=form)
    assert told.status_code == 409
    assert "Testy McWrong" in told.get_data(as_text=True).partition("<dl")[2].partition("</dl>")[0]
    assert len(recorded(day, "Testy McWrong")) == 1


def test_a_meeting_that_is_not_held_has_no_form_for_it(day: Day, coordinator: FlaskClient) -> None:
    at = f"{day.at}/attendance"
    close(day)
    page = text_of(coordinator, at)
    assert "members" not in [name for form in forms_of(page) for name in form.values]
    assert "Attendance is recorded while the meeting is held." in page
    row = page.partition("Testy McPolice")[2].partition("</tr>")[0]
    assert "Present" in row
