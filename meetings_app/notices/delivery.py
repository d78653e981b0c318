"""Mail over SMTP: what may be tried again, what may not, and nothing about whom it was for.

A temporary failure is everything that another try may mend: the server is away, slow, busy or breaks
off, or it refuses us (sign-in, sender, encryption), which says nothing about the mail and is mended in
the settings. A permanent failure is a 5xx answer about this recipient or this mail.
"""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from meetings_app.errors import MeetingsError
from meetings_app.notices.message import as_bytes
from meetings_app.notices.smtp_settings import Encryption, SmtpSettings, parse_smtp_url

__all__ = [
    "DeliveryFailure",
    "MailConnection",
    "PermanentFailure",
    "SmtpSettings",
    "TemporaryFailure",
    "connection",
    "deliver",
    "parse_smtp_url",
]

SECONDS_FOR_GOODBYE = 2.0
TOO_LATE = "no answer in time"
# RFC 4954: sign-in required, refused, too weak, or only over an encrypted connection. Some servers say so
# at the recipient, though it is the settings that want mending and not the mail.
CODES_ABOUT_OUR_SIGN_IN = (530, 534, 535, 538)


class DeliveryFailure(MeetingsError):
    """A mail that was not accepted. The text holds the phase and the answer's code, never an address.

    `phase` is where it failed (`connect`, `starttls`, `sign-in`, `sender`, `recipient`, `content`), `code`
    the server's three digits, or None where it gave none.
    """

    def __init__(self, phase: str, code: int | None = None, detail: str = "") -> None:
        answer = f"answer {code}" if code else detail or "no answer"
        super().__init__(f"SMTP {phase}: {answer}")
        self.phase = phase
        self.code = code


class TemporaryFailure(DeliveryFailure):
    """Worth another try later."""


class PermanentFailure(DeliveryFailure):
    """The server will not take this mail for this recipient; a person has to look at it."""


class MailConnection:
    """One connection for several mails. A connection that broke is made again for the next mail."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._client: smtplib.SMTP | None = None
        self._phase = "connect"
        self._was_cut = False

    def open(self) -> None:
        """Connect, encrypt and sign in as the settings say. Raises `TemporaryFailure`."""
        with self._deadline(), self._failures():
            self._connect()

    def send(self, message: EmailMessage) -> None:
        """Hand one mail to the server. Returns when the server has accepted it, and only then.

        Raises `TemporaryFailure` or `PermanentFailure`; the connection can be used again after either.
        """
        sender = message["From"].addresses[0].addr_spec
        recipient = message["To"].addresses[0].addr_spec
        content = as_bytes(message)
        with self._deadline(), self._failures():
            client = self._client or self._connect()
            self._phase = "sender"
            self._expect_success(*client.mail(sender))
            self._phase = "recipient"
            self._expect_success(*client.rcpt(recipient))
            self._phase = "content"
            self._expect_success(*client.data(content))

    def close(self) -> None:
        """Say goodbye, without waiting long for the answer: what was accepted stays accepted."""
        client = self._client
        if client is not None and client.sock is not None:
            with suppress(OSError, smtplib.SMTPException):
                client.sock.settimeout(min(self._settings.timeout, SECONDS_FOR_GOODBYE))
                client.quit()
        self._abandon()

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        trust = settings.trust or ssl.create_default_context()
        self._phase = "connect"
        client: smtplib.SMTP
        if settings.encryption is Encryption.IMPLICIT:
            client = smtplib.SMTP_SSL(timeout=settings.timeout, context=trust)
        else:
            client = smtplib.SMTP(timeout=settings.timeout)
        # The name on the certificate is checked against this, which the library sets only when it connects
        # while being made; it is made first here so that the deadline can reach its socket.
        client._host = settings.host  # type: ignore[attr-defined]
        self._client = client
        self._expect_success(*client.connect(settings.host, settings.port))
        client.ehlo_or_helo_if_needed()
        if settings.encryption is Encryption.STARTTLS:
            self._phase = "starttls"
            client.starttls(context=trust)
            client.ehlo_or_helo_if_needed()
        if settings.user:
            self._phase = "sign-in"
            client.login(settings.user, settings.password)
        self._require_in_time()
        return client

    def _require_in_time(self) -> None:
        """The library takes the half of a line that came before the cut for an answer, even for a yes."""
        if self._was_cut:
            raise TemporaryFailure(self._phase, detail=TOO_LATE)

    def _expect_success(self, code: int, _answer: bytes) -> None:
        self._require_in_time()
        if not 200 <= code <= 299:
            # The answer's text often repeats the address, so only its code is kept.
            raise self._refused(code)

    def _refused(self, code: int) -> DeliveryFailure:
        about_the_mail = self._phase in ("recipient", "content") and code not in CODES_ABOUT_OUR_SIGN_IN
        kind = PermanentFailure if about_the_mail and 500 <= code <= 599 else TemporaryFailure
        return kind(self._phase, code if 200 <= code <= 599 else None)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except DeliveryFailure as failure:
            self._make_ready_for_the_next(failure)
            raise
        except smtplib.SMTPResponseException as answer:
            self._abandon()
            raise self._refused(answer.smtp_code) from None
        except smtplib.SMTPServerDisconnected as broken:
            # The library says "disconnected" for a time-out too; what happened is the error behind it.
            timed_out = isinstance(broken.__context__, TimeoutError)
            raise self._lost(TOO_LATE if timed_out else "the connection broke off") from None
        except smtplib.SMTPException:
            raise self._lost("the server does not offer it") from None
        except ssl.SSLCertVerificationError:
            raise self._lost("the certificate is not trusted") from None
        except TimeoutError:
            raise self._lost(TOO_LATE) from None
        except OSError:
            raise self._lost("the connection failed") from None

    def _lost(self, detail: str) -> TemporaryFailure:
        self._abandon()
        return TemporaryFailure(self._phase, detail=TOO_LATE if self._was_cut else detail)

    def _make_ready_for_the_next(self, failure: DeliveryFailure) -> None:
        client = self._client
        if client is None or failure.phase not in ("sender", "recipient", "content") or failure.code in (None, 421):
            self._abandon()
            return
        try:
            answer, _ = client.rset()
        except (OSError, smtplib.SMTPException):
            answer = 0
        if answer != 250:
            self._abandon()

    def _abandon(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError):
                client.close()

    @contextmanager
    def _deadline(self) -> Iterator[None]:
        """Cut the connection after `deadline` seconds: a server that drips bytes never times out."""
        self._was_cut = False
        timer = threading.Timer(self._settings.deadline, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            # So that a late cut cannot reach the next mail.
            timer.join()

    def _cut(self) -> None:
        self._was_cut = True
        client = self._client
        connected = client.sock if client is not None else None
        if connected is not None:
            with suppress(OSError):
                # The plain socket's own method: the encrypted one must not be touched by two threads at once.
                socket.socket.shutdown(connected, socket.SHUT_RDWR)


@contextmanager
def connection(settings: SmtpSettings) -> Iterator[MailConnection]:
    """Give a connection for several mails, and close it. Raises `TemporaryFailure` if there is none."""
    mail_connection = MailConnection(settings)
    try:
        mail_connection.open()
        yield mail_connection
    finally:
        mail_connection.close()


def deliver(settings: SmtpSettings, message: EmailMessage) -> None:
    """Send one mail. Returns when the server accepted it; raises `TemporaryFailure`, `PermanentFailure`."""
    with connection(settings) as mail_connection:
        mail_connection.send(message)
