"""Who is in the room for an item of a network meeting, and conflicts of interest, which keep a person from it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts import queries as people
from meetings_app.accounts.models import Account, Agency
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.meetings.item_scope import whole_agenda
from meetings_app.meetings.models import Attendance, Presence
from meetings_app.meetings.network_models import NetworkAbsence, NetworkItem, SubjectConflict
from meetings_app.meetings.presence import InRoom, Room
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import check_in_progress
from meetings_app.meetings.walking_in import taking_part
from meetings_app.network_meetings.publishing import check_may_hold
from meetings_app.network_meetings.rules import missing_agencies
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office

_ROOM: Any = (
    select(
        col(Attendance.id), col(Attendance.account_id), col(Attendance.name), col(Agency.name).label("agency"),
        col(Agency.code), col(NetworkAbsence.id).is_not(None), col(SubjectConflict.id).is_not(None),
    )
    .join(Agency, col(Agency.id) == col(Attendance.agency_id))
    .outerjoin(
        NetworkAbsence,
        (col(NetworkAbsence.attendance_id) == col(Attendance.id)) & (col(NetworkAbsence.item_id) == bindparam("item")),
    )
    .outerjoin(
        SubjectConflict,
        (col(SubjectConflict.account_id) == col(Attendance.account_id))
        & (col(SubjectConflict.subject_id) == bindparam("subject"))
        & col(SubjectConflict.ended_at).is_(None),
    )
    .where(col(Attendance.meeting_id) == bindparam("meeting"), col(Attendance.presence) == Presence.PRESENT)
    .order_by(col(Agency.id), col(Attendance.name), col(Attendance.id))
)  # fmt: skip


def room_of(session: Session, meeting: Meeting, item: NetworkItem) -> Room:
    """Give who is in the room for an item."""
    values = {"meeting": meeting.key, "item": item.key, "subject": item.subject_id}
    with whole_agenda(session):
        return Room(tuple(InRoom(*row) for row in session.execute(_ROOM, values)))


def missing_of(session: Session, office: Office, room: Room) -> tuple[str, ...]:
    """Give the names of the agencies of the quorum of whom nobody is in the room."""
    names = {agency.code: agency.name for agency in people.agencies(session)}
    return missing_agencies(room.agencies, office.partnership.network.quorum_agencies, names)


def set_room(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: NetworkItem, away: Collection[int], seen: str
) -> None:
    """Record who of those who attend is not in the room for an item. Raises `Conflict` since `seen`, `NotFound`."""
    check_may_hold(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    room = room_of(session, meeting, item)
    if room.seen != seen:
        raise Conflict("Somebody else changed who is in the room first. Look at it again.")
    if not set(away) <= {person.attendance_id for person in room.people}:
        raise NotFound
    session.execute(delete(NetworkAbsence).where(col(NetworkAbsence.item_id) == item.key))
    session.add_all(
        NetworkAbsence(item_id=item.key, attendance_id=each, recorded_at=now, recorded_by_id=by.account_id)
        for each in sorted(away)
    )
    session.flush()
    record(session, by, now, EventKind.ROOM_RECORDED, number=item.number, meeting=meeting.reference, away=len(away))


def conflicts_at(session: Session, meeting: Meeting) -> Sequence[Any]:
    """Give the conflicts that hold about subjects of a meeting’s items, as far as the reader may see them."""
    statement: Any = (
        select(
            col(SubjectConflict.id), col(NetworkItem.number), col(Account.name), col(SubjectConflict.reason),
            col(SubjectConflict.declared_at), col(SubjectConflict.account_id),
        )
        .join(NetworkItem, col(NetworkItem.subject_id) == col(SubjectConflict.subject_id))
        .join(Account, col(Account.id) == col(SubjectConflict.account_id))
        .where(col(NetworkItem.meeting_id) == meeting.key, col(SubjectConflict.ended_at).is_(None))
    )  # fmt: skip
    return session.execute(statement.order_by(col(NetworkItem.place), col(Account.name))).all()


def declare(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: NetworkItem, account_id: int, reason: str
) -> None:
    """Record that a person has a conflict of interest about the subject of an item: they are kept from it at once.

    Raises `RuleBroken` for `person` or `reason`, `NotFound`.
    """
    check_may_hold(by, meeting)
    if item.subject_id is None:
        raise RuleBroken("person", "A referral that is not taken up has no record to be kept from: mark who left")
    if account_id not in dict(taking_part(session, by, meeting)):
        raise RuleBroken("person", "Choose who has the conflict of interest")
    if not reason.strip():
        raise RuleBroken("reason", "Enter what the conflict of interest is")
    known = select(col(SubjectConflict.id)).where(
        col(SubjectConflict.subject_id) == item.subject_id, col(SubjectConflict.account_id) == account_id,
        col(SubjectConflict.ended_at).is_(None),
    )  # fmt: skip
    with whole_agenda(session):
        if session.scalar(known) is not None:
            raise RuleBroken("person", "This conflict of interest is recorded already")
    session.add(
        SubjectConflict(
            subject_id=item.subject_id, account_id=account_id, meeting_id=meeting.key, reason=reason.strip(),
            declared_at=now, declared_by_id=by.account_id,
        )
    )  # fmt: skip
    session.flush()
    record(
        session, by, now, EventKind.CONFLICT_DECLARED, number=item.number, meeting=meeting.reference,
        account=account_id,
    )  # fmt: skip


def end_conflict(session: Session, by: Actor, now: datetime, meeting: Meeting, conflict_id: int, reason: str) -> None:
    """Say that a conflict of interest is over, and why; nobody ends their own. Raises `RuleBroken`, `NotFound`."""
    check_may_hold(by, meeting)
    row = session.scalars(select(SubjectConflict).where(col(SubjectConflict.id) == conflict_id)).first()
    if row is None or row.ended_at is not None or row.account_id == by.account_id:
        raise NotFound
    if not reason.strip():
        raise RuleBroken("reason", "Enter why it is over")
    row.ended_at, row.ended_by_id, row.ended_reason = now, by.account_id, reason.strip()
    session.flush()
    record(session, by, now, EventKind.CONFLICT_ENDED, meeting=meeting.reference, account=row.account_id)
