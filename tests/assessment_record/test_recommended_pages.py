"""What an assessment recommends on its page and on the child's: taken up with a person and a date, or declined."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.actions.models import Action, ActionState
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.permissions import Role
from tests.support.assessments import SERAF, codes_of, finished, ticked
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import add_child, put_on_list
from tests.support.world import actor_for, add_account, tiny_world

FIRST, LAST = SERAF.category(4).actions[0], SERAF.category(4).actions[-1]
TICKS = ticked(codes_of(SERAF, "significant")[:4])


Made = tuple[str, str, dict[str, str]]


@pytest.fixture
def made(session: Session) -> Made:
    """Reference of a SERAF of category 4, of its child, who is on the list of the North East, and people's ids."""
    world = tiny_world(session)
    lead = add_account(session, "lead", Role.LEAD_PROFESSIONAL, "health", ["NE"])
    add_account(session, "police-nw", Role.REPRESENTATIVE, "police", ["NW"])
    entry = put_on_list(session, lead="childrens-services")
    child = session.get_one(Child, entry.child_id)
    child.lead_professional_id = lead.key
    assessment = finished(session, actor_for(session, world.coordinator), child, ticks=TICKS)
    people = {account.email.split("@")[0]: str(account.key) for account in session.scalars(select(Account))}
    references = assessment.reference, child.reference, people
    session.commit()
    session.close()
    return references


def given(session: Session) -> list[Action]:
    return list(session.scalars(select(Action).order_by(col(Action.id))))


def asked(made: Made, **other: str) -> dict[str, str]:
    values = {"what": "Tell the social worker, as invented.", "owner": made[2]["chair-cs"]}
    return {**values, "due_on": "25/11/2026", **other}


def test_the_page_offers_what_the_category_recommends(app: Flask, session: Session, made: Made) -> None:
    page = text_of(browser(app, "coordinator"), f"/assessments/{made[0]}")
    for number, action in enumerate(SERAF.category(4).actions, start=1):
        assert action.text in page
        assert f'href="/assessments/{made[0]}/actions/{number}"' in page
    assert "Police" in page


def test_a_recommended_action_is_taken_up_with_its_text_filled_in(app: Flask, session: Session, made: Made) -> None:
    client, address = browser(app, "coordinator"), f"/assessments/{made[0]}/actions/1"
    form = text_of(client, address)
    assert f">\n{FIRST.text}</textarea>" in form
    assert 'value="24/11/2026"' in form, "a day after the assessment"
    assert made[1] not in re.search(r"<title>.*?</title>", form).group()  # type: ignore[union-attr]
    answer = fill_in(client, address, asked(made))
    assert answer.status_code == 302
    assert answer.location == f"/assessments/{made[0]}#recommended"
    [action] = given(session)
    assert (action.state, action.what, action.meeting_id) == (
        ActionState.OPEN, "Tell the social worker, as invented.", None,
    )  # fmt: skip
    page = text_of(client, f"/assessments/{made[0]}")
    assert f'<a class="govuk-link" href="/actions/{action.reference}">{action.reference}</a>: open' in page
    assert f"/assessments/{made[0]}/actions/1" not in page
    shown = text_of(client, f"/actions/{action.reference}")
    assert f'<a class="govuk-link" href="/assessments/{made[0]}">Assessment {made[0]}</a>' in shown
    assert "An RMM of" not in shown
    answered = text_of(client, address)
    assert "Taken up" in answered
    assert "<textarea" not in answered


def test_people_of_the_recommended_agency_come_first(app: Flask, session: Session, made: Made) -> None:
    form = text_of(browser(app, "coordinator"), f"/assessments/{made[0]}/actions/{len(SERAF.category(4).actions)}")
    assert LAST.agency == "health"
    agencies = re.findall(r"<option[^>]*>[^<]*, ([^<]+)</option>", form)
    assert agencies[:2] == ["Health", "Health"], "the lead professional and the representative"
    assert len(agencies) > 4
    assert "Health" not in agencies[2:]
    assert "Health comes first." in form
    nobody = text_of(browser(app, "coordinator"), f"/assessments/{made[0]}/actions/6")
    assert "Nobody of Specialist service may see the child’s record." in nobody


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("due_on", "22/11/2026", "The date must be today or later"),
        ("due_on", "", "Enter the date by which it is done"),
        ("owner", "", "Choose who does it"),
        ("what", " ", "Enter what is to be done"),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_changes_nothing(
    app: Flask, session: Session, made: Made, field: str, typed: str, message: str
) -> None:
    answer = fill_in(browser(app, "coordinator"), f"/assessments/{made[0]}/actions/1", asked(made, **{field: typed}))
    assert answer.status_code == 400
    assert re.search(rf'id="{field}-error"[^>]*>.*{message}', answer.text)
    if field != "what":
        assert "Tell the social worker, as invented." in answer.text, "what was typed is kept"
    assert given(session) == []


def test_nobody_who_may_not_see_the_child_becomes_owner(app: Flask, session: Session, made: Made) -> None:
    stranger = asked(made, owner=made[2]["police-nw"])
    answer = fill_in(browser(app, "coordinator"), f"/assessments/{made[0]}/actions/4", stranger)
    assert answer.status_code == 400
    assert given(session) == []


