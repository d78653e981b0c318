"""Making a referral: search first, then the concern, then check the answers; nothing hidden is given away."""

import html
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child, PossibleDuplicate
from meetings_app.errors import DomainError
from meetings_app.permissions import OPERATOR
from meetings_app.referrals.models import Referral, ReferralState
from meetings_app.referrals.search import candidates
from meetings_app.referrals.service import ReferralDetails, make_referral
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, agency_id, child_of, put_on_list
from tests.support.meetings import office
from tests.support.world import NOW, tiny_world

SOMEBODY = {"name": "Testy McExample", "born": "5/1/2011"}
CONCERN = {
    "area": "NE",
    "reason": "An adult gives <presents> & asks for secrecy.\nSeen twice.",
    "urgent": "y",
    "tool": "seraf",
}


@pytest.fixture
def client(session: Session, app: Flask) -> FlaskClient:
    """A browser of the police representative of the North East."""
    tiny_world(session)
    session.close()
    return browser(app, "police")


def hidden_fields(page: str) -> dict[str, str]:
    """Give what the form of a page carries unseen, as a browser would send it."""
    found: dict[str, str] = {}
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', page.split("<main")[1]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name
        assert value
        found[name.group(1)] = html.unescape(value.group(1))
    return found


def step(client: FlaskClient, page: str, button: str, /, **typed: str) -> Any:
    """Send the form of a page by one of its buttons."""
    return client.post("/referrals/new", data={**hidden_fields(page), **typed, "step": button})


def walk(client: FlaskClient, child: dict[str, str], concern: dict[str, str], chosen: str | None = None) -> str:
    """Go through the steps up to the answers to be checked; gives that page."""
    page = step(client, text_of(client, "/referrals/new"), "search", **child).get_data(as_text=True)
    if chosen is not None:
        page = step(client, page, "match", child=chosen).get_data(as_text=True)
    answer = step(client, page, "details", **concern)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return str(answer.get_data(as_text=True))


def only_referral(session: Session) -> Referral:
    """Give the one referral there is."""
    return session.scalars(select(Referral)).one()


def test_a_referral_of_a_new_child_arrives_as_it_was_typed(client: FlaskClient, session: Session) -> None:
    check = walk(client, SOMEBODY, CONCERN)
    assert "An adult gives &lt;presents&gt; &amp; asks for secrecy." in check
    assert "5 January 2011" in check

    answer = step(client, check, "send")

    referral = only_referral(session)
    assert answer.status_code == 302
    assert answer.location == f"/referrals/{referral.reference}/sent"
    assert referral.reason == CONCERN["reason"]
    assert (referral.urgent, referral.tool, referral.awaiting_assessment) == (True, "seraf", False)
    assert (referral.state, referral.referrer_name) == (ReferralState.RECEIVED, "Testy McPolice")
    child = session.get_one(Child, referral.child_id)
    assert (child.name, child.born) == ("Testy McExample", date(2011, 1, 5))
    session.close()
    done = text_of(client, answer.location)
    assert referral.reference in done
    assert "What happens next" in done
    assert "Testy McExample" not in done


def test_a_form_sent_twice_makes_one_referral(client: FlaskClient, session: Session) -> None:
    check = walk(client, SOMEBODY, CONCERN)
    first, second = step(client, check, "send"), step(client, check, "send")
    assert first.location == second.location
    assert session.scalars(select(col(Referral.id))).one()
    assert session.scalars(select(col(Child.id))).one()


