"""Starting an assessment, who may not look in, and what the trail and the titles say of it."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import assessments_of
from meetings_app.assessments.sections import keys_of
from meetings_app.audit.models import AuditEvent
from meetings_app.permissions import OPERATOR, Role
from tests.support.assessments import SERAF
from tests.support.assessments import fill_in as fill_in_assessment
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import add_child
from tests.support.filling import draft, reference_of_child, save, stored
from tests.support.world import add_account, tiny_world


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """The coordinator's browser."""
    tiny_world(session)
    return browser(app, "coordinator")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Choose the assessment tool"),
        ({"tool": "seraf", "concern_on": "23/11/2026"}, "Enter the time the concern was received"),
        ({"tool": "seraf", "concern_at": "8am"}, "Enter the date the concern was received"),
        ({"tool": "seraf", "concern_on": "23/11/2026", "concern_at": "9:01am"}, "must have been received by now"),
        ({"tool": "unheard-of"}, "Choose the assessment tool"),
    ],
)
def test_starting_asks_for_what_is_missing(
    client: FlaskClient, session: Session, values: dict[str, str], words: str
) -> None:
    answer = fill_in(client, f"/children/{reference_of_child(session)}/assessments/new", values)
    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)
    assert session.scalars(select(Assessment)).all() == []


def test_the_moment_of_the_concern_is_kept_in_the_time_of_the_clocks(client: FlaskClient, session: Session) -> None:
    values = {"tool": "seraf", "concern_on": "1/7/2026", "concern_at": "2:05pm"}
    fill_in(client, f"/children/{reference_of_child(session)}/assessments/new", values)
    received_at = stored(session).concern_received_at
    assert received_at is not None
    assert received_at.isoformat() == "2026-07-01T13:05:00+00:00"


@pytest.mark.parametrize(
    ("role", "agency", "areas"),
    [
        (Role.COORDINATOR, "childrens-services", ["NW"]),
        (Role.REPRESENTATIVE, "police", ["NE"]),
        (Role.AUDITOR, "police", []),
    ],
)
def test_who_may_not_see_the_child_finds_nothing(
    app: Flask, client: FlaskClient, session: Session, role: Role, agency: str, areas: list[str]
) -> None:
    address = draft(client, session)
    child = stored(session).child_id
    add_account(session, "outsider", role, agency, areas)
    session.commit()
    reference = assessments_of(session, child)[0].reference
    session.close()
    outsider = browser(app, "outsider")
    for place in (address, f"{address}/section/about", f"{address}/check", f"{address}/discard"):
        text_of(outsider, place, 404)
    assert reference not in text_of(outsider, "/") if role is not Role.AUDITOR else True


def test_every_page_of_an_assessment_is_in_the_childs_trail(client: FlaskClient, session: Session) -> None:
    address = draft(client, session)
    for place in ("", "/section/about", "/check", "/discard"):
        text_of(client, f"{address}{place}")
    kinds = [event.kind for event in session.scalars(select(AuditEvent)) if event.child_id is not None]
    assert kinds.count("assessment_viewed") == 4


def test_no_title_of_a_window_names_the_child(client: FlaskClient, session: Session) -> None:
    address = draft(client, session)
    name = stored(session).child_name
    for place in ("", *(f"/section/{key}" for key in keys_of(SERAF)), "/check", "/discard"):
        page = text_of(client, f"{address}{place}")
        title = re.findall(r"<title>(.*?)</title>", page)
        assert name in page
        assert name not in title[0]


def test_the_date_of_birth_is_that_of_the_record_when_the_draft_is_saved(client: FlaskClient, session: Session) -> None:
    child = add_child(session, born=date(2011, 1, 5))
    assessment = fill_in_assessment(session, OPERATOR, child)
    child.born = date(2014, 1, 5)
    session.commit()
    address = f"/assessments/{assessment.reference}"
    session.close()
    save(client, address, "about", {"assessed_on": "23/11/2026", "learning_disability": "no"})
    assert stored(session).born == date(2014, 1, 5)
