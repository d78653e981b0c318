"""Mail over an encrypted connection: only to a server whose certificate is trusted and bears its name."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from meetings_app.notices.delivery import SmtpSettings, TemporaryFailure, deliver, parse_smtp_url
from tests.notices.mail_servers import Mailroom, free_port
from tests.notices.test_delivery import mail
from tests.support.certificates import make_certificate

SERVERS = ["smtp://{host}:{port}?starttls=1&timeout=30", "smtps://{host}:{port}?timeout=30"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@contextmanager
def encrypted_server(room: Mailroom, certificate: Path, url: str) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.parent / "key.pem")
    port = free_port()
    if url.startswith("smtps"):
        controller = Controller(room, hostname="127.0.0.1", port=port, ssl_context=context)
    else:
        controller = Controller(room, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def settings(url: str, host: str, port: int) -> SmtpSettings:
    return parse_smtp_url(url.format(host=host, port=port))


@pytest.mark.parametrize("url", SERVERS)
def test_a_trusted_server_gets_the_mail(url: str, certificate: Path) -> None:
    room = Mailroom()
    trust = ssl.create_default_context(cafile=certificate)
    with encrypted_server(room, certificate, url) as port:
        deliver(replace(settings(url, "localhost", port), trust=trust), mail())
    assert len(room.accepted) == 1


@pytest.mark.parametrize("url", SERVERS)
def test_a_server_that_nobody_vouches_for_gets_nothing(url: str, certificate: Path) -> None:
    room = Mailroom()
    with (
        encrypted_server(room, certificate, url) as port,
        pytest.raises(TemporaryFailure, match="the certificate is not trusted"),
    ):
        deliver(settings(url, "localhost", port), mail())
    assert room.accepted == []


@pytest.mark.parametrize("url", SERVERS)
def test_a_server_with_the_certificate_of_another_gets_nothing(url: str, certificate: Path) -> None:
    room = Mailroom()
    trust = ssl.create_default_context(cafile=certificate)
    with (
        encrypted_server(room, certificate, url) as port,
        pytest.raises(TemporaryFailure, match="the certificate is not trusted"),
    ):
        deliver(replace(settings(url, "127.0.0.1", port), trust=trust), mail())
    assert room.accepted == []
