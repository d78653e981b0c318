"""A conflict of interest keeps a person from the item, the child and everything about them, whatever their role."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from meetings_app import access, access_apart
from meetings_app.accounts.models import Account, ConflictOfInterest
from meetings_app.actions.queries import possible_owners
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.db import session as narrowing
from meetings_app.meetings.conflicts import kept_out
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.presence import room_of, rooms_of
from meetings_app.permissions import OPERATOR, Role
from meetings_app.plans.service import write_version
from meetings_app.schedule.models import Meeting
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, text_of
from tests.support.children import add_child
from tests.support.live import typist
from tests.support.meeting_day import Day
from tests.support.plans import plan_text
from tests.support.sent_forms import form_to
from tests.support.world import NOW, add_account


@pytest.fixture
def held(day: Day) -> Day:
    """The meeting is being held."""
    day.publish_and_open(day.browser("coordinator"))
    return day


def record_one(day: Day, by: FlaskClient, person: str, child: Child, status: int = 302, **values: str) -> str:
    """Record on the page that a person has a conflict of interest about a child."""
    number, address = day.number(by, child), f"{day.at}/conflicts"
    form = form_to(text_of(by, address), address)
    people = {**{name: str(key) for name, key in day.people.items()}, "": ""}
    sent = {"person": people[person], "item": number, "reason": "A neighbour, as invented.", **values}
    answer = by.post(address, data=form.with_values(**sent))
    assert answer.status_code == status, answer.get_data(as_text=True)
    return number


def test_a_chair_with_a_conflict_cannot_open_item_child_or_anything_about_them(held: Day) -> None:
    child, other = held.children[1], held.children[0]
    coordinator, chair = held.browser("coordinator"), held.browser("chair-cs")
    typist(held, "chair-cs", 1).type("discussion", "Typed before it came up.")
    number = record_one(held, coordinator, "chair_cs", child)
    for address in (
        f"/children/{child.reference}", f"/children/{child.reference}/trail", f"/children/{child.reference}/note",
        f"{held.at}/items/{number}", f"{held.at}/items/{number}/live", f"/children/{child.reference}/assessments",
    ):  # fmt: skip
        assert chair.get(address).status_code == 404, address
        assert coordinator.get(address).status_code == 200, address
    for address in ("/", "/list", f"{held.at}/agenda", f"{held.at}/record", f"{held.at}/conflicts", "/actions"):
        shown = text_of(chair, address)
        assert child.reference not in shown, address
        assert "A neighbour" not in shown, address
    assert "You cannot see this item." in text_of(chair, f"{held.at}/record")
    assert chair.get(f"/children/{other.reference}").status_code == 200
    assert child.reference in text_of(coordinator, f"{held.at}/record")


def test_the_pages_of_other_items_neither_name_nor_lead_to_an_item_that_somebody_is_kept_from(held: Day) -> None:
    coordinator, chair = held.browser("coordinator"), held.browser("chair-cs")
    numbers = re.findall(r'items/([\d.]+)">[\d.]+</a></td>', text_of(coordinator, f"{held.at}/record"))
    before, number, after = numbers[1:4]
    child = next(child for child in held.children if held.number(coordinator, child) == number)
    held.decide(coordinator, child, outcome="not_reached")
    record_one(held, coordinator, "chair_cs", child)
    assert f"items/{number}" in text_of(coordinator, f"{held.at}/items/{before}")
    for shown, goes_on, by in ((before, after, "following"), (after, before, "previous")):
        page = text_of(chair, f"{held.at}/items/{shown}")
        assert child.reference not in page
        assert f"items/{number}" not in page
        assert f'data-key="{by}" href="{held.at}/items/{goes_on}"' in page
    assert f'action="{held.at}/items/{after}/bring-up"' in text_of(chair, f"{held.at}/items/{before}")


def test_a_representative_with_a_conflict_is_kept_from_the_child_too(held: Day) -> None:
    child = held.children[1]
    police, coordinator = held.browser("police"), held.browser("coordinator")
    assert police.get(f"/children/{child.reference}").status_code == 200
    record_one(held, coordinator, "police", child)
    assert police.get(f"/children/{child.reference}").status_code == 404
    assert child.reference not in text_of(police, f"{held.at}/agenda")
    assert child.reference not in text_of(police, f"{held.at}/before")


def test_once_it_is_over_the_person_may_see_the_child_again_and_nobody_ends_their_own(held: Day) -> None:
    child = held.children[1]
    coordinator, chair = held.browser("coordinator"), held.browser("chair-cs")
    record_one(held, coordinator, "chair_cs", child)
    page = text_of(coordinator, f"{held.at}/conflicts")
    ending = re.search(r'action="([^"]+/end)"', page)
    assert ending
    form = form_to(page, ending[1])
    own = form_to(text_of(chair, f"{held.at}/conflicts"), f"{held.at}/conflicts").values
    assert chair.post(ending[1], data={**own, "ended_reason": "I say so."}).status_code == 404
    assert coordinator.post(ending[1], data=form.with_values(ended_reason="")).status_code == 400
    assert coordinator.post(ending[1], data=form.with_values(ended_reason="It was somebody else.")).status_code == 302
    assert chair.get(f"/children/{child.reference}").status_code == 200
    with held.open() as session:
        kinds = session.scalars(select(col(AuditEvent.kind)).where(col(AuditEvent.child_id) == child.id)).all()
        assert {"conflict_declared", "conflict_ended"} <= set(kinds)


def test_what_is_missing_is_said_and_the_same_conflict_is_recorded_once(held: Day) -> None:
    coordinator, child = held.browser("coordinator"), held.children[1]
    record_one(held, coordinator, "", child, 400)
    record_one(held, coordinator, "chair_cs", child, 400, reason=" ")
    record_one(held, coordinator, "chair_cs", child)
    record_one(held, coordinator, "chair_cs", child, 400)


def test_the_coordinator_is_told_which_actions_somebody_with_a_conflict_owns_and_nobody_gives_them_more(
    held: Day,
) -> None:
    child, coordinator = held.children[1], held.browser("coordinator")
    with held.open() as session:
        police = session.get_one(Account, held.police)
        given = give_action(
            session, past_meeting(session), session.get_one(Child, child.key), police, date(2026, 12, 1)
        )
        reference = given.reference
        session.commit()
    number = record_one(held, coordinator, "police", child)
    page = text_of(coordinator, f"{held.at}/conflicts")
    assert "owns 1 action for this child. Name another owner." in page
    assert f'href="/actions/{reference}"' in page
    own = text_of(coordinator, f"{held.at}/items/{number}").partition('name="owner"')[2].partition("</select>")[0]
    assert "Testy McHealth" in own
    assert "Testy McPolice" not in own


def test_a_meeting_is_not_closed_over_an_item_that_its_chair_may_not_see(held: Day) -> None:
    chair, coordinator = held.browser("chair-cs"), held.browser("coordinator")
    number = record_one(held, coordinator, "chair_cs", held.children[1])
    assert f"Item {number}</a>: nothing is decided" in text_of(coordinator, f"{held.at}/close")
    kept_from = text_of(chair, f"{held.at}/close").partition(f"Item {number}</a>: ")[2].partition("</li>")[0]
    assert kept_from.strip() == "it is not ready: ask somebody who may see it"


def test_what_is_pointed_out_before_closing_names_no_item_that_its_reader_may_not_see(held: Day) -> None:
    chair, coordinator = held.browser("chair-cs"), held.browser("coordinator")
    child, other = held.children[1], held.children[0]
    with held.open() as session:
        for each in (child, other):
            write_version(session, OPERATOR, NOW, each.key, plan_text("An aim, as invented"))
        session.commit()
    number, seen = record_one(held, coordinator, "chair_cs", child), held.number(coordinator, other)
    for who, named in ((coordinator, True), (chair, False)):
        asked = text_of(who, f"{held.at}/close").partition("The safety plan is not reviewed")[2].partition("</li>")[0]
        assert (f"items/{number}#plan-review" in asked) is named
        assert f"items/{seen}#plan-review" in asked


def test_a_conflict_about_one_record_of_a_child_holds_for_the_record_that_is_kept(held: Day) -> None:
    child, coordinator = held.children[1], held.browser("coordinator")
    with held.open() as session:
        meeting = session.scalars(select(Meeting).where(col(Meeting.reference) == held.reference)).one()
        other = add_child(session)
        other.merged_into_id = child.key
        session.add(
            ConflictOfInterest(
                account_id=held.police, child_id=other.key, area_id=other.area_id, meeting_id=meeting.key,
                reason="A neighbour, as invented.", declared_at=NOW,
            )
        )  # fmt: skip
        session.commit()
        item = session.scalars(select(AgendaItem).where(col(AgendaItem.child_id) == child.key)).one()
        for room in (room_of(session, meeting, item), rooms_of(session, meeting, [item])[item.key]):
            assert [person.conflict for person in room.people if person.account_id == held.police] == [True]
        assert held.police not in {owner.id for owner in possible_owners(session, child.key)}
        assert kept_out(session, child.key) == {held.police}
    assert "A neighbour, as invented." in text_of(coordinator, f"{held.at}/conflicts")
    record_one(held, coordinator, "police", child, 400)


def test_a_child_is_on_the_agenda_though_whoever_publishes_it_is_kept_from_the_child(day: Day) -> None:
    with day.open() as session:
        meeting = session.scalars(select(Meeting).where(col(Meeting.reference) == day.reference)).one()
        other = add_account(session, "second", Role.COORDINATOR, "childrens-services", ["NE"])
        child = day.children[1]
        session.add(
            ConflictOfInterest(
                account_id=other.key, child_id=child.key, area_id=child.area_id, meeting_id=meeting.key,
                reason="Invented.", declared_at=NOW,
            )
        )  # fmt: skip
        session.commit()
    second = browser(day.app, "second")
    assert child.reference not in text_of(second, f"{day.at}/agenda")
    form = form_to(text_of(second, f"{day.at}/agenda/publish"), f"{day.at}/agenda/publish")
    assert second.post(f"{day.at}/agenda/publish", data=form.values).status_code == 302
    with day.open() as session:
        on_agenda = session.scalars(select(col(AgendaItem.child_id)).where(col(AgendaItem.meeting_id) == meeting.key))
        assert child.key in set(on_agenda)
    assert child.reference in text_of(day.browser("coordinator"), f"{day.at}/agenda")


def test_without_the_narrowing_the_child_would_be_seen(held: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    child = held.children[1]
    record_one(held, held.browser("coordinator"), "chair_cs", child)
    monkeypatch.setattr(access_apart, "_apart", lambda _actor, _model, clause: clause)
    access.criteria.cache_clear()
    narrowing._narrowed.cache_clear()
    assert held.browser("chair-cs").get(f"/children/{child.reference}").status_code == 200
    access.criteria.cache_clear()
    narrowing._narrowed.cache_clear()
