"""The children that are somebody's own: as lead professional, as their school, or as the specialist service."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child, Involvement
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.meetings.plan_updates import Asking, update_wanted
from meetings_app.permissions import Actor, Role
from meetings_app.plans.models import SafetyPlan
from meetings_app.plans.rules import SchoolCopy

PAGE = 50
OWN_ROLES = frozenset({Role.LEAD_PROFESSIONAL, Role.SCHOOL, Role.SPECIALIST})
"""The roles that see children because these are their own."""


class PlanAsked(StrEnum):
    """Which of the children a page narrows to: the plan is to be written, late, or an update on it is asked for."""

    DUE = "due"
    LATE = "late"
    UPDATE = "update"


@dataclass(frozen=True)
class PlanClock:
    """What is asked of safety plans today, and before which RMMs updates are."""

    today: date
    asking: Asking = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One page of rows, and whether there are others after it."""

    rows: Sequence[Any]
    later: bool


def count_of(by: Actor, clock: PlanClock, plan: PlanAsked | None = None) -> sa.ScalarSelect[int]:
    """Give the number of the person's own children as a piece of a statement."""
    narrow = _joined(select(col(Child.id))).where(*_conditions(by, clock, plan)).limit(1_001).subquery()
    return select(sa.func.count()).select_from(narrow).scalar_subquery()


def read(session: Session, by: Actor, clock: PlanClock, plan: PlanAsked | None = None, after: str = "") -> Page:
    """Give up to 50 of the person's own children by name, after the one with a reference."""
    newest = select(_shown_number(by)).where(col(SafetyPlan.child_id) == col(Child.id))
    number = newest.order_by(col(SafetyPlan.number).desc()).limit(1)
    statement: Any = _joined(
        select(
            col(Child.id), col(Child.reference), col(Child.name), col(Child.born), col(ListEntry.current_rating),
            col(ListEntry.provisional), col(ListEntry.next_review_on), col(ListEntry.plan_due_on),
            number.correlate(Child).scalar_subquery().label("plan_number"),
            sa.and_(update_wanted(clock.asking), col(Child.lead_professional_id) == by.account_id)
            .label("update_asked"),
        )
    ).where(*_conditions(by, clock, plan))  # fmt: skip
    keys = (col(Child.name_key), col(Child.id))
    place = session.execute(select(*keys).where(col(Child.reference) == after)).first() if after else None
    if place is not None:
        statement = statement.where(sa.tuple_(*keys) > sa.tuple_(*place))
    found: Sequence[Any] = session.execute(statement.order_by(*keys).limit(PAGE + 1)).all()
    return Page(found[:PAGE], later=len(found) > PAGE)


def _shown_number(by: Actor) -> Any:
    """Say which version of the plan there is; to a school, none that is not for it."""
    if not by.has(Role.SCHOOL) or by.has(Role.LEAD_PROFESSIONAL):
        return col(SafetyPlan.number)
    withheld = col(SafetyPlan.school_copy) == SchoolCopy.NOT_GIVEN
    return sa.case((withheld, sa.null()), else_=col(SafetyPlan.number))


def _joined(statement: Any) -> Any:
    return statement.outerjoin(ListEntry, (col(ListEntry.child_id) == col(Child.id)) & is_live())


def _conditions(by: Actor, clock: PlanClock, plan: PlanAsked | None) -> list[ColumnElement[bool]]:
    """Narrow to the person's own, for another role of theirs may show more; the session narrows besides."""
    own: list[ColumnElement[bool]] = []
    if by.has(Role.LEAD_PROFESSIONAL):
        own.append(col(Child.lead_professional_id) == by.account_id)
    if by.has(Role.SCHOOL) and by.school_id is not None:
        own.append((col(Child.school_id) == by.school_id) & col(ListEntry.id).is_not(None))
    if by.has(Role.SPECIALIST):
        works_with = select(col(Involvement.child_id)).where(
            col(Involvement.account_id) == by.account_id, col(Involvement.ended_at).is_(None)
        )
        own.append(col(Child.id).in_(works_with))
    wanted = [sa.or_(sa.false(), *own), col(Child.merged_into_id).is_(None)]
    if plan is PlanAsked.DUE:
        wanted.append(col(ListEntry.plan_due_on).is_not(None))
    if plan is PlanAsked.LATE:
        wanted.append(col(ListEntry.plan_due_on) < clock.today)
    if plan is PlanAsked.UPDATE:
        wanted += [update_wanted(clock.asking), col(Child.lead_professional_id) == by.account_id]
    return wanted
