"""Everything of one child that must not leave the service, and a search of what does leave."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from email.policy import default
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

FIRST, LAST = "Qvintella", "Zzyxwhistle"
NAME = f"{FIRST} {LAST}"
BORN = date(2011, 2, 14)
SCHOOL = "Qvandary Academy"
WORDS = "Zwordmark"
"""Stands in every free text that is written about the child."""

_SEARCHED = {
    "name": rf"{FIRST}|{LAST}",
    "initials": r"\bQ\.? ?Z\b",
    "date of birth": r"2011-02-14|20110214|\b14/0?2/(20)?11\b|\b14(th)? Feb(ruary)? 2011\b|\b14\.0?2\.2011\b",
    "school": "Qvandary",
    "free text": WORDS,
}


OF_NETWORKS = {
    "suspect": "Zarkowick",
    "alias": "Brandlewhip",
    "vehicle": r"ZQ61 ?XPL",
    "online identity": r"zarko\.b\.99",
    "place": "Vintagrell",
    "network": "Ambergrisk",
    "child elsewhere": "Tindlewhick",
    "contact": "Neighbourly",
    "conditions": WORDS,
}
"""What must not leave of networks, by what it is."""


@dataclass(frozen=True)
class Leaving:
    """One text that leaves the service, and where it was found."""

    place: str
    text: str


def leaks(leaving: Iterator[Leaving] | list[Leaving], searched: Mapping[str, str] = _SEARCHED) -> list[str]:
    """Give every trace of the child (or of what else is searched for) in what leaves: where it is, and of what kind."""
    found = []
    for one in leaving:
        # Addresses and file names may be written with %, and a calendar folds its lines.
        shown = "\n".join({one.text, unquote(one.text), re.sub(r"\r?\n[ \t]", "", one.text)})
        found += [f"{one.place}: {kind}" for kind, pattern in searched.items() if re.search(pattern, shown, re.I)]
    return found


def of_mail(content: bytes) -> Iterator[Leaving]:
    """Give every header, body, calendar and file of a mail, decoded as a mail program would."""
    mail = message_from_bytes(content, policy=default)
    for part in mail.walk():
        for name, value in part.items():
            yield Leaving(f"mail header {name}", str(value))
        if part.get_filename():
            yield Leaving("mail file name", str(part.get_filename()))
        if not part.is_multipart():
            body = part.get_payload(decode=True)
            assert isinstance(body, bytes)
            yield Leaving(f"mail {part.get_content_type()}", body.decode("utf-8", "replace"))


def of_answer(app: Flask, answer: Any) -> Iterator[Leaving]:
    """Give what of an answer stands outside its page: headers, the cookie read, and every address on the page."""
    where = answer.request.path if answer.status_code < 400 else f"answer {answer.status_code}"
    for name, value in answer.headers:
        yield Leaving(f"{where} header {name}", value)
        if name == "Set-Cookie":
            yield Leaving(f"{where} cookie", _read(app, value))
    if answer.mimetype != "text/html":
        return
    page = BeautifulSoup(answer.get_data(as_text=True), "lxml")
    for attribute in ("href", "src", "action", "formaction"):
        for tag in page.select(f"[{attribute}]"):
            yield Leaving(f"{where} {attribute}", str(tag[attribute]))
    for tag in page.select("form[method=get] input[type=hidden]"):
        yield Leaving(f"{where} address to be", str(tag.get("value", "")))


def of_error_page(answer: Any) -> Iterator[Leaving]:
    """Give the whole of an error page, for it says nothing about any child."""
    yield Leaving(f"error page {answer.status_code}", answer.get_data(as_text=True))


def _read(app: Flask, cookie: str) -> str:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    value = cookie.partition("=")[2].partition(";")[0]
    try:
        return str(serializer.loads(value))
    except Exception:  # noqa: BLE001 # Another cookie than the session's is searched as it stands.
        return value
