"""A mail that came to the mailbox: who says they sent it, whether the receiving server bears that out, what is in it.

Pure. Whoever can write mail can write any address into it, so it counts for no more than what it is.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from typing import Any

from meetings_app.notices.imap_settings import ANY_SERVER

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"(dmarc|dkim|spf)\s*=\s*(\w+)([^;]*)", re.IGNORECASE)
_SIGNER = re.compile(r"(?:header\.(?:d|i)|smtp\.mailfrom)\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)


class Proof(StrEnum):
    """What the receiving mail server says of the sender's address."""

    VERIFIED = "verified"
    NOTHING_SAID = "nothing_said"
    REFUTED = "refuted"


@dataclass(frozen=True, slots=True)
class ReplyMessage:
    """What counts of one mail. `calendar` is None where none is in it; `key` is the same for a second copy."""

    sender: str
    proof: Proof
    calendar: bytes | None
    key: str


def read_message(content: bytes, checked_by: str = "") -> ReplyMessage:
    """Read one mail; `checked_by` names the server whose word on the sender is taken (`imap_settings`).

    Never raises for what stands in a mail.
    """
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    calendar = _calendar(message)
    sender = _sender(message)
    name = _header(message, "Message-ID") or hashlib.sha256(content).hexdigest()
    key = hashlib.sha256(name.encode(errors="replace") + b"\0" + (calendar or b"")).hexdigest()
    results = [str(value) for value in message.get_all("Authentication-Results", [])]
    return ReplyMessage(sender, _proof(results, checked_by, sender.rpartition("@")[2]), calendar, key)


def _sender(message: EmailMessage) -> str:
    """Give the one address of From, in small letters; empty where there is none, or more than one."""
    try:
        headers: list[Any] = message.get_all("From", [])
        addresses: Any = headers[0].addresses if len(headers) == 1 else ()
    except (ValueError, AttributeError, IndexError):
        return ""
    return str(addresses[0].addr_spec).lower() if len(addresses) == 1 else ""


def _calendar(message: EmailMessage) -> bytes | None:
    """Give the first calendar in the mail: a part of its own in Outlook, Gmail and Apple, else an attached file."""
    files = None
    for part in message.walk():
        kind = part.get_content_type()
        if kind not in ("text/calendar", "application/ics"):
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and kind == "text/calendar":
            return payload
        files = files or (payload if isinstance(payload, bytes) else None)
    return files


def _proof(results: Sequence[str], checked_by: str, domain: str) -> Proof:
    """Judge by the first statement of the server that is named: those below it may have come with the mail."""
    if not results:
        return Proof.NOTHING_SAID
    if not checked_by or checked_by == ANY_SERVER:
        said = results[0]
    else:
        said = next((one for one in results if one.split(";")[0].split()[:1] == [checked_by]), "")
    outcomes = [
        (found[1].lower(), found[2].lower(), _SIGNER.findall(found[3]))
        for found in _RESULT.finditer(_COMMENT.sub(" ", said))
    ]
    if any(check == "dmarc" and outcome == "fail" for check, outcome, _ in outcomes):
        return Proof.REFUTED
    for check, outcome, signers in outcomes:
        vouched = check == "dmarc" or any(_is_of(signer.rpartition("@")[2].lower(), domain) for signer in signers)
        if outcome == "pass" and vouched and checked_by:
            return Proof.VERIFIED
    return Proof.NOTHING_SAID


def _is_of(signer: str, domain: str) -> bool:
    return bool(signer) and (domain == signer or domain.endswith(f".{signer}"))


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, "")).strip()
    except (ValueError, IndexError, AttributeError):
        return ""
