"""An assessment is started from a referral: by the referrer, though the record be hidden, and by whoever triages."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.accounts.models import Account
from meetings_app.assessments.models import Assessment, AssessmentState
from meetings_app.assessments.queries import tool_of
from meetings_app.assessments.service import discard, finish
from meetings_app.db.session import act_for
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.partnership import load
from meetings_app.permissions import OPERATOR
from meetings_app.referrals.assessing import start_for
from meetings_app.referrals.models import Referral, ReferralState
from meetings_app.resources import folder
from tests.support.assessed import HIGH
from tests.support.assessments import fill_sections
from tests.support.browsing import browser, press, text_of
from tests.support.children import add_child
from tests.support.referrals import refer
from tests.support.world import NOW, TinyWorld, actor_for, tiny_world

PARTNERSHIP = load(folder("agendas"))
RECEIVED = NOW - timedelta(hours=21)
BUTTON = "Fill in an assessment for this referral"


@pytest.fixture
def people(session: Session) -> TinyWorld:
    """The people of the North East."""
    return tiny_world(session)


@pytest.fixture
def referral(session: Session, people: TinyWorld) -> Referral:
    """The referral of a child who is not on the list, made by the police, who do not see the record."""
    made = refer(
        session, add_child(session, "Testy McRecord"), by=actor_for(session, people.police), received_at=RECEIVED,
        awaiting_assessment=True,
    )  # fmt: skip
    made.child_name = "Testy McSaid"
    session.commit()
    return made


def started(session: Session, referral: Referral, account: Account) -> Assessment:
    """Start SERAF for the referral as somebody."""
    by = actor_for(session, account)
    act_for(session, by)
    return start_for(session, by, NOW, PARTNERSHIP, referral, "seraf")


def finish_it(session: Session, assessment: Assessment, account: Account) -> None:
    """Fill in and finish a draft."""
    by = actor_for(session, account)
    fill_sections(session, by, assessment, HIGH)
    finish(session, by, NOW, PARTNERSHIP, assessment, tool_of(session, assessment), assessment.version)
    session.commit()


def test_the_referrer_starts_one_about_the_child_as_they_know_them(
    app: Flask, session: Session, referral: Referral
) -> None:
    address, child_id = f"/referrals/{referral.reference}", referral.child_id
    client = browser(app, "police")
    assert BUTTON in text_of(client, address)
    answer = press(client, address, f"{address}/assessments", {"tool": "kent-medway"})
    act_for(session, OPERATOR)
    assessment = session.scalars(select(Assessment)).one()
    assert answer.headers["Location"] == f"/assessments/{assessment.reference}"
    assert (assessment.child_id, assessment.child_name) == (child_id, "Testy McSaid")
    assert (assessment.tool_code, assessment.concern_received_at) == ("kent-medway", RECEIVED)
    html = text_of(client, f"/assessments/{assessment.reference}")
    assert "Decide by 12pm on 23 November 2026: 3 hours left." in html
    assert "McRecord" not in html
    assert "draft, started 23 November 2026, 9am" in text_of(client, address)
    press(client, address, f"{address}/assessments", {"tool": "kent-medway"})
    assert len(session.scalars(select(Assessment)).all()) == 1, "the draft is gone on with"


def test_whoever_triages_starts_one_about_the_record(session: Session, referral: Referral, people: TinyWorld) -> None:
    assert started(session, referral, people.coordinator).child_name == "Testy McRecord"


@pytest.mark.parametrize("who", ["coordinator_nw", "education", "health"])
def test_nobody_else_starts_one(session: Session, referral: Referral, people: TinyWorld, who: str) -> None:
    with pytest.raises(NotFound):
        started(session, referral, getattr(people, who))


def test_nobody_starts_one_for_a_referral_that_is_ended(
    app: Flask, session: Session, referral: Referral, people: TinyWorld
) -> None:
    referral.state, address = ReferralState.TRANSFERRED, f"/referrals/{referral.reference}"
    session.commit()
    with pytest.raises(NotFound):
        started(session, referral, people.police)
    session.rollback()
    assert BUTTON not in text_of(browser(app, "police"), address)


def test_the_time_to_decide_runs_no_more_once_triage_has_decided(
    session: Session, referral: Referral, people: TinyWorld
) -> None:
    referral.state = ReferralState.ACCEPTED
    session.flush()
    assert started(session, referral, people.coordinator).concern_received_at is None


def test_a_tool_is_chosen(session: Session, referral: Referral, people: TinyWorld) -> None:
    by = actor_for(session, people.police)
    with pytest.raises(RuleBroken, match="Choose the assessment tool"):
        start_for(session, by, NOW, PARTNERSHIP, referral, "nonsense")


def test_a_draft_of_somebody_unseen_is_said_and_none_is_made_beside_it(
    session: Session, referral: Referral, people: TinyWorld
) -> None:
    started(session, referral, people.coordinator)
    with pytest.raises(DomainError, match="Somebody else fills in this tool"):
        started(session, referral, people.police)


def test_a_finished_assessment_ends_the_waiting_and_the_referral_keeps_its_age(
    app: Flask, session: Session, referral: Referral, people: TinyWorld
) -> None:
    address = f"/referrals/{referral.reference}"
    client = browser(app, "coordinator")
    for page in (address, "/referrals"):
        assert "Awaiting full assessment, 1 day" in text_of(client, page)
    act_for(session, OPERATOR)
    referral = session.scalars(select(Referral)).one()
    assessment = started(session, referral, people.police)
    reference = assessment.reference
    finish_it(session, assessment, people.police)
    for page in (address, "/referrals"):
        assert "Awaiting full assessment" not in text_of(client, page)
    html = text_of(client, address)
    assert "No longer awaited: it is finished" in html
    assert f'<a class="govuk-link" href="/assessments/{reference}">SERAF, {reference}</a>' in html
    assert "Category 4, significant risk, score 18, reads as high, 23 November 2026" in html
    assert "22 November 2026, 12pm (1 day ago)" in html


def test_the_referrer_who_may_not_open_an_assessment_is_told_that_it_is_finished_and_not_what_it_found(
    app: Flask, session: Session, referral: Referral, people: TinyWorld
) -> None:
    address = f"/referrals/{referral.reference}"
    assessment = started(session, referral, people.coordinator)
    reference = assessment.reference
    finish_it(session, assessment, people.coordinator)
    html = text_of(browser(app, "police"), address)
    assert f"SERAF, {reference}: finished, 23 November 2026" in html
    for word in ("Category 4", "score 18", "reads as high"):
        assert word not in html
    assert f"/assessments/{reference}" not in html
    text_of(browser(app, "police"), f"/assessments/{reference}", status=404)
    assert "Awaiting full assessment" not in text_of(browser(app, "police"), "/referrals?show=mine")


def test_a_discarded_draft_is_not_shown_and_another_may_be_started(
    app: Flask, session: Session, referral: Referral, people: TinyWorld
) -> None:
    address = f"/referrals/{referral.reference}"
    first = started(session, referral, people.police)
    discard(session, actor_for(session, people.police), NOW, first, "Invented.")
    second = started(session, referral, people.police)
    references = first.reference, second.reference
    assert second.state is AssessmentState.DRAFT
    session.commit()
    html = text_of(browser(app, "police"), address)
    assert [reference in html for reference in references] == [False, True]


def test_an_assessment_that_a_referral_carries_goes_on_with_it_and_nobody_decides_again(
    app: Flask, session: Session, referral: Referral, people: TinyWorld
) -> None:
    assessment = started(session, referral, people.police)
    fill_sections(session, actor_for(session, people.police), assessment, HIGH)
    address, carried = f"/assessments/{assessment.reference}", referral.reference
    session.commit()
    client = browser(app, "police")
    assert press(client, f"{address}/check", f"{address}/finish", {}).status_code == 302
    html = text_of(client, address)
    assert f"It goes on with referral {carried}." in html
    assert "Referred to the RMM" in html
    assert 'action="' + address + '/refer"' not in html
    assert "No decision is waited for." in text_of(client, "/assessments?show=decisions")