def test_the_same_is_not_taken_up_twice_and_the_second_is_told(app: Flask, session: Session, made: Made) -> None:
    address = f"/assessments/{made[0]}/actions/1"
    first, second = browser(app, "coordinator"), browser(app, "chair-fs")
    opened = text_of(second, address)
    hidden = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*type="hidden"[^>]*value="([^"]*)"', opened))
    assert fill_in(first, address, asked(made)).status_code == 302
    answer = second.post(address, data={**hidden, **asked(made)})
    assert answer.status_code == 400
    assert "taken up already" in answer.text
    assert len(given(session)) == 1


def test_it_is_declined_with_a_reason_that_stands_beside_it(app: Flask, session: Session, made: Made) -> None:
    client = browser(app, "chair-cs")
    at, page = f"/assessments/{made[0]}/actions/2/decline", f"/assessments/{made[0]}/actions/2"
    opened = text_of(client, page)
    hidden = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*type="hidden"[^>]*value="([^"]*)"', opened))
    refused = client.post(at, data={**hidden, "reason": " "})
    assert refused.status_code == 400
    assert "Enter why it is not taken up" in refused.text
    assert "Declined" not in text_of(client, f"/assessments/{made[0]}")
    reason = "The strategy discussion was held <yesterday>."
    assert client.post(at, data={**hidden, "reason": reason}).status_code == 302
    shown = text_of(client, f"/assessments/{made[0]}")
    assert "Declined" in shown
    assert "The strategy discussion was held &lt;yesterday&gt;." in shown
    assert "Testy McChair-Cs" in shown


@pytest.mark.parametrize(("who", "status"), [("police", 404), ("coordinator-nw", 404), ("lead", 200)])
def test_who_may_take_up(app: Flask, session: Session, made: Made, who: str, status: int) -> None:
    client, address = browser(app, who), f"/assessments/{made[0]}/actions/1"
    assert client.get(address).status_code == status
    hidden: dict[str, str] = {}
    if status == 404:
        hidden = {"csrf_token": re.findall(r'csrf_token"[^>]*value="([^"]+)', text_of(client, "/"))[0]}
        assert client.post(address, data={**hidden, **asked(made)}).status_code == 404
        assert client.post(f"{address}/decline", data={**hidden, "reason": "No."}).status_code == 404
        assert given(session) == []
    else:
        assert fill_in(client, address, asked(made)).status_code == 302


def test_who_may_not_take_up_reads_what_is_offered_without_a_link(app: Flask, session: Session, made: Made) -> None:
    page = text_of(browser(app, "police"), f"/assessments/{made[0]}")
    assert FIRST.text in page
    assert f"/assessments/{made[0]}/actions/" not in page
    record = text_of(browser(app, "police"), f"/children/{made[1]}")
    assert FIRST.text in record
    assert f"/assessments/{made[0]}/actions/" not in record


@pytest.mark.parametrize("number", ["0", "8", "x"])
def test_there_is_no_page_for_what_is_not_recommended(app: Flask, session: Session, made: Made, number: str) -> None:
    assert browser(app, "coordinator").get(f"/assessments/{made[0]}/actions/{number}").status_code == 404


def test_the_childs_page_shows_what_is_still_offered(app: Flask, session: Session, made: Made) -> None:
    client = browser(app, "coordinator")
    fill_in(client, f"/assessments/{made[0]}/actions/1", asked(made))
    record = text_of(client, f"/children/{made[1]}")
    assert f'href="/assessments/{made[0]}/actions/2"' in record
    assert f'href="/assessments/{made[0]}/actions/1"' not in record
    assert record.index('id="actions"') < record.index("Recommended by an assessment") < record.index('id="chronology"')


def test_opening_the_form_is_on_record(app: Flask, session: Session, made: Made) -> None:
    text_of(browser(app, "coordinator"), f"/assessments/{made[0]}/actions/3")
    last = session.scalars(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1)).one()
    assert (last.kind, last.facts) == ("assessment_viewed", {"assessment": made[0]})


def test_an_earlier_assessment_offers_nothing_any_more(app: Flask, session: Session, made: Made) -> None:
    coordinator = actor_for(session, session.get_one(Account, int(made[2]["coordinator"])))
    child = session.scalars(select(Child).where(col(Child.reference) == made[1])).one()
    again = finished(session, coordinator, child, ticks=TICKS).reference
    session.commit()
    session.close()
    client = browser(app, "coordinator")
    page = text_of(client, f"/assessments/{made[0]}")
    assert "Not taken up before the next assessment" in page
    assert f"/assessments/{made[0]}/actions/" not in page
    assert f"/assessments/{again}/actions/1" in text_of(client, f"/assessments/{again}")
    assert "<textarea" not in text_of(client, f"/assessments/{made[0]}/actions/1")


def test_an_assessment_without_a_category_recommends_nothing(app: Flask, session: Session) -> None:
    world = tiny_world(session)
    child = add_child(session)
    reference = finished(session, actor_for(session, world.coordinator), child, "kent-medway").reference
    session.commit()
    session.close()
    assert "Recommended actions" not in text_of(browser(app, "coordinator"), f"/assessments/{reference}")
