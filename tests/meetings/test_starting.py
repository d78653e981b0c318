"""A meeting that is opened on another day than planned asks on which day it is held; on its day nothing is asked."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.config import Settings
from meetings_app.cse_list.service import live_entry
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.models import Presence
from meetings_app.meetings.running import AttendanceLine, set_attendance
from meetings_app.meetings.starting_forms import StartForm
from meetings_app.notices.models import OutboxMail
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.ratings.rules import PresentRating, default_review_date, due_dates
from meetings_app.schedule.models import MeetingMember, MeetingState, Reply
from meetings_app.strategy.models import StrategyDiscussion
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, text_of
from tests.support.moving_clock import MovingClock
from tests.support.rmm import OFFICE, PRESENT, Rmm, due, rated, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW

MONDAY, TUESDAY, THURSDAY = (date(2026, 11, day) for day in (23, 24, 26))
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
        form_on_its_day = StartForm(day.meeting, day.meeting.held_on)
        assert {"early", "held"} & {field.name for field in form_on_its_day} == set()


def open_by_page(app: Flask, day: Rmm, **values: str) -> int:
    """Open the meeting from its page as a chair does; gives the status of the answer."""
    at = f"/meetings/{day.meeting.reference}/record"
    chair = browser(app, "chair-cs")
    form = form_to(text_of(chair, at), f"{at}/start")
    status = chair.post(form.action, data=form.with_values(read_by="Testy McChair", **values)).status_code
    day.session.expire_all()
    day.operator()
    return status


def rated_high(day: Rmm, child: Child, now: datetime) -> Rating:
    """Let everybody be there, rate the child high and close the meeting; gives the rating."""
    people = [getattr(day.world, who) for who in PRESENT]
    lines = [AttendanceLine(one.agency_id, one.name, Presence.PRESENT, one.key) for one in people]
    set_attendance(day.session, day.act("coordinator"), now, day.meeting, lines)
    day.decide(child, rated(day.session, RiskRating.HIGH))
    close_meeting(day.session, day.act("chair_cs"), now, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    return day.session.scalars(select(Rating).where(col(Rating.meeting_id) == day.meeting.key)).one()


def counts_from(day: Rmm, child: Child, rating: Rating, held_on: date) -> None:
    """Assert that whatever the rating sets a date for is counted from the day on which the meeting was held."""
    ratings = OFFICE.partnership.ratings.ratings
    entry = live_entry(day.session, child.key)
    discussion = day.session.scalars(select(StrategyDiscussion)).one()
    assert entry is not None
    assert rating.decided_on == held_on
    assert entry.next_review_on == default_review_date(
        RiskRating.HIGH, held_on, ratings, PresentRating(RiskRating.MEDIUM, None)
    )
    assert discussion.due_on == due_dates(RiskRating.HIGH, held_on, ratings, OFFICE.calendar).strategy_discussion


def test_a_meeting_that_opens_before_its_day_is_held_that_day_and_all_it_decides_counts_from_it(
    app: Flask, session: Session
) -> None:
    day = rmm(session)
    child = due(session)
    day.publish()
    day.operator()
    people = session.scalars(select(MeetingMember).where(col(MeetingMember.meeting_id) == day.meeting.key)).all()
    people[0].reply = Reply.ACCEPTED
    session.commit()
    assert open_by_page(app, day, early="y") == 302
    meeting = day.meeting
    assert (meeting.held_on, meeting.planned, meeting.opened_on) == (MONDAY, TUESDAY, MONDAY)
    assert people[0].reply is Reply.ACCEPTED
    told = session.scalars(select(OutboxMail).where(col(OutboxMail.kind) == "meeting_changed")).all()
    assert len(told) == len(people)
    assert all("20261123T100000" in str(mail.invite) for mail in told)
    assert "Planned for 24 November 2026" in text_of(browser(app, "chair-cs"), f"/meetings/{meeting.reference}")
    day.operator()
    entry = live_entry(session, child.key)
    assert entry is not None
    assert entry.next_meeting_id == meeting.key
    counts_from(day, child, rated_high(day, child, NOW), MONDAY)


@pytest.mark.parametrize(("held", "on"), [("today", THURSDAY), ("planned", TUESDAY)])
def test_a_meeting_that_opens_after_its_day_says_on_which_of_the_two_it_is_held(
    app: Flask, session: Session, settings: Settings, held: str, on: date
) -> None:
    day = rmm(session)
    child = due(session)
    day.publish()
    session.commit()
    clock = MovingClock(NOW)
    object.__setattr__(settings, "clock", clock)
    clock.move(timedelta(days=3))
    assert open_by_page(app, day) == 400
    assert day.meeting.state is MeetingState.PUBLISHED
    assert open_by_page(app, day, held=held) == 302
    assert (day.meeting.held_on, day.meeting.opened_on) == (on, THURSDAY)
    counts_from(day, child, rated_high(day, child, clock.now()), on)
    minutes = text_of(browser(app, "chair-cs"), f"/meetings/{day.meeting.reference}/minutes")
    assert ("Recorded from Thursday 26 November 2026" in minutes) == (held == "planned")


def test_two_meetings_of_an_area_are_not_held_on_one_day(app: Flask, session: Session) -> None:
    day = rmm(session)
    day.publish()
    day.later[0].held_on = MONDAY
    session.commit()
    at = f"/meetings/{day.meeting.reference}/record"
    chair = browser(app, "chair-cs")
    form = form_to(text_of(chair, at), f"{at}/start")
    answer = chair.post(form.action, data=form.with_values(read_by="Testy McChair", early="y"))
    assert answer.status_code == 400
    assert f"There is a meeting on 23 November 2026 already: {day.later[0].reference}" in answer.get_data(as_text=True)
    assert "Testy McChair" in answer.get_data(as_text=True)
    session.expire_all()
    day.operator()
    assert (day.meeting.state, day.meeting.held_on) == (MeetingState.PUBLISHED, TUESDAY)


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
