"""Whoever leaves, or loses a role, leaves nothing behind: each thing has a new owner, or waits where it is seen."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState
from meetings_app.accounts.queries import grants_of
from meetings_app.actions.models import Action, ActionEvent
from meetings_app.actions.service import give
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.handing_over.service import Successors, disable, end_role
from meetings_app.meetings.queries import chairs_of
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR, Role
from meetings_app.schedule.queries import members
from tests.support.browsing import browser, text_of
from tests.support.checking import Checking
from tests.support.children import area_id, child_of, put_on_list
from tests.support.rmm import OFFICE, Rmm, rmm
from tests.support.world import NOW, add_account, send, sign_in

REASON = "The account was disabled."


@pytest.fixture
def day(session: Session) -> Rmm:
    made = rmm(session)
    add_account(session, "admin", Role.ADMINISTRATOR, "childrens-services")
    session.commit()
    return made


@pytest.fixture
def admin(app: Flask, day: Rmm) -> FlaskClient:
    client = app.test_client()
    sign_in(client, "admin")
    return client


def another(session: Session, name: str = "second", area: str = "NE") -> Account:
    return add_account(session, name, Role.REPRESENTATIVE, "police", [area], name=f"Testy Mc{name.title()}")


def action_of(day: Rmm, child: Child | None = None) -> Action:
    child = child or child_of(day.session, put_on_list(day.session))
    police = day.world.police
    return give(day.session, OPERATOR, NOW, child, "Canarytask.", police.agency_id, police.key, date(2026, 12, 1))


def history(session: Session, action: Action) -> list[str]:
    return list(session.scalars(select(col(ActionEvent.text)).where(col(ActionEvent.action_id) == action.key)))


def leave(day: Rmm, who: Account | None = None, to: Successors | None = None) -> tuple[int, int, int, int]:
    handed = disable(day.session, OPERATOR, NOW, OFFICE, (who or day.world.police).key, to=to)
    return handed.actions, handed.actions_left, handed.children, handed.children_left


def test_open_actions_go_to_whom_was_chosen_and_their_history_says_from_whom(
    session: Session, day: Rmm, checking: Checking
) -> None:
    action, first, second = action_of(day), another(session, "aaa"), another(session)
    assert leave(day, to=Successors(actions={action.area_id: second.key})) == (1, 0, 0, 0)
    assert (action.owner_id, first.key == second.key) == (second.key, False)
    assert history(session, action)[-1] == f"From Testy McPolice to Testy McSecond. {REASON}"
    session.commit()
    assert checking.named() == []
    kinds = session.scalars(select(col(AuditEvent.kind)).order_by(col(AuditEvent.id).desc()).limit(3)).all()
    assert "work_handed_over" in kinds


@pytest.mark.parametrize("chosen", ["nobody", "one of another area", "one of another agency"])
def test_without_somebody_eligible_they_go_to_the_agencys_representative(
    session: Session, day: Rmm, chosen: str
) -> None:
    action, queue, far = action_of(day), another(session), another(session, "far", "NW")
    who = {"nobody": None, "one of another area": far, "one of another agency": day.world.health}[chosen]
    assert leave(day, to=Successors(actions={action.area_id: who.key} if who else {})) == (1, 0, 0, 0)
    assert action.owner_id == queue.key


def test_what_nobody_can_take_over_stands_on_the_coordinators_home_page_until_somebody_has_it(
    app: Flask, session: Session, day: Rmm
) -> None:
    action = action_of(day)
    assert leave(day) == (0, 1, 0, 0)
    session.commit()
    session.close()
    coordinator = browser(app, "coordinator")
    assert "open action is in nobody’s hands" in text_of(coordinator, "/")
    page = text_of(coordinator, "/waiting/hands")
    assert f'href="/actions/{action.reference}/reassign"' in page
    assert action.reference not in text_of(browser(app, "coordinator-nw"), "/waiting/hands")
    new = another(session)
    session.commit()
    session.close()
    address = f"/actions/{action.reference}/reassign"
    answer = send(coordinator, address, {"owner": str(new.key), "version": str(action.version), "reason": "New."})
    assert answer.status_code == 302
    assert "open action is in nobody’s hands" not in text_of(coordinator, "/")


def test_children_get_another_lead_professional_or_wait_on_the_coordinators_home_page(
    app: Flask, session: Session, day: Rmm
) -> None:
    lead = add_account(session, "lead", Role.LEAD_PROFESSIONAL, "childrens-services", ["NE", "NW"])
    other = add_account(session, "lead-2", Role.LEAD_PROFESSIONAL, "childrens-services", ["NE"])
    here, far = (
        child_of(session, put_on_list(session, area=area, lead_professional_id=lead.key)) for area in ("NE", "NW")
    )
    chosen = {area_id(session, "NE"): other.key, area_id(session, "NW"): other.key}
    assert leave(day, lead, Successors(children=chosen)) == (0, 0, 1, 1)
    assert (here.lead_professional_id, far.lead_professional_id) == (other.key, lead.key)
    session.commit()
    session.close()
    assert f'href="/children/{far.reference}/lead"' in text_of(browser(app, "coordinator-nw"), "/waiting/leads")
    assert "lead professional has left" in text_of(browser(app, "coordinator-nw"), "/")
    assert far.reference not in text_of(browser(app, "coordinator"), "/waiting/leads")


def test_a_chair_who_leaves_is_followed_by_one_of_the_same_agency(session: Session, day: Rmm) -> None:
    other = add_account(session, "other", Role.REPRESENTATIVE, "childrens-services", ["NE"])
    place = area_id(session, "NE")
    leave(day, day.world.chair_cs, Successors(chairs={place: other.key}))
    assert [chair.account_id for chair in chairs_of(session, place)] == [other.key, day.world.chair_fs.key]


def test_invites_ahead_are_taken_back_from_who_left_and_from_nobody_else(session: Session, day: Rmm) -> None:
    before = {member.account_id for member in members(session, day.meeting.key) if member.removed_at is None}
    leave(day)
    after = {member.account_id for member in members(session, day.meeting.key) if member.removed_at is None}
    assert before - after == {day.world.police.key}
    mails = session.scalars(select(OutboxMail).where(col(OutboxMail.recipient_address) == day.world.police.email)).all()
    assert any("ancel" in mail.subject for mail in mails)


@pytest.mark.parametrize("keeps", [False, True])
def test_who_loses_the_role_in_an_area_keeps_only_what_another_role_lets_them_hold(
    session: Session, day: Rmm, keeps: bool
) -> None:
    police, action, queue = day.world.police, action_of(day), another(session)
    if keeps:
        from meetings_app.accounts.service import add_role

        add_role(session, OPERATOR, NOW, police.key, police.version, Role.REPRESENTATIVE, [])
    (grant, *_) = grants_of(session, police.key)
    end_role(session, OPERATOR, NOW, OFFICE, police.key, police.version, grant.id)
    assert action.owner_id == (police.key if keeps else queue.key)
    there = {member.account_id for member in members(session, day.meeting.key) if member.removed_at is None}
    assert (police.key in there) is keeps


def test_the_administrator_sees_how_much_and_chooses_and_sees_no_child(
    admin: FlaskClient, session: Session, day: Rmm
) -> None:
    child = child_of(session, put_on_list(session, name="Testy McCanary"))
    action, second = action_of(day, child), another(session)
    session.commit()
    address = f"/accounts/{day.world.police.key}/disable"
    page = text_of(admin, address)
    assert "Who takes over 1 open action(s) in North East?" in page
    for hidden in ("McCanary", child.reference, action.reference, "Canarytask"):
        assert hidden not in page
    values = {"version": str(day.world.police.version), f"actions_{action.area_id}": str(second.key)}
    session.close()
    answer = send(admin, address, values)
    assert answer.status_code == 302
    page = text_of(admin, answer.location)
    assert "1 actions have a new owner." in page
    assert session.get_one(Action, action.key).owner_id == second.key
    told = session.scalars(select(OutboxMail).where(col(OutboxMail.account_id) == second.key)).all()
    assert [mail.subject for mail in told if mail.kind == "action_given"] == ["Your actions: 1 new, 0 overdue"]
    assert session.get_one(Account, day.world.police.key).state is AccountState.DISABLED


def test_an_older_copy_of_the_account_and_a_choice_of_nobody_known_change_nothing(
    admin: FlaskClient, session: Session, day: Rmm
) -> None:
    action, version = action_of(day), day.world.police.version
    session.commit()
    session.close()
    address = f"/accounts/{day.world.police.key}/disable"
    wrong = {"version": str(version), f"actions_{action.area_id}": str(day.world.health.key)}
    assert send(admin, address, wrong).status_code == 400
    assert send(admin, address, {"version": str(version + 1)}).status_code == 409
    assert session.get_one(Account, day.world.police.key).state is AccountState.ACTIVE


def test_a_role_is_ended_on_the_page_too(admin: FlaskClient, session: Session, day: Rmm) -> None:
    police = day.world.police
    (grant,) = grants_of(session, police.key)
    session.commit()
    session.close()
    address = f"/accounts/{police.key}/roles/{grant.id}/end"
    assert "End a role" in text_of(admin, address)
    assert send(admin, address, {"version": str(police.version)}).status_code == 302
    assert grants_of(session, police.key) == []


def test_who_moves_to_another_agency_leaves_the_work_and_the_roles_behind(
    admin: FlaskClient, session: Session, day: Rmm
) -> None:
    police, action, second = day.world.police, action_of(day), another(session)
    session.commit()
    session.close()
    address = f"/accounts/{police.key}/agency"
    assert "Every role ends" in text_of(admin, address)
    same = send(admin, address, {"version": str(police.version), "agency": "police"})
    assert (same.status_code, "other than the present one" in same.text) == (400, True)
    assert send(admin, address, {"version": str(police.version), "agency": "health"}).status_code == 302
    assert session.get_one(Action, action.key).owner_id == second.key
    assert session.get_one(Account, police.key).agency_id == day.world.health.agency_id
    assert grants_of(session, police.key) == []
    assert (
        history(session, action)[-1]
        == "From Testy McPolice to Testy McSecond. The person works for another agency now."
    )
