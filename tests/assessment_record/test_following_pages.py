"""After an assessment somebody decides, with a reason where no referral follows, and answers what the tool asks for."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.assessments import queries
from meetings_app.assessments.answering import FlagSaid, answer_flag, decline
from meetings_app.assessments.models import Assessment, AssessmentDecision, DecisionKind, FlagAnswer, FlagAnswerKind
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR, Role
from meetings_app.referrals.models import Referral, ReferralAssessment, ReferralState
from tests.support import documents
from tests.support.assessed import JUDGEMENT, Known, draft, known
from tests.support.browsing import browser, fill_in, press, text_of
from tests.support.children import add_child, child_of, put_on_list
from tests.support.referrals import refer
from tests.support.world import NOW, TinyWorld, actor_for, add_account, tiny_world

ANSWER = {"kind": "done", "happened_on": "20/11/2026", "who": "A. Manager", "text": "Invented: <no> reasonable cause."}


@pytest.fixture
def people(session: Session) -> TinyWorld:
    """The people of the North East."""
    return tiny_world(session)


@pytest.fixture
def made(session: Session, people: TinyWorld) -> Known:
    """The coordinator's assessment of a child who is not on the list; the concern came 21 hours ago."""
    return known(session, actor_for(session, people.coordinator), add_child(session, "Testy McChild"), hours_ago=21)


def decisions(session: Session) -> list[AssessmentDecision]:
    """Give every decision there is."""
    act_for(session, OPERATOR)
    session.expire_all()
    return list(session.scalars(select(AssessmentDecision)))


def test_the_page_says_what_follows_until_when_and_what_the_tool_asks_for(app: Flask, made: Known) -> None:
    html = text_of(browser(app, "coordinator"), made.address)
    assert "Decide by 12pm on 23 November 2026: 3 hours left." in html
    assert f">\n{JUDGEMENT}</textarea>" in html
    assert "Hold a strategy discussion, or record the team manager’s reason why not." in html
    assert html.count("To answer</strong>") == 2


def test_the_clock_runs_on_a_draft_as_well(app: Flask, session: Session, people: TinyWorld) -> None:
    started = draft(session, actor_for(session, people.coordinator), add_child(session), hours_ago=26)
    address = f"/assessments/{started.reference}"
    session.commit()
    assert "The time to decide ended 2 hours ago." in text_of(browser(app, "coordinator"), address)


def test_one_step_refers_the_child_with_the_assessment(app: Flask, session: Session, made: Known) -> None:
    client = browser(app, "coordinator")
    answer = press(client, made.address, f"{made.address}/refer", {"reason": "Invented <concern>.", "urgent": "y"})
    assert answer.status_code == 302
    [decision] = decisions(session)
    assert decision.kind is DecisionKind.REFERRED
    referral = session.scalars(select(Referral)).one()
    assert (referral.child_id, referral.reason, referral.urgent) == (made.child_id, "Invented <concern>.", True)
    assert (referral.tool, referral.state, referral.received_at) == ("seraf", ReferralState.RECEIVED, NOW)
    link = session.scalars(select(ReferralAssessment)).one()
    assert link.referral_id == referral.key
    html = text_of(client, made.address)
    assert "Referred to the RMM" in html
    assert f"referral {referral.reference}" in html
    assert "Decide by" not in html
    kinds = set(session.scalars(select(col(AuditEvent.kind)).where(col(AuditEvent.child_id) == made.child_id)))
    assert {"referral_made", "assessment_decided"} <= kinds


def test_a_referral_without_a_concern_keeps_what_was_typed_and_changes_nothing(
    app: Flask, session: Session, made: Known
) -> None:
    answer = press(
        browser(app, "coordinator"), made.address, f"{made.address}/refer", {"reason": " ", "urgent": "y"}
    )  # fmt: skip
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert '<a href="#reason">Enter what the concern is</a>' in html
    assert 'name="urgent" value="y" checked' in html
    assert decisions(session) == []


def test_a_child_on_the_list_is_referred_all_the_same(app: Flask, session: Session, people: TinyWorld) -> None:
    child = child_of(session, put_on_list(session))
    made = known(session, actor_for(session, people.coordinator), child)
    answer = press(browser(app, "coordinator"), made.address, f"{made.address}/refer", {"reason": "Invented."})
    assert answer.status_code == 302
    assert session.scalars(select(Referral)).one().state is ReferralState.RECEIVED


