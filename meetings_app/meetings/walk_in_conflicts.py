"""Conflicts of interest of people without an account: for one item of a meeting that is held, with their leaving.

There is nothing in the service to keep them from, so what is recorded is that they declared it and left the room; it is
printed in the minutes as everybody’s is. It can be taken back until the meeting is closed, as the room can be changed.
Once the person is recorded with an account it is the account’s (`declared`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.errors import NotFound, RuleBroken
from meetings_app.meetings.models import AgendaItem, Attendance, ItemAbsence, Presence
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import check_in_progress, check_may_record
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting, MeetingState

_ALREADY = "This conflict of interest is recorded already"


def walk_ins(session: Session, meeting: Meeting) -> list[tuple[int, str]]:
    """Give attendance id and name, with the agency, of who is there without an account; nobody unless it is held."""
    if meeting.state is not MeetingState.IN_PROGRESS:
        return []
    rows: Any = session.execute(
        select(col(Attendance.id), col(Attendance.name), col(Agency.name).label("agency"))
        .join(Agency, col(Agency.id) == col(Attendance.agency_id))
        .where(
            col(Attendance.meeting_id) == meeting.key, col(Attendance.account_id).is_(None),
            col(Attendance.presence) == Presence.PRESENT,
        )
        .order_by(col(Attendance.name), col(Attendance.id))
    )  # fmt: skip
    return [(row[0] or 0, f"{row.name}, {row.agency}") for row in rows]


def walk_in_conflicts(session: Session, meeting: Meeting) -> Sequence[Any]:
    """Give the conflicts of people without an account, as far as the reader may see the items."""
    return session.execute(
        select(
            col(Attendance.id).label("attendance_id"), col(Attendance.name), col(AgendaItem.number),
            col(Child.reference), col(ItemAbsence.conflict), col(ItemAbsence.recorded_at),
        )
        .join(ItemAbsence, col(ItemAbsence.attendance_id) == col(Attendance.id))
        .join(AgendaItem, col(AgendaItem.id) == col(ItemAbsence.item_id))
        .join(Child, col(Child.id) == col(AgendaItem.child_id))
        .where(col(AgendaItem.meeting_id) == meeting.key, col(ItemAbsence.conflict) != "")
        .order_by(col(AgendaItem.place), col(Attendance.name), col(Attendance.id))
    ).all()  # fmt: skip


def declare_and_leave(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem, attendance_id: int, reason: str
) -> None:
    """Record that somebody without an account declared a conflict of interest and left the room for an item.

    Raises `RuleBroken` for `person` or `reason`, `DomainError` for a meeting that is not held, `NotFound`.
    """
    _open(session, by, meeting)
    if attendance_id not in dict(walk_ins(session, meeting)):
        raise RuleBroken("person", "Choose who has the conflict of interest")
    if not reason.strip():
        raise RuleBroken("reason", "Enter what the conflict of interest is")
    absence = _absence(session, item, attendance_id)
    if absence is not None and absence.conflict:
        raise RuleBroken("person", _ALREADY)
    absence = absence or ItemAbsence(item_id=item.key, attendance_id=attendance_id, recorded_at=now)
    absence.conflict, absence.recorded_at, absence.recorded_by_id = reason.strip(), now, by.account_id
    session.add(absence)
    session.flush()
    _note(session, by, now, EventKind.WALK_IN_CONFLICT_DECLARED, meeting, item, attendance_id)


def take_back(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem, attendance_id: int
) -> None:
    """Take such a conflict back: the person counts as in the room again. Raises `DomainError`, `NotFound`."""
    _open(session, by, meeting)
    absence = _absence(session, item, attendance_id)
    if absence is None or not absence.conflict:
        raise NotFound
    session.delete(absence)
    session.flush()
    _note(session, by, now, EventKind.WALK_IN_CONFLICT_TAKEN_BACK, meeting, item, attendance_id)


def _open(session: Session, by: Actor, meeting: Meeting) -> None:
    check_may_record(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)


def _absence(session: Session, item: AgendaItem, attendance_id: int) -> ItemAbsence | None:
    wanted = (col(ItemAbsence.item_id) == item.key, col(ItemAbsence.attendance_id) == attendance_id)
    return session.scalars(select(ItemAbsence).where(*wanted)).first()


def _note(
    session: Session, by: Actor, now: datetime, kind: EventKind, meeting: Meeting, item: AgendaItem, attendance_id: int
) -> None:
    record(
        session, by, now, kind, item.child_id, number=item.number, meeting=meeting.reference, attendance=attendance_id
    )  # fmt: skip
