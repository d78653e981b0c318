"""The queue and the page of a referral: who sees what, what is said, and what happens to two people at once."""

import inspect
import re
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.cse_list.models import EntryState
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR, Role
from meetings_app.referrals import forms, rules, service, views
from meetings_app.referrals.models import Referral, ReferralState
from meetings_app.resources import folder
from tests.support.browsing import browser, press, text_of
from tests.support.children import add_child, put_on_list
from tests.support.referrals import CONCERN, refer
from tests.support.world import actor_for, add_account, add_school, tiny_world

A = ReferralState


@dataclass(frozen=True)
class Waiting:
    """A referral that the police of the North East made, waiting for triage."""

    reference: str
    child_reference: str
    child_id: int

    @property
    def address(self) -> str:
        """Give where its page is."""
        return f"/referrals/{self.reference}"


@pytest.fixture
def waiting(session: Session) -> Waiting:
    """One referral of a child who is not on the list, made by the police representative."""
    world = tiny_world(session)
    child = add_child(session, "Zoë <Testy> O’Example 🦊")
    referral = refer(session, child, by=actor_for(session, world.police))
    made = Waiting(referral.reference, child.reference, child.key)
    session.commit()
    session.close()
    return made


def state_of(session: Session, waiting: Waiting) -> ReferralState:
    """Give where the referral stands in the database."""
    act_for(session, OPERATOR)
    session.expire_all()
    state = session.scalars(select(col(Referral.state)).where(col(Referral.reference) == waiting.reference)).one()
    session.rollback()
    return state


def test_the_coordinator_reads_what_was_said_word_for_word_and_the_trail_says_so(
    app: Flask, session: Session, waiting: Waiting
) -> None:
    page = text_of(browser(app, "coordinator"), waiting.address)
    assert "An adult waits outside the school &amp; gives &lt;presents&gt;." in page
    assert "<bdi>Zoë &lt;Testy&gt; O’Example 🦊</bdi>" in page
    assert f'href="/children/{waiting.child_reference}"' in page
    assert "Zoë" not in page.split("</title>")[0]
    events = session.execute(
        select(col(AuditEvent.kind), col(AuditEvent.facts)).where(col(AuditEvent.child_id) == waiting.child_id)
    ).all()
    assert ("referral_viewed", {"referral": waiting.reference}) in [tuple(event) for event in events]
    assert "child_viewed" in [event.kind for event in events]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("coordinator", 200), ("chair-cs", 200), ("chair-fs", 200), ("police", 200),
        ("education", 404), ("health", 404), ("coordinator-nw", 404),
    ],
)  # fmt: skip
def test_who_reads_a_referral_of_a_child_not_on_the_list(app: Flask, waiting: Waiting, who: str, status: int) -> None:
    client = browser(app, who)
    page = text_of(client, waiting.address, status)
    assert ("outside the school" in page) == (status == 200)
    assert (waiting.reference in text_of(client, "/referrals")) == (status == 200)


def test_a_school_does_not_read_what_others_said_of_its_pupil(app: Flask, session: Session) -> None:
    tiny_world(session)
    school = add_school(session, "TEST", "Testy Academy")
    add_account(session, "school", Role.SCHOOL, "education", ["NE"], school="TEST")
    entry = put_on_list(session, add_child(session, school_id=school.key))
    police = session.scalars(select(Account).where(col(Account.email).startswith("police"))).one()
    referral = refer(session, session.get_one(Child, entry.child_id), by=actor_for(session, police))
    reference = referral.reference
    session.commit()
    session.close()
    text_of(browser(app, "school"), f"/referrals/{reference}", 404)
    assert "outside the school" in text_of(browser(app, "health"), f"/referrals/{reference}")


def test_the_referrer_does_not_see_the_record_or_a_decision_form(app: Flask, waiting: Waiting) -> None:
    page = text_of(browser(app, "police"), waiting.address)
    assert waiting.child_reference not in page
    assert "Zoë &lt;Testy&gt;" in page
    assert "Save the decision" not in page
    assert "Waiting for a decision" in page


