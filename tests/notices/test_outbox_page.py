"""The page of the mail: what waits and what was given up, for who looks after it, and sending again by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.app import Service, create_app
from meetings_app.config import Settings
from meetings_app.notices.models import MailState, OutboxMail
from meetings_app.notices.service import mail_reference
from tests.support.browsing import browser
from tests.support.meetings import series
from tests.support.world import TinyWorld, add_account, send, tiny_world


@pytest.fixture
def world(session: Session) -> TinyWorld:
    return tiny_world(session)


def given_up(session: Session, world: TinyWorld) -> OutboxMail:
    mail = session.scalars(select(OutboxMail).where(col(OutboxMail.account_id) == world.police.key)).first()
    assert mail is not None
    mail.state, mail.last_problem = MailState.GIVEN_UP, "SMTP recipient: answer 550"
    session.flush()
    return mail


def test_the_page_says_why_mail_waits_and_why_it_was_given_up(app: Flask, session: Session, world: TinyWorld) -> None:
    series(session, count=1)
    given_up(session, world)
    session.commit()
    page = browser(app, world.coordinator.email).get("/mail").get_data(as_text=True)
    assert "MEETINGS_SMTP_URL is empty: mail waits in the outbox" in page
    assert "SMTP recipient: answer 550" in page
    assert "RMM-NE-2026-W48" in page


def test_a_setting_that_cannot_be_read_is_said(
    app: Flask, settings: Settings, session: Session, world: TinyWorld
) -> None:
    service: Service = app.extensions["meetings"]
    wrong = replace(settings, smtp_url="mail.example.org")
    broken = create_app(wrong, replace(service, settings=wrong))
    page = browser(broken, world.coordinator.email).get("/mail").get_data(as_text=True)
    assert "MEETINGS_SMTP_URL must begin with smtp:// or smtps://" in page


def test_a_coordinator_sees_the_mail_of_their_meetings_and_an_administrator_all(
    app: Flask, session: Session, world: TinyWorld
) -> None:
    add_account(session, "admin", "administrator", "childrens-services")
    series(session, "NE", count=1)
    mail = given_up(session, world)
    session.commit()
    elsewhere = browser(app, world.coordinator_nw.email)
    assert "RMM-NE-2026-W48" not in elsewhere.get("/mail").get_data(as_text=True)
    address = f"/mail/{mail_reference(mail.message_id)}/again"
    series(session, "NW", count=1)
    given_up_there = session.scalars(
        select(OutboxMail).where(col(OutboxMail.account_id) == world.coordinator_nw.key)
    ).first()
    assert given_up_there is not None
    given_up_there.state = MailState.GIVEN_UP
    session.commit()
    assert send(elsewhere, address, {}, page="/mail").status_code == 404
    assert "RMM-NE-2026-W48" in browser(app, "admin").get("/mail").get_data(as_text=True)
    assert browser(app, world.police.email).get("/mail").status_code == 404


def test_sending_again_lets_it_wait_with_the_same_message_id(app: Flask, session: Session, world: TinyWorld) -> None:
    series(session, count=1)
    mail = given_up(session, world)
    mail.created_at -= timedelta(days=4)
    session.commit()
    key, message_id = mail.key, mail.message_id
    address = f"/mail/{mail_reference(message_id)}/again"
    assert send(browser(app, world.coordinator.email), address, {}, page="/mail").status_code == 302
    session.expire_all()
    after = session.get_one(OutboxMail, key)
    assert (after.state, after.message_id, after.attempts) == (MailState.WAITING, message_id, 0)


def test_an_invite_is_not_sent_again_after_its_cancellation(app: Flask, session: Session, world: TinyWorld) -> None:
    from meetings_app.meetings import arranging
    from meetings_app.permissions import OPERATOR
    from tests.support.meetings import office
    from tests.support.world import NOW

    meeting = series(session, count=2)[0]
    mail = given_up(session, world)
    arranging.cancel_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, "Half-term")
    session.commit()
    key, address = mail.key, f"/mail/{mail_reference(mail.message_id)}/again"
    answer = send(browser(app, world.coordinator.email), address, {}, page="/mail")
    assert answer.status_code == 400
    assert "A later mail about the same meeting has taken the place" in answer.get_data(as_text=True)
    session.expire_all()
    assert session.get_one(OutboxMail, key).state is MailState.GIVEN_UP
