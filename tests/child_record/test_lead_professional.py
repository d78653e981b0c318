"""Who may be lead professional is one answer everywhere, and saving for another reason erases nobody."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.accounts.models import AccountState
from meetings_app.accounts.queries import possible_lead_professionals
from meetings_app.children.models import Child
from meetings_app.permissions import Role
from tests.support.browsing import browser, fill_in
from tests.support.children import area_id, child_of, put_on_list
from tests.support.world import add_account, tiny_world


@pytest.mark.parametrize(
    ("role", "area", "may"),
    [
        (Role.LEAD_PROFESSIONAL, "NE", True),
        (Role.SPECIALIST, "NE", True),
        (Role.COORDINATOR, "NE", True),
        (Role.CHAIR, "NE", True),
        (Role.DEPUTY_CHAIR, "NE", True),
        (Role.LEAD_PROFESSIONAL, "NW", False),
        (Role.REPRESENTATIVE, "NE", False),
    ],
)
def test_who_may_be_a_lead_professional_in_an_area(session: Session, role: Role, area: str, may: bool) -> None:
    account = add_account(session, "somebody", role, "health", [area])
    found = {row.id for row in possible_lead_professionals(session, area_id(session, "NE"))}
    assert (account.key in found) is may
    account.state = AccountState.DISABLED
    session.flush()
    assert account.key not in {row.id for row in possible_lead_professionals(session, area_id(session, "NE"))}
    present = possible_lead_professionals(session, area_id(session, "NE"), account.key)
    assert account.key in {row.id for row in present}


def test_the_present_lead_professional_stays_when_the_lead_agency_changes(app: Flask, session: Session) -> None:
    tiny_world(session)
    child = child_of(session, put_on_list(session))
    lead = add_account(session, "lead", Role.LEAD_PROFESSIONAL, "health", ["NE"], name="Testy McLead")
    child.lead_professional_id, lead.state = lead.key, AccountState.DISABLED
    reference, lead_id, child_id = child.reference, lead.key, child.key
    session.commit()
    session.close()
    saved = {"agency": "health", "professional": "lead@exampleshire.example"}
    page = browser(app, "coordinator").get(f"/children/{reference}/lead").get_data(as_text=True)
    assert 'value="lead@exampleshire.example" selected' in page or 'selected value="lead@exampleshire.example"' in page
    assert fill_in(browser(app, "coordinator"), f"/children/{reference}/lead", saved).status_code == 302
    assert session.get_one(Child, child_id).lead_professional_id == lead_id
