"""At the RMM each aim of a safety plan is reviewed: kept beside the decision, in effect when the meeting closes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import RuleBroken
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.meetings.plan_reviews import items_without_review, record_reviews
from meetings_app.permissions import OPERATOR
from meetings_app.plans.queries import plan_now
from meetings_app.plans.rules import Effect
from meetings_app.plans.service import write_version
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.queries import find_meeting
from tests.support.browsing import text_of
from tests.support.meeting_day import Day
from tests.support.plans import plan_text
from tests.support.rmm import OFFICE, due, rated, rmm
from tests.support.world import NOW


def test_what_the_meeting_found_stands_on_the_item_and_is_asked_for_until_it_is_said(day: Day) -> None:
    child = day.children[1]
    with day.open() as session:
        write_version(session, OPERATOR, NOW, child.key, plan_text("Aims of a kind"))
        session.commit()
    chair = day.browser("chair-cs")
    day.publish_and_open(day.browser("coordinator"))
    number = day.number(chair, child)
    address = f"{day.at}/items/{number}"
    page = chair.get(address).get_data(as_text=True)
    assert "Does the safety plan work?" in page
    assert "Aims of a kind" in page
    assert number in _without_review(day)
    day.decide(chair, child, discussion="Talked through", effect_1="partly", seen_1="Seen in an invented way")
    assert number not in _without_review(day)
    assert "Seen in an invented way" in chair.get(address).get_data(as_text=True)


def _without_review(day: Day) -> list[str]:
    with day.open() as session:
        meeting = find_meeting(session, day.reference)
        assert meeting is not None
        return list(items_without_review(session, meeting))


def test_a_review_says_both_how_an_aim_works_and_what_was_seen_and_counts_once_the_meeting_closed(
    session: Session,
) -> None:
    day = rmm(session)
    child = due(session, RiskRating.HIGH)
    plan = write_version(session, OPERATOR, NOW, child.key, plan_text("First", "Second"))
    day.open()
    chair, item = day.act("chair_cs"), day.item(child)
    with pytest.raises(RuleBroken, match="Enter what was seen"):
        record_reviews(session, chair, NOW, day.meeting, item, {1: (Effect.WORKING, "")})
    record_reviews(session, chair, NOW, day.meeting, item, {1: (Effect.WORKING, "Seen"), 2: (None, "")})
    day.operator()
    assert [aim.effect for aim in plan_now(session, plan.key).aims] == [None, None]
    day.decide(child, rated(session, RiskRating.HIGH))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    assert [aim.effect for aim in plan_now(session, plan.key).aims] == [Effect.WORKING, None]
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    assert {"label": "Aim 1 of the safety plan: working", "text": "Seen (The aim: First)"} in minutes.facts["items"][0][
        "further"
    ]


@pytest.mark.parametrize(("written", "due_on"), [(5, None), (-5, date(2026, 12, 1))])
def test_a_plan_written_while_the_meeting_is_held_is_not_due_after_it(
    session: Session, written: int, due_on: date | None
) -> None:
    day = rmm(session)
    child = due(session, RiskRating.MEDIUM)
    day.open()
    day.operator()
    write_version(session, OPERATOR, NOW + timedelta(minutes=written), child.key, plan_text())
    day.decide(child, rated(session, RiskRating.HIGH))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    entry = live_entry(session, child.key)
    assert entry is not None
    assert entry.plan_due_on == due_on


def test_a_plan_that_is_late_on_the_day_of_the_meeting_says_so_on_its_item(day: Day) -> None:
    late, written = day.children[1], day.children[0]
    with day.open() as session:
        entries = {row.child_id: row for row in session.scalars(select(ListEntry)).all()}
        entries[late.key].plan_due_on, entries[written.key].plan_due_on = date(2026, 11, 18), date(2026, 11, 24)
        session.commit()
    day.publish_and_open(day.browser("coordinator"))
    chair = day.browser("chair-cs")
    pages = [text_of(chair, f"{day.at}/items/{day.number(chair, child)}") for child in (late, written)]
    assert [">3 working days late<" in page for page in pages] == [True, False]
