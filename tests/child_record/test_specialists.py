"""The specialist service sees the children it works with: a coordinator or chair says with whom, and until when."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import AccountState
from meetings_app.audit.models import AuditEvent
from meetings_app.audit.sentences import sentence
from meetings_app.child_record.service import begin_involvement, end_involvement
from meetings_app.children.models import Child, Involvement
from meetings_app.errors import NotFound
from meetings_app.permissions import OPERATOR, Role
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import add_child, child_of, put_on_list
from tests.support.world import actor_for, add_account, tiny_world

SPECIALIST = "specialist@exampleshire.example"


def listed(session: Session) -> Child:
    tiny_world(session)
    add_account(session, "specialist", Role.SPECIALIST, "health", ["NE"], name="Testy McSpecialist")
    return child_of(session, put_on_list(session))


def test_a_specialist_sees_the_child_from_the_beginning_of_the_work_to_its_end(app: Flask, session: Session) -> None:
    child = listed(session)
    address, child_id = f"/children/{child.reference}", child.key
    session.commit()
    session.close()
    specialist, coordinator = browser(app, "specialist"), browser(app, "coordinator")
    assert specialist.get(address).status_code == 404
    form = f"{address}/specialists"
    assert fill_in(coordinator, form, {"change": f"begin {SPECIALIST}"}).status_code == 302
    assert "Testy McSpecialist" in text_of(coordinator, address)
    assert specialist.get(address).status_code == 200
    assert f"begin {SPECIALIST}" not in text_of(coordinator, form)
    assert fill_in(coordinator, form, {"change": f"end {SPECIALIST}"}).status_code == 302
    assert specialist.get(address).status_code == 404
    kinds = select(col(AuditEvent.kind), col(AuditEvent.facts)).where(
        col(AuditEvent.child_id) == child_id, col(AuditEvent.kind) == "involvement_changed"
    )
    said = [sentence(kind, facts) for kind, facts in session.execute(kinds.order_by(col(AuditEvent.id)))]
    assert [words.rsplit(" ", 1)[1] for words in said] == ["begins", "ends"]


@pytest.mark.parametrize("who", ["police", "specialist", "chair-cs"])
def test_a_chair_and_nobody_outside_the_rmm_s_office_says_who_works_with_a_child(
    app: Flask, session: Session, who: str
) -> None:
    child = listed(session)
    address = f"/children/{child.reference}/specialists"
    session.commit()
    session.close()
    assert browser(app, who).get(address).status_code == (200 if who == "chair-cs" else 404)


@pytest.mark.parametrize("value", ["", "begin police@exampleshire.example", "end specialist@exampleshire.example"])
def test_what_is_no_choice_is_asked_for_again(app: Flask, session: Session, value: str) -> None:
    child = listed(session)
    address = f"/children/{child.reference}/specialists"
    session.commit()
    session.close()
    assert fill_in(browser(app, "coordinator"), address, {"change": value}).status_code == 400
    assert session.scalars(select(Involvement)).all() == []


def test_only_an_active_account_of_the_specialist_service_begins(session: Session, now: datetime) -> None:
    world, child = tiny_world(session), add_child(session)
    left = add_account(session, "left", Role.SPECIALIST, "health", ["NE"])
    left.state = AccountState.DISABLED
    session.flush()
    for account in (world.police, left):
        with pytest.raises(NotFound):
            begin_involvement(session, OPERATOR, now, child.key, account.key)


def test_twice_is_once_and_another_area_s_coordinator_says_nothing(session: Session, now: datetime) -> None:
    world, child = tiny_world(session), add_child(session)
    specialist = add_account(session, "specialist", Role.SPECIALIST, "health", ["NE"])
    for _ in range(2):
        begin_involvement(session, OPERATOR, now, child.key, specialist.key)
    assert len(session.scalars(select(Involvement)).all()) == 1
    for change in (begin_involvement, end_involvement):
        with pytest.raises(NotFound):
            change(session, actor_for(session, world.coordinator_nw), now, child.key, specialist.key)
    end_involvement(session, OPERATOR, now, child.key, specialist.key)
    assert [each.ended_at for each in session.scalars(select(Involvement))] == [now]
