"""A plan that says the school gets no copy is shown to no school; a later “yes” shows the plan again."""

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.permissions import OPERATOR, Role
from meetings_app.plans.rules import SchoolCopy
from meetings_app.plans.service import write_version
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, put_on_list
from tests.support.plans import plan_text
from tests.support.world import NOW, add_account, add_school, tiny_world

GIVEN, WITHHELD = SchoolCopy.GIVEN, SchoolCopy.NOT_GIVEN


def plan_of(session: Session, *copies: SchoolCopy) -> str:
    """A pupil whose plan has one version for each of these; gives the address of the record."""
    tiny_world(session)
    school = add_school(session, "pretend", "Pretend Academy")
    add_account(session, "school", Role.SCHOOL, "education", school="pretend")
    child = add_child(session, school_id=school.key)
    put_on_list(session, child)
    for number, copy in enumerate(copies, start=1):
        plan = plan_text(f"Aim of version {number}", school_copy=copy, school_copy_note="Somebody there is named in it")
        write_version(session, OPERATOR, NOW, child.key, plan)
    address = f"/children/{child.reference}"
    session.commit()
    session.close()
    return address


def test_a_school_is_shown_no_plan_that_says_it_gets_no_copy(app: Flask, session: Session) -> None:
    address = plan_of(session, GIVEN, WITHHELD)
    school = browser(app, "school")
    page = text_of(school, address)
    assert "Aim of version" not in page
    assert "There is no safety plan for the school to read" in page
    assert "Version" not in text_of(school, "/my-children")
    for number in (1, 2):
        text_of(school, f"{address}/plan/{number}", 404)
        text_of(school, f"{address}/plan/{number}/school-copy", 404)
    text_of(school, f"{address}/plan/compare", 404)


def test_nobody_makes_a_copy_for_the_school_of_it_and_the_record_says_why(app: Flask, session: Session) -> None:
    address = plan_of(session, GIVEN, WITHHELD)
    coordinator = browser(app, "coordinator")
    page = text_of(coordinator, address)
    assert "Somebody there is named in it" in page
    assert "/school-copy" not in page
    assert "/plan/2/word" in page
    text_of(coordinator, f"{address}/plan/2/school-copy", 404)
    text_of(coordinator, f"{address}/plan/1/school-copy", 404)


def test_a_later_version_for_the_school_shows_itself_and_not_the_one_withheld(app: Flask, session: Session) -> None:
    address = plan_of(session, WITHHELD, GIVEN)
    school = browser(app, "school")
    page = text_of(school, address)
    assert "Aim of version 2" in page
    assert "version 1" not in page
    assert "Version 2" in text_of(school, "/my-children")
    text_of(school, f"{address}/plan/1", 404)
    text_of(school, f"{address}/plan/compare", 404)
    text_of(school, f"{address}/plan/1/school-copy", 404)
