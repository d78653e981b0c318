"""A change about a child who has moved to another authority comes to no agenda: it is work until somebody decides."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from meetings_app.audit.models import AuditEvent
from meetings_app.child_record import leaving
from meetings_app.child_record.leaving_rules import Acknowledgement, Transfer
from meetings_app.children.models import Child
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.meetings.drafting import draft_of
from meetings_app.permissions import OPERATOR
from meetings_app.referrals.after_leaving import answer_change, find_unanswered
from meetings_app.referrals.models import ChangeAnswer, ChangeAnswerKind, ChangeInCircumstances, ChangeKind, Referral
from meetings_app.referrals.service import report_change
from tests.support.browsing import browser, fill_in, text_of
from tests.support.rmm import OFFICE, Rmm, due, rmm
from tests.support.world import NOW, actor_for

BEFORE, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
REFERRED, PASSED_ON, NOTHING = ChangeAnswerKind


@pytest.fixture
def day(session: Session) -> Rmm:
    return rmm(session)


@pytest.fixture
def gone(day: Rmm) -> Child:
    """A child who was transferred; one change was reported before that and went along."""
    session, child = day.session, due(day.session)
    report_change(session, OPERATOR, BEFORE, child, ChangeKind.INCIDENT, NOW.date(), "Left behind, as invented.")
    there = Transfer("Invented Borough", "Testy McContact", "Invented.")
    row = leaving.begin_transfer(session, day.act("chair_cs"), BEFORE, OFFICE, child, there)
    said = Acknowledgement("Testy McReceiver", NOW.date())
    leaving.acknowledge(session, day.act("chair_fs"), BEFORE, OFFICE, row, row.version, said)
    day.operator()
    return child


def reported(day: Rmm, child: Child) -> ChangeInCircumstances:
    day.operator()
    return report_change(
        day.session, OPERATOR, LATER, child, ChangeKind.DISCLOSURE, NOW.date(), "Told <since>, as invented."
    )  # fmt: skip


def test_it_is_on_no_agenda_and_on_the_home_pages_until_the_child_is_referred_again(
    app: Flask, day: Rmm, gone: Child
) -> None:
    session, reference, meeting = day.session, gone.reference, day.meeting
    session.commit()
    client = browser(app, "coordinator")
    assert "change about a child who is no longer listed" not in text_of(client, "/")
    said = fill_in(
        client, f"/children/{reference}/change",
        {"kind": "disclosure", "happened_on": "22/11/2026", "text": "Told <since>, as invented."},
    )  # fmt: skip
    assert "the coordinator decides what follows" in client.get(said.location).get_data(as_text=True)
    day.operator()
    assert reference not in {item.child for item in draft_of(session, meeting, OFFICE.partnership, NOW).items}
    session.commit()
    for who in ("coordinator", "chair-cs"):
        assert "change about a child who is no longer listed" in text_of(browser(app, who), "/")
    rows = text_of(client, "/waiting/changes")
    assert rows.count(f'<span class="app-child__reference">{reference}</span>') == 1, "what was left behind went along"
    address = rows.split(f'href="/children/{reference}/changes/')[1].split('"')[0]
    answer_at = f"/children/{reference}/changes/{address}"
    page = text_of(client, answer_at)
    for told in ("Told &lt;since&gt;, as invented.", "transferred to Invented Borough", "Only a chair decides"):
        assert told in page
    assert 'value="no_further_action"' not in page
    assert 'value="no_further_action"' in text_of(browser(app, "chair-cs"), answer_at)
    for who in ("police", "coordinator-nw"):
        assert browser(app, who).get(answer_at).status_code == 404
    assert fill_in(client, answer_at, {"kind": "no_further_action", "text": "Invented."}).status_code == 400
    assert fill_in(client, answer_at, {"kind": "referred_again", "text": "Back here, as invented."}).status_code == 302
    referral = session.scalars(select(Referral)).one()
    assert (referral.child_id, referral.repeat) == (gone.key, True)
    assert referral.reason == "Back here, as invented.\n\nTold <since>, as invented."
    assert reference not in text_of(client, "/waiting/changes")
    assert client.get(answer_at).status_code == 404
    assert "after leaving the list: referred again" in text_of(client, f"/children/{reference}")


@pytest.mark.parametrize(("kind", "who"), [(PASSED_ON, "coordinator"), (NOTHING, "chair_cs")])
def test_it_is_answered_once_with_the_reason_and_stands_in_the_trail(
    day: Rmm, gone: Child, kind: ChangeAnswerKind, who: str
) -> None:
    session, change = day.session, reported(day, gone)
    session.commit()
    change_id = change.key
    with pytest.raises(RuleBroken):
        answer_change(session, day.act(who), LATER, OFFICE, gone, change_id, kind, " ")
    with pytest.raises(NotFound):
        answer_change(session, actor_for(session, day.world.police), LATER, OFFICE, gone, change_id, kind, "Invented.")
    answer_change(session, day.act(who), LATER, OFFICE, gone, change_id, kind, "Told Testy McContact, as invented.")
    assert find_unanswered(session, gone.key, change_id) is None
    with pytest.raises(DomainError, match="decided on this change already"):
        answer_change(session, day.act(who), LATER, OFFICE, gone, change_id, kind, "Again.")
    session.commit()
    last = session.scalars(select(AuditEvent).order_by(sa.desc("id")).limit(1)).one()
    assert (last.kind, last.child_id, last.facts) == ("change_answered", gone.key, {"answer": kind.value})
    for harm in ("UPDATE change_answer SET text = 'Other'", "DELETE FROM change_answer"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(sa.text(harm))
    assert session.scalars(select(ChangeAnswer)).one().text == "Told Testy McContact, as invented."


def test_after_a_death_there_is_no_other_authority_to_tell(app: Flask, day: Rmm) -> None:
    session, child = day.session, due(day.session)
    row = leaving.begin_death(session, day.act("chair_cs"), BEFORE, OFFICE, child, "Told by the hospital, invented.")
    leaving.agree(session, day.act("chair_fs"), BEFORE, OFFICE, row, row.version)
    answer_at = f"/children/{child.reference}/changes/{reported(day, child).key}/answer"
    session.commit()
    chair = browser(app, "chair-cs")
    page = text_of(chair, answer_at)
    assert "that the child has died" in page
    assert "The death was recorded by mistake" in page
    assert "other authority" not in page
    assert fill_in(chair, answer_at, {"kind": "passed_on", "text": "Invented."}).status_code == 400
    assert fill_in(chair, answer_at, {"kind": "no_further_action", "text": "Invented."}).status_code == 302


def test_after_a_death_the_page_asks_for_no_step_because_of_the_age(app: Flask, day: Rmm) -> None:
    session, child = day.session, due(day.session, born=date(2009, 5, 1))
    session.commit()
    chair, asked = browser(app, "chair-cs"), ("Name the contact", "Record the decision", "Because of the child’s age")
    page = text_of(chair, f"/children/{child.reference}")
    assert [words in page for words in asked] == [True] * len(asked)
    row = leaving.begin_death(session, day.act("chair_cs"), BEFORE, OFFICE, child, "Told by the hospital, invented.")
    leaving.agree(session, day.act("chair_fs"), BEFORE, OFFICE, row, row.version)
    session.commit()
    page = text_of(chair, f"/children/{child.reference}")
    assert [words in page for words in asked] == [False] * len(asked)


def test_only_a_chair_decides_that_nothing_follows(day: Rmm, gone: Child) -> None:
    change = reported(day, gone)
    with pytest.raises(NotFound):
        answer_change(day.session, day.act("coordinator"), LATER, OFFICE, gone, change.key, NOTHING, "Invented.")


def test_a_change_about_a_listed_child_is_the_meetings(day: Rmm) -> None:
    child = due(day.session)
    change = reported(day, child)
    assert find_unanswered(day.session, child.key, change.key) is None
    with pytest.raises(DomainError):
        answer_change(day.session, day.act("chair_cs"), LATER, OFFICE, child, change.key, PASSED_ON, "Invented.")
