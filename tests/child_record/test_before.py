"""No word of a child's record is lost: what a fact said before it was changed stays beside the child."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.child_record.service import Lead, edit_details, set_lead
from meetings_app.children.before import recorded_before
from meetings_app.children.models import Child, ChildBefore, ChildFact, YesNoUnknown
from meetings_app.children.service import ChildDetails
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR, Actor, Role
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import add_child, agency_id, area_id, child_of, put_on_list
from tests.support.world import NOW, actor_for, add_account, tiny_world

WAS: dict[str, Any] = {
    "gender": "female", "ethnicity": "invented", "school_name": "Pretend Academy", "legal_status": "section 20",
    "external_reference": "SYS1", "learning_disability": YesNoUnknown.NO, "looked_after": YesNoUnknown.YES,
}  # fmt: skip


def before(session: Session, child: Child) -> dict[ChildFact, str]:
    """Give what was recorded before, by fact."""
    return {row.fact: row.value for row in recorded_before(session, child.key)}


def change(session: Session, by: Actor, child: Child, **values: Any) -> None:
    """Change some of the details of a child as the form does."""
    saved = {name: getattr(child, name) for name in ChildDetails.__dataclass_fields__}
    edit_details(session, by, NOW, child, child.version, ChildDetails(**{**saved, **values}))


def test_every_fact_that_changes_is_kept_in_words_and_the_rest_is_not(session: Session) -> None:
    child = add_child(session, "Testy McBefore", **WAS)
    change(
        session, OPERATOR, child, name="Testy McAfter", born=date(2011, 5, 1), area_id=area_id(session, "NW"),
        gender="", ethnicity="other", school_name="Sample School", legal_status="none", external_reference=None,
        learning_disability=YesNoUnknown.YES, looked_after=YesNoUnknown.UNKNOWN,
    )  # fmt: skip
    assert before(session, child) == {
        ChildFact.NAME: "Testy McBefore", ChildFact.BORN: "5 January 2011", ChildFact.AREA: "North East",
        ChildFact.GENDER: "female", ChildFact.ETHNICITY: "invented", ChildFact.SCHOOL: "Pretend Academy",
        ChildFact.LEGAL_STATUS: "section 20", ChildFact.EXTERNAL_REFERENCE: "SYS1",
        ChildFact.LEARNING_DISABILITY: "No", ChildFact.LOOKED_AFTER: "Yes",
    }  # fmt: skip
    change(session, OPERATOR, child, name="Testy McThird")
    assert [row.value for row in recorded_before(session, child.key) if row.fact is ChildFact.NAME] == [
        "Testy McAfter", "Testy McBefore",
    ]  # fmt: skip
    # What was not given left nothing to keep, and saving the same again keeps nothing.
    change(session, OPERATOR, child, gender="female")
    change(session, OPERATOR, child)
    assert len(recorded_before(session, child.key)) == 11


def test_who_led_before_is_kept_and_the_trail_holds_no_name(session: Session) -> None:
    child = child_of(session, put_on_list(session))
    lead = add_account(session, "lead", Role.LEAD_PROFESSIONAL, "health", ["NE"], name="Testy McLead")
    first, second = agency_id(session, "police"), agency_id(session, "health")
    set_lead(session, OPERATOR, NOW, child, child.version, Lead(first, lead.key))
    set_lead(session, OPERATOR, NOW, child, child.version, Lead(second, None, "Pat Invented"))
    set_lead(session, OPERATOR, NOW, child, child.version, Lead(second, lead.key))
    rows = [(row.fact, row.value) for row in recorded_before(session, child.key)]
    assert rows[0] == (ChildFact.LEAD_PROFESSIONAL, "Pat Invented")
    assert {(ChildFact.LEAD_PROFESSIONAL, "Testy McLead"), (ChildFact.LEAD_AGENCY, "Police")} <= set(rows)
    session.flush()
    facts = " ".join(str(event.facts) for event in session.scalars(select(AuditEvent)))
    assert not any(name in facts for name in ("Testy McLead", "Pat Invented"))


def test_who_sees_the_record_reads_it_on_the_page_and_nobody_else_does(app: Flask, session: Session) -> None:
    world = tiny_world(session)
    child = add_child(session, "Testy McBefore")
    reference = child.reference
    analyst, by = add_account(session, "analyst", Role.ANALYST, "police", ["NE"]), actor_for(session, world.coordinator)
    elsewhere = actor_for(session, world.coordinator_nw)
    session.commit()
    address = f"/children/{reference}"
    assert "What was recorded before" not in text_of(browser(app, "coordinator"), address)
    saved = fill_in(
        browser(app, "coordinator"), f"{address}/details",
        {"name": "Testy McAfter", "born": "05/01/2011", "area": "NE", "learning_disability": "unknown",
         "looked_after": "unknown"},
    )  # fmt: skip
    assert saved.status_code == 302
    page = text_of(browser(app, "coordinator"), address)
    assert "What was recorded before (1)" in page
    assert "<bdi>Testy McBefore</bdi>" in page
    text_of(browser(app, "coordinator-nw"), address, 404)
    assert [len(seen(session, actor)) for actor in (by, elsewhere, actor_for(session, analyst))] == [1, 0, 0]


def seen(session: Session, actor: Actor) -> list[str]:
    """Give what a person finds in the whole table."""
    act_for(session, actor)
    found = list(session.scalars(select(col(ChildBefore.value))))
    act_for(session, OPERATOR)
    return found


@pytest.mark.parametrize("harm", ["UPDATE child_before SET value = 'Other'", "DELETE FROM child_before"])
def test_what_was_kept_never_changes(session: Session, harm: str) -> None:
    change(session, OPERATOR, add_child(session, "Testy McBefore"), name="Testy McAfter")
    session.flush()
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sa.text(harm))
    assert session.scalars(select(col(ChildBefore.value))).one() == "Testy McBefore"