def test_no_further_action_is_offered_to_chairs_only(app: Flask, waiting: Waiting) -> None:
    assert 'value="no_further_action"' in text_of(browser(app, "chair-cs"), waiting.address)
    assert 'value="no_further_action"' not in text_of(browser(app, "coordinator"), waiting.address)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Choose what happens to the referral"),
        ({"outcome": "heard"}, "Choose what happens to the referral"),
        ({"outcome": "returned"}, "Enter what information is missing"),
        ({"outcome": "transferred", "reason": "Moved"}, "Enter the authority that takes the referral"),
        ({"outcome": "no_further_action", "reason": "Nothing in it"}, "Only a chair can decide no further action"),
        ({"outcome": "already_known", "reason": "New address"}, "Accept the referral"),
    ],
)
def test_a_decision_that_cannot_be_taken_says_why_and_changes_nothing(
    app: Flask, session: Session, waiting: Waiting, values: dict[str, str], said: str
) -> None:
    client = browser(app, "coordinator")
    answer = press(client, waiting.address, f"{waiting.address}/decision", values)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert said in page
    assert "There is a problem" in page
    assert values.get("reason", "") in page
    assert state_of(session, waiting) is A.RECEIVED


def test_a_representative_cannot_decide_by_sending_the_form(app: Flask, session: Session, waiting: Waiting) -> None:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text_of(browser(app, "police"), "/referrals/new"))
    assert token
    client = browser(app, "police")
    answer = client.post(
        f"{waiting.address}/decision", data={"csrf_token": token.group(1), "outcome": "accepted", "version": "1"}
    )
    assert answer.status_code in (400, 404)
    assert state_of(session, waiting) is A.RECEIVED


def test_two_coordinators_decide_the_second_is_told_and_loses_nothing(
    app: Flask, session: Session, waiting: Waiting
) -> None:
    coordinator, chair = browser(app, "coordinator"), browser(app, "chair-cs")
    opened = text_of(chair, waiting.address)
    form = f"{waiting.address}/decision"
    first = press(coordinator, waiting.address, form, {"outcome": "returned", "reason": "Who <saw> it?"})
    assert first.status_code == 302
    second = press(
        chair, waiting.address, form, {"outcome": "no_further_action", "reason": "Nothing & nobody"}, page=opened
    )  # fmt: skip
    page = second.get_data(as_text=True)
    assert second.status_code == 409
    assert "Who &lt;saw&gt; it?" in page
    assert page.count("Nothing &amp; nobody") >= 2, "beside the other text, and still in the form"
    assert state_of(session, waiting) is A.RETURNED
    again = press(chair, waiting.address, form, {"outcome": "accepted", "reason": "Nothing & nobody"}, page=page)
    assert again.status_code == 302
    assert state_of(session, waiting) is A.ACCEPTED


def test_what_is_decided_cannot_be_decided_again(app: Flask, session: Session, waiting: Waiting) -> None:
    client, form = browser(app, "chair-cs"), f"{waiting.address}/decision"
    press(client, waiting.address, form, {"outcome": "accepted", "reason": "Seen"})
    assert "Save the decision" not in text_of(client, waiting.address)
    other = browser(app, "chair-fs")
    page = text_of(other, "/referrals/new")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    answer = other.post(
        form, data={"csrf_token": token.group(1), "version": "2", "outcome": "returned", "reason": "Mine"}
    )
    assert answer.status_code == 409
    assert "Accepted for the next RMM" in answer.get_data(as_text=True)
    assert "Mine" in answer.get_data(as_text=True)
    assert state_of(session, waiting) is A.ACCEPTED


