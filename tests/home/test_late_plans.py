"""A safety plan that is not written in its working days is late on every page that says so, and is no breach."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.children.models import Child
from meetings_app.meetings.checks import every_breach
from meetings_app.permissions import Role
from meetings_app.resources import folder
from tests.support.browsing import browser, text_of
from tests.support.children import add_meeting, child_of, put_on_list
from tests.support.meetings import office
from tests.support.world import NOW, add_account, tiny_world


@pytest.fixture
def late(session: Session) -> Child:
    """A child whose plan was due on Thursday; it is Monday, two working days later. Another is due today."""
    tiny_world(session)
    lead = add_account(session, "lead", Role.LEAD_PROFESSIONAL, "childrens-services", ["NE"])
    add_account(session, "lead-2", Role.LEAD_PROFESSIONAL, "childrens-services", ["NE"])
    meeting = add_meeting(session, date(2026, 12, 1))
    days = {"late": date(2026, 11, 19), "due": date(2026, 11, 23), "none": None}
    children = {}
    for name, day in days.items():
        entry = put_on_list(session, name=f"Testy Mc{name.title()}", lead_professional_id=lead.key)
        entry.plan_due_on, entry.next_meeting_id = day, meeting.key
        children[name] = child_of(session, entry)
    session.commit()
    return children["late"]


@pytest.mark.parametrize("who", ["coordinator", "chair-cs"])
def test_the_area_is_told_which_plans_are_late_in_working_days(app: Flask, late: Child, who: str) -> None:
    client = browser(app, who)
    assert 'href="/waiting/plans"' in text_of(client, "/")
    page = text_of(client, "/waiting/plans")
    assert "Testy McLate" in page
    assert "2 working days late" in page
    assert "Testy McLead" in page
    assert "Testy McDue" not in page
    assert "Testy McNone" not in page


def test_another_area_is_told_of_none(app: Flask, late: Child) -> None:
    assert "No safety plan is late" in text_of(browser(app, "coordinator-nw"), "/waiting/plans")


def test_the_lead_professional_sees_what_is_late_and_what_is_only_due(app: Flask, late: Child) -> None:
    client = browser(app, "lead")
    home = text_of(client, "/")
    assert 'href="/my-children?plan=late"' in home
    only_late, due = (text_of(client, f"/my-children?plan={plan}") for plan in ("late", "due"))
    assert "2 working days late" in only_late
    assert "Testy McDue" not in only_late
    assert due.count("working days late") == 1
    assert "Testy McDue" in due
    assert "Testy McNone" not in due
    assert "Testy McLate" not in text_of(browser(app, "lead-2"), "/my-children?plan=late")


def test_a_late_plan_is_no_breach(session: Session, late: Child) -> None:
    found = every_breach(session, NOW.date(), folder("agendas"), office().partnership)
    assert not any("plan" in str(breach).lower() for breach in found)
