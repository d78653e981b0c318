"""A child who is put on the agenda while the meeting is held: heard like any other, and nobody else's item moves."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.cse_list.service import live_entry
from meetings_app.ratings.models import RiskRating
from tests.support.browsing import text_of
from tests.support.children import add_child
from tests.support.meeting_day import Day, pass_on_the_rest
from tests.support.rmm import referred
from tests.support.sent_forms import form_to
from tests.support.world import send


@pytest.fixture
def held(day: Day) -> Day:
    """The meeting is being held."""
    day.publish_and_open(day.browser("coordinator"))
    return day


@pytest.fixture
def late(held: Day) -> Child:
    """A child who was referred after the agenda was published."""
    with held.open() as session:
        child = referred(session, name="Testy McLate")
        session.commit()
        session.refresh(child)
        session.expunge(child)
        return child


REASON = "Found this morning, as invented."


def add(held: Day, who: str, child: Child, reason: str = REASON) -> tuple[int, str]:
    """Search for the child and add it, as a person does; gives the status and where it leads."""
    return add_from(held.browser(who), held, child, reason)


def add_from(person: FlaskClient, held: Day, child: Child, reason: str = REASON) -> tuple[int, str]:
    address = f"{held.at}/agenda/add"
    found = send(person, address, {"q": child.name, "search": "1"}, page=address).get_data(as_text=True)
    only = re.search(rf'<input[^>]*value="{child.reference}"[^>]*>', found)
    assert only
    assert "checked" in only.group(), "the only child who was found is chosen"
    answer = send(person, address, {"q": child.name, "child": child.reference, "reason": reason}, page=address)
    return answer.status_code, answer.headers.get("Location", "")


def numbers(held: Day) -> list[str]:
    return re.findall(r'items/([\d.]+)">[\d.]+</a></td>', text_of(held.browser("chair-cs"), f"{held.at}/record"))


@pytest.mark.parametrize("who", ["coordinator", "chair-cs"])
def test_whoever_adds_a_child_in_the_meeting_is_led_to_the_item_and_no_number_moves(
    held: Day, late: Child, who: str
) -> None:
    before, person = numbers(held), held.browser(who)
    status, led_to = add_from(person, held, late)
    new = [number for number in numbers(held) if number not in before]
    assert (status, led_to) == (302, f"{held.at}/items/{new[0]}")
    assert [number for number in numbers(held) if number not in new] == before
    page = text_of(person, led_to)
    assert f"{late.reference} is on the agenda as item {new[0]}." in page
    assert REASON in page
    with held.open() as session:
        [event] = session.scalars(select(AuditEvent).where(col(AuditEvent.kind) == "late_item_added")).all()
        assert event.facts["number"] == new[0]


def test_the_late_child_is_decided_like_any_other_and_stands_in_the_minutes(held: Day, late: Child) -> None:
    chair = held.browser("chair-cs")
    pass_on_the_rest(held, chair)
    _status, address = add(held, "coordinator", late)
    page = text_of(chair, f"{held.at}/close")
    assert "The meeting cannot be closed yet" in page, "no child is passed over because it came late"
    held.decide(
        chair, late, outcome="rated", rating="medium", exploitation_status="suspected", rationale="Because.",
        lead_agency=held.agencies["childrens-services"],
    )  # fmt: skip
    form = form_to(text_of(chair, f"{held.at}/close"), f"{held.at}/close")
    assert chair.post(form.action, data=form.values).status_code == 302
    minutes = text_of(chair, f"{held.at}/minutes")
    assert address.rpartition("/")[2] in minutes
    assert "Testy McLate" in minutes
    with held.open() as session:
        entry = live_entry(session, late.key)
        assert entry is not None
        assert entry.current_rating is RiskRating.MEDIUM


def test_a_child_added_after_the_rest_was_listed_is_not_passed_on_unread(held: Day, late: Child) -> None:
    chair, address = held.browser("chair-cs"), f"{held.at}/defer-the-rest"
    listed = chair.post(address, data=form_to(text_of(chair, f"{held.at}/close"), address).values)
    add(held, "coordinator", late)
    again = chair.post(address, data=form_to(listed.get_data(as_text=True), address).values)
    assert again.status_code == 200, "the list is shown again"
    assert late.reference in again.get_data(as_text=True)
    assert len(numbers(held)) == len(held.children) + 1


def test_without_a_reason_nobody_is_added_and_who_may_not_prepare_finds_no_page(held: Day, late: Child) -> None:
    before = numbers(held)
    assert add(held, "coordinator", late, reason=" ") == (400, "")
    assert numbers(held) == before
    assert held.browser("police").get(f"{held.at}/agenda/add").status_code == 404
    with held.open() as session:
        elsewhere = add_child(session, area="SW", name="Testy McElsewhere")
        name = elsewhere.name
        session.commit()
    coordinator, address = held.browser("coordinator"), f"{held.at}/agenda/add"
    found = send(coordinator, address, {"q": name, "search": "1"}, page=address).get_data(as_text=True)
    assert "Nobody in this area was found." in found