def test_a_decision_sent_twice_is_saved_once_and_leads_to_the_same_page(app: Flask, waiting: Waiting) -> None:
    client, form = browser(app, "coordinator"), f"{waiting.address}/decision"
    opened = text_of(client, waiting.address)
    answers = [press(client, waiting.address, form, {"outcome": "accepted"}, page=opened) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location == waiting.address


def test_a_returned_referral_is_answered_by_the_referrer_and_waits_again(
    app: Flask, session: Session, waiting: Waiting
) -> None:
    coordinator, police = browser(app, "coordinator"), browser(app, "police")
    press(coordinator, waiting.address, f"{waiting.address}/decision", {"outcome": "returned", "reason": "Who saw it?"})
    assert waiting.reference in text_of(police, "/referrals?show=to_answer")
    assert "Answer due by 30 November 2026" in text_of(police, waiting.address)
    empty = press(police, waiting.address, f"{waiting.address}/answer", {"text": " "})
    assert empty.status_code == 400
    assert "Enter the information that was asked for" in empty.get_data(as_text=True)
    sent = press(police, waiting.address, f"{waiting.address}/answer", {"text": "A neighbour & <friend>"})
    assert sent.status_code == 302
    page = text_of(coordinator, waiting.address)
    assert "Answered on 23 November 2026: A neighbour &amp; &lt;friend&gt;" in page
    assert "Asked on 23 November 2026: Who saw it?" in page
    assert state_of(session, waiting) is A.RECEIVED


def test_a_repeat_shows_the_earlier_ratings_and_why_the_child_left_the_list(app: Flask, session: Session) -> None:
    tiny_world(session)
    entry = put_on_list(session, add_child(session))
    entry.state, entry.closed_on, entry.next_meeting_id = EntryState.CLOSED, date(2026, 6, 1), None
    entry.closed_because = "Moved away from <those> adults"
    referral = refer(session, session.get_one(Child, entry.child_id))
    reference = referral.reference
    session.commit()
    session.close()
    client = browser(app, "chair-cs")
    page = text_of(client, f"/referrals/{reference}")
    for said in (
        "Repeat",
        "1 June 2026",
        "Moved away from &lt;those&gt; adults",
        "Earlier ratings",
        "An invented reason.",
    ):
        assert said in page
    assert 'value="no_further_action"' not in page
    assert "Repeat" in text_of(client, "/referrals")


def test_the_coordinator_moves_a_referral_to_the_record_of_a_child_known_elsewhere(
    app: Flask, session: Session
) -> None:
    tiny_world(session)
    known = add_child(session, "Testy Specimen", area="NW")
    referral = refer(session, add_child(session, "Testie Specimen"))
    known_id, other, address = known.key, known.reference, f"/referrals/{referral.reference}"
    session.commit()
    session.close()
    client = browser(app, "coordinator")
    page = text_of(client, address)
    assert "They have the same date of birth and names that sound alike." in page
    assert (
        known_id
        in session.scalars(select(col(AuditEvent.child_id)).where(col(AuditEvent.kind) == "child_viewed")).all()
    )
    session.close()
    wrong = press(client, address, f"{address}/same/{other}", {"resolution": "same", "reason": ""})
    assert wrong.status_code == 400
    assert "Enter how you know" in wrong.get_data(as_text=True)
    moved = press(client, address, f"{address}/same/{other}", {"resolution": "same", "reason": "One mother"})
    assert moved.location == "/referrals", "the referral is with the other area now"
    text_of(client, address, 404)
    assert other in text_of(browser(app, "coordinator-nw"), address)


def test_two_records_said_to_be_two_children_are_asked_about_no_more(app: Flask, session: Session) -> None:
    tiny_world(session)
    known = add_child(session, "Testy Specimen", area="NW")
    referral = refer(session, add_child(session, "Testie Specimen"))
    other, address = known.reference, f"/referrals/{referral.reference}"
    session.commit()
    session.close()
    client = browser(app, "coordinator")
    kept = press(client, address, f"{address}/same/{other}", {"resolution": "different", "reason": "Two schools"})
    assert kept.location == address
    assert other not in text_of(client, address).split("What was said")[1]


def test_the_queue_says_how_long_and_what_presses_and_filters(app: Flask, session: Session, waiting: Waiting) -> None:
    urgent = refer(session, urgent=True, awaiting_assessment=True).reference
    elsewhere = refer(session, add_child(session, area="NW")).reference
    session.commit()
    session.close()
    client = browser(app, "coordinator")
    page = text_of(client, "/referrals")
    assert page.index(urgent) < page.index(waiting.reference)
    assert elsewhere not in page
    for said in ("less than an hour", "Urgent", "Awaiting full assessment", "2 referrals"):
        assert said in page
    assert waiting.reference not in text_of(client, "/referrals?show=urgent")
    assert "No referral is waiting here" in text_of(client, "/referrals?show=decided")
    assert waiting.reference in text_of(client, "/referrals?show=nonsense&area=XX&after=R-NONE1")


def test_nothing_of_a_child_stands_in_an_address_of_these_pages(app: Flask, waiting: Waiting) -> None:
    page = text_of(browser(app, "coordinator"), waiting.address) + text_of(browser(app, "coordinator"), "/referrals")
    for address in re.findall(r'(?:href|action)="([^"]*)"', page):
        assert "Zo" not in address
        assert str(CONCERN[:8]) not in address


def test_the_words_of_these_pages_never_blame_the_child() -> None:
    pages = [path.read_text() for path in sorted(folder("templates").glob("referrals/*.html"))]
    assert len(pages) >= 7
    texts = " ".join([*pages, *(inspect.getsource(module) for module in (forms, rules, service, views))])
    assert "Enter the information that was asked for" in texts
    assert re.findall(r"(?i)\b(offender|subject|case|cases|lifestyle|risk-taking|promiscuous|victim)\b", texts) == []
