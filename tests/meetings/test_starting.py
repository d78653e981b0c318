"""A meeting that is opened before its day asks for that to be said; on its day and after it nothing is asked."""

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.meetings.starting_forms import StartForm
from meetings_app.schedule.models import MeetingState
from tests.support.browsing import browser, text_of
from tests.support.rmm import rmm
from tests.support.sent_forms import form_to

ASKED = "This meeting is planned for 24 November 2026. Start it today?"


def test_a_meeting_opens_before_its_day_only_where_that_is_said(app: Flask, session: Session) -> None:
    day = rmm(session)
    day.publish()
    session.commit()
    at, key = f"/meetings/{day.meeting.reference}/record", day.meeting.key
    chair = browser(app, "chair-cs")
    page = text_of(chair, at)
    assert ASKED in page
    assert "Yes, start it today, 23 November 2026" in page
    form = form_to(page, f"{at}/start")
    answer = chair.post(form.action, data=form.with_values(read_by="Testy McChair"))
    assert answer.status_code == 400
    assert "Choose to start it today, or wait" in answer.get_data(as_text=True)
    form = form_to(answer.get_data(as_text=True), f"{at}/start")
    assert chair.post(form.action, data=form.with_values(read_by="Testy McChair", early="y")).status_code == 302
    session.expire_all()
    day.operator()
    assert session.get_one(type(day.meeting), key).state is MeetingState.IN_PROGRESS
    with app.test_request_context():
        for days in (0, 1):
            assert "early" not in StartForm(day.meeting, day.meeting.held_on + timedelta(days=days))
