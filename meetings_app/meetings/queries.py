"""Reads of agendas and of meetings being held: narrow rows, in the order of the agenda."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, Agency, RoleGrant
from meetings_app.children.models import Child
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.db.asked_once import asked_once
from meetings_app.db.session import unscoped
from meetings_app.meetings.models import AgendaItem, Attendance, ItemDecision, Outcome, Presence
from meetings_app.meetings.reasons import Reason, ReasonCode
from meetings_app.meetings.sections import DraftItem
from meetings_app.permissions import CHAIR_ROLES
from meetings_app.schedule.models import Meeting, MeetingState


class ItemState(NamedTuple):
    """Where one item stands: its number, its child as far as the reader may see, and what was decided so far.

    A `stub` is an item that the reader may not see: it has its number, and nothing else.
    """

    id: int
    number: str
    stub: bool
    child_id: int = 0
    child: str = ""
    name: str = ""
    outcome: Outcome | None = None
    rating: str | None = None


@dataclass(frozen=True)
class Attendant:
    """One person of one agency at one meeting."""

    agency_id: int
    agency_code: str
    agency: str
    account_id: int | None
    name: str
    presence: Presence
    note: str


@dataclass(frozen=True)
class Chair:
    """A person who chairs an area's meetings, and for which agency."""

    account_id: int
    name: str
    agency_code: str
    agency: str


# Built once each: building a statement costs several times what sending it does, and every agenda sends these.
# The child is read past the actor's scope, the item in it: who may see the item hears the child, moved away or not.
_ITEMS: Any = (
    select(
        col(AgendaItem.child_id), col(Child.reference), col(AgendaItem.section), col(AgendaItem.minutes),
        col(AgendaItem.reasons), col(AgendaItem.rating_before), col(AgendaItem.late), col(AgendaItem.number),
        col(ListEntry.provisional),
    )
    .join(Child, col(Child.id) == col(AgendaItem.child_id))
    .outerjoin(ListEntry, (col(ListEntry.child_id) == col(Child.id)) & is_live())
    .where(col(AgendaItem.meeting_id) == bindparam("meeting"))
    .order_by(col(AgendaItem.place))
    .execution_options(**unscoped("child"))
)  # fmt: skip
# The numbers are read past the actor's scope: an agenda has as many items for everybody who holds it.
_NUMBERS: Any = (
    select(col(AgendaItem.id), col(AgendaItem.number))
    .where(col(AgendaItem.meeting_id) == bindparam("meeting"))
    .order_by(col(AgendaItem.place))
    .execution_options(**unscoped())
)
# What was decided stays narrowed, so a number that the reader may not see comes without it.
_OUTCOMES: Any = (
    select(col(AgendaItem.number), col(ItemDecision.outcome))
    .outerjoin(ItemDecision, col(ItemDecision.item_id) == col(AgendaItem.id))
    .where(col(AgendaItem.meeting_id) == bindparam("meeting"))
    .order_by(col(AgendaItem.place))
    .execution_options(**unscoped("agenda_item"))
)
_STATES: Any = (
    select(
        col(AgendaItem.id), col(Child.id).label("child_id"), col(Child.reference), col(Child.name),
        col(ItemDecision.outcome), col(ItemDecision.rating),
    )
    .join(Child, col(Child.id) == col(AgendaItem.child_id))
    .outerjoin(ItemDecision, col(ItemDecision.item_id) == col(AgendaItem.id))
    .where(col(AgendaItem.meeting_id) == bindparam("meeting"))
    .execution_options(**unscoped("child"))
)  # fmt: skip


def stored_items(session: Session, meeting_id: int) -> list[DraftItem]:
    """Give the items of a published agenda that the person may see, in its order."""
    return [
        DraftItem(
            child_id=child_id, child=reference, section=section, minutes=minutes, reasons=reasons_of(reasons),
            rating=rating, provisional=bool(provisional), late=late, number=number,
        )
        for child_id, reference, section, minutes, reasons, rating, late, number, provisional in session.execute(
            _ITEMS, {"meeting": meeting_id}
        )
    ]  # fmt: skip


def reasons_of(stored: Sequence[dict[str, Any]]) -> tuple[Reason, ...]:
    """Give the reasons as they were printed on the agenda."""
    return tuple([Reason(ReasonCode(reason["code"]), reason["text"], bool(reason.get("late"))) for reason in stored])


def item_states(session: Session, meeting_id: int) -> list[ItemState]:
    """Give every item of a published agenda in its order; what the person may not see is a numbered stub."""
    seen = {
        item_id: (child_id, reference, name, outcome, rating.value if rating else None)
        for item_id, child_id, reference, name, outcome, rating in session.execute(_STATES, {"meeting": meeting_id})
    }
    return [
        ItemState(item_id, number, item_id not in seen, *seen.get(item_id, ()))
        for item_id, number in session.execute(_NUMBERS, {"meeting": meeting_id})
    ]


def outcomes_of(session: Session, meeting_id: int) -> dict[str, Outcome | None]:
    """Give every number of a published agenda, in its order, with what was decided as far as the reader may see it."""
    return dict(session.execute(_OUTCOMES, {"meeting": meeting_id}).all())


def find_item(session: Session, meeting_id: int, number: str) -> AgendaItem | None:
    """Give the item of a published agenda with this number, where the person may see it."""
    return session.scalars(
        select(AgendaItem).where(col(AgendaItem.meeting_id) == meeting_id, col(AgendaItem.number) == number)
    ).first()


