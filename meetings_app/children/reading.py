"""How much of a child's record a person reads, once they may see the child at all."""

from enum import Enum
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Involvement
from meetings_app.permissions import AREA_ROLES, Actor, Role

_WHOLE_IN_AREA = AREA_ROLES | {Role.REPRESENTATIVE}


class Reading(Enum):
    """The whole record, or the safety plan alone."""

    WHOLE = "whole"
    PLAN = "plan"


def reading_of(session: Session, by: Actor, child: Any) -> Reading | None:
    """Say how much of a child in scope `by` reads; None where no role of theirs opens a child's record.

    Schools get the plan of their own pupils, without police intelligence (our default). The list alone opens none.
    `child` is a row with `id`, `area_id`, `school_id` and `lead_professional_id`.
    """
    if by.everything:
        return Reading.WHOLE
    areas = by.areas(_WHOLE_IN_AREA)
    if areas is None or child.area_id in areas:
        return Reading.WHOLE
    if by.has(Role.LEAD_PROFESSIONAL) and child.lead_professional_id == by.account_id:
        return Reading.WHOLE
    if by.has(Role.SPECIALIST) and _works_with(session, by, child.id):
        return Reading.WHOLE
    if by.has(Role.SCHOOL) and by.school_id is not None and child.school_id == by.school_id:
        return Reading.PLAN
    return None


# Built once, for every page beside a child sends it for whoever is a specialist.
_WORKS_WITH: Any = (
    select(col(Involvement.id))
    .where(
        col(Involvement.child_id) == bindparam("child"),
        col(Involvement.account_id) == bindparam("account"),
        col(Involvement.ended_at).is_(None),
    )
    .limit(1)
)


def _works_with(session: Session, by: Actor, child_id: int) -> bool:
    return session.execute(_WORKS_WITH, {"child": child_id, "account": by.account_id}).first() is not None
