"""The mailbox that replies come to, over IMAP. It is only looked at: nothing in it is changed, moved or marked."""

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from meetings_app.errors import MeetingsError
from meetings_app.notices.imap_settings import ImapSettings

LARGEST_MAIL = 2_000_000
"""In bytes, our default: a reply has some thousand, and with a picture under somebody’s name some hundred thousand."""

NOT_TRUSTED = "the certificate is not trusted"
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxAway(MeetingsError):
    """The mailbox could not be read. The text says at which step, and nothing of what the server said."""


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One mail as the server holds it; `content` is None for one that is larger than any reply."""

    uid: int
    content: bytes | None


class Mailbox:
    """One open mailbox. `validity` says how long its numbers stand for the same mails (RFC 3501)."""

    def __init__(self, client: imaplib.IMAP4, validity: int) -> None:
        self._client, self.validity = client, validity

    def after(self, uid: int, at_most: int) -> list[int]:
        """Give the numbers of the first mails after `uid`, in order. Raises `MailboxAway`."""
        with _failures("search"):
            lines = _answer(self._client.uid("SEARCH", f"UID {uid + 1}:*"))
            found = {int(number) for line in lines if isinstance(line, bytes) for number in line.split()}
        # “*” is the last mail even where its number is smaller.
        return sorted(number for number in found if number > uid)[:at_most]

    def read(self, uid: int) -> ReceivedMail | None:
        """Give one mail without marking it as read; None where it is gone. Raises `MailboxAway`."""
        with _failures("fetch"):
            sizes = _answer(self._client.uid("FETCH", str(uid), "(RFC822.SIZE)"))
            size = _SIZE.search(b" ".join(_texts(sizes)))
            if size is None:
                return None
            if int(size[1]) > LARGEST_MAIL:
                return ReceivedMail(uid, None)
            parts = _answer(self._client.uid("FETCH", str(uid), "(BODY.PEEK[])"))
        content = next((part[1] for part in parts if isinstance(part, tuple)), None)
        return ReceivedMail(uid, content) if content is not None else None


@contextmanager
def open_mailbox(settings: ImapSettings) -> Iterator[Mailbox]:
    """Give the mailbox, opened to be read only. Raises `MailboxAway`."""
    client = _connect(settings)
    try:
        with _failures("sign-in"):
            _answer(client.login(settings.user, settings.password))
        with _failures("folder"):
            _answer(client.select(f'"{settings.folder}"', readonly=True))
            _, told = client.response("UIDVALIDITY")
            validity = int(told[0]) if told and told[0] else 0
        yield Mailbox(client, validity)
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            client.logout()


def _connect(settings: ImapSettings) -> imaplib.IMAP4:
    trust = settings.trust or ssl.create_default_context()
    client: imaplib.IMAP4
    with _failures("connect"):
        if settings.implicit_tls:
            client = imaplib.IMAP4_SSL(settings.host, settings.port, ssl_context=trust, timeout=settings.timeout)
        else:
            client = imaplib.IMAP4(settings.host, settings.port, timeout=settings.timeout)
    if settings.starttls:
        with _failures("starttls"):
            client.starttls(trust)
    return client


@contextmanager
def _failures(step: str) -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise MailboxAway(f"IMAP {step}: {NOT_TRUSTED}") from None
    except (OSError, imaplib.IMAP4.error, ValueError) as problem:
        raise MailboxAway(f"IMAP {step}: {type(problem).__name__}") from None


def _answer(told: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    kind, lines = told
    if kind != "OK":
        raise imaplib.IMAP4.error(kind)
    return lines


def _texts(lines: Sequence[Any]) -> Iterator[bytes]:
    for line in lines:
        if isinstance(line, tuple):
            yield from (part for part in line if isinstance(part, bytes))
        elif isinstance(line, bytes):
            yield line
