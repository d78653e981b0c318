"""Where mail goes out: the setting `MEETINGS_SMTP_URL`, read and checked."""

import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from meetings_app.errors import ConfigurationError

SETTING = "MEETINGS_SMTP_URL"
EXAMPLE = "smtp://user:pass@host:587?starttls=1"


class Encryption(StrEnum):
    """How the connection is protected: not at all, from a command on, or from the first byte."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where mail goes out. `timeout` is in seconds a step, `deadline` in seconds a mail and a connect.

    `trust` holds the authorities that may vouch for the server; None means those of the machine.
    """

    host: str
    port: int
    encryption: Encryption
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 20.0
    deadline: float = 60.0
    trust: ssl.SSLContext | None = field(default=None, repr=False, compare=False)


def parse_smtp_url(url: str) -> SmtpSettings:
    """Read `smtp://user:pass@host:587?starttls=1` or `smtps://…`; `timeout=SECONDS` may be added.

    User and password are percent-encoded. Raises `ConfigurationError` that names the setting and never
    repeats it, for it holds a password.
    """
    parts, port = _split(url)
    options = _options(parts)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    encryption = _encryption(parts.scheme, options.get("starttls", "0"))
    if bool(user) != bool(password):
        raise _wrong("needs a user and a password, or neither")
    if not (user + password).isascii():
        raise _wrong("may hold only ASCII letters in user and password")
    if user and encryption is Encryption.NONE and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise _wrong("would send the password unprotected; add ?starttls=1 or begin it with smtps://")
    timeout = options.get("timeout", "20")
    if not (timeout.isascii() and timeout.isdigit() and 1 <= int(timeout) <= 300):
        raise _wrong("takes a timeout of 1 to 300 seconds")
    return SmtpSettings(
        host=parts.hostname or "",
        port=port or (465 if encryption is Encryption.IMPLICIT else 587 if user else 25),
        encryption=encryption,
        user=user,
        password=password,
        timeout=float(timeout),
        deadline=3 * float(timeout),
    )


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _wrong("is no address with a port between 1 and 65535") from None
    if parts.scheme not in ("smtp", "smtps"):
        raise _wrong("must begin with smtp:// or smtps://")
    if not parts.hostname or not _is_a_host_name(parts.hostname) or port == 0:
        raise _wrong("lacks the mail server's name or port")
    if parts.path not in ("", "/") or parts.fragment:
        raise _wrong("holds a part that means nothing; percent-encode / ? # in user and password")
    return parts, port


def _is_a_host_name(host: str) -> bool:
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True


def _options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if options.keys() - {"starttls", "timeout"}:
        raise _wrong("takes only the options starttls and timeout")
    return options


def _encryption(scheme: str, starttls: str) -> Encryption:
    if starttls not in ("0", "1"):
        raise _wrong("takes starttls=1 or starttls=0")
    if scheme == "smtps":
        if starttls == "1":
            raise _wrong("is encrypted from the start with smtps://; leave starttls out")
        return Encryption.IMPLICIT
    return Encryption.STARTTLS if starttls == "1" else Encryption.NONE


def _wrong(problem: str) -> ConfigurationError:
    return ConfigurationError(f"{SETTING} {problem}. Example: {EXAMPLE}")
