"""Answers read over an encrypted connection: only from a server whose certificate is trusted and bears its name."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.config import Settings
from meetings_app.db.session import reading, writing
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.mailed_replies import read_replies
from meetings_app.schedule.models import MeetingMember, Reply
from tests.support.certificates import make_certificate
from tests.support.mailbox_server import PASSWORD, USER, Folder, encrypted, mailbox_server, new_folder
from tests.support.meetings import series
from tests.support.reply_shapes import Said, outlook
from tests.support.world import NOW, tiny_world

UID = "RMM-NE-2026-W48@meetings.example.org"
POLICE = "police@exampleshire.example"
WAYS = ("imaps", "starttls")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def server(certificate: Path) -> Iterator[tuple[int, int]]:
    """A mailbox that offers STARTTLS at the first port, and is encrypted from the first byte at the second."""
    with mailbox_server(certificate) as port, encrypted(port, certificate) as implicit:
        yield port, implicit


@pytest.fixture
def folder(server: tuple[int, int], sessions: sessionmaker[Session]) -> Folder:
    """An answer of the police in a folder of its own."""
    with writing(sessions, OPERATOR) as session:
        tiny_world(session)
    with writing(sessions, OPERATOR) as session:
        series(session, count=1)
    made = new_folder(server[0])
    made.receive(outlook(Said(UID, POLICE, "ACCEPTED")))
    return made


def address(way: str, server: tuple[int, int], folder: Folder, host: str = "localhost") -> str:
    if way == "imaps":
        return f"imaps://{USER}:{PASSWORD}@{host}:{server[1]}/{folder.name}?timeout=60"
    return f"imap://{USER}:{PASSWORD}@{host}:{server[0]}/{folder.name}?starttls=1&timeout=60"


def police_said(sessions: sessionmaker[Session]) -> set[Reply]:
    with reading(sessions, OPERATOR) as session:
        return set(session.scalars(select(col(MeetingMember.reply)).where(col(MeetingMember.reply) != Reply.NONE)))


@pytest.mark.parametrize("way", WAYS)
def test_a_trusted_server_is_read(
    sessions: sessionmaker[Session], settings: Settings, folder: Folder, server: tuple[int, int],
    certificate: Path, monkeypatch: pytest.MonkeyPatch, way: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    read = read_replies(sessions, replace(settings, imap_url=address(way, server, folder)), NOW)
    assert read.problem == ""
    assert police_said(sessions) == {Reply.ACCEPTED}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("wrong", ["nobody vouches for it", "it is of another name"])
def test_a_server_with_a_wrong_certificate_is_refused_in_one_line_and_told_no_password(
    sessions: sessionmaker[Session], settings: Settings, folder: Folder, server: tuple[int, int],
    certificate: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, way: str, wrong: str,
) -> None:  # fmt: skip
    host = "localhost"
    if wrong == "it is of another name":
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        host = "127.0.0.1"
    read = read_replies(sessions, replace(settings, imap_url=address(way, server, folder, host)), NOW)
    step = "connect" if way == "imaps" else "starttls"
    assert read.problem == f"IMAP {step}: the certificate is not trusted"
    assert police_said(sessions) == set()
    assert "the certificate of its server is not trusted" in caplog.text
