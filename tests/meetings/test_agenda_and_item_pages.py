"""The pages that say what is missing: who is not on an agenda, and what a decision lacks."""

import re
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.cse_list.models import ListEntry
from tests.meetings.test_running_pages import version_of
from tests.support.meeting_day import Day
from tests.support.rmm import due
from tests.support.world import send


def test_who_is_not_on_the_agenda_is_named_with_why_and_can_be_added(day: Day) -> None:
    coordinator = day.browser("coordinator")
    with day.open() as session:
        child = due(session)
        entry = session.scalars(select(ListEntry).where(col(ListEntry.child_id) == child.key)).one()
        entry.next_review_on = date(2027, 1, 12)
        session.commit()
    page = coordinator.get(f"{day.at}/agenda/others").get_data(as_text=True)
    assert child.reference in page
    assert "Review due 12 January 2027" in page
    address = f"{day.at}/agenda/add"
    searched = send(coordinator, address, {"q": child.reference, "search": "1"}, page=address)
    assert child.reference in searched.get_data(as_text=True)
    link = f"{address}?q={child.reference}"
    assert link in page
    assert f'value="{child.reference}"' in coordinator.get(link).get_data(as_text=True), "the link finds the child"
    assert child.name not in coordinator.get(f"{address}?q={child.name}").get_data(as_text=True), (
        "no name in an address"
    )
    with day.open() as session:
        searches = select(AuditEvent).where(col(AuditEvent.kind) == "searched").order_by(col(AuditEvent.id).desc())
        assert [event.facts["children"] for event in session.scalars(searches)] == [[child.id]] * 2
    empty = send(coordinator, address, {"q": " ", "search": "1"}, page=address)
    assert empty.status_code == 400
    assert "Enter a name or a reference" in empty.get_data(as_text=True)
    refused = send(coordinator, f"{day.at}/agenda/add", {"q": child.reference, "child": child.reference}, page=address)
    assert refused.status_code == 400
    values = {"q": child.reference, "child": child.reference, "reason": "The chair asks"}
    assert send(coordinator, f"{day.at}/agenda/add", values, page=address).status_code == 302
    assert "Added by hand: The chair asks" in coordinator.get(f"{day.at}/agenda").get_data(as_text=True)
    first = day.children[0].reference
    answer = send(coordinator, f"{day.at}/agenda/{first}/defer", {"reason": "Away this week"})
    assert answer.status_code == 302
    assert f'id="{first}"' not in coordinator.get(f"{day.at}/agenda").get_data(as_text=True)


def test_the_page_of_an_item_names_each_missing_field_beside_it(day: Day) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    address = f"{day.at}/items/{day.number(chair, day.children[0])}"
    version = version_of(chair.get(address).get_data(as_text=True))
    answer = send(chair, address, {"version": version, "outcome": "rated", "rating": "high", "discussion": "Kept text"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    for field, message in (
        ("exploitation_status", "Choose the exploitation status"),
        ("rationale", "Enter why the meeting decided this rating"),
        ("lead_agency", "Choose the lead agency"),
    ):
        assert re.search(rf'<a href="#{field}[^"]*">{message}', page), field
        assert page.count(message) == 2, "above the page and beside the field"
    assert "Kept text" in page
