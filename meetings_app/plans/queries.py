"""Reads of safety plans."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, literal, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.db.asked_once import asked_once
from meetings_app.plans.models import AimReview, PlanAim, PlanUpdate, SafetyPlan
from meetings_app.plans.rules import EFFECTS, SchoolCopy

# Built once each, for every child’s page sends one of them.
_VERSIONS: dict[bool, Any] = {
    with_intelligence: select(
        col(SafetyPlan.id),
        col(SafetyPlan.number),
        col(SafetyPlan.contingency),
        col(SafetyPlan.child_view),
        col(SafetyPlan.child_view_kind),
        col(SafetyPlan.parents_view),
        col(SafetyPlan.parents_view_kind),
        col(SafetyPlan.missing_plan),
        col(SafetyPlan.school_copy),
        col(SafetyPlan.school_copy_note),
        (col(SafetyPlan.police_intelligence) if with_intelligence else literal("")).label("police_intelligence"),
        col(SafetyPlan.written_at),
        col(SafetyPlan.written_by_id),
    )
    .where(col(SafetyPlan.child_id) == bindparam("child"))
    .order_by(col(SafetyPlan.number).desc())
    .limit(bindparam("most"))
    for with_intelligence in (True, False)
}
_AIMS: Any = (
    select(
        col(PlanAim.number), col(PlanAim.aim), col(PlanAim.actions), col(PlanAim.action_references),
        col(PlanAim.due_on),
    )
    .where(col(PlanAim.plan_id) == bindparam("plan"))
    .order_by(col(PlanAim.place))
)  # fmt: skip


def versions_of(session: Session, child_id: int, *, with_intelligence: bool, limit: int = 200) -> Sequence[Any]:
    """Give the versions of a child's safety plan, newest first, without their aims.

    Without `with_intelligence` the police intelligence is not even read: schools get the plan without it.
    """
    return session.execute(_VERSIONS[with_intelligence], {"child": child_id, "most": limit}).all()


def versions_for_school(session: Session, child_id: int) -> Sequence[Any]:
    """Give the versions that the child’s school may read, newest first, without police intelligence.

    None where the present version says that the school gets no copy, and never one that said so (own).
    """
    plans = versions_of(session, child_id, with_intelligence=False)
    if plans and plans[0].school_copy is SchoolCopy.NOT_GIVEN:
        return []
    return [plan for plan in plans if plan.school_copy is not SchoolCopy.NOT_GIVEN]


def aims_of(session: Session, plan_id: int) -> Sequence[Any]:
    """Give the aims of one version, in its order."""
    return session.execute(_AIMS, {"plan": plan_id}).all()


@dataclass(frozen=True)
class PlanNow:
    """The aims of the present version, each with what an RMM last found about it, and the last update."""

    aims: Sequence[Any] = ()
    update: Any = None


_NOW_REVIEW, _NOW_UPDATE = aliased(AimReview), aliased(PlanUpdate)
_NOW: Any = (
    select(
        col(PlanAim.number), col(PlanAim.aim), col(PlanAim.actions), col(PlanAim.action_references),
        col(PlanAim.due_on), col(AimReview.effect), col(AimReview.seen), col(AimReview.took_effect_at),
        col(PlanUpdate.happened), col(PlanUpdate.progress), col(PlanUpdate.written_at), col(PlanUpdate.written_by_id),
    )
    .select_from(PlanAim)
    .outerjoin(
        AimReview,
        col(AimReview.id)
        == select(sa.func.max(col(_NOW_REVIEW.id)))
        .where(
            col(_NOW_REVIEW.child_id) == col(PlanAim.child_id), col(_NOW_REVIEW.aim_number) == col(PlanAim.number),
            col(_NOW_REVIEW.took_effect_at).is_not(None),
        )
        .correlate(PlanAim)
        .scalar_subquery(),
    )
    .outerjoin(
        PlanUpdate,
        col(PlanUpdate.id)
        == select(sa.func.max(col(_NOW_UPDATE.id)))
        .where(col(_NOW_UPDATE.child_id) == col(PlanAim.child_id))
        .correlate(PlanAim)
        .scalar_subquery(),
    )
    .where(col(PlanAim.plan_id) == bindparam("plan"))
    .order_by(col(PlanAim.place))
)  # fmt: skip


def plan_now(session: Session, plan_id: int) -> PlanNow:
    """Give where the present version of a plan stands, in one statement."""
    rows = session.execute(_NOW, {"plan": plan_id}).all()
    return PlanNow(rows, rows[0] if rows and rows[0].written_at else None)


@asked_once
def last_plan(session: Session, child_id: int) -> SafetyPlan | None:
    """Give the present version; None where none is written yet."""
    return session.scalars(
        select(SafetyPlan).where(col(SafetyPlan.child_id) == child_id).order_by(col(SafetyPlan.number).desc()).limit(1)
    ).first()


def last_written(session: Session, child_ids: Collection[int]) -> dict[int, datetime]:
    """Give when the present version of each child's plan was written, by child."""
    rows: Any = session.execute(
        select(col(SafetyPlan.child_id), col(SafetyPlan.written_at))
        .where(col(SafetyPlan.child_id).in_(child_ids))
        .order_by(col(SafetyPlan.number))
    )
    return {row.child_id: row.written_at for row in rows}


def last_aim_number(session: Session, child_id: int) -> int:
    """Give the highest number that an aim of this child ever had; 0 before the first."""
    found = session.execute(select(sa.func.max(col(PlanAim.number))).where(col(PlanAim.child_id) == child_id))
    return found.scalar() or 0


_FOUND_AT: Any = (
    select(col(AimReview.child_id), col(PlanAim.number), col(PlanAim.aim), col(AimReview.effect), col(AimReview.seen))
    .join(
        PlanAim,
        sa.and_(col(PlanAim.plan_id) == col(AimReview.plan_id), col(PlanAim.number) == col(AimReview.aim_number)),
    )
    .where(col(AimReview.meeting_id) == bindparam("meeting"))
    .order_by(col(PlanAim.place))
)


def reviews_at(session: Session, meeting_id: int, child_id: int) -> Sequence[AimReview]:
    """Give what one meeting recorded about the aims of a child's plan, whether it took effect or not."""
    return session.scalars(
        select(AimReview)
        .where(col(AimReview.meeting_id) == meeting_id, col(AimReview.child_id) == child_id)
        .order_by(col(AimReview.aim_number))
    ).all()


def words_of_reviews(session: Session, meeting_id: int) -> dict[int, list[tuple[str, str]]]:
    """Give by child what one meeting found about each aim: a label and what was seen, with the aim as it stood then."""
    found: dict[int, list[tuple[str, str]]] = {}
    for row in session.execute(_FOUND_AT, {"meeting": meeting_id}):
        label = f"Aim {row.number} of the safety plan: {EFFECTS[row.effect].lower()}"
        found.setdefault(row.child_id, []).append((label, f"{row.seen} (The aim: {row.aim})"))
    return found