def test_no_referral_carries_its_reason(app: Flask, session: Session, made: Known) -> None:
    client, address = browser(app, "coordinator"), f"{made.address}/no-referral"
    for wrong, words in (({"kind": "no_referral", "reason": " "}, "Enter why no referral is made"),
                         ({"reason": "Invented."}, "Choose why no referral is made"),
                         ({"kind": "at_rmm", "reason": "Invented."}, "Choose why no referral is made"),
                         ({"kind": "referred", "reason": "Invented."}, "Choose why no referral is made")):  # fmt: skip
        answer = press(client, made.address, address, wrong)
        assert answer.status_code == 400
        assert words in answer.get_data(as_text=True)
    assert decisions(session) == []
    assert press(client, made.address, address, {"kind": "no_referral", "reason": "Invented & why."}).status_code == 302
    [decision] = decisions(session)
    assert (decision.kind, decision.reason) == (DecisionKind.NO_REFERRAL, "Invented & why.")
    html = text_of(client, made.address)
    assert "Invented &amp; why." in html
    assert "/no-referral" not in html


def test_at_the_rmm_already_is_offered_for_a_child_who_is_seen_on_the_list(
    app: Flask, session: Session, people: TinyWorld
) -> None:
    made = known(session, actor_for(session, people.coordinator), child_of(session, put_on_list(session)))
    values = {"kind": "at_rmm", "reason": "The review is next week."}
    answer = press(browser(app, "coordinator"), made.address, f"{made.address}/no-referral", values)
    assert answer.status_code == 302
    assert decisions(session)[0].kind is DecisionKind.AT_RMM


def test_whoever_assessed_a_child_of_a_hidden_record_refers_and_learns_nothing_of_it(
    app: Flask, session: Session, people: TinyWorld
) -> None:
    other = add_account(session, "other", Role.REPRESENTATIVE, "education", ["NW"])
    child = child_of(session, put_on_list(session, name="Testy McHidden"))
    made = known(session, actor_for(session, other), child, hidden=True)
    client = browser(app, "other")
    html = text_of(client, made.address)
    assert "Testy McSaid" in html
    assert "The RMM hears the child already" not in html, "whether the child is on the list is not theirs to know"
    answer = press(client, made.address, f"{made.address}/refer", {"reason": "Invented."})
    assert answer.status_code == 302
    referral = session.scalars(select(Referral)).one()
    assert (referral.child_id, referral.child_name) == (made.child_id, "Testy McSaid")
    shown = text_of(client, f"/referrals/{referral.reference}")
    assert "Testy McSaid" in shown
    assert "McHidden" not in shown


def test_whoever_assessed_a_child_of_a_hidden_record_does_not_read_what_others_wrote_on_it_later(
    app: Flask, session: Session, people: TinyWorld
) -> None:
    made = known(session, actor_for(session, people.police), add_child(session), hidden=True)
    by = actor_for(session, people.coordinator)
    act_for(session, by)
    assessment = queries.find_assessment(session, made.reference)
    assert assessment is not None
    for flag in queries.flags_of(session, assessment.key):
        said = FlagSaid(FlagAnswerKind.DONE, NOW.date(), "A. Manager", "Invented police intelligence.")
        answer_flag(session, by, NOW, assessment, flag, said)
    decline(session, by, NOW, assessment, 1, "Invented reason of the RMM.")
    session.commit()
    client = browser(app, "police")
    html = text_of(client, made.address)
    assert html.count("Answered</strong>") == 2
    words = documents.words_of(client.get(f"{made.address}/word").get_data())
    assert JUDGEMENT in html
    assert JUDGEMENT in words
    for page in (html, words):
        assert "Invented police intelligence." not in page
        assert "A. Manager" not in page
        assert "Invented reason of the RMM." not in page
    whole = text_of(browser(app, "coordinator"), made.address)
    assert "Invented police intelligence." in whole
    assert "Invented reason of the RMM." in whole


def test_decided_once_and_no_second_referral(app: Flask, session: Session, made: Known) -> None:
    client = browser(app, "coordinator")
    page = text_of(client, made.address)
    press(client, made.address, f"{made.address}/refer", {"reason": "Invented."}, page)
    text_of(client, made.address)
    again = press(
        client, made.address, f"{made.address}/no-referral", {"kind": "no_referral", "reason": "Invented."}, page
    )
    assert again.status_code == 400
    assert "decided already" in again.get_data(as_text=True)
    assert len(session.scalars(select(Referral)).all()) == 1


