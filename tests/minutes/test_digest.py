"""The SHA-256 that signed minutes print is that of the record which both chairs signed, on the page and in Word."""

import hashlib
import json
import re
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.meetings.models import Minutes
from meetings_app.minutes.editing import make_version, save_text
from meetings_app.minutes.signing import reopen, sign_minutes
from tests.support.browsing import browser
from tests.support.documents import words_of
from tests.support.issued import long_issued
from tests.support.rmm import OFFICE, Rmm
from tests.support.world import NOW


def sign(day: Rmm, number: int) -> None:
    for chair in ("chair_cs", "chair_fs"):
        sign_minutes(day.session, day.act(chair), NOW, OFFICE, day.meeting, number)
    day.operator()
    day.session.commit()


def digest_written_out(facts: dict[str, Any]) -> str:
    """Give the SHA-256 of everything a version holds, as anybody can work it out: JSON, sorted, without spaces."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def printed(app: Flask, day: Rmm, number: int) -> set[str]:
    """Give every digest that the page and the Word files of a version print."""
    at, found = f"/meetings/{day.meeting.reference}", set()
    for who, address in (
        ("coordinator", "minutes"), ("police", "minutes"), ("coordinator", "minutes.docx"),
        ("coordinator", "minutes.docx?audience=chair"), ("police", "minutes.docx?audience=anonymised"),
    ):  # fmt: skip
        separator = "&" if "?" in address else "?"
        content = browser(app, who).get(f"{at}/{address}{separator}version={number}").get_data()
        said = words_of(content) if content[:2] == b"PK" else content.decode()
        digests = re.findall(r"SHA-256.{0,250}?\b([0-9a-f]{64})\b", said, re.S)
        assert digests, (who, address)
        found |= set(digests)
    return found


def test_signed_minutes_print_the_digest_of_the_record_that_was_signed(app: Flask, day: Rmm, session: Session) -> None:
    long_issued(session, day.meeting)
    sign(day, 1)
    reopen(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, "A date is wrong.")
    number = day.item(day.children[0]).number  # type: ignore[attr-defined]
    save_text(session, day.act("coordinator"), NOW, day.meeting, number, 0, "Another date, and “naïve” letters.")
    make_version(session, day.act("coordinator"), NOW, day.meeting)
    sign(day, 2)
    kept = session.execute(select(col(Minutes.number), col(Minutes.facts), col(Minutes.sha256))).all()
    signed_with = [
        each["sha256"]
        for each in session.scalars(
            select(col(AuditEvent.facts)).where(col(AuditEvent.kind) == EventKind.MINUTES_SIGNED)
        )
    ]
    assert len({row.sha256 for row in kept}) == 2
    for row in kept:
        assert row.sha256 == digest_written_out(row.facts)
        assert printed(app, day, row.number) == {row.sha256}
        assert signed_with.count(row.sha256) == 2
        changed = {**row.facts, "notes": "Something else."}
        assert digest_written_out(changed) != row.sha256
