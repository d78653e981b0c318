"""Mail handed to real servers on loopback: one that accepts, and ones that refuse, break off, drip and hang."""

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from meetings_app.notices.delivery import (
    DeliveryFailure,
    PermanentFailure,
    TemporaryFailure,
    connection,
    deliver,
    parse_smtp_url,
)
from meetings_app.notices.message import as_bytes, build_message, mailbox
from tests.notices.mail_servers import Mailroom, drip, hang, hang_up, scripted_server, settings, smtp_server, talk

NAME = "Testy McExample"
ADDRESS = "testy@police.example"


def mail(number: int = 1, address: str = ADDRESS) -> EmailMessage:
    return build_message(
        message_id=f"<mail-{number}@meetings.example>",
        sender=mailbox("rmm@meetings.example", "Risk Management Meetings"),
        recipient_address=address,
        recipient_name=NAME,
        subject="Risk Management Meeting RMM-NE-2026-W48",
        body_text="Sign in:\n.\nhttps://meetings.example/\n",
        date=datetime(2026, 11, 1, tzinfo=UTC),
    )


def assert_says_nothing_about_anybody(failure: DeliveryFailure) -> None:
    text = f"{failure} {failure!r} {failure.args}"
    for word in ("@", "Testy", "testy", "police", "unknown", "McExample", "127.0.0.1"):
        assert word not in text


def test_an_accepting_server_gets_the_mail_byte_for_byte_for_its_one_recipient() -> None:
    room = Mailroom()
    with smtp_server(room) as server:
        deliver(server, mail())

    assert room.accepted == [("rmm@meetings.example", [ADDRESS], as_bytes(mail()))]


def test_several_mails_share_one_connection_and_a_refused_one_does_not_hold_up_the_next() -> None:
    room = Mailroom()
    with smtp_server(room) as server, connection(server) as mailman:
        mailman.send(mail(1))
        with pytest.raises(PermanentFailure):
            mailman.send(mail(2, "unknown@police.example"))
        mailman.send(mail(3))

    assert [content.count(b"<mail-") for _, _, content in room.accepted] == [1, 1]
    assert b"<mail-3@" in room.accepted[1][2]
    assert room.connections == 1


@pytest.mark.parametrize(
    ("phase", "answer", "kind"),
    [
        ("recipient", "450 4.2.1 <testy@police.example> try later", TemporaryFailure),
        ("recipient", "452 4.5.3 too many", TemporaryFailure),
        ("recipient", "550 5.1.1 <testy@police.example> unknown", PermanentFailure),
        ("recipient", "553 5.1.3 bad address", PermanentFailure),
        ("recipient", "530 5.7.0 Authentication required", TemporaryFailure),
        ("content", "451 4.3.0 try later", TemporaryFailure),
        ("content", "421 4.3.2 shutting down", TemporaryFailure),
        ("content", "552 5.3.4 too big for Testy McExample", PermanentFailure),
        ("content", "554 5.7.1 refused", PermanentFailure),
        ("sender", "451 4.3.0 try later", TemporaryFailure),
        ("sender", "550 5.7.1 rmm@meetings.example may not send", TemporaryFailure),
    ],
)
def test_what_the_server_answers_decides_whether_another_try_is_worth_it(
    phase: str, answer: str, kind: type[DeliveryFailure]
) -> None:
    room = Mailroom(**{phase: answer})
    with smtp_server(room) as server, pytest.raises(kind) as failed:
        deliver(server, mail())

    assert (failed.value.phase, failed.value.code) == (phase, int(answer[:3]))
    assert str(failed.value) == f"SMTP {phase}: answer {answer[:3]}"
    assert_says_nothing_about_anybody(failed.value)
    assert room.accepted == []


def test_no_server_at_all_is_temporary() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    with pytest.raises(TemporaryFailure, match="SMTP connect: the connection failed") as failed:
        deliver(settings(port), mail())
    assert_says_nothing_about_anybody(failed.value)