def test_an_assessment_that_a_referral_carries_goes_on_with_it(app: Flask, session: Session, made: Known) -> None:
    act_for(session, OPERATOR)
    assessment = session.scalars(select(Assessment)).one()
    waiting = refer(session, session.get_one(Child, made.child_id))
    session.add(ReferralAssessment(referral_id=waiting.key, assessment_id=assessment.key))
    reference = waiting.reference
    session.commit()
    client = browser(app, "coordinator")
    assert f"Referral {reference} carries this assessment already." in text_of(client, made.address)
    assert press(client, made.address, f"{made.address}/refer", {}).status_code == 302
    assert decisions(session)[0].kind is DecisionKind.REFERRED
    assert len(session.scalars(select(Referral)).all()) == 1


def test_a_flag_is_answered_and_says_who_and_when(app: Flask, session: Session, made: Known) -> None:
    client, address = browser(app, "coordinator"), f"{made.address}/flags/consider_for_list"
    wrong = fill_in(client, address, {**ANSWER, "who": "", "happened_on": "1/1/2027"})
    assert wrong.status_code == 400
    assert "Enter who took part, or the manager who decided" in wrong.get_data(as_text=True)
    assert 'value="1/1/2027"' in wrong.get_data(as_text=True)
    late = fill_in(client, address, {**ANSWER, "happened_on": "1/1/2027"})
    assert "The date must be today or in the past" in late.get_data(as_text=True)
    assert session.scalars(select(FlagAnswer)).all() == []
    assert fill_in(client, address, ANSWER).status_code == 302
    html = text_of(client, made.address)
    assert html.count("To answer</strong>") == html.count("Answered</strong>") == 1
    assert html.index("To answer</strong>") < html.index("Answered</strong>")
    assert "Invented: &lt;no&gt; reasonable cause." in html
    assert "Recorded 23 November 2026, 9am by <bdi>Testy McCoordinator</bdi>." in html
    assert fill_in(client, address, {**ANSWER, "kind": "not_done"}).status_code == 302
    assert text_of(client, made.address).count("A. Manager") == 2


@pytest.mark.parametrize("path", ["", "/flags/consider_for_list"])
def test_whoever_may_not_see_the_child_gets_no_page(app: Flask, made: Known, path: str) -> None:
    for person in ("coordinator-nw", "police"):
        text_of(browser(app, person), f"{made.address}{path}", status=404)


@pytest.mark.parametrize("path", ["refer", "no-referral", "flags/consider_for_list"])
def test_whoever_may_not_see_the_child_decides_nothing(app: Flask, session: Session, made: Known, path: str) -> None:
    client = browser(app, "coordinator-nw")
    page = text_of(client, "/referrals/new")
    values = {"kind": "no_referral", "reason": "Invented.", **ANSWER}
    token = {"csrf_token": page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]}
    answer = client.post(f"{made.address}/{path}", data={**values, **token})
    assert answer.status_code == 404
    assert decisions(session) == []


def test_a_draft_and_an_unknown_flag_have_no_such_pages(
    app: Flask, session: Session, made: Known, people: TinyWorld
) -> None:
    started = draft(session, actor_for(session, people.coordinator), add_child(session))
    address = f"/assessments/{started.reference}"
    session.commit()
    client = browser(app, "coordinator")
    text_of(client, f"{address}/flags/consider_for_list", status=404)
    text_of(client, f"{made.address}/flags/nonsense", status=404)


def test_the_clock_counts_from_the_concern_not_from_the_assessment(
    app: Flask, session: Session, people: TinyWorld
) -> None:
    by = actor_for(session, people.coordinator)
    exactly = known(session, by, add_child(session), hours_ago=24)
    over = known(session, by, add_child(session), hours_ago=24 + timedelta(seconds=1) / timedelta(hours=1))
    nobody_knows = known(session, by, add_child(session))
    client = browser(app, "coordinator")
    assert "less than a minute left" in text_of(client, exactly.address)
    assert "The time to decide ended" in text_of(client, over.address)
    html = text_of(client, nobody_knows.address)
    assert "Decide by" not in html
    assert "time to decide" not in html