@asked_once
def decision_of(session: Session, item_id: int) -> ItemDecision:
    """Give what is recorded on an item; every published item has its row from the beginning."""
    return session.scalars(select(ItemDecision).where(col(ItemDecision.item_id) == item_id)).one()


def decisions_of(session: Session, meeting_id: int) -> dict[int, ItemDecision]:
    """Give what is recorded on the items of a meeting, by item."""
    found = session.scalars(
        select(ItemDecision)
        .join(AgendaItem, col(AgendaItem.id) == col(ItemDecision.item_id))
        .where(col(AgendaItem.meeting_id) == meeting_id)
    )
    return {decision.item_id: decision for decision in found}


def children_of(session: Session, child_ids: Collection[int]) -> dict[int, Any]:
    """Give reference, name and date of birth of the children that the person may see, by id."""
    found: dict[int, Any] = {}
    ids = sorted(child_ids)
    for start in range(0, len(ids), 1000):
        rows: Any = session.execute(
            select(col(Child.id), col(Child.reference), col(Child.name), col(Child.born)).where(
                col(Child.id).in_(ids[start : start + 1000])
            )
        )
        found.update({row.id: row for row in rows if row.id is not None})
    return found


def attendance_of(session: Session, meeting_id: int) -> list[Attendant]:
    """Give who attended and how, by agency and name."""
    rows: Any = session.execute(
        select(
            col(Agency.id), col(Agency.code), col(Agency.name).label("agency"), col(Attendance.account_id),
            col(Attendance.name), col(Attendance.presence), col(Attendance.note),
        )
        .join(Agency, col(Agency.id) == col(Attendance.agency_id))
        .where(col(Attendance.meeting_id) == meeting_id)
        .order_by(col(Agency.id), col(Attendance.name), col(Attendance.id))
    )  # fmt: skip
    return [Attendant(row[0], row[1], row[2], row[3], row[4], row[5], row[6]) for row in rows]


def present_agencies(session: Session, meeting_id: int) -> set[str]:
    """Give the codes of the agencies of whom somebody is present."""
    rows: Any = session.execute(
        select(col(Agency.code))
        .join(Attendance, col(Attendance.agency_id) == col(Agency.id))
        .where(col(Attendance.meeting_id) == meeting_id, col(Attendance.presence) == Presence.PRESENT)
        .distinct()
    )
    return {row.code for row in rows}


@asked_once
def chairs_of(session: Session, area_id: int | None) -> list[Chair]:
    """Give the chairs and their deputies of an area, by agency and name; a disabled account chairs nothing."""
    rows: Any = session.execute(
        select(col(Account.id), col(Account.name), col(Agency.code), col(Agency.name).label("agency"))
        .join(RoleGrant, col(RoleGrant.account_id) == col(Account.id))
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .where(
            col(RoleGrant.role).in_(CHAIR_ROLES), col(RoleGrant.ended_at).is_(None),
            col(Account.state) != AccountState.DISABLED,
            (col(RoleGrant.area_id) == area_id) | col(RoleGrant.area_id).is_(None),
        )
        .distinct()
        .order_by(col(Agency.code), col(Account.name), col(Account.id))
    )  # fmt: skip
    return [Chair(row[0] or 0, row[1], row[2], row[3]) for row in rows]


def present_chairs(session: Session, meeting: Meeting) -> list[Chair]:
    """Give the chairs of the area who are present."""
    present = session.scalars(
        select(col(Attendance.account_id)).where(
            col(Attendance.meeting_id) == meeting.key, col(Attendance.presence) == Presence.PRESENT
        )
    ).all()
    return [chair for chair in chairs_of(session, meeting.area_id) if chair.account_id in present]


def earlier_in_progress(session: Session, meeting: Meeting) -> str | None:
    """Give the reference of an earlier meeting of the area that is still in progress, or None."""
    return session.scalars(
        select(col(Meeting.reference))
        .where(
            col(Meeting.area_id) == meeting.area_id, col(Meeting.type) == meeting.type,
            col(Meeting.state) == MeetingState.IN_PROGRESS, col(Meeting.held_on) < meeting.held_on,
        )
        .order_by(col(Meeting.held_on))
    ).first()  # fmt: skip


def last_held_before(session: Session, meeting: Meeting) -> date | None:
    """Give the day of the last RMM of the area that was held before this one; None where there was none."""
    return session.scalars(
        select(sa.func.max(col(Meeting.held_on))).where(
            col(Meeting.area_id) == meeting.area_id, col(Meeting.type) == meeting.type,
            col(Meeting.state).in_((MeetingState.CLOSED, MeetingState.SIGNED)), col(Meeting.held_on) < meeting.held_on,
        )
    ).first()  # fmt: skip


def live_entries_after(
    session: Session, area_id: int, after: tuple[date, int] | None, limit: int | None
) -> Sequence[Any]:
    """Give live entries of an area by review date, a page at a time: `after` is review date and id of the last one."""
    wanted = [col(ListEntry.area_id) == area_id, is_live()]
    if after is not None:
        wanted.append(sa.tuple_(col(ListEntry.next_review_on), col(ListEntry.id)) > after)
    return session.execute(
        select(
            col(ListEntry.id), col(ListEntry.child_id), col(Child.reference), col(Child.name), col(Child.born),
            col(ListEntry.current_rating), col(ListEntry.next_review_on), col(ListEntry.provisional),
            col(Meeting.reference).label("home"),
        )
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .outerjoin(Meeting, col(Meeting.id) == col(ListEntry.next_meeting_id))
        .where(*wanted)
        .order_by(col(ListEntry.next_review_on), col(ListEntry.id))
        .limit(limit)
    ).all()  # fmt: skip
