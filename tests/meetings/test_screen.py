"""The big screen of the room: only what everybody there may see, no name, no word that somebody typed."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from meetings_app.accounts.models import Account, RoleGrant
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.meetings.models import AgendaItem, Attendance
from meetings_app.permissions import Role
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind
from tests.meetings.test_in_the_room import bring_up
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import text_of
from tests.support.live import typist
from tests.support.meeting_day import Day
from tests.support.sent_forms import form_to
from tests.support.world import NOW, add_account, send

CANARY = "Canary"


@pytest.fixture
def held(day: Day) -> Day:
    """The meeting is being held."""
    day.publish_and_open(day.browser("coordinator"))
    return day


def screen(day: Day, by: FlaskClient) -> str:
    """Give the words of the big screen."""
    return text_of(by, f"{day.at}/screen").partition("<main")[2]


def mark(day: Day, by: FlaskClient) -> str:
    """Give the mark by which its script sees that something changed."""
    return str(by.get(f"{day.at}/screen/mark").get_json()["mark"])


def fill_with_words(day: Day, child: Child) -> None:
    """Write something with a canary in it wherever a person types about the child."""
    with day.open() as session:
        kept = session.get_one(Child, child.key)
        kept.name = f"{CANARY} McChild"
        police = session.get_one(Account, day.police)
        give_action(session, past_meeting(session), kept, police, date(2026, 11, 20), f"{CANARY} to be visited")
        session.add(
            ChangeInCircumstances(
                child_id=kept.key, kind=ChangeKind.NEW_INTELLIGENCE, happened_on=NOW.date(), reported_at=NOW,
                text=f"{CANARY} intelligence",
            )
        )  # fmt: skip
        item = session.scalars(select(AgendaItem).where(col(AgendaItem.child_id) == child.key)).one()
        item.reasons = [{**reason, "text": f"{CANARY} reason"} for reason in item.reasons]
        session.commit()


def test_it_follows_the_room_and_shows_dates_and_numbers_but_no_name_and_no_typed_word(held: Day) -> None:
    chair, notes, child = typist(held, "chair-cs", 1), held.browser("coordinator"), held.children[1]
    number = held.number(chair.client, child)
    before, empty = mark(held, notes), screen(held, notes)
    assert "The meeting is open" in empty
    assert child.reference not in empty
    fill_with_words(held, child)
    bring_up(held, chair.client, number)
    chair.type("discussion", f"{CANARY} said")
    chair.type("rationale", f"{CANARY} thought")
    shown = screen(held, notes)
    assert mark(held, notes) != before
    assert all(words in shown for words in (f"Item {number}", child.reference, "Review due", "High", "0 of 10 minutes"))
    assert "1 overdue" in shown, "one open action, without its words"
    assert CANARY not in shown
    assert "<form" not in shown
    assert "<button" not in shown
    held.decide(chair.client, child, outcome="not_reached")
    assert child.reference not in screen(held, notes), "the room has gone on"
    with held.open() as session:
        said = session.scalars(select(AuditEvent).where(col(AuditEvent.child_id) == child.key)).all()
        assert any("room" in str(event.facts) for event in said if event.kind == "child_read_viewed")


def test_with_somebody_there_who_may_not_see_the_child_only_the_reference_is_shown(held: Day) -> None:
    chair, child = held.browser("chair-cs"), held.children[1]
    bring_up(held, chair, held.number(chair, child))
    assert "Ratings" in screen(held, chair)
    values = {"agency": held.agencies["police"], "name": "Testy McGuest", "presence": "present"}
    assert send(chair, f"{held.at}/attendance", values).status_code == 302
    only_the_reference(held, chair, child)
    with held.open() as session:
        guest = session.scalars(select(Attendance).where(col(Attendance.name) == "Testy McGuest")).one()
        guest.account_id = add_account(session, "elsewhere", Role.REPRESENTATIVE, "police", ["SW"]).key
        session.commit()
    only_the_reference(held, chair, child)
    room = text_of(chair, f"{held.at}/items/{held.number(chair, child)}/room")
    assert "may not read about this child here: <bdi>Testy McGuest</bdi>." in room
    with held.open() as session:
        grant = session.scalars(select(RoleGrant).where(col(RoleGrant.account_id) == guest.account_id)).one()
        grant.area_id = child.area_id
        session.commit()
    assert "Ratings" in screen(held, chair), "now everybody in the room may see it"


def only_the_reference(day: Day, by: FlaskClient, child: Child) -> None:
    shown = screen(day, by)
    assert child.reference in shown
    assert "not everybody in the room may read about this child here" in shown
    assert "Ratings" not in shown


def test_nothing_is_shown_while_somebody_with_a_conflict_of_interest_is_in_the_room(held: Day) -> None:
    coordinator, child = held.browser("coordinator"), held.children[1]
    number = held.number(coordinator, child)
    bring_up(held, coordinator, number)
    form = form_to(text_of(coordinator, f"{held.at}/conflicts"), f"{held.at}/conflicts")
    sent = form.with_values(person=str(held.people["health"]), item=number, reason="Invented.")
    assert coordinator.post(f"{held.at}/conflicts", data=sent).status_code == 302
    shown, before = screen(held, coordinator), mark(held, coordinator)
    assert f"Item {number}" in shown
    assert child.reference not in shown
    assert "Ratings" not in shown
    assert "not recorded as having left the room" in text_of(coordinator, f"{held.at}/items/{number}")
    address = f"{held.at}/items/{number}/room"
    page = text_of(coordinator, address)
    values = {
        name: [part.partition('"')[0] for part in page.split(f'name="{name}" value="')[1:]]
        for name in ("there", "left")
    }
    assert coordinator.post(address, data={**form_to(page, address).values, **values}).status_code == 302
    assert child.reference in screen(held, coordinator)
    assert mark(held, coordinator) != before
    # Whoever has the conflict sees nothing of it on a screen of their own either.
    sent = form_to(text_of(coordinator, f"{held.at}/conflicts"), f"{held.at}/conflicts").with_values(
        person=str(held.people["chair_cs"]), item=number, reason="Invented."
    )
    assert coordinator.post(f"{held.at}/conflicts", data=sent).status_code == 302
    assert child.reference not in screen(held, held.browser("chair-cs"))
