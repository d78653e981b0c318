"""Reads of the CSE list: narrow rows in the order of an index, a page at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.queries import Reference
from meetings_app.actions.models import Action
from meetings_app.actions.queries import is_open
from meetings_app.children.models import Child
from meetings_app.cse_list.filters import AGE_BANDS, NO_AGENCY, ListFilter, Sort
from meetings_app.cse_list.models import Departure, DepartureKind, DepartureState, EntryState, ListEntry
from meetings_app.cse_list.rules import latest_birth
from meetings_app.db.session import unscoped
from meetings_app.ratings.models import RANK, RiskRating
from meetings_app.schedule.models import Meeting

PAGE = 50
MOST_COUNTED = 1_000
"""Beyond this the page says “more than 1,000”, so that counting costs the same however long the list is."""

_KEYS: dict[Sort, tuple[Any, ...]] = {
    Sort.REVIEW: (col(ListEntry.next_review_on), col(ListEntry.id)),
    Sort.NAME: (col(ListEntry.sort_name), col(ListEntry.id)),
    Sort.RATING: (col(ListEntry.rating_rank), col(ListEntry.next_review_on), col(ListEntry.id)),
    Sort.AGE: (col(ListEntry.born), col(ListEntry.id)),
}


@dataclass(frozen=True)
class References:
    """The areas and agencies that filters name by code and rows by id."""

    areas: tuple[Reference, ...]
    agencies: tuple[Reference, ...]

    def area_id(self, code: str) -> int | None:
        """Give the id of an area, or None for an unknown code."""
        return next((area.id for area in self.areas if area.code == code), None)

    def agency_id(self, code: str) -> int | None:
        """Give the id of an agency, or None for an unknown code."""
        return next((agency.id for agency in self.agencies if agency.code == code), None)


def is_live() -> ColumnElement[bool]:
    """Give the condition of the partial indexes. Written out, because a bound value would not match them."""
    return col(ListEntry.state) != sa.literal_column("'closed'")


def live_entries(session: Session, child_ids: Collection[int]) -> dict[int, ListEntry]:
    """Give the present stays on the list of these children, by child, to change them."""
    found = session.scalars(select(ListEntry).where(col(ListEntry.child_id).in_(child_ids), is_live()))
    return {entry.child_id: entry for entry in found}


def standing_departure(session: Session, child_id: int) -> Departure | None:
    """Give the last departure of the child that waits or by which the child left, or None."""
    stands = col(Departure.state).in_([DepartureState.WAITING, DepartureState.LEFT])
    statement = select(Departure).where(col(Departure.child_id) == child_id, stands)
    return session.scalars(statement.order_by(col(Departure.id).desc()).limit(1)).first()


class EntryRow(NamedTuple):
    """One row of the list as the database holds it. A page reads its fields often, which rows of SQL are slow at."""

    child_id: int
    born: date
    area_id: int
    state: EntryState
    leaving: DepartureKind | None
    current_rating: RiskRating
    provisional: bool
    before_service: bool
    listed_on: date
    lead_agency_id: int | None
    next_review_on: date
    reference: str
    name: str
    lead_professional_id: int | None
    lead_professional_name: str
    meeting: str | None
    held_on: date | None
    overdue_actions: int


@dataclass(frozen=True)
class Page:
    """One page of rows, and whether there are others before and after it."""

    rows: Sequence[EntryRow]
    earlier: bool
    later: bool


def read_page(
    session: Session, view: ListFilter, today: date, references: References, *, after: str = "", before: str = ""
) -> Page:
    """Give up to 50 rows after (or before) the child with a reference, without counting through the ones skipped."""
    backwards = bool(before)
    statement = _rows(*_asked(view, today, references), limit=PAGE + 1, backwards=backwards)
    place = _place(session, view, before or after) if before or after else None
    if place is not None:
        keys, rises = sa.tuple_(*_KEYS[view.sort]), backwards == view.keys_fall
        statement = statement.where(keys > sa.tuple_(*place) if rises else keys < sa.tuple_(*place))
    rows = _entries(session, statement)
    more, shown = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        return Page(shown[::-1], earlier=more, later=place is not None)
    return Page(shown, earlier=place is not None, later=more)


def read_all(session: Session, view: ListFilter, today: date, references: References) -> Sequence[EntryRow]:
    """Give every row of a view, for exports and commands."""
    return _entries(session, _rows(*_asked(view, today, references)))


def _entries(session: Session, statement: Any) -> list[EntryRow]:
    return [EntryRow._make(row) for row in session.execute(statement)]


def count(session: Session, view: ListFilter, today: date, references: References) -> int:
    """Give how many children a view holds, at most one more than `MOST_COUNTED`."""
    number: int = session.execute(_counted(*_asked(view, today, references))).scalar_one()
    return number


def _asked(view: ListFilter, today: date, references: References) -> tuple[ListFilter, date, int | None, int | None]:
    """Give what the statements of a view are built from, all of it to be compared."""
    return view, today, references.area_id(view.area), references.agency_id(view.agency)


@lru_cache(maxsize=256)
def _counted(view: ListFilter, today: date, area_id: int | None, agency_id: int | None) -> Any:
    narrow = select(sa.literal(1)).select_from(ListEntry).where(*_conditions(view, today, area_id, agency_id))
    return select(sa.func.count()).select_from(narrow.limit(MOST_COUNTED + 1).subquery())


# In the order of the fields of `EntryRow`, the number of overdue actions last.
_COLUMNS: tuple[Any, ...] = (
    col(ListEntry.child_id),
    col(ListEntry.born),
    col(ListEntry.area_id),
    col(ListEntry.state),
    col(ListEntry.leaving),
    col(ListEntry.current_rating),
    col(ListEntry.provisional),
    col(ListEntry.before_service),
    col(ListEntry.listed_on),
    col(ListEntry.lead_agency_id),
    col(ListEntry.next_review_on),
    col(Child.reference),
    col(Child.name),
    col(Child.lead_professional_id),
    col(Child.lead_professional_name),
    col(Meeting.reference),
    col(Meeting.held_on),
)


# Kept, because building a statement costs more than sending it, and people look at the same few views all day.
@lru_cache(maxsize=256)
def _rows(
    view: ListFilter, today: date, area_id: int | None, agency_id: int | None, *,
    limit: int | None = None, backwards: bool = False,
) -> Any:  # fmt: skip
    """Give the statement of a view, with the identity of each child, the meeting that hears the next review, and
    how many open actions are past their date.

    Children and meetings are read past the actor's scope, the entries never: whoever is sent the list is sent its
    names, also list holders, who may open no child's record; and that a review has its meeting is said to everybody
    who sees the child. Both are joined from outside, so that the index of the entries leads.
    """
    falls = view.keys_fall != backwards
    overdue = select(sa.func.count()).where(
        col(Action.child_id) == col(ListEntry.child_id),
        is_open(),
        col(Action.due_on) < today,
    )
    return (
        select(*_COLUMNS, overdue.scalar_subquery())
        .outerjoin(Child, col(Child.id) == col(ListEntry.child_id))
        .outerjoin(Meeting, col(Meeting.id) == col(ListEntry.next_meeting_id))
        .where(*_conditions(view, today, area_id, agency_id))
        .order_by(*(key.desc() if falls else key.asc() for key in _KEYS[view.sort]))
        .limit(limit)
        .execution_options(**unscoped("child", "meeting"))
    )


def _conditions(view: ListFilter, today: date, area_id: int | None, agency_id: int | None) -> list[ColumnElement[bool]]:
    """Give the conditions of a view. An area or agency that is not known finds nobody."""
    found: list[ColumnElement[bool]] = [is_live()]
    if view.area:
        found.append(col(ListEntry.area_id) == (area_id or 0))
    if view.rating:
        found.append(col(ListEntry.rating_rank) == RANK[RiskRating(view.rating)])
    if view.agency == NO_AGENCY:
        found.append(col(ListEntry.lead_agency_id).is_(None))
    elif view.agency:
        found.append(col(ListEntry.lead_agency_id) == (agency_id or 0))
    if view.overdue:
        found.append(col(ListEntry.next_review_on) < today)
    if view.age:
        band = AGE_BANDS[view.age]
        if band.youngest:
            found.append(col(ListEntry.born) <= latest_birth(band.youngest, today))
        if band.below is not None:
            found.append(col(ListEntry.born) > latest_birth(band.below, today))
    return found


def _place(session: Session, view: ListFilter, reference: str) -> Sequence[Any] | None:
    """Give the sort key of the last stay of the child a page begins after; None where it is not to be seen."""
    child = select(col(Child.id)).where(col(Child.reference) == reference)
    # Who may see the list sees its names; whether the entry itself is in scope is asked by the next statement.
    child_id = session.execute(child.execution_options(**unscoped())).scalar()
    statement = select(*_KEYS[view.sort]).where(col(ListEntry.child_id) == child_id)
    row = session.execute(statement.order_by(col(ListEntry.id).desc()).limit(1)).first()
    return None if row is None else tuple(row)


# Built once: building a statement costs more than sending it.
_MEETINGS = (
    select(col(Meeting.id), col(Meeting.reference), col(Meeting.held_on))
    .where(col(Meeting.id).in_(sa.bindparam("ids", expanding=True)))
    .execution_options(**unscoped())
)


@dataclass(frozen=True)
class HeldOn:
    """The meeting that hears a review: its reference and the day it is held."""

    reference: str
    on: date


def meetings_of(session: Session, meeting_ids: Collection[int]) -> dict[int, HeldOn]:
    """Give the meetings of the rows shown, by id.

    Read past the actor's scope: that a review has its meeting is said to everybody who sees the child, and a
    reference says nothing about anybody.
    """
    if not meeting_ids:
        return {}
    rows = session.execute(_MEETINGS, {"ids": list(meeting_ids)})
    return {row.id or 0: HeldOn(row.reference, row.held_on) for row in rows}