def test_what_was_typed_is_neither_in_an_address_nor_in_a_cookie(client: FlaskClient) -> None:
    page = step(client, text_of(client, "/referrals/new"), "search", **SOMEBODY)
    assert page.status_code == 200
    assert page.location is None
    assert "McExample" not in str(page.headers)
    with client.session_transaction() as cookie:
        assert "McExample" not in str(dict(cookie))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "", "born": "5/1/2011"}, "Enter the child’s full name"),
        ({"name": "Testy McExample", "born": ""}, "Enter the child’s date of birth"),
        ({"name": "Testy McExample", "born": "31/2/2011"}, "31/2/2011"),
        ({"name": "Testy McExample", "born": "24/11/2026"}, "The date of birth must be in the past"),
        ({"name": "Testy\u0007McExample", "born": "5/1/2011"}, "U+0007"),
    ],
)
def test_a_wrong_search_says_what_is_wrong_and_keeps_the_rest(
    client: FlaskClient, typed: dict[str, str], said: str
) -> None:
    answer = step(client, text_of(client, "/referrals/new"), "search", **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert said in page
    assert "There is a problem" in page
    assert f'value="{typed["born"]}"' in page


def test_a_concern_left_empty_is_asked_for_and_nothing_else_is_lost(client: FlaskClient, session: Session) -> None:
    page = step(client, text_of(client, "/referrals/new"), "search", **SOMEBODY).get_data(as_text=True)
    answer = step(client, page, "details", area="NE", reason="", gender="girl")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Enter what the concern is" in page
    assert 'value="girl"' in page
    assert hidden_fields(page)["name"] == "Testy McExample"
    assert session.scalars(select(Referral)).all() == []


def test_answers_can_be_changed_before_sending(client: FlaskClient, session: Session) -> None:
    check = walk(client, SOMEBODY, CONCERN)
    page = step(client, check, "change_details").get_data(as_text=True)
    assert "asks for secrecy" in page
    check = step(client, page, "details", **{**CONCERN, "reason": "Said differently"}).get_data(as_text=True)
    page = step(client, check, "change_child").get_data(as_text=True)
    assert 'value="Testy McExample"' in page
    page = step(client, page, "search", name="Testy Specimen", born="5/1/2011").get_data(as_text=True)
    check = step(client, page, "details", **{**CONCERN, "reason": "Said differently"}).get_data(as_text=True)
    assert step(client, check, "send").status_code == 302
    referral = only_referral(session)
    assert referral.reason == "Said differently"
    assert referral.child_name == "Testy Specimen"


@pytest.mark.parametrize(
    ("name", "born"),
    [("Testy McExample", "5/1/2011"), ("Testie MacExample", "5/1/2011"), ("Testy McExample", "1/5/2011")],
)
def test_a_child_on_the_list_is_found_by_sound_and_near_date_and_chosen(
    client: FlaskClient, session: Session, name: str, born: str
) -> None:
    entry = put_on_list(session, add_child(session, "Testy McExample"))
    reference = session.get_one(Child, entry.child_id).reference
    session.commit()
    session.close()
    found = step(client, text_of(client, "/referrals/new"), "search", name=name, born=born)
    assert reference in found.get_data(as_text=True)
    page = step(client, found.get_data(as_text=True), "match", child=reference).get_data(as_text=True)
    assert "Area where the child lives" not in page
    check = step(client, page, "details", reason="Seen again").get_data(as_text=True)
    assert step(client, check, "send").status_code == 302
    assert only_referral(session).child_id == entry.child_id
    assert len(session.scalars(select(Child)).all()) == 1


def test_a_record_that_points_on_and_on_is_offered_as_the_last_one_and_takes_no_referral_itself(
    client: FlaskClient, session: Session
) -> None:
    first, second = (add_child(session, f"Testy McOther {number}", born=date(2008, 3, 1)) for number in range(2))
    last = child_of(session, put_on_list(session, add_child(session, "Testy McExample")))
    first.merged_into_id, second.merged_into_id = second.key, last.key
    session.flush()
    assert [match.child.reference for match in candidates(session, "", date(2001, 1, 1), first.reference)] == [
        last.reference
    ]
    details = ReferralDetails(agency_id(session, "police"), "Testy McReferrer", "An invented reason.")
    with pytest.raises(DomainError, match="points to another record"):
        make_referral(session, OPERATOR, NOW, office(), second, details)


def test_the_choice_between_the_children_found_must_be_made(client: FlaskClient, session: Session) -> None:
    put_on_list(session, add_child(session, "Testy McExample"))
    session.commit()
    session.close()
    page = step(client, text_of(client, "/referrals/new"), "search", **SOMEBODY).get_data(as_text=True)
    answer = step(client, page, "match")
    assert answer.status_code == 400
    assert "Choose the child, or say that it is none of these" in answer.get_data(as_text=True)


def test_a_hidden_child_leaves_no_trace_for_the_referrer_and_a_question_for_the_coordinator(
    client: FlaskClient, session: Session, app: Flask
) -> None:
    hidden = add_child(session, "Testy McExample", area="NW", external_reference="SYS-1")
    hidden_id, hidden_reference = hidden.key, hidden.reference
    session.commit()
    session.close()
    check = walk(client, {**SOMEBODY, "external_reference": "SYS-1"}, CONCERN)
    assert hidden_reference not in check
    sent = step(client, check, "send")
    assert sent.status_code == 302, "a hidden record with the same reference must not be betrayed by a refusal"
    referral = only_referral(session)
    pair = session.scalars(select(PossibleDuplicate)).one()
    assert (pair.child_id, pair.other_id, pair.resolution) == (referral.child_id, hidden_id, None)
    reference = referral.reference
    session.close()
    for page in (sent.location, f"/referrals/{reference}", "/referrals"):
        assert hidden_reference not in text_of(client, page)
    assert hidden_reference in text_of(browser(app, "coordinator"), f"/referrals/{reference}")


def test_a_reference_held_by_a_hidden_child_of_another_name_is_taken_and_compared(
    client: FlaskClient, session: Session
) -> None:
    hidden = add_child(session, "Quite Different", area="NW", born=date(2012, 2, 2), external_reference="SYS-1")
    hidden_id = hidden.key
    session.commit()
    session.close()
    check = walk(client, {**SOMEBODY, "external_reference": "SYS-1"}, CONCERN)
    assert step(client, check, "send").status_code == 302
    pair = session.scalars(select(PossibleDuplicate)).one()
    assert pair.other_id == hidden_id
    assert pair.why == "the same reference in the other system"


def test_a_representative_refers_for_their_own_agency_and_a_coordinator_for_any(
    client: FlaskClient, session: Session, app: Flask
) -> None:
    check = walk(client, SOMEBODY, {**CONCERN, "agency": "health", "referrer_name": "Somebody Else"})
    assert "Testy McPolice, Police" in check
    coordinator = browser(app, "coordinator")
    check = walk(coordinator, {"name": "Testy Specimen", "born": "7/7/2012"},
                 {**CONCERN, "agency": "health", "referrer_name": "Nurse Invented"})  # fmt: skip
    assert step(coordinator, check, "send").status_code == 302
    assert only_referral(session).referrer_name == "Nurse Invented"


@pytest.mark.parametrize(
    "name", ["Zoë O’Example-Testy", "تجربة مثال", "Testy 🦊 McExample", "Test\u200bChild", "A & <b>B</b>"]
)
def test_names_of_every_kind_arrive_as_they_are(client: FlaskClient, session: Session, name: str) -> None:
    check = walk(client, {"name": name, "born": "5/1/2011"}, CONCERN)
    assert step(client, check, "send").status_code == 302
    referral = only_referral(session)
    assert session.get_one(Child, referral.child_id).name == name
    reference = referral.reference
    session.close()
    assert "<b>B</b>" not in text_of(client, f"/referrals/{reference}")
