"""Holding a meeting: opening it with its statement, and who attended."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.meetings import queries
from meetings_app.meetings.declared import check_none_declared, give_account
from meetings_app.meetings.item_scope import beside_items
from meetings_app.meetings.models import Attendance, ItemAbsence, Presence, StatementReading
from meetings_app.meetings.network_models import NetworkAbsence
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.statement_rows import heard_at_the_start
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.schedule.rules import check_move


@dataclass(frozen=True)
class AttendanceLine:
    """How one person of one agency attended; `account_id` is None for somebody without an account."""

    agency_id: int
    name: str
    presence: Presence
    account_id: int | None = None
    note: str = ""


def check_may_record(by: Actor, meeting: Meeting) -> None:
    """Raise `NotFound` for whoever does not record meetings of the area; a network meeting is its chair’s."""
    if meeting.type is MeetingType.NETWORK and by.may(Permission.DECIDE_NETWORKS):
        return
    if meeting.area_id is None or not by.may(Permission.RECORD_MEETING, meeting.area_id):
        raise NotFound


def check_in_progress(meeting: Meeting) -> None:
    """Raise `DomainError` unless the meeting is being held: only then does anything go on its record."""
    if meeting.state is not MeetingState.IN_PROGRESS:
        raise DomainError("This can be recorded while the meeting is held: after it was opened, until it is closed.")


def check_first_in_line(session: Session, meeting: Meeting) -> None:
    """Raise `DomainError` while an earlier meeting of the area is in progress: its decisions would undo later ones."""
    earlier = queries.earlier_in_progress(session, meeting)
    if earlier is not None:
        raise DomainError(f"{earlier} is still in progress. Close it first: decide its items or defer them.")


def start(session: Session, by: Actor, now: datetime, meeting: Meeting, version: int, read_by: str) -> None:
    """Open a meeting whose agenda is published, with who read the confidentiality and language statement.

    Raises `RuleBroken` for `read_by`, `Conflict` where the meeting changed since `version`, `DomainError` also while
    an earlier meeting of the area is in progress.
    """
    check_may_record(by, meeting)
    lock(session, meeting)
    if meeting.version != version:
        raise Conflict("Somebody else changed this meeting while your page was open. Look at it again.")
    check_move(meeting.state, MeetingState.IN_PROGRESS)
    check_first_in_line(session, meeting)
    if not read_by.strip():
        raise RuleBroken("read_by", "Enter who read the statement")
    meeting.state, meeting.started_at = MeetingState.IN_PROGRESS, now
    meeting.statement_read_by, meeting.statement_read_at = read_by.strip(), now
    session.flush()
    record(session, by, now, EventKind.MEETING_STARTED, meeting=meeting.reference)


def set_attendance(
    session: Session,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    lines: Sequence[AttendanceLine],
    seen: str | None = None,
    off: Collection[tuple[int, str]] = (),
) -> None:
    """Record how people attended; a person of the same agency and name is changed, not added again.

    Possible while the meeting is held. Whoever is present when it is first recorded heard the statement; whoever comes
    later is read it again (`statement`). `seen` is the digest of the attendance that was on the page, None where nobody
    looked at it. `off` are those taken off first, by agency and name, as `remove_attendant` does. Raises `Conflict`
    where it changed since, `RuleBroken` for `name`, where nobody would be left, or where somebody without an account
    who declared a conflict of interest would not be present, `DomainError`, `NotFound`.
    """
    check_may_record(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    if seen is not None and seen != attendance_digest(queries.attendance_of(session, meeting.key)):
        raise Conflict("Somebody else saved the attendance first.", field="attendance")
    there = _recorded(session, meeting)
    first = not there
    if off:
        _check_somebody_left([*(key for key in there if key not in off), *lines])
    for key in off:
        _take_off(session, by, now, meeting, there.pop(key, None))
    for line in lines:
        _put(session, by, now, meeting, there, line)
    session.flush()
    if first:
        present = [row.key for row in there.values() if row.presence is Presence.PRESENT]
        heard_at_the_start(session, by, meeting, present)
    record(session, by, now, EventKind.ATTENDANCE_RECORDED, meeting=meeting.reference, people=len(lines))


def _put(
    session: Session, by: Actor, now: datetime, meeting: Meeting, there: dict[tuple[int, str], Attendance],
    line: AttendanceLine,
) -> None:  # fmt: skip
    name = line.name.strip()
    if not name:
        raise RuleBroken("name", "Enter the person’s name")
    own = (each for each in there.values() if line.account_id is not None and each.account_id == line.account_id)
    row = next(own, None) or there.get((line.agency_id, name))
    if row is None:
        row = Attendance(
            meeting_id=meeting.key, agency_id=line.agency_id, account_id=line.account_id, name=name,
            presence=line.presence, note=line.note.strip(),
        )  # fmt: skip
        session.add(row)
        there[(line.agency_id, name)] = row
        return
    if line.presence is not Presence.PRESENT:
        check_none_declared(session, meeting, row)
    row.presence, row.note = line.presence, line.note.strip()
    if line.account_id is not None and line.account_id != row.account_id:
        give_account(session, by, now, meeting, row, line.account_id)


def attendance_digest(lines: Sequence[queries.Attendant]) -> str:
    """Give a short digest of who is recorded and how, by which a second saver is noticed."""
    said = [[line.agency_id, line.account_id, line.name, line.presence.value, line.note] for line in lines]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def remove_attendant(session: Session, by: Actor, now: datetime, meeting: Meeting, agency_id: int, name: str) -> None:
    """Take a person who was recorded by mistake off the attendance.

    Raises `DomainError`, `NotFound`, and `RuleBroken` where nobody would be left, or where the person has no account
    and declared a conflict of interest: that is taken back first.
    """
    check_may_record(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    there = _recorded(session, meeting)
    row = there.get((agency_id, name))
    if row is not None:
        _check_somebody_left([key for key in there if key != (agency_id, name)])
    _take_off(session, by, now, meeting, row)


def _recorded(session: Session, meeting: Meeting) -> dict[tuple[int, str], Attendance]:
    rows = session.scalars(select(Attendance).where(col(Attendance.meeting_id) == meeting.key))
    return {(row.agency_id, row.name): row for row in rows}


def _check_somebody_left(left: Sequence[object]) -> None:
    """Raise `RuleBroken` where nobody would be left: whoever came next would count as there from the start."""
    if not left:
        raise RuleBroken("", "Nobody would be left on the attendance. Record who is there first, or with it")


def _take_off(session: Session, by: Actor, now: datetime, meeting: Meeting, row: Attendance | None) -> None:
    if row is None:
        raise NotFound
    check_none_declared(session, meeting, row)
    # Whoever records the meeting may be kept from an item that the person left for.
    with beside_items(session, meeting):
        for noted in (ItemAbsence, NetworkAbsence, StatementReading):
            session.execute(delete(noted).where(col(noted.attendance_id) == row.key))
    session.delete(row)
    session.flush()
    record(session, by, now, EventKind.ATTENDANCE_RECORDED, meeting=meeting.reference, people=1, removed=True)
