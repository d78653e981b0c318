"""The promises about the weekly lists: each is as it was taken, and together with the list of today they add up."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.cse_list.checks import Breach
from meetings_app.cse_list.models import Departure, DepartureState, EntryState, ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.weekly_list.marking import digest
from meetings_app.weekly_list.models import WeeklyList, WeeklyRow
from meetings_app.weekly_list.queries import changes_of, rows_of
from meetings_app.weekly_list.rules import GENESIS


def weekly_lists(session: Session) -> Iterator[Breach]:
    """Give every breach of what was circulated. `session` sees everything."""
    number, mark = 0, GENESIS
    taken: WeeklyList | None = None
    for taken in session.scalars(select(WeeklyList).order_by(col(WeeklyList.number))).all():
        number += 1
        problem = _altered(session, taken, number, mark)
        if problem:
            yield Breach("weekly_list", f"Weekly list {taken.number}", problem)
        number, mark = taken.number, taken.digest
    if taken is not None:
        yield from _since(session, taken)


def _altered(session: Session, taken: WeeklyList, number: int, mark: str) -> str:
    if taken.number != number:
        return f"follows list {number - 1}, though another stood between them."
    if taken.previous_digest != mark:
        return "does not follow the list before it as that stands now."
    rows = rows_of(session, taken.key)
    if taken.children != len(rows):
        return f"was taken with {taken.children} children and holds {len(rows)}."
    if taken.digest != digest(taken, rows, changes_of(session, taken.key)):
        return "is not as it was taken."
    return ""


def _since(session: Session, newest: WeeklyList) -> Iterator[Breach]:
    """Whoever was on the newest list is on the list or has left it since; whoever is on it was on that, or came since.

    The numbers of stays grow, so one that is older than the newest list and not on it was forgotten, unless the child
    came back by the undoing of a departure.
    """
    on_it = select(col(WeeklyRow.entry_id)).where(col(WeeklyRow.list_id) == newest.key)
    left_before = sa.and_(col(ListEntry.state) == EntryState.CLOSED, col(ListEntry.closed_on) < newest.taken_on)
    for reference in _references(session, col(ListEntry.id).in_(on_it), left_before):
        yield Breach("weekly_list", reference, f"is on weekly list {newest.number}, and had left the list before it.")
    came_back = sa.exists().where(
        col(Departure.entry_id) == col(ListEntry.id), col(Departure.state) == DepartureState.UNDONE,
        col(Departure.ended_at) >= newest.taken_at,
    )  # fmt: skip
    older = col(ListEntry.id) <= newest.last_entry_id
    for reference in _references(session, is_live(), older, col(ListEntry.id).not_in(on_it), ~came_back):
        yield Breach(
            "weekly_list", reference, f"was on the list, and weekly list {newest.number} was taken without them."
        )


def _references(session: Session, *clauses: Any) -> Sequence[str]:
    return session.scalars(
        select(col(Child.reference))
        .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
        .where(*clauses)
        .order_by(col(ListEntry.id))
    ).all()
