"""The work page shows what waits in assessments, longest first, to whoever may see it, and each count is its rows."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.assessment_record import work
from meetings_app.assessment_record.work import Moment, Show, WorkView
from meetings_app.assessments import answering, queries
from meetings_app.assessments.answering import FlagSaid
from meetings_app.assessments.models import Assessment, DecisionKind, FlagAnswerKind
from meetings_app.assessments.service import discard
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.db.session import act_for
from meetings_app.meetings.reassessments import clocks_of
from meetings_app.partnership import load
from meetings_app.permissions import OPERATOR, Actor, Role
from meetings_app.resources import folder
from tests.support.assessed import draft, known
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, child_of, put_on_list
from tests.support.world import NOW, TinyWorld, actor_for, add_account, tiny_world

PARTNERSHIP = load(folder("agendas"))


@pytest.fixture
def people(session: Session) -> TinyWorld:
    """The people of the North East."""
    return tiny_world(session)


@pytest.fixture
def by(session: Session, people: TinyWorld) -> Actor:
    """The coordinator of the North East."""
    return actor_for(session, people.coordinator)


def titles(client: FlaskClient, address: str) -> list[str]:
    """Give the head of each row of a page, following its pages to the end."""
    found: list[str] = []
    while address:
        html = text_of(client, address)
        found += re.findall(r'<th scope="row"><a[^>]*>([^<]+)<', html)
        following = re.search(r'href="([^"]+)" rel="next"', html)
        address = following.group(1).replace("&amp;", "&") if following else ""
    return found


def count(session: Session, by: Actor, view: WorkView) -> int:
    """Count as the home page does."""
    act_for(session, by)
    moment = Moment(NOW, clocks_of(session, NOW.date(), PARTNERSHIP), 24)
    return session.scalar(select(work.count_of(by, view, moment))) or 0


@pytest.mark.parametrize(
    ("show", "words"),
    [
        ("drafts", "You have no draft."), ("decisions", "No decision is waited for."),
        ("flags", "Nothing that an assessment asks for is open."), ("nonsense", "You have no draft."),
        ("due", "No child on the list is due to be assessed."),
    ],
)  # fmt: skip
def test_nothing_to_do_is_said_in_plain_words(app: Flask, people: TinyWorld, show: str, words: str) -> None:
    assert words in text_of(browser(app, "coordinator"), f"/assessments?show={show}")


def test_each_has_their_own_drafts_and_nobody_elses(app: Flask, session: Session, by: Actor) -> None:
    child = add_child(session)
    own = draft(session, by, child)
    gone = draft(session, by, child)
    discard(session, by, NOW, gone, "Invented.")
    reference = own.reference
    session.commit()
    assert titles(browser(app, "coordinator"), "/assessments") == [f"SERAF, {reference}"]
    assert titles(browser(app, "chair-cs"), "/assessments") == []


def test_decisions_that_wait_stand_with_their_clock_and_drafts_are_among_them(
    app: Flask, session: Session, by: Actor
) -> None:
    over = known(session, by, add_child(session), hours_ago=24.5)
    exactly = known(session, by, add_child(session), hours_ago=24)
    begun = draft(session, by, add_child(session), hours_ago=2).reference
    decided = known(session, by, add_child(session), hours_ago=30)
    unhurried = known(session, by, add_child(session))
    listed = put_on_list(session)
    known(session, by, child_of(session, listed))
    assessment = queries.find_assessment(session, decided.reference)
    assert assessment is not None
    answering.decide(session, by, NOW, assessment, DecisionKind.NO_REFERRAL, "Invented.")
    session.commit()
    client = browser(app, "chair-cs")
    assert titles(client, "/assessments?show=decisions") == [
        f"SERAF, {reference}" for reference in (over.reference, exactly.reference, begun, unhurried.reference)
    ]
    html = text_of(client, "/assessments?show=decisions")
    assert html.count('<tr class="app-row--late">') == 1
    assert "The time to decide ended 30 minutes ago" in html
    assert "Decide by 7am on 24 November 2026: 22 hours left" in html
    assert count(session, by, WorkView(Show.DECISIONS)) == 4
    assert titles(client, "/assessments?show=decisions&whose=mine") == []


def test_what_was_assessed_before_a_stay_on_the_list_ended_does_not_wait_again_once_it_has(
    app: Flask, session: Session, by: Actor
) -> None:
    entry = put_on_list(session)
    child = child_of(session, entry)
    known(session, by, child, now=NOW - timedelta(days=1))
    entry = session.get_one(ListEntry, entry.key)
    entry.state, entry.closed_on = EntryState.CLOSED, NOW.date()
    session.commit()
    assert titles(browser(app, "coordinator"), "/assessments?show=decisions") == []
    after = known(session, by, session.get_one(Child, child.key))
    assert titles(browser(app, "coordinator"), "/assessments?show=decisions") == [f"SERAF, {after.reference}"]


def test_open_flags_lead_to_where_they_are_answered_and_go_once_they_are(
    app: Flask, session: Session, by: Actor
) -> None:
    made = known(session, by, add_child(session))
    client = browser(app, "coordinator")
    html = text_of(client, "/assessments?show=flags&whose=mine")
    assert f'href="{made.address}/flags/consider_for_list"' in html
    assert "Consider whether the child belongs on the CSE list." in html
    assert count(session, by, WorkView(Show.FLAGS)) == 2
    assessment = queries.find_assessment(session, made.reference)
    assert assessment is not None
    [flag, _other] = queries.flags_of(session, assessment.key)
    said = FlagSaid(FlagAnswerKind.DONE, NOW.date(), "A. Manager", "Invented.")
    answering.answer_flag(session, by, NOW, assessment, flag, said)
    session.commit()
    assert len(titles(client, "/assessments?show=flags")) == 1


def test_who_is_due_stands_with_the_reason_and_the_trail_says_who_was_shown(
    app: Flask, session: Session, by: Actor
) -> None:
    child = child_of(session, put_on_list(session, name="Testy McDue"))
    known(session, OPERATOR, child, now=NOW - timedelta(days=85))
    key, reference = child.key, child.reference
    session.commit()
    html = text_of(browser(app, "coordinator"), "/assessments?show=due")
    assert "Testy McDue" in html
    assert "Last assessed on 30 August 2026" in html
    assert "Overdue since 22 November 2026" in html
    assert f'href="/children/{reference}/assessments/new"' in html
    act_for(session, OPERATOR)
    [facts] = session.scalars(select(col(AuditEvent.facts)).where(col(AuditEvent.kind) == "assessments_viewed"))
    assert facts == {"shown": 1, "children": [key]}


@pytest.mark.parametrize("show", list(Show))
def test_the_pages_hold_every_row_once_and_the_count_is_theirs(
    app: Flask, session: Session, people: TinyWorld, by: Actor, show: Show
) -> None:
    for number in range(work.PAGE + 3):
        child = child_of(session, put_on_list(session)) if show is Show.DUE else add_child(session)
        if show in (Show.DRAFTS, Show.DECISIONS):
            draft(session, by, child, hours_ago=number // 2)
        elif show is Show.FLAGS and number % 2:
            known(session, by, child)
    session.commit()
    found = count(session, by, WorkView(show))
    session.rollback()
    rows = titles(browser(app, "coordinator"), f"/assessments?show={show.value}")
    assert len(rows) == found > work.PAGE
    if show is not Show.FLAGS:
        assert len(set(rows)) == found


@pytest.mark.parametrize(
    "after",
    [
        "", "nonsense", "2026-11-23", "~", "2026-11-23~x", "2026-11-23T09:00:00~0",
        "2026-11-23T09:00:00~9223372036854775808",
    ],
)  # fmt: skip
def test_an_address_that_names_no_place_begins_at_the_first_row(
    app: Flask, session: Session, by: Actor, after: str
) -> None:
    draft(session, by, add_child(session))
    session.commit()
    assert len(titles(browser(app, "coordinator"), f"/assessments?after={after}")) == 1


def test_nobody_is_shown_the_work_of_another_area_and_a_hidden_child_has_the_name_that_was_said(
    app: Flask, session: Session, people: TinyWorld, by: Actor
) -> None:
    hidden = add_child(session, "Testy McHidden")
    hidden_id = hidden.key
    known(session, by, hidden, hours_ago=1)
    known(session, actor_for(session, people.coordinator_nw), hidden, hours_ago=1, hidden=True)
    other = browser(app, "coordinator-nw")
    for show in Show:
        assert "McHidden" not in text_of(other, f"/assessments?show={show.value}")
    html = text_of(other, "/assessments?show=decisions")
    assert "Testy McSaid" in html
    assert "/children/" not in html
    act_for(session, OPERATOR)
    shown = session.scalars(select(col(AuditEvent.facts)).where(col(AuditEvent.kind) == "assessments_viewed")).all()
    assert {"shown": 1, "children": [hidden_id]} in shown, "whom the person named stands in the trail, hidden or not"
    assert len(session.scalars(select(Assessment)).all()) == 2


@pytest.mark.parametrize("role", [Role.LIST_HOLDER, Role.ANALYST, Role.ADMINISTRATOR, Role.AUDITOR])
def test_whoever_uses_no_tool_has_no_such_page_and_no_link_to_it(app: Flask, session: Session, role: Role) -> None:
    add_account(session, "person", role, "childrens-services", ["NE"] if role is Role.LIST_HOLDER else [])
    session.commit()
    client = browser(app, "person")
    text_of(client, "/assessments", status=404)
    assert 'href="/assessments"' not in text_of(client, "/")


def test_whoever_may_assess_has_the_link(app: Flask, people: TinyWorld) -> None:
    assert 'href="/assessments"' in text_of(browser(app, "police"), "/")
