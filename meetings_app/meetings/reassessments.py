"""Who on the list is to be assessed again: read for many children in one statement, by the rule of `assessments.due`.

The database works out who is due, so that a page and the number that leads to it come from the same rows.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.assessments.due import Change, Due, Facts, due_of
from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import is_finished
from meetings_app.children.models import Child, Involvement
from meetings_app.cse_list.homing import next_meetings
from meetings_app.cse_list.models import ClosureProposal, ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.partnership import Partnership
from meetings_app.permissions import AREA_ROLES, Actor, Role
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind
from meetings_app.web.filters import words

_AT_ONCE = 500
_WHOLE_IN_AREA = AREA_ROLES | {Role.REPRESENTATIVE}
# Only the ones looked through carry another name: the scope is not carried over to another name in an outer join.
_any, _other = aliased(Assessment), aliased(ChangeInCircumstances)
_LAST = (
    select(col(_any.id))
    .where(col(_any.child_id) == col(ListEntry.child_id), is_finished(_any))
    .order_by(col(_any.assessed_on).desc(), col(_any.id).desc())
    .limit(1)
    .correlate(ListEntry)
    .scalar_subquery()
)
_CHANGED = (
    select(col(_other.id))
    .where(
        col(_other.child_id) == col(ListEntry.child_id),
        sa.or_(
            col(_other.happened_on) > col(Assessment.assessed_on), col(_other.reported_at) > col(Assessment.finished_at)
        ),
    )
    .order_by(col(_other.happened_on), col(_other.id))
    .limit(1)
    .correlate(ListEntry, Assessment)
    .scalar_subquery()
)
_PROPOSED = (
    select(col(ClosureProposal.id))
    .where(col(ClosureProposal.child_id) == col(ListEntry.child_id), col(ClosureProposal.heard_at_meeting_id).is_(None))
    .correlate(ListEntry)
    .exists()
)
# What the rule asks for of each child on the list; built once, for every page beside a child sends it.
_FACTS: Any = (
    select(
        col(ListEntry.id), col(ListEntry.child_id), col(ListEntry.area_id), col(ListEntry.listed_on),
        col(Child.reference), col(Child.name),
        col(Assessment.assessed_on), col(Assessment.reassess_from), col(Assessment.reassess_by),
        col(ChangeInCircumstances.kind).label("change"), col(ChangeInCircumstances.happened_on),
        _PROPOSED.label("proposed"),
    )
    .join(Child, col(Child.id) == col(ListEntry.child_id))
    .outerjoin(Assessment, col(Assessment.id) == _LAST)
    .outerjoin(ChangeInCircumstances, col(ChangeInCircumstances.id) == _CHANGED)
    .where(is_live())
)  # fmt: skip
# In the order of the fields of `_Known`.
_KNOWN_OF_CHILDREN = _FACTS.with_only_columns(
    col(ListEntry.child_id), col(ListEntry.area_id), col(ListEntry.listed_on), col(Assessment.assessed_on),
    col(Assessment.reassess_from), col(Assessment.reassess_by), col(ChangeInCircumstances.kind),
    col(ChangeInCircumstances.happened_on), _PROPOSED,
).where(col(ListEntry.child_id).in_(bindparam("children", expanding=True)))  # fmt: skip


class _Known(NamedTuple):
    """What is known of one child, as far as the rule asks for it."""

    child_id: int
    area_id: int
    listed_on: date
    assessed_on: date | None
    reassess_from: date | None
    reassess_by: date | None
    change: ChangeKind | None
    happened_on: date | None
    proposed: bool


@dataclass(frozen=True)
class Clocks:
    """What the rule goes by besides the child: the day, the settings, and when the RMM of each area meets next.

    The meetings are read when they are first asked for: only a closure that is proposed needs them.
    """

    today: date
    reassessed_within_days: int
    read_meetings: Callable[[], Mapping[int, date]]

    @cached_property
    def next_meetings(self) -> Mapping[int, date]:
        """By area, the day of the next RMM."""
        return self.read_meetings()

    def closure_on(self, area_id: int) -> date:
        """Give the day on which a closure that is proposed would be heard; today where no meeting is known."""
        return self.next_meetings.get(area_id, self.today)


@dataclass(frozen=True)
class DueChild:
    """A child who is due: every reason, the most pressing first, and the key of the row among those due."""

    entry_id: int
    child_id: int
    reference: str
    name: str
    due_on: date
    reasons: tuple[Due, ...]


def clocks_of(session: Session, today: date, partnership: Partnership) -> Clocks:
    """Give what the rule goes by today."""
    days = partnership.ratings.closure.reassessed_within_days
    return Clocks(today, days, partial(next_meetings, session, today))


def due_statement(by: Actor, clocks: Clocks) -> tuple[Any, Any, Any]:
    """Give the statement of the children who are due and whose record `by` reads, with its key: the due day and the id.

    Narrowed by the session besides. Rows are turned into children by `due_child`.
    """
    facts: Any = _FACTS.where(*_reads_whole_record(by)).subquery("facts").c
    by_time = sa.func.coalesce(facts.reassess_from, facts.reassess_by) <= clocks.today
    too_old = facts.assessed_on < _day_of_area(facts.area_id, clocks, clocks.reassessed_within_days)
    days: Any = (
        select(
            *facts,
            sa.case((facts.assessed_on.is_(None), facts.listed_on)).label("never_on"),
            sa.case((by_time, facts.reassess_by)).label("time_on"),
            sa.case((sa.and_(facts.proposed, too_old), _day_of_area(facts.area_id, clocks))).label("closure_on"),
        )
        .subquery("days")
        .c
    )
    reasons = (days.never_on, days.happened_on, days.time_on, days.closure_on)
    due_on = sa.case((days.never_on.is_not(None), days.never_on), else_=_earliest(*reasons[1:]))
    due = sa.or_(*(reason.is_not(None) for reason in reasons))
    return select(*days, due_on.label("due_on")).where(due), due_on, days.id


def due_child(row: Any, clocks: Clocks) -> DueChild:
    """Give a row of `due_statement` with its reasons."""
    return DueChild(row.id, row.child_id, row.reference, row.name, row.due_on, _reasons(row, clocks))


def due_of_children(session: Session, child_ids: Collection[int], clocks: Clocks) -> dict[int, tuple[Due, ...]]:
    """Give by child why each is due, in the actor's scope; who is not on the list, or not due, is left out."""
    found: dict[int, tuple[Due, ...]] = {}
    ids = sorted(child_ids)
    for start in range(0, len(ids), _AT_ONCE):
        rows = session.execute(_KNOWN_OF_CHILDREN, {"children": ids[start : start + _AT_ONCE]})
        for known in map(_Known._make, rows):
            reasons = _reasons(known, clocks)
            if reasons:
                found[known.child_id] = reasons
    return found


