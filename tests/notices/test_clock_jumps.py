"""A clock that jumped ahead and back leaves no mail, no weekly list and no silence waiting for the day it had shown."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.config import Settings
from meetings_app.db.session import reading, writing
from meetings_app.jobs.models import SchedulerLife
from meetings_app.jobs.queries import scheduler_silent_since
from meetings_app.notices.models import OutboxMail
from meetings_app.notices.sending import send_waiting
from meetings_app.permissions import OPERATOR
from meetings_app.weekly_list.taking import take_list
from tests.notices.mail_servers import Mailroom, free_port, smtp_server
from tests.support.meetings import office, series
from tests.support.world import NOW, add_account

AHEAD = NOW + timedelta(days=2)


def invited(sessions: sessionmaker[Session]) -> None:
    with writing(sessions, OPERATOR) as session:
        add_account(session, "police", "representative", "police", ["NE"])
    with writing(sessions, OPERATOR) as session:
        series(session, count=1)


def test_mail_put_off_by_a_clock_ahead_leaves_when_the_clock_is_right(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    invited(sessions)
    away = replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}?timeout=1")
    assert send_waiting(sessions, away, AHEAD).retried == 1
    with smtp_server(Mailroom()) as server:
        serving = replace(settings, smtp_url=f"smtp://127.0.0.1:{server.port}?timeout=30")
        assert send_waiting(sessions, serving, NOW).sent == 1


def test_mail_in_the_hands_of_a_sender_that_died_with_its_clock_ahead_leaves_too(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    invited(sessions)
    with writing(sessions, OPERATOR) as session:
        mail = session.scalars(select(OutboxMail)).one()
        mail.lease, mail.leased_until = "dead", AHEAD
    with smtp_server(Mailroom()) as server:
        serving = replace(settings, smtp_url=f"smtp://127.0.0.1:{server.port}?timeout=30")
        assert send_waiting(sessions, serving, NOW).sent == 1


def test_a_list_taken_by_a_clock_a_year_ahead_leaves_no_week_without_one(session: Session) -> None:
    numbers = [
        taken.number
        for weeks in (52, 0, 1, 52, 1)
        if (taken := take_list(session, OPERATOR, NOW + timedelta(weeks=weeks), office()))
    ]
    assert numbers == [1, 2, 3]


def test_a_sign_of_life_from_the_future_is_silence(sessions: sessionmaker[Session]) -> None:
    with writing(sessions, OPERATOR) as session:
        session.add(SchedulerLife(id=1, holder="one", seen_at=AHEAD))
    with reading(sessions, OPERATOR) as session:
        assert scheduler_silent_since(session, NOW) is not None
        assert scheduler_silent_since(session, AHEAD) is None
        assert session.scalar(select(col(SchedulerLife.holder))) == "one"
