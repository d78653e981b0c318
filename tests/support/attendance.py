"""The page of the attendance, filled in and sent; and what is recorded by it."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from meetings_app.meetings.models import Attendance, Presence
from tests.support.browsing import text_of
from tests.support.meeting_day import Day
from tests.support.sent_forms import SentForm, forms_of


def last_form(page: str) -> SentForm:
    """Give the form of the attendance: those that every page has stand before it."""
    return forms_of(page)[-1]


def walks_in(day: Day, who: FlaskClient, name: str, agency: str = "police", **more: str) -> TestResponse:
    """Fill in “Add a person” and send it."""
    form = last_form(text_of(who, f"{day.at}/attendance"))
    values = form.with_values(**{"name": name, "agency": day.agencies[agency], "presence": "present", **more})
    return who.post(f"{day.at}/attendance", data=values)


def recorded(day: Day, name: str) -> list[tuple[int | None, str, Presence]]:
    """Give how people of a name are recorded: the account, the agency, and how they attended."""
    with day.open() as session:
        rows = session.execute(
            select(col(Attendance.account_id), col(Attendance.agency_id), col(Attendance.presence)).where(
                col(Attendance.name) == name
            )
        )
        return [(account, str(agency), presence) for account, agency, presence in rows]


def held_with(day: Day, name: str) -> FlaskClient:
    """Give the coordinator who records the meeting; it is held, and somebody of this name and no account walked in."""
    coordinator = day.browser("coordinator")
    day.publish_and_open(coordinator)
    assert walks_in(day, coordinator, name).status_code == 302
    return coordinator
