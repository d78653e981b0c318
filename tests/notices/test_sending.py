"""The outbox against a real mail server: in order, once, again after an outage, and never lost."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
import vobject
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.config import Settings
from meetings_app.db.session import reading, writing
from meetings_app.meetings import arranging
from meetings_app.notices.delivery import connection
from meetings_app.notices.models import MailState, OutboxMail
from meetings_app.notices.sending import NO_SERVER, send_over, send_waiting
from meetings_app.permissions import OPERATOR
from meetings_app.schedule import queries, service
from tests.notices.mail_servers import Mailroom, free_port, hang_up, scripted_server, smtp_server, talk
from tests.support.meetings import office, series
from tests.support.own_database import own_database
from tests.support.world import NOW, tiny_world

CHANGES_WAIT = timedelta(minutes=10)


@contextmanager
def served(settings: Settings, room: Mailroom) -> Iterator[Settings]:
    with smtp_server(room) as server:
        yield pointed_at(settings, server.port)


def pointed_at(settings: Settings, port: int) -> Settings:
    return replace(settings, smtp_url=f"smtp://127.0.0.1:{port}?timeout=30")


def received(room: Mailroom, address: str) -> list[EmailMessage]:
    return [message_from_bytes(content) for _, to, content in room.accepted if to == [address]]  # type: ignore[misc]


def calendars(room: Mailroom, address: str) -> list[tuple[str, str, str, str]]:
    """Give METHOD, UID, SEQUENCE and start of every invite that an address received, read by another library."""
    found = []
    for mail in received(room, address):
        part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        entry = vobject.readOne(content.decode())
        event = entry.vevent
        assert part.get_param("method") == entry.method.value
        assert [attendee.value for attendee in event.contents["attendee"]] == [f"mailto:{address}"]
        found.append((entry.method.value, event.uid.value, event.sequence.value, f"{event.dtstart.value:%d %b %H:%M}"))
    return found


def states(sessions: sessionmaker[Session]) -> Counter[MailState]:
    with reading(sessions, OPERATOR) as session:
        return Counter(session.scalars(select(col(OutboxMail.state))))


def people(sessions: sessionmaker[Session]) -> list[Account]:
    with writing(sessions, OPERATOR) as session:
        world = tiny_world(session)
    return [world.coordinator, world.chair_cs, world.chair_fs, world.police, world.education, world.health]


def announced(sessions: sessionmaker[Session], count: int = 1) -> str:
    with writing(sessions, OPERATOR) as session:
        return series(session, count=count)[0].reference


def move(sessions: sessionmaker[Session], reference: str, to: date) -> None:
    with writing(sessions, OPERATOR) as session:
        meeting = queries.find_meeting(session, reference)
        assert meeting is not None
        arranging.move_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, held_on=to)


def cancel(sessions: sessionmaker[Session], reference: str) -> None:
    with writing(sessions, OPERATOR) as session:
        meeting = queries.find_meeting(session, reference)
        assert meeting is not None
        arranging.cancel_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, "Half-term")


def test_a_meeting_from_invite_to_cancellation(sessions: sessionmaker[Session], settings: Settings) -> None:
    everybody = people(sessions)
    reference = announced(sessions)
    room = Mailroom()
    with served(settings, room) as serving:
        assert send_waiting(sessions, serving, NOW).sent == 6
        move(sessions, reference, date(2026, 11, 26))
        assert send_waiting(sessions, serving, NOW).sent == 0, "a change waits for another one"
        assert send_waiting(sessions, serving, NOW + CHANGES_WAIT).sent == 6
        cancel(sessions, reference)
        assert send_waiting(sessions, serving, NOW).sent == 6
        assert send_waiting(sessions, serving, NOW).sent == 0
    uid = f"{reference}@meetings.example.org"
    for person in everybody:
        assert calendars(room, person.email) == [
            ("REQUEST", uid, "0", "24 Nov 10:00"),
            ("REQUEST", uid, "1", "26 Nov 10:00"),
            ("CANCEL", uid, "2", "26 Nov 10:00"),
        ]
    for _, recipients, content in room.accepted:
        others = [person for person in everybody if person.email not in recipients]
        assert not any(person.email.encode() in content for person in others), "each sees only themself"


def test_somebody_removed_hears_it_alone(sessions: sessionmaker[Session], settings: Settings) -> None:
    everybody = people(sessions)
    reference = announced(sessions)
    police = everybody[3]
    room = Mailroom()
    with served(settings, room) as serving:
        send_waiting(sessions, serving, NOW)
        with writing(sessions, OPERATOR) as session:
            meeting = queries.find_meeting(session, reference)
            assert meeting is not None
            service.remove_member(session, OPERATOR, NOW, office(), meeting, police)
        assert send_waiting(sessions, serving, NOW + CHANGES_WAIT).sent == 1
        move(sessions, reference, date(2026, 11, 26))
        assert send_waiting(sessions, serving, NOW + CHANGES_WAIT).sent == 5
    assert [method for method, *_ in calendars(room, police.email)] == ["REQUEST", "CANCEL"]


def test_without_a_server_mail_waits_and_says_so(sessions: sessionmaker[Session], settings: Settings) -> None:
    people(sessions)
    announced(sessions)
    later = NOW + timedelta(days=30)
    assert send_waiting(sessions, settings, later).problem == NO_SERVER
    assert states(sessions) == {MailState.WAITING: 6}


def test_a_server_that_is_down_and_comes_back(sessions: sessionmaker[Session], settings: Settings) -> None:
    people(sessions)
    announced(sessions)
    away = send_waiting(sessions, pointed_at(settings, free_port()), NOW)
    assert (away.sent, away.retried, away.given_up) == (0, 6, 0)
    assert away.problem.startswith("SMTP connect")
    room = Mailroom()
    with served(settings, room) as serving:
        assert send_waiting(sessions, serving, NOW).sent == 0, "each mail waits a little first"
        assert send_waiting(sessions, serving, NOW + timedelta(minutes=5)).sent == 6
    assert states(sessions) == {MailState.SENT: 6}


def test_mail_is_given_up_by_age_and_visibly(sessions: sessionmaker[Session], settings: Settings) -> None:
    people(sessions)
    announced(sessions)
    nowhere = pointed_at(settings, free_port())
    for hours in range(10):
        assert send_waiting(sessions, nowhere, NOW + timedelta(hours=hours)).retried == 6
    assert send_waiting(sessions, nowhere, NOW + timedelta(days=3)).retried == 6, "too few tries for an old mail"
    assert send_waiting(sessions, nowhere, NOW + timedelta(days=3, hours=3)).given_up == 6
    with reading(sessions, OPERATOR) as session:
        assert set(session.scalars(select(col(OutboxMail.last_problem)))) == {"SMTP connect: the connection failed"}


def test_an_unknown_address_holds_up_nobody_else(sessions: sessionmaker[Session], settings: Settings) -> None:
    everybody = people(sessions)
    announced(sessions)
    with writing(sessions, OPERATOR) as session:
        mail = session.scalars(select(OutboxMail).where(col(OutboxMail.account_id) == everybody[0].key)).one()
        mail.recipient_address = "unknown@exampleshire.example"
    room = Mailroom()
    with served(settings, room) as serving:
        outcome = send_waiting(sessions, serving, NOW)
    assert (outcome.sent, outcome.given_up) == (5, 1)
    with reading(sessions, OPERATOR) as session:
        mail = session.scalars(select(OutboxMail).where(col(OutboxMail.state) == MailState.GIVEN_UP)).one()
        assert mail.last_problem == "SMTP recipient: answer 550"


def test_an_address_that_is_none_is_set_aside(sessions: sessionmaker[Session], settings: Settings) -> None:
    people(sessions)
    announced(sessions)
    with writing(sessions, OPERATOR) as session:
        session.scalars(select(OutboxMail)).first().recipient_address = "no address"  # type: ignore[union-attr]
    with served(settings, Mailroom()) as serving:
        outcome = send_waiting(sessions, serving, NOW)
    assert (outcome.sent, outcome.given_up) == (5, 1)


@pytest.mark.parametrize("answers", [{"content": "451 later"}, {"recipient": "450 later"}, {"sender": "451 later"}])
def test_a_busy_server_gets_another_try_in_order(
    sessions: sessionmaker[Session], settings: Settings, answers: dict[str, str]
) -> None:
    everybody = people(sessions)
    reference = announced(sessions)
    busy = Mailroom(**answers)
    with served(settings, busy) as serving:
        assert send_waiting(sessions, serving, NOW).retried == 6
        cancel(sessions, reference)
        assert send_waiting(sessions, serving, NOW).sent == 0, "no cancellation overtakes its request"
        busy.answers.clear()
        assert send_waiting(sessions, serving, NOW + timedelta(minutes=5)).sent == 12
    for person in everybody:
        assert [method for method, *_ in calendars(busy, person.email)] == ["REQUEST", "CANCEL"]


def test_a_server_that_breaks_off_loses_nothing(sessions: sessionmaker[Session], settings: Settings) -> None:
    people(sessions)
    announced(sessions)
    with scripted_server(lambda peer: talk(peer, until="CONTENT", then=hang_up)) as port:
        assert send_waiting(sessions, pointed_at(settings, port), NOW).sent == 0
    room = Mailroom()
    with served(settings, room) as serving:
        assert send_waiting(sessions, serving, NOW + timedelta(minutes=5)).sent == 6


class Killed(BaseException):
    """The process is gone."""


class DiesAfterSending:
    """A connection in a process that is killed as soon as the server has accepted a mail."""

    def __init__(self, real: object) -> None:
        self.real = real

    def send(self, message: EmailMessage) -> None:
        self.real.send(message)  # type: ignore[attr-defined]
        raise Killed


def test_killed_between_sending_and_marking_the_copy_has_the_same_message_id(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    people(sessions)
    announced(sessions)
    room = Mailroom()
    with smtp_server(room) as server:
        serving = pointed_at(settings, server.port)
        with connection(server) as real, pytest.raises(Killed):
            send_over(DiesAfterSending(real), sessions, settings, lambda: NOW)
        assert send_waiting(sessions, serving, NOW).sent == 5, "its lease holds, the others go out"
        assert send_waiting(sessions, serving, NOW + timedelta(minutes=11)).sent == 1
    copies = Counter(message_from_bytes(content)["Message-ID"] for _, _, content in room.accepted)
    assert sorted(copies.values()) == [1, 1, 1, 1, 1, 2]
    bodies = {content for _, _, content in room.accepted}
    assert len(bodies) == 6, "both copies are the same, byte for byte"


def test_a_sender_that_froze_beyond_its_lease_overwrites_nothing(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    people(sessions)
    announced(sessions)
    room = Mailroom()
    with smtp_server(room) as server:
        serving = pointed_at(settings, server.port)

        class Freezes:
            def send(self, message: EmailMessage) -> None:
                assert send_waiting(sessions, serving, NOW + timedelta(hours=1)).sent == 6

        outcome = send_over(Freezes(), sessions, settings, lambda: NOW)
    assert outcome.sent == 1
    with reading(sessions, OPERATOR) as session:
        assert {mail.sent_at for mail in session.scalars(select(OutboxMail))} == {NOW + timedelta(hours=1)}


def test_two_senders_at_once_send_each_mail_once(database: str, settings: Settings, tmp_path: Path) -> None:
    room = Mailroom()
    with own_database(database, tmp_path) as sessions, served(settings, room) as serving:
        people(sessions)
        announced(sessions, count=8)
        outcomes = []

        def send() -> None:
            outcomes.append(send_waiting(sessions, serving, NOW))

        senders = [threading.Thread(target=send) for _ in range(3)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert states(sessions) == {MailState.SENT: 48}
        assert sum(outcome.sent for outcome in outcomes) == 48
    copies = Counter(message_from_bytes(content)["Message-ID"] for _, _, content in room.accepted)
    assert set(copies.values()) == {1}


def test_a_change_that_is_rolled_back_mails_nobody(sessions: sessionmaker[Session]) -> None:
    people(sessions)
    with pytest.raises(RuntimeError):
        _announce_and_fail(sessions)
    assert states(sessions) == {}


def _announce_and_fail(sessions: sessionmaker[Session]) -> None:
    with writing(sessions, OPERATOR) as session:
        series(session)
        raise RuntimeError
