"""Who is in the room for one item: of those who attend the meeting, all but who left for it or has a conflict."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, delete, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.access_clauses import one_child
from meetings_app.accounts import queries as people
from meetings_app.accounts.models import Agency, ConflictOfInterest
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.db.asked_once import asked_once
from meetings_app.errors import Conflict, NotFound
from meetings_app.meetings.item_scope import beside_items
from meetings_app.meetings.models import AgendaItem, Attendance, ItemAbsence, Presence
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.quorum import Quorum, quorum_at
from meetings_app.meetings.running import check_in_progress, check_may_record
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office


@dataclass(frozen=True)
class InRoom:
    """One person who attends the meeting, and whether they are there for the item; `conflict` keeps them out."""

    attendance_id: int
    account_id: int | None
    name: str
    agency: str
    agency_code: str
    away: bool
    conflict: bool

    @property
    def there(self) -> bool:
        """Whether the person is in the room."""
        return not self.away and not self.conflict

    @property
    def declared_without_account(self) -> bool:
        """Whether the conflict is that of somebody without an account, which is recorded with their leaving."""
        return self.conflict and self.account_id is None


@dataclass(frozen=True)
class Room:
    """Everybody who attends the meeting, as they are for one item."""

    people: tuple[InRoom, ...] = ()

    @property
    def agencies(self) -> frozenset[str]:
        """The codes of the agencies of whom somebody is in the room: the quorum goes by agency, not by head count."""
        return frozenset(person.agency_code for person in self.people if person.there)

    @property
    def still_to_leave(self) -> bool:
        """Whether somebody who has a conflict of interest is not recorded as having left the room."""
        return any(person.conflict and not person.away for person in self.people)

    @property
    def accounts(self) -> frozenset[int]:
        """The accounts of those who are in the room."""
        return frozenset(person.account_id for person in self.people if person.there and person.account_id is not None)

    @property
    def seen(self) -> str:
        """A short digest, by which a second saver is noticed."""
        said = [[person.attendance_id, person.away] for person in self.people]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


# Built once: every page of an item asks it.
_ROOM: Any = (
    select(
        col(Attendance.id), col(Attendance.account_id), col(Attendance.name), col(Agency.name).label("agency"),
        col(Agency.code), col(ItemAbsence.id).is_not(None),
        col(ConflictOfInterest.id).is_not(None) | (func.coalesce(col(ItemAbsence.conflict), "") != ""),
    )
    .join(Agency, col(Agency.id) == col(Attendance.agency_id))
    .outerjoin(
        ItemAbsence,
        (col(ItemAbsence.attendance_id) == col(Attendance.id)) & (col(ItemAbsence.item_id) == bindparam("item")),
    )
    .outerjoin(
        ConflictOfInterest,
        (col(ConflictOfInterest.account_id) == col(Attendance.account_id))
        & one_child(col(ConflictOfInterest.child_id), bindparam("child", type_=Integer))
        & col(ConflictOfInterest.ended_at).is_(None),
    )
    .where(col(Attendance.meeting_id) == bindparam("meeting"), col(Attendance.presence) == Presence.PRESENT)
    .order_by(col(Agency.id), col(Attendance.name), col(Attendance.id))
)  # fmt: skip


def room_of(session: Session, meeting: Meeting, item: AgendaItem) -> Room:
    """Give who is in the room for an item that the actor may see."""
    with beside_items(session, meeting):
        return _room(session, meeting.key, item.key, item.child_id)


@asked_once
def _room(session: Session, meeting_id: int, item_id: int, child_id: int) -> Room:
    rows = session.execute(_ROOM, {"meeting": meeting_id, "item": item_id, "child": child_id})
    return Room(tuple(InRoom(*row) for row in rows))


def rooms_of(session: Session, meeting: Meeting, items: Sequence[AgendaItem]) -> dict[int, Room]:
    """Give who is in the room for each of these items, by item, in a fixed number of statements."""
    with beside_items(session, meeting):
        there = session.execute(_ROOM, {"meeting": meeting.key, "item": 0, "child": 0}).all()
        left = session.execute(
            select(col(ItemAbsence.item_id), col(ItemAbsence.attendance_id), col(ItemAbsence.conflict)).where(
                col(ItemAbsence.item_id).in_([item.key for item in items])
            )
        ).all()
        kept = session.execute(
            select(col(AgendaItem.id), col(ConflictOfInterest.account_id))
            .join(
                ConflictOfInterest,
                one_child(col(ConflictOfInterest.child_id), col(AgendaItem.child_id)),
            )
            .where(col(AgendaItem.id).in_([item.key for item in items]), col(ConflictOfInterest.ended_at).is_(None))
        )
        away, conflicts = {tuple(row[:2]) for row in left}, {tuple(row) for row in kept}
        walked_in = {tuple(row[:2]) for row in left if row[2]}
    everybody = [InRoom(*row) for row in there]
    return {
        item.key: Room(
            tuple(
                replace(
                    person, away=(item.key, person.attendance_id) in away,
                    conflict=(item.key, person.account_id) in conflicts
                    or (item.key, person.attendance_id) in walked_in,
                )
                for person in everybody
            )
        )
        for item in items
    }  # fmt: skip


def out_of_room(room: Room) -> list[dict[str, Any]]:
    """Give who attended the meeting and does not count as in the room for an item, as plain values for the minutes.

    `left` is false of somebody with a conflict of interest who is not recorded as having left: no minutes say they did.
    """
    return [
        {
            "account_id": person.account_id, "name": person.name, "agency": person.agency,
            "conflict": person.conflict, "left": person.away,
        }
        for person in room.people
        if not person.there
    ]  # fmt: skip


def set_room(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem, away: Collection[int], seen: str
) -> None:
    """Record who of those who attend is not in the room for an item, by the id of their attendance.

    Whoever left for a conflict of interest without an account stays out until that is taken back.

    Raises `Conflict` where somebody else changed it since `seen`, `DomainError` unless the meeting is held, `NotFound`.
    """
    check_may_record(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    room = room_of(session, meeting, item)
    if room.seen != seen:
        raise Conflict("Somebody else changed who is in the room first. Look at it again.")
    known = {person.attendance_id for person in room.people}
    if not set(away) <= known:
        raise NotFound
    out = {person.attendance_id for person in room.people if person.declared_without_account}
    session.execute(
        delete(ItemAbsence).where(col(ItemAbsence.item_id) == item.key, col(ItemAbsence.conflict) == "")
    )  # fmt: skip
    session.add_all(
        ItemAbsence(item_id=item.key, attendance_id=each, recorded_at=now, recorded_by_id=by.account_id)
        for each in sorted(set(away) - out)
    )
    session.flush()
    record(
        session, by, now, EventKind.ROOM_RECORDED, item.child_id, number=item.number, meeting=meeting.reference,
        away=len(out.union(away)),
    )  # fmt: skip


def quorum_of(session: Session, room: Room, office: Office) -> Quorum:
    """Give what the people in the room allow, with the agencies by name."""
    names = {agency.code: agency.name for agency in people.agencies(session)}
    rules = office.partnership.rmm
    return quorum_at(
        room.agencies, rules.quorum_agencies, rules.expected_agencies, names, recorded=bool(room.people)
    )  # fmt: skip
