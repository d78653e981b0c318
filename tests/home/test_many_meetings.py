"""With more unfinished meetings than the home page holds, what is held now stands there, and what is cut is said."""

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.home.meetings import meetings_to_do
from meetings_app.meetings.closing import close_meeting
from meetings_app.minutes.issuing import issue
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import MeetingState
from tests.support.browsing import browser, text_of
from tests.support.children import add_meeting
from tests.support.rmm import OFFICE, Rmm, due, rated, rmm
from tests.support.world import NOW

MANY = 61


def with_many_unsigned(session: Session) -> Rmm:
    """Make a meeting with one child, and many earlier ones whose minutes nobody has signed."""
    day = rmm(session)
    for weeks in range(1, MANY + 1):
        add_meeting(session, NOW.date() - timedelta(weeks=weeks), state=MeetingState.CLOSED)
    return day


def test_the_meeting_that_is_held_and_the_next_one_always_stand_and_what_is_cut_is_said(
    app: Flask, session: Session
) -> None:
    day = with_many_unsigned(session)
    due(session)
    day.open()
    found = meetings_to_do(session, day.act("coordinator"), NOW, OFFICE)
    shown = [one.reference for one in found.shown]
    assert {day.meeting.reference, day.later[0].reference} <= set(shown), "held now, and next"
    assert (len(shown), found.more) == (60, MANY + 2 - 60)
    assert [one.on for one in found.shown] == sorted(one.on for one in found.shown)
    assert found.shown[0].on == NOW.date() - timedelta(weeks=MANY), "the oldest stands before the others"
    session.commit()
    page = text_of(browser(app, "coordinator"), "/")
    assert "3 more meetings are not finished and not shown here." in page
    assert '<a class="govuk-link" href="/meetings?all=1">Show all meetings</a>' in page
    police = meetings_to_do(session, day.act("police"), NOW, OFFICE)
    assert police.more == 0, "minutes that others sign are nothing to be done"
    assert "not shown here" not in text_of(browser(app, "police"), "/")


def test_so_does_a_draft_that_is_being_answered(session: Session) -> None:
    day = with_many_unsigned(session)
    child = due(session)
    day.open()
    day.decide(child, rated(session, RiskRating.HIGH))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    for who in ("coordinator", "police"):
        found = meetings_to_do(session, day.act(who), NOW, OFFICE)
        assert day.meeting.reference in [one.reference for one in found.shown]
