"""A meeting that is opened before its day asks for that to be said; on its day and after it nothing is asked."""

from datetime import date, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.meetings.starting_forms import StartForm
from meetings_app.schedule.models import MeetingState
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, text_of
from tests.support.rmm import due, rmm
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


def test_an_action_is_late_by_as_many_days_on_the_item_as_on_the_page_of_its_agency(
    app: Flask, session: Session
) -> None:
    day = rmm(session)
    child = due(session)
    action = give_action(session, past_meeting(session), child, day.world.police, date(2026, 11, 20))
    day.open()
    number, reference = day.item(child).number, action.reference
    session.commit()
    item = text_of(browser(app, "chair-cs"), f"/meetings/{day.meeting.reference}/items/{number}")
    before = text_of(browser(app, "police"), f"/meetings/{day.meeting.reference}/before")
    for page in (item, before):
        assert "verdue by 3 days" in page.partition(reference)[2].partition("</li>")[0]
    assert "verdue by 4 days" not in item