@pytest.mark.parametrize(
    ("until", "phase"),
    [("EHLO", "connect"), ("MAIL", "sender"), ("RCPT", "recipient"), ("CONTENT", "content"), ("ANSWER", "content")],
)
def test_a_server_that_breaks_off_is_temporary_wherever_it_does(until: str, phase: str) -> None:
    broken = scripted_server(lambda peer: talk(peer, until=until, then=hang_up))
    with broken as port, pytest.raises(TemporaryFailure) as failed:
        deliver(settings(port), mail())

    assert failed.value.phase == phase
    assert_says_nothing_about_anybody(failed.value)


@pytest.mark.parametrize(("until", "phase"), [("EHLO", "connect"), ("RCPT", "recipient"), ("ANSWER", "content")])
@pytest.mark.parametrize("trick", [hang, drip])
def test_a_server_that_hangs_or_drips_is_given_up_in_time(
    until: str, phase: str, trick: Callable[[socket.socket], None]
) -> None:
    began = time.monotonic()
    with scripted_server(lambda peer: talk(peer, until=until, then=trick)) as port:
        with pytest.raises(TemporaryFailure) as failed:
            deliver(settings(port, timeout=0.5, deadline=1.0), mail())
        took = time.monotonic() - began

    assert str(failed.value) == f"SMTP {phase}: no answer in time"
    assert took < 4, "given up far later than the deadline"


def test_a_server_that_never_says_goodbye_has_still_taken_the_mail() -> None:
    with scripted_server(lambda peer: talk(peer, until="QUIT", then=hang)) as port:
        deliver(settings(port, timeout=0.5), mail())


def test_a_server_that_talks_nonsense_is_temporary() -> None:
    nonsense = scripted_server(lambda peer: talk(peer, until="RCPT", then=lambda p: p.sendall(b"what?\r\n")))
    with nonsense as port, pytest.raises(TemporaryFailure) as failed:
        deliver(settings(port), mail())
    assert failed.value.code is None


def test_a_connection_that_broke_is_made_again_for_the_next_mail() -> None:
    broke: list[bool] = []

    def break_once(peer: socket.socket) -> None:
        first = not broke
        broke.append(True)
        talk(peer, until="MAIL" if first else "QUIT", then=hang_up)

    with scripted_server(break_once) as port, connection(settings(port)) as mailman:
        with pytest.raises(TemporaryFailure):
            mailman.send(mail(1))
        mailman.send(mail(2))
    assert len(broke) == 2


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_signing_in_with_the_right_password_sends_and_with_a_wrong_one_waits() -> None:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    room = Mailroom()
    options = {"authenticator": check, "auth_require_tls": False, "auth_required": True}
    with smtp_server(room, **options) as server:
        deliver(settings(server.port, user="rmm", password="right"), mail())
        with pytest.raises(TemporaryFailure, match="SMTP sign-in: answer 535"):
            deliver(settings(server.port, user="rmm", password="wrong"), mail())
        with pytest.raises(TemporaryFailure, match="answer 530"):
            deliver(server, mail())
    assert len(room.accepted) == 1


def test_a_server_without_encryption_never_gets_the_password_or_the_mail() -> None:
    heard: list[bytes] = []

    def listen(peer: socket.socket) -> None:
        peer.sendall(b"220 ready\r\n")
        while line := peer.recv(65536):
            heard.append(line)
            peer.sendall(b"250 ok\r\n")

    with scripted_server(listen) as port:
        asked = parse_smtp_url(f"smtp://rmm:secret@127.0.0.1:{port}?starttls=1&timeout=30")
        with pytest.raises(TemporaryFailure, match="SMTP starttls: the server does not offer it"):
            deliver(asked, mail())
    assert not any(line.upper().startswith((b"AUTH", b"MAIL")) for line in heard)
