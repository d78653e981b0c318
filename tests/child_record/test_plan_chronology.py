"""What became of a safety plan stands in the child's chronology: versions, what RMMs found, and every update whole."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.child_record.chronology import chronology
from meetings_app.children.models import Child
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.plan_reviews import record_reviews
from meetings_app.permissions import OPERATOR, Role
from meetings_app.plans.rules import Effect
from meetings_app.plans.service import write_update, write_version
from meetings_app.ratings.models import RiskRating
from tests.support.browsing import browser, text_of
from tests.support.plans import plan_text
from tests.support.rmm import OFFICE, Rmm, due, rated, rmm
from tests.support.world import NOW, add_account, add_school


@pytest.fixture
def day(session: Session) -> Rmm:
    return rmm(session)


def followed(day: Rmm, *, close: bool) -> Child:
    """A pupil of Pretend Academy with a plan, an update, a later one, and a review that a meeting recorded."""
    session = day.session
    school = add_school(session, "pretend", "Pretend Academy")
    add_account(session, "school", Role.SCHOOL, "education", school="pretend")
    child = due(session, RiskRating.HIGH, school_id=school.key)
    write_version(session, OPERATOR, NOW - timedelta(days=9), child.key, plan_text("First", "Second"))
    for number, said in enumerate(("Earlier update", "Later update")):
        at = NOW - timedelta(days=8 - number)
        write_update(session, OPERATOR, at, child.key, said, {1: f"{said}: first aim", 2: f"{said}: second “aim”"})
    day.open()
    item = day.item(child)
    record_reviews(
        session,
        day.act("chair_cs"),
        NOW,
        day.meeting,
        item,
        dict.fromkeys((1, 2), (Effect.PARTLY, "Seen, as invented")),
    )
    if close:
        day.decide(child, rated(session, RiskRating.HIGH))
        close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    session.commit()
    return child


def test_versions_reviews_and_every_update_with_every_aim_stand_there(session: Session, day: Rmm) -> None:
    child = followed(day, close=True)
    told = [(one.title, one.text) for one in chronology(session, child.key)[0]]
    both = "{0}\nAim 1: {0}: first aim\nAim 2: {0}: second “aim”"
    wanted = [
        ("Safety plan, aim 1: partly working", "Seen, as invented"),
        ("Safety plan, aim 2: partly working", "Seen, as invented"),
        ("Update on the safety plan", both.format("Later update")),
        ("Update on the safety plan", both.format("Earlier update")),
        ("Safety plan: version 1 written", ""),
    ]
    assert [one for one in told if "afety plan" in one[0]] == wanted


def test_the_page_says_at_which_meeting_and_no_school_reads_it(app: Flask, session: Session, day: Rmm) -> None:
    child = followed(day, close=True)
    address, reference = f"/children/{child.reference}", day.meeting.reference
    session.close()
    for who in ("coordinator", "police"):
        page = text_of(browser(app, who), address)
        assert f"Safety plan, aim 2: partly working at {reference}" in page
        assert "Earlier update: first aim" in page
    school = text_of(browser(app, "school"), address)
    for words in ("partly working", "Seen, as invented", "Earlier update", "Later update", "chronology"):
        assert words not in school


def test_what_a_meeting_found_is_not_told_before_it_closes(app: Flask, session: Session, day: Rmm) -> None:
    child = followed(day, close=False)
    address = f"/children/{child.reference}"
    session.close()
    for who in ("coordinator", "police"):
        assert "aim 2: partly working" not in text_of(browser(app, who), address)
