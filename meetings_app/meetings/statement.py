"""To whom the confidentiality and language statement was read: at the start, and again whenever somebody joins."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.meetings.models import Attendance, Presence, StatementReading
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import check_in_progress, check_may_record
from meetings_app.meetings.statement_rows import heard_at_the_start, note_readings
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting

# Built once: every page of a meeting that is being held asks it.
_STILL_TO: Any = (
    select(col(Attendance.id), col(Attendance.name), col(Agency.name).label("agency"))
    .join(Agency, col(Agency.id) == col(Attendance.agency_id))
    .outerjoin(StatementReading, col(StatementReading.attendance_id) == col(Attendance.id))
    .where(
        col(Attendance.meeting_id) == bindparam("meeting"), col(Attendance.presence) == Presence.PRESENT,
        col(StatementReading.id).is_(None),
    )
    .order_by(col(Agency.id), col(Attendance.name), col(Attendance.id))
)  # fmt: skip


def still_to_be_read_to(session: Session, meeting: Meeting) -> Sequence[Any]:
    """Give id, name and agency of those who are present and to whom the statement was not read yet."""
    return session.execute(_STILL_TO, {"meeting": meeting.key}).all()


@dataclass(frozen=True)
class ReadAgain:
    """The statement was read again: by whom, when and to whom."""

    read_by: str
    at: datetime
    to: tuple[str, ...]


def read_again(session: Session, meeting: Meeting) -> list[ReadAgain]:
    """Give who read the statement again, when and to whom, in that order."""
    rows = session.execute(
        select(col(StatementReading.read_by), col(StatementReading.read_at), col(Attendance.name))
        .join(Attendance, col(Attendance.id) == col(StatementReading.attendance_id))
        .where(
            col(StatementReading.meeting_id) == meeting.key,
            col(StatementReading.again),
        )
        .order_by(col(StatementReading.read_at), col(Attendance.name), col(StatementReading.id))
    )
    found: dict[tuple[str, datetime], list[str]] = {}
    for read_by, read_at, name in rows:
        found.setdefault((read_by, read_at), []).append(name)
    return [ReadAgain(read_by, at, tuple(names)) for (read_by, at), names in found.items()]


def read_to(
    session: Session, by: Actor, now: datetime, meeting: Meeting, people: Collection[int], read_by: str
) -> None:
    """Record that the statement was read now to people who joined, by the id of their attendance.

    Raises `RuleBroken` for `to` or `read_by`, `DomainError` unless the meeting is held, `NotFound`.
    """
    wanted = _asked_for(session, by, meeting, people)
    if not read_by.strip():
        raise RuleBroken("read_by", "Enter who read the statement")
    note_readings(session, by, meeting, wanted, read_by.strip(), now, again=True)
    record(session, by, now, EventKind.STATEMENT_READ, meeting=meeting.reference, people=len(wanted))


def were_there(session: Session, by: Actor, now: datetime, meeting: Meeting, people: Collection[int]) -> None:
    """Record that people who were written down later were there when it was read. Raises as `read_to`."""
    wanted = _asked_for(session, by, meeting, people)
    heard_at_the_start(session, by, meeting, wanted)
    record(session, by, now, EventKind.STATEMENT_READ, meeting=meeting.reference, people=len(wanted))


def _asked_for(session: Session, by: Actor, meeting: Meeting, people: Collection[int]) -> list[int]:
    check_may_record(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    wanted = [row.id for row in still_to_be_read_to(session, meeting) if row.id in people]
    if not wanted and people:
        raise DomainError("Somebody else recorded this first. Look at the page again.")
    if not wanted:
        raise RuleBroken("to", "Choose to whom the statement was read")
    return wanted