def _reasons(row: Any, clocks: Clocks) -> tuple[Due, ...]:
    facts = Facts(
        row.listed_on, row.assessed_on, row.reassess_from, row.reassess_by,
        Change(words(row.change), row.happened_on) if row.change is not None else None,
        clocks.closure_on(row.area_id) if row.proposed else None,
    )  # fmt: skip
    return due_of(facts, clocks.today, clocks.reassessed_within_days)


def _day_of_area(area: Any, clocks: Clocks, days_before: int = 0) -> Any:
    """Give, in SQL, the day on which an area would hear a closure, or so many days before it."""
    before = timedelta(days=days_before)
    otherwise = sa.literal(clocks.today - before, sa.Date)
    days = {key: sa.literal(day - before, sa.Date) for key, day in clocks.next_meetings.items()}
    return sa.case(days, value=area, else_=otherwise) if days else otherwise


def _earliest(*days: Any) -> Any:
    """Give, in SQL, the first of some days; those that are NULL do not count."""
    first = days[0]
    for day in days[1:]:
        first = sa.case((sa.or_(first.is_(None), day < first), day), else_=first)
    return first


def _reads_whole_record(by: Actor) -> list[ColumnElement[bool]]:
    """Narrow to children whose whole record `by` reads; who sees a plan or a list alone knows of no assessment."""
    areas = by.areas(_WHOLE_IN_AREA)
    if areas is None:
        return []
    clauses: list[ColumnElement[bool]] = [col(ListEntry.area_id).in_(sorted(areas))]
    if by.has(Role.LEAD_PROFESSIONAL):
        clauses.append(col(Child.lead_professional_id) == by.account_id)
    if by.has(Role.SPECIALIST):
        works_with = select(col(Involvement.child_id)).where(
            col(Involvement.account_id) == by.account_id, col(Involvement.ended_at).is_(None)
        )
        clauses.append(col(Child.id).in_(works_with))
    return [sa.or_(*clauses)]
