"""What the assessment tools found stands beside the rating where a meeting and a child's page need it (SG)."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.children.models import Child
from meetings_app.db.session import act_for
from meetings_app.meetings.reassessments import clocks_of
from meetings_app.meetings.standing import LastResult, OpenFlag, Standing, lines_of, standing_of
from meetings_app.partnership import load
from meetings_app.permissions import OPERATOR, Role
from meetings_app.resources import folder
from tests.support.assessed import HIGH, known
from tests.support.assessments import finished
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, child_of, put_on_list
from tests.support.meeting_day import Day
from tests.support.statements import statements_of
from tests.support.world import NOW, TinyWorld, add_account, add_school, tiny_world

TODAY = NOW.date()
OLD = NOW - timedelta(days=50)
FOUND = "Category 4, significant risk, score 18, reads as high"


@pytest.fixture
def people(session: Session) -> TinyWorld:
    """The people of the North East."""
    return tiny_world(session)


def result(level: str | None, days_ago: int = 0) -> LastResult:
    """The last result of a tool, invented."""
    return LastResult("S-23456", "SERAF", "Invented", level, TODAY - timedelta(days=days_ago), None)


@pytest.mark.parametrize(
    ("level", "rating", "said"),
    [
        ("high", "medium", "The tool’s level differs from the rating: SERAF reads as high"),
        ("none", "low", "The tool’s level differs from the rating: SERAF reads as no CSE risk identified"),
        ("high", "high", ""), ("high", None, ""), (None, "high", ""),
    ],
)  # fmt: skip
def test_a_level_that_differs_from_the_rating_is_said(level: str | None, rating: str | None, said: str) -> None:
    assert Standing((result(level),)).differs(rating) == said
    assert Standing().differs(rating) == ""


def test_each_tool_that_differs_is_named() -> None:
    both = Standing((result("high"), LastResult("S-34567", "Surrey", "Invented", "low", TODAY, None)))
    assert both.differs("medium").endswith(": SERAF reads as high; Surrey reads as low")
    assert both.differs("low").endswith(": SERAF reads as high")


def test_what_two_assessments_ask_for_is_said_once() -> None:
    flags = tuple(OpenFlag(reference, "under_13", "Under 13, as invented.") for reference in ("AS-1", "AS-2"))
    assert lines_of(Standing(flags=flags), TODAY) == ["To answer: Under 13, as invented."]


def test_the_last_of_each_tool_counts(session: Session, people: TinyWorld) -> None:
    child, other = add_child(session), add_child(session)
    act_for(session, OPERATOR)
    finished(session, OPERATOR, child, ticks=HIGH, now=OLD)
    last = finished(session, OPERATOR, child)
    surrey = finished(session, OPERATOR, child, "surrey", now=OLD)
    clocks = clocks_of(session, TODAY, load(folder("agendas")))
    found = standing_of(session, [child.key, other.key], clocks)
    assert [each.reference for each in found[child.key].results] == [last.reference, surrey.reference]
    assert [flag.code for flag in found[child.key].flags] == ["strategy_discussion_or_reason", "consider_for_list"]
    assert other.key not in found


def test_the_childs_page_says_where_the_child_stands(app: Flask, session: Session, people: TinyWorld) -> None:
    child = child_of(session, put_on_list(session))
    made = known(session, OPERATOR, child, now=NOW - timedelta(days=85))
    html = text_of(browser(app, "coordinator"), f"/children/{made.child_reference}")
    section = html[html.index('id="assessments"') : html.index('id="actions"')]
    assert f'href="{made.address}"' in section
    assert FOUND in section
    assert "Assessment overdue since 22 November 2026: Last assessed on 30 August 2026." in section
    assert f'href="{made.address}/flags/consider_for_list"' in section
    assert f'href="/children/{made.child_reference}/assessments"' in section
    assert f'href="/children/{made.child_reference}/assessments/new"' in section


def test_a_child_who_is_not_due_is_told_of_without_alarm(app: Flask, session: Session, people: TinyWorld) -> None:
    child = child_of(session, put_on_list(session))
    made = known(session, OPERATOR, child, {})
    html = text_of(browser(app, "coordinator"), f"/children/{made.child_reference}")
    assert "To be assessed again by 15 February 2027." in html
    assert "Assessment overdue" not in html
    other = add_child(session)
    reference = other.reference
    session.commit()
    html = text_of(browser(app, "coordinator"), f"/children/{reference}")
    assert "No assessment is finished here." in html
    assert "No tool was used here" not in html, "only children on the list are due"


def test_a_school_that_reads_the_plan_reads_of_no_assessment(app: Flask, session: Session, people: TinyWorld) -> None:
    add_school(session, "oak", "Oak Invented School")
    school = add_account(session, "school", Role.SCHOOL, "education", school="oak")
    child = child_of(session, put_on_list(session, school_id=school.school_id))
    made = known(session, OPERATOR, child)
    html = text_of(browser(app, "school"), f"/children/{made.child_reference}")
    assert "ssessment" not in html[html.index("<main") : html.index("</main>")]
    text_of(browser(app, "school"), made.address, status=404)


def assessed_on_the_day(day: Day) -> Child:
    """Give a child of the meeting, rated medium, whose assessment of 50 days before came to high."""
    child = day.children[0]
    with day.open() as session:
        known(session, OPERATOR, session.get_one(Child, child.id), now=OLD)
    return child


def test_the_chairs_agenda_and_the_item_say_what_the_tool_found(day: Day) -> None:
    child, chair = assessed_on_the_day(day), day.browser("chair-cs")
    agenda = text_of(chair, f"{day.at}/agenda")
    assert f"SERAF, 4 October 2026: {FOUND}" in agenda
    assert "To answer: Consider whether the child belongs on the CSE list." in agenda
    police = text_of(day.browser("police"), f"{day.at}/agenda")
    assert FOUND not in police
    day.publish_and_open(day.browser("coordinator"))
    item = text_of(chair, f"{day.at}/items/{day.number(chair, child)}")
    assert FOUND in item
    assert "The tool’s level differs from the rating: SERAF reads as high." in item
    gate = item[item.index("Before this child can leave the list") :]
    assert "A closure asks for an assessment within 42 days before: the last was on 4 October 2026" in gate
    assert re.search(r"/assessments/S-\w+/flags/consider_for_list", item)


def test_an_item_of_a_child_never_assessed_says_so(day: Day) -> None:
    chair = day.browser("chair-cs")
    day.publish_and_open(day.browser("coordinator"))
    item = text_of(chair, f"{day.at}/items/{day.number(chair, day.children[1])}")
    assert "None finished." in item
    assert "No tool was used here since the child was listed" in item
    assert "A closure asks for an assessment within 42 days before: there is none here" in item
    assert "differs from the rating" not in item


def test_the_agenda_takes_as_many_statements_for_many_assessments_as_for_one(
    day: Day, engines: dict[str, sa.Engine], database: str
) -> None:
    chair, counts = day.browser("chair-cs"), []
    for children in (day.children[:1], day.children[1:4]):
        for child in children:
            with day.open() as session:
                known(session, OPERATOR, session.get_one(Child, child.id), now=OLD)
        text_of(chair, f"{day.at}/agenda")
        with statements_of(engines[database]) as sent:
            text_of(chair, f"{day.at}/agenda")
        counts.append(len(sent))
    assert counts[0] == counts[1]
