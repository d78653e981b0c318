"""A test mail and a test invite to oneself: asked for on the page of the mail, sent by a real server, read back."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.config import Settings
from meetings_app.db.session import writing
from meetings_app.notices.models import OutboxMail
from meetings_app.notices.sending import send_waiting
from meetings_app.notices.trying import TAKEN_BACK_AFTER, queue_test_invite, queue_test_mail
from meetings_app.permissions import Actor
from tests.notices.mail_servers import Mailroom
from tests.notices.test_sending import calendars, people, received, served
from tests.support.browsing import browser, text_of
from tests.support.world import NOW, csrf_token, tiny_world


def test_the_page_sends_a_test_to_oneself_alone_and_says_how_it_stands(app: Flask, session: Session) -> None:
    world = tiny_world(session)
    session.close()
    coordinator = browser(app, "coordinator")
    token = csrf_token(text_of(coordinator, "/mail"))
    for what in ("mail", "invite"):
        answer = coordinator.post("/mail/test", data={"csrf_token": token, what: "1"}, follow_redirects=True)
        assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "It waits in the outbox: no mail server is set." in page
    assert "within a minute" not in page
    assert "Test mail, " in page
    assert "Test invite, " in page
    mails = session.scalars(select(OutboxMail).order_by(col(OutboxMail.id))).all()
    assert [mail.kind for mail in mails] == ["test_mail", "test_invite", "test_invite_ended"]
    assert {mail.recipient_address for mail in mails} == {world.coordinator.email}


def test_who_does_not_look_after_the_mail_sends_none(app: Flask, session: Session) -> None:
    tiny_world(session)
    session.close()
    police = browser(app, "police")
    token = csrf_token(text_of(police, "/account"))
    assert police.post("/mail/test", data={"csrf_token": token, "mail": "1"}).status_code in (403, 404)


def test_the_invite_arrives_as_one_and_is_cancelled_ten_minutes_later(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    person, room = people(sessions)[0], Mailroom()
    me = Actor(account_id=person.key, name=person.name)
    with served(settings, room) as serving:
        with writing(sessions, me) as session:
            assert queue_test_invite(session, me, NOW, serving)
            assert not queue_test_invite(session, me, NOW, serving), "once a minute"
            assert queue_test_mail(session, me, NOW, serving)
        assert send_waiting(sessions, serving, NOW).sent == 2
        assert send_waiting(sessions, serving, NOW + TAKEN_BACK_AFTER - timedelta(minutes=1)).sent == 0
        assert send_waiting(sessions, serving, NOW + TAKEN_BACK_AFTER).sent == 1
    mails = received(room, person.email)
    assert [str(mail["Subject"]) for mail in mails] == [
        "Test invite: TEST-2026-W48, nothing takes place", "Test mail from Risk Management Meetings",
        "Test invite cancelled: TEST-2026-W48",
    ]  # fmt: skip
    room.accepted = [one for one in room.accepted if b"text/calendar" in one[2]]
    (asked, uid, first, start), (cancelled, same, second, _) = calendars(room, person.email)
    assert (asked, cancelled, first, second, start) == ("REQUEST", "CANCEL", "0", "1", "24 Nov 12:00")
    assert uid == same
