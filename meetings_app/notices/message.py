"""One mail to one person as MIME. Pure: the same values give the same bytes, on every retry.

    multipart/mixed                       (only with an invite)
    ├── multipart/alternative
    │   ├── text/plain
    │   ├── text/html                     (made from the plain text)
    │   └── text/calendar; method=…       (last: mail programs prefer the last they understand)
    └── invite.ics                        (for programs that only know files)

Outlook looks for the invite in the first part only, which is why the alternative comes first.
"""

import hashlib
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import Literal

from meetings_app.calendars.facts import one_line, require_address

InviteMethod = Literal["REQUEST", "CANCEL"]

# A longer name would have to be broken over two lines, and Python 3.11 loses its quotes there: a comma in
# the name would then read as a second recipient.
LONGEST_SHOWN_NAME = 60

_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_WEB_ADDRESS = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:!?)])")


def mailbox(address: str, name: str = "") -> Address:
    """Give one sender or recipient: an ASCII address, a name in any script, cut to what a header holds.

    Raises `ValueError`, which never repeats the address, when `address` is not exactly one address.
    """
    require_address(address)
    return Address(one_line(name)[:LONGEST_SHOWN_NAME].strip(), addr_spec=address)


def build_message(
    *,
    message_id: str,
    sender: Address,
    recipient_address: str,
    recipient_name: str,
    subject: str,
    body_text: str,
    date: datetime,
    invite: bytes | None = None,
    method: InviteMethod | None = None,
) -> EmailMessage:
    """Give the mail to one person, with the calendar entry `invite` when there is one.

    `message_id` is given, in angle brackets, and stays the same on every retry, so that a mailbox drops the
    second copy. `sender` comes from `mailbox`; `date` is aware UTC; `method` is the METHOD inside `invite`.
    Raises `ValueError`, without any address or name in its text, for values that make no mail.
    """
    _require_sound(message_id, subject, date, invite, method)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = mailbox(recipient_address, recipient_name)
    message["Subject"] = subject
    message["Date"] = date
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body_text, cte="quoted-printable")
    message.add_alternative(_page(subject, body_text), subtype="html", cte="quoted-printable")
    if invite is not None:
        _add_invite(message, invite, method)
    _fix_boundaries(message, message_id)
    if invite is not None:
        # Every step above moves the headers that begin with Content- into a part, so this one comes last.
        message["Content-Class"] = "urn:content-classes:calendarmessage"
    return message


def as_bytes(message: EmailMessage) -> bytes:
    """Give the mail as it goes over the wire: 7-bit, every line ended by CR LF."""
    return message.as_bytes(policy=SMTP)


def _require_sound(
    message_id: str, subject: str, date: datetime, invite: bytes | None, method: InviteMethod | None
) -> None:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("A Message-ID stands in angle brackets and holds one @.")
    if not subject or subject != one_line(subject):
        raise ValueError("The subject of a mail must be one line of text.")
    if date.tzinfo is None:
        raise ValueError("The date of a mail must be aware UTC.")
    if (invite is None) != (method is None):
        raise ValueError("An invite and its METHOD come together.")
    if invite is not None and invite.count(f"\r\nMETHOD:{method}\r\n".encode()) != 1:
        raise ValueError("The METHOD of the mail and of the invite in it must be the same.")


def _add_invite(message: EmailMessage, invite: bytes, method: InviteMethod | None) -> None:
    message.add_alternative(
        invite,
        maintype="text",
        subtype="calendar",
        cte="base64",
        params={"method": method, "charset": "utf-8"},
    )
    # Not text/calendar: a program that reads both parts would show the meeting twice.
    message.add_attachment(invite, maintype="application", subtype="ics", filename="invite.ics")


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    """Draw the boundaries from the Message-ID, where the library would make them at random."""
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        digest = hashlib.sha256(f"{number} {message_id}".encode()).hexdigest()[:32]
        part.set_boundary(f"=_{digest}")


def _page(subject: str, body_text: str) -> str:
    paragraphs = "\n".join(
        f"<p>{_with_links(paragraph.strip())}</p>"
        for paragraph in re.split(r"\n[ \t]*\n", body_text)
        if paragraph.strip()
    )
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(subject)}</title>\n</head>\n<body>\n{paragraphs}\n</body>\n</html>\n"
    )


def _with_links(text: str) -> str:
    pieces = _WEB_ADDRESS.split(text)
    # The pattern has one group, so every second piece is a web address.
    linked = [
        f'<a href="{escape(piece)}">{escape(piece)}</a>' if position % 2 else escape(piece)
        for position, piece in enumerate(pieces)
    ]
    return "".join(linked).replace("\n", "<br>\n")
