"""Whoever is given an action gets one mail about it, whatever page gave it, and no word of any child."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.service import propose
from meetings_app.actions.telling import tell_owners
from meetings_app.children.models import Child
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import Role
from meetings_app.ratings.models import RiskRating
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, text_of
from tests.support.rmm import Rmm, due, rated, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW, add_account

SAID = "Speak with the family, as invented"


def mails(session: Session) -> list[OutboxMail]:
    session.expire_all()
    wanted = select(OutboxMail).where(col(OutboxMail.kind) == "action_given").order_by(col(OutboxMail.id))
    return list(session.scalars(wanted))


def closable(session: Session) -> tuple[Rmm, Child]:
    """A meeting held and decided, with three actions proposed: two for the police and one for health."""
    day = rmm(session)
    child = due(session, RiskRating.HIGH, name="Canarychild McMail")
    day.open()
    day.decide(child, rated(session, RiskRating.HIGH))
    for who in ("police", "police", "health"):
        owner = getattr(day.world, who)
        propose(
            session, day.act("chair_cs"), NOW, day.meeting, child, SAID, owner.agency_id, owner.key, date(2026, 11, 27)
        )  # fmt: skip
    day.operator()
    give_action(session, past_meeting(session), child, day.world.police, date(2026, 11, 20))
    session.commit()
    return day, child


def test_closing_a_meeting_tells_each_owner_once_with_numbers_alone(app: Flask, session: Session) -> None:
    day, child = closable(session)
    at, reference = f"/meetings/{day.meeting.reference}/close", child.reference
    police, health = day.world.police.key, day.world.health.key
    session.close()
    chair = browser(app, "chair-cs")
    form = form_to(text_of(chair, at), at)
    for _twice in range(2):
        assert chair.post(at, data=form.values).status_code == 302
    told = {mail.account_id: mail for mail in mails(session)}
    assert set(told) == {police, health}
    assert len(mails(session)) == 2
    assert told[police].subject == "Your actions: 2 new, 1 overdue"
    assert told[health].subject == "Your actions: 1 new, 0 overdue"
    assert "Due this week: 2" in told[police].body
    assert "/actions?whose=mine" in told[police].body
    for mail in told.values():
        for word in ("Canarychild", "McMail", reference, SAID, "A-"):
            assert word not in mail.subject + mail.body


def test_whoever_an_action_is_given_on_to_is_told(app: Flask, session: Session) -> None:
    day = rmm(session)
    second = add_account(session, "police-two", Role.REPRESENTATIVE, "police", ["NE"])
    child = due(session, RiskRating.HIGH)
    action = give_action(session, past_meeting(session), child, day.world.police, date(2026, 12, 20))
    session.commit()
    at, owner = f"/actions/{action.reference}/reassign", second.key
    session.close()
    police = browser(app, "police")
    form = form_to(text_of(police, at), at)
    assert police.post(at, data=form.with_values(owner=str(owner), reason="On leave")).status_code == 302
    assert [mail.account_id for mail in mails(session)] == [owner]


def test_a_refused_page_tells_nobody(app: Flask, session: Session) -> None:
    day = rmm(session)
    add_account(session, "police-two", Role.REPRESENTATIVE, "police", ["NE"])
    child = due(session, RiskRating.HIGH)
    action = give_action(session, past_meeting(session), child, day.world.police, date(2026, 12, 20))
    session.commit()
    at, stranger = f"/actions/{action.reference}/reassign", day.world.health.key
    session.close()
    police = browser(app, "police")
    form = form_to(text_of(police, at), at)
    assert police.post(at, data=form.with_values(owner=str(stranger))).status_code == 400
    assert mails(session) == []


def test_a_child_who_moves_area_has_the_new_owner_told(app: Flask, session: Session) -> None:
    day = rmm(session)
    there = add_account(session, "police-nw", Role.REPRESENTATIVE, "police", ["NW"])
    child = due(session, RiskRating.HIGH)
    give_action(session, past_meeting(session), child, day.world.police, date(2026, 12, 20))
    add_account(session, "both", Role.COORDINATOR, "childrens-services")
    session.commit()
    at, owner = f"/children/{child.reference}/details", there.key
    session.close()
    both = browser(app, "both")
    form = form_to(text_of(both, at), at)
    assert both.post(at, data=form.with_values(area="NW")).status_code == 302
    assert [mail.account_id for mail in mails(session)] == [owner]


@pytest.mark.parametrize("undone", [True, False])
def test_what_is_undone_or_saved_without_a_page_is_forgotten(session: Session, undone: bool) -> None:
    day = rmm(session)
    child = due(session, RiskRating.HIGH)
    give_action(session, past_meeting(session), child, day.world.police, date(2026, 12, 20))
    if undone:
        session.rollback()
    else:
        session.commit()
    assert tell_owners(session, NOW, "https://meetings.example.org") == 0
