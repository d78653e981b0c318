"""Taking the week's list: every child on it, what changed since the list before, and the mails that say it is there."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency, Area
from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditHead
from meetings_app.audit.trail import record
from meetings_app.children.ages import age_on
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.cse_list.models import Departure, DepartureKind, DepartureState, ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.cse_list.views import marks
from meetings_app.notices.service import queue
from meetings_app.notices.templates import NoticeKind
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.text import day_in_words
from meetings_app.weekly_list.marking import digest
from meetings_app.weekly_list.models import ChangeKind, WeeklyChange, WeeklyCopy, WeeklyList, WeeklyRow
from meetings_app.weekly_list.queries import compared, newest_list, recipients, rows_of
from meetings_app.weekly_list.rules import GENESIS, Change, changes, week_of

CLOSED = "Closed by the RMM"
LEFT = {
    DepartureKind.TRANSFER: "Transferred to another authority",
    DepartureKind.DEATH: "Died",
    DepartureKind.DUPLICATE: "Listed twice; the other record stays on the list",
}
"""How a stay ended, in the words of the list."""


def take_list(session: Session, by: Actor, now: datetime, office: Office) -> WeeklyList | None:
    """Take the list of this week and tell every list holder (SUR); None where the week has one already.

    `by` sees everything. The row of the week is written first, so that of two who take it at once one waits and fails.
    """
    today, before = london_date(now), newest_list(session)
    # Not "as late as": a clock that had jumped ahead would else leave every week until then without a list.
    if session.scalars(select(col(WeeklyList.id)).where(col(WeeklyList.week) == week_of(today))).first():
        return None
    found = _on_the_list(session)
    taken = WeeklyList(
        number=before.number + 1 if before else 1, week=week_of(today), taken_on=today, taken_at=now,
        children=len(found), last_entry_id=session.scalar(select(sa.func.max(col(ListEntry.id)))) or 0,
        trail_mark=session.scalar(select(col(AuditHead.last_id))) or 0,
        previous_digest=before.digest if before else GENESIS, digest="",
    )  # fmt: skip
    rows = [_row(row, place, today) for place, row in enumerate(found, 1)]
    said = _since(session, before, rows)
    taken.digest = digest(taken, rows, said)
    session.add(taken)
    session.flush()
    for written in (*rows, *said):
        written.list_id = taken.key
    session.add_all([*rows, *said])
    session.flush()
    told = _tell(session, now, office, taken)
    record(session, by, now, EventKind.WEEKLY_LIST_TAKEN, number=taken.number, children=len(rows), told=told,
           digest=taken.digest)  # fmt: skip
    return taken


def _on_the_list(session: Session) -> Sequence[Any]:
    """Give everybody on the list in one statement, so that nobody is missed who leaves or comes meanwhile."""
    professional = aliased(Account)
    return session.execute(
        select(
            ListEntry, col(Child.reference), col(Child.name), col(Area.code).label("area"),
            sa.func.coalesce(col(Agency.name), "").label("agency"),
            sa.func.coalesce(col(professional.name), col(Child.lead_professional_name), "").label("professional"),
            sa.func.coalesce(col(Meeting.reference), "").label("meeting"),
        )
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .join(Area, col(Area.id) == col(ListEntry.area_id))
        .outerjoin(Agency, col(Agency.id) == col(ListEntry.lead_agency_id))
        .outerjoin(professional, col(professional.id) == col(Child.lead_professional_id))
        .outerjoin(Meeting, col(Meeting.id) == col(ListEntry.next_meeting_id))
        .where(is_live())
        .order_by(col(Area.code), col(ListEntry.rating_rank), col(ListEntry.sort_name), col(ListEntry.id))
    ).all()  # fmt: skip


def _row(row: Any, place: int, today: date) -> WeeklyRow:
    entry: ListEntry = row.ListEntry
    age = age_on(entry.born, today)
    notes = [mark.text for mark in marks(age, entry.state, entry.leaving, before_service=entry.before_service)]
    return WeeklyRow(
        list_id=0, place=place, child_id=entry.child_id, entry_id=entry.key, area_id=entry.area_id, area=row.area,
        reference=row.reference, name=row.name, born=entry.born, age=age, rating=entry.current_rating,
        provisional=entry.provisional, listed_on=entry.listed_on, lead_agency=row.agency,
        lead_professional=row.professional, next_review_on=entry.next_review_on,
        overdue_days=max(0, (today - entry.next_review_on).days), meeting=row.meeting, notes="; ".join(notes),
    )  # fmt: skip


def _since(session: Session, before: WeeklyList | None, rows: Sequence[WeeklyRow]) -> list[WeeklyChange]:
    """Say what changed since the list before; the first list says what is overdue, for there is nothing before it."""
    now = compared(rows)
    former = compared(rows_of(session, before.key)) if before else now
    gone = {row.entry_id for row in former} - {row.entry_id for row in now}
    ways = dict.fromkeys(gone, CLOSED) | _departed(session, gone)
    return [_written(change, place) for place, change in enumerate(changes(former, now, ways), 1)]


def _departed(session: Session, entries: set[int]) -> dict[int, str]:
    left = select(col(Departure.entry_id), col(Departure.kind)).where(
        col(Departure.entry_id).in_(entries), col(Departure.state) == DepartureState.LEFT
    )
    return {row.entry_id: LEFT[row.kind] for row in session.execute(left)}


def _written(change: Change, place: int) -> WeeklyChange:
    values = change._asdict() | {"kind": ChangeKind(change.kind)}
    return WeeklyChange(list_id=0, place=place, **values)


def _tell(session: Session, now: datetime, office: Office, taken: WeeklyList) -> int:
    people = recipients(session)
    for person in people:
        session.add(WeeklyCopy(list_id=taken.key, account_id=person.key))
        queue(
            session, now, kind=NoticeKind.LIST_CIRCULATED, recipient=person,
            dedupe_key=f"weekly-list:{taken.number}:{person.key}", order_key=f"weekly-list:{person.key}",
            values={
                "reference": str(taken.number), "date_text": day_in_words(taken.taken_on),
                "link": f"{office.base_url}/weekly-lists/{taken.number}",
            },
        )  # fmt: skip
    session.flush()
    return len(people)
