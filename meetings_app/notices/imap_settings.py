"""Where replies to invites are read from: the setting `MEETINGS_IMAP_URL`, read and checked."""

import ssl
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from meetings_app.errors import ConfigurationError

SETTING = "MEETINGS_IMAP_URL"
EXAMPLE = "imaps://user:pass@host/INBOX?checked-by=mail.example.org"
ANY_SERVER = "*"
_LOCAL = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """The mailbox that replies come to. `timeout` is in seconds a step.

    `checked_by` names the mail server whose word on who sent a mail is taken, `*` whichever spoke last, empty none.
    `trust` holds the authorities that may vouch for the server; None means those of the machine.
    """

    host: str
    port: int
    implicit_tls: bool
    starttls: bool
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    checked_by: str = ""
    timeout: float = 20.0
    trust: ssl.SSLContext | None = field(default=None, repr=False, compare=False)


def parse_imap_url(url: str) -> ImapSettings:
    """Read `imaps://user:pass@host/INBOX` or `imap://…?starttls=1`; `checked-by=HOST`, `timeout=SECONDS` may be added.

    User, password and folder are percent-encoded. Raises `ConfigurationError` that names the setting and never
    repeats it, for it holds a password.
    """
    parts, port = _split(url)
    options = _options(parts)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user and password and (user + password).isascii()):
        raise _wrong("needs a user and a password, in ASCII letters")
    implicit, starttls = parts.scheme == "imaps", options.get("starttls", "0") == "1"
    if not implicit and not starttls and parts.hostname not in _LOCAL:
        raise _wrong("would send the password unprotected; add ?starttls=1 or begin it with imaps://")
    timeout = options.get("timeout", "20")
    if not (timeout.isascii() and timeout.isdigit() and 1 <= int(timeout) <= 300):
        raise _wrong("takes a timeout of 1 to 300 seconds")
    return ImapSettings(
        host=parts.hostname or "", port=port or (993 if implicit else 143), implicit_tls=implicit,
        starttls=starttls and not implicit, user=user, password=password, folder=_folder(parts),
        checked_by=options.get("checked-by", "").lower(), timeout=float(timeout),
    )  # fmt: skip


def check_imap_setting(url: str) -> str:
    """Say in one line why no replies are read, or an empty text where the setting can be used."""
    if not url:
        return f"{SETTING} is empty: answers that calendar programs mail are not read"
    try:
        parse_imap_url(url)
    except ConfigurationError as error:
        return error.message.rstrip(".")
    return ""


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _wrong("is no address with a port between 1 and 65535") from None
    if parts.scheme not in ("imap", "imaps"):
        raise _wrong("must begin with imap:// or imaps://")
    if not parts.hostname or port == 0 or parts.fragment:
        raise _wrong("lacks the mail server’s name or port, or holds a #: percent-encode it")
    return parts, port


def _options(parts: SplitResult) -> dict[str, str]:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if {name for name, _value in pairs} - {"starttls", "timeout", "checked-by"} or len(dict(pairs)) < len(pairs):
        raise _wrong("knows the options starttls, timeout and checked-by, each once")
    return dict(pairs)


def _folder(parts: SplitResult) -> str:
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not folder.isascii() or any(not letter.isprintable() or letter in '"\\' for letter in folder):
        raise _wrong("names a folder that is not in plain ASCII letters")
    return folder


def _wrong(problem: str) -> ConfigurationError:
    return ConfigurationError(f"{SETTING} {problem}. For example {EXAMPLE}.")
