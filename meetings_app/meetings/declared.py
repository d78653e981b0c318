"""What is declared, as rows: the conflict of an account, and that of somebody without one until they have an account.

Whoever has no account is kept from nothing in the service; the moment they are recorded with one, they are.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.access_clauses import about_one_of
from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import RuleBroken
from meetings_app.meetings.item_scope import beside_items
from meetings_app.meetings.models import AgendaItem, Attendance, ItemAbsence
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting


def holding(session: Session, account_id: int, child_id: int) -> ConflictOfInterest | None:
    """Give the conflict of an account about a child that holds now, or None, as far as the reader may see it."""
    return session.scalars(
        select(ConflictOfInterest).where(
            col(ConflictOfInterest.account_id) == account_id,
            about_one_of(col(ConflictOfInterest.child_id), [child_id]), col(ConflictOfInterest.ended_at).is_(None),
        )
    ).first()  # fmt: skip


def keep_from(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem, account_id: int, reason: str
) -> None:
    """Keep an account from the child of an item, and record it in the trail. The caller has asked whether it may be."""
    session.add(
        ConflictOfInterest(
            account_id=account_id, child_id=item.child_id, area_id=item.area_id, meeting_id=meeting.key,
            reason=reason, declared_at=now, declared_by_id=by.account_id,
        )
    )  # fmt: skip
    session.flush()
    record(
        session, by, now, EventKind.CONFLICT_DECLARED, item.child_id, number=item.number, meeting=meeting.reference,
        account=account_id,
    )  # fmt: skip


def give_account(
    session: Session, by: Actor, now: datetime, meeting: Meeting, row: Attendance, account_id: int
) -> None:
    """Record whose account somebody on the attendance has, and keep it from what they declared without one.

    That they left the room stays; the conflict is the account’s from now on, and is ended as any other.
    """
    row.account_id = account_id
    # Whoever records the meeting may be kept from the item themselves, and the other conflict holds all the same.
    with beside_items(session, meeting):
        for absence in _without_account(session, row):
            item = session.scalars(select(AgendaItem).where(col(AgendaItem.id) == absence.item_id)).one()
            if holding(session, account_id, item.child_id) is None:
                keep_from(session, by, now, meeting, item, account_id, absence.conflict)
            absence.conflict = ""
        session.flush()


def check_none_declared(session: Session, meeting: Meeting, row: Attendance) -> None:
    """Raise `RuleBroken` where somebody without an account declared a conflict: with the person it would be lost."""
    if row.account_id is not None:
        return
    with beside_items(session, meeting):
        declared = _without_account(session, row)
    if declared:
        raise RuleBroken(
            "",
            f"{row.name} declared a conflict of interest. Take that back first, under “Conflicts of interest”, then "
            "put the attendance right and record the conflict again. If you do not see it there, somebody who may "
            "see the item does this",
        )


def _without_account(session: Session, row: Attendance) -> Sequence[ItemAbsence]:
    return session.scalars(
        select(ItemAbsence)
        .where(col(ItemAbsence.attendance_id) == row.key, col(ItemAbsence.conflict) != "")
        .order_by(col(ItemAbsence.id))
    ).all()
