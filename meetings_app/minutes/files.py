"""Word files edited by hand, put back beside the minutes: looked at with suspicion, kept as they are, never read in."""

import hashlib
import io
import zipfile
import zlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import RuleBroken
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import check_may_record
from meetings_app.minutes.editing import found_minutes
from meetings_app.minutes.models import MinutesFile
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting

LARGEST = 12 * 1024 * 1024
MOST_PARTS = 2_000
LARGEST_UNPACKED = 100 * 1024 * 1024
_NEEDED = {"[Content_Types].xml", "word/document.xml"}
_PROGRAMS = ("vbaproject.bin", "vbadata.xml", ".exe", ".dll", ".js", ".vbs")
_ACTIVE = (b"macroEnabled", b"attachedTemplate", b"<!DOCTYPE", b"<!ENTITY", b"oleObject", b"activeX", b"aFChunk")


def add_file(session: Session, by: Actor, now: datetime, meeting: Meeting, content: bytes, note: str) -> MinutesFile:
    """Keep a Word file beside the minutes as their next file; it replaces none, and is never read into the record.

    For whoever records meetings of the area. Raises `RuleBroken` for `file`, `NotFound`.
    """
    check_may_record(by, meeting)
    check_word_file(content)
    lock(session, meeting)
    minutes = found_minutes(session, meeting)
    last = session.scalars(
        select(sa.func.max(col(MinutesFile.number))).where(col(MinutesFile.meeting_id) == meeting.key)
    ).first()
    kept = MinutesFile(
        meeting_id=meeting.key, area_id=meeting.area_id or 0, number=(last or 0) + 1, version=minutes.number,
        content=content, size=len(content), sha256=hashlib.sha256(content).hexdigest(), note=note.strip(),
        added_at=now, added_by_id=by.account_id,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    record(
        session, by, now, EventKind.MINUTES_FILE_ADDED, meeting=meeting.reference, number=kept.number,
        sha256=kept.sha256,
    )  # fmt: skip
    return kept


def check_word_file(content: bytes) -> None:
    """Raise `RuleBroken` for `file` unless this is a plain Word document within the limits.

    Refused are what is no package of Word, what unpacks to too much, what is encrypted, and what holds or fetches a
    program: macros, embedded objects, attached templates and entities.
    """
    if len(content) > LARGEST:
        raise RuleBroken("file", "The file is larger than 12 MB")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_package(package)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as broken:
        raise RuleBroken("file", "The file is not a Word document (.docx). Save it again in Word") from broken


def _check_package(package: zipfile.ZipFile) -> None:
    members = package.infolist()
    names = {member.filename for member in members}
    if len(names) != len(members) or not names >= _NEEDED:
        raise RuleBroken("file", "The file is not a Word document (.docx). Save it again in Word")
    if len(members) > MOST_PARTS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise RuleBroken("file", "The file unpacks to too much. Take out large pictures")
    if any(member.flag_bits & 0x1 for member in members):
        raise RuleBroken("file", "The file is protected with a password. Save it without one")
    if any(name.lower().endswith(_PROGRAMS) or ".." in name.split("/") for name in names):
        raise RuleBroken("file", "The file holds a program. Save it in Word as .docx, without macros")
    for member in members:
        part = package.read(member)
        if member.filename.lower().endswith((".xml", ".rels")) and any(
            word in text for word in _ACTIVE for text in (part, part.replace(b"\0", b""))
        ):
            raise RuleBroken("file", "The file holds or fetches what can run. Copy its text into a new document")
