"""Writing safety plans: each time a new version, none overwritten."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.children.service import check_may
from meetings_app.errors import Conflict, DomainError, RuleBroken
from meetings_app.permissions import Actor, Permission
from meetings_app.plans.models import SafetyPlan
from meetings_app.plans.queries import last_number
from meetings_app.ratings.models import RiskRating
from meetings_app.ratings.queries import last_rating

PLANNED = frozenset({RiskRating.HIGH, RiskRating.MEDIUM})
"""The ratings that ask for a safety plan (SUR)."""

_ASKED = {
    "aims": "Enter the aims of the plan",
    "contingency": "Enter what happens if the plan does not work",
    "child_view": "Enter the child’s view, or why it was not sought",
    "parents_view": "Enter the parents’ or carers’ view, or why it was not sought",
}


@dataclass(frozen=True)
class PlanText:
    """What a version says. The views hold the view, or why it was not sought."""

    aims: str
    contingency: str
    child_view: str
    parents_view: str
    police_intelligence: str = ""


def write_version(
    session: Session, by: Actor, now: datetime, child_id: int, plan: PlanText, *, opened_at: int | None = None
) -> SafetyPlan:
    """Write the next version of the plan of a child rated high or medium.

    `opened_at` is the number of the version the person began from. Raises `Conflict` with the aims of both where
    somebody wrote one meanwhile, `RuleBroken` beside the field that is empty, `NotFound` for whoever may not.
    """
    check_may(session, by, Permission.WRITE_PLAN, child_id)
    session.execute(select(col(Child.id)).where(col(Child.id) == child_id).with_for_update())
    rating = last_rating(session, child_id)
    if rating is None or rating.rating not in PLANNED:
        raise DomainError("A safety plan is written for a child rated high or medium.")
    for field, message in _ASKED.items():
        if not getattr(plan, field).strip():
            raise RuleBroken(field, message)
    last = last_number(session, child_id)
    if opened_at is not None and opened_at != last:
        raise Conflict("Somebody else wrote a version of this plan first.", field="aims", ours=plan.aims)
    written = SafetyPlan(child_id=child_id, number=last + 1, written_at=now, written_by_id=by.account_id, **vars(plan))
    session.add(written)
    session.flush()
    record(session, by, now, EventKind.PLAN_WRITTEN, child_id, number=written.number)
    return written
