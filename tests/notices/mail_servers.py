"""Mail servers on loopback for tests: an honest one (aiosmtpd), and scripted ones that do what none should."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller

from meetings_app.notices.delivery import SmtpSettings, parse_smtp_url


class Mailroom:
    """What a real server was handed, and the answers it gives at each step."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.accepted: list[tuple[str, list[str], bytes]] = []
        self.connections = 0
        self.busy_for: tuple[str, ...] = ()

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("sender", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address.startswith("unknown"):
            return f"550 5.1.1 <{address}> no such person"
        if address.startswith(self.busy_for):
            return f"450 4.2.1 <{address}> full"
        envelope.rcpt_tos.append(address)
        return self.answers.get("recipient", "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.get("content", "250 OK")
        if answer.startswith("250"):
            self.accepted.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return answer


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def smtp_server(room: Mailroom, **options: Any) -> Iterator[SmtpSettings]:
    controller = Controller(room, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield settings(controller.port)
    finally:
        controller.stop()


def settings(port: int, **extra: Any) -> SmtpSettings:
    values = {"timeout": 30.0, "deadline": 60.0, **extra}
    parsed = parse_smtp_url(f"smtp://127.0.0.1:{port}")
    return SmtpSettings(host=parsed.host, port=parsed.port, encryption=parsed.encryption, **values)


@contextmanager
def scripted_server(script: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that follows `script` with each connection, for what no honest server does."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                accepted, _ = listening.accept()
            except OSError:
                return
            with accepted:
                try:
                    script(accepted)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        # Closing alone would leave `accept` waiting.
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(timeout=5)
        assert not thread.is_alive()


def talk(peer: socket.socket, *, until: str, then: Callable[[socket.socket], None], hello: str = "250 ok") -> None:
    """Answer every command as an honest server would, up to the one that begins with `until`."""
    with peer.makefile("rb") as lines:
        peer.sendall(b"220 mail.example ready\r\n")
        for line in lines:
            command = line.decode().strip().upper()
            if command.startswith(until):
                then(peer)
                return
            if command == "DATA":
                peer.sendall(b"354 go on\r\n")
                for content in lines:
                    if until == "CONTENT":
                        then(peer)
                        return
                    if content == b".\r\n":
                        break
                if until == "ANSWER":
                    then(peer)
                    return
            peer.sendall(f"{hello}\r\n".encode())


def hang_up(peer: socket.socket) -> None:
    peer.shutdown(socket.SHUT_RDWR)


def hang(peer: socket.socket) -> None:
    peer.settimeout(5)
    while peer.recv(65536):
        pass


def drip(peer: socket.socket) -> None:
    for _ in range(100):
        peer.sendall(b"2")
        time.sleep(0.1)
