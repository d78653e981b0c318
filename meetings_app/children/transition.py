"""The steps towards adult services that people record on a child's page: contact, referral and support package.

They are recorded outside a closure too, so that what the agenda asks for stops once it is there (SUR).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.ages import TransitionStep, check_package_start, transition_dates
from meetings_app.children.models import Child, TransitionRecord
from meetings_app.children.service import check_may
from meetings_app.db.asked_once import asked_once
from meetings_app.db.columns import columns_of
from meetings_app.errors import RuleBroken
from meetings_app.partnership.ages import Ages
from meetings_app.permissions import Actor, Permission


@dataclass(frozen=True)
class Step:
    """One step as it is typed. Which of the facts are needed depends on the kind."""

    kind: TransitionStep
    service: str = ""
    contact: str = ""
    happens_on: date | None = None
    agreed_by: str = ""
    referred: bool | None = None
    reason: str = ""


_NEEDED: dict[TransitionStep, tuple[tuple[str, str], ...]] = {
    TransitionStep.ADULT_CONTACT: (
        ("service", "Enter the adult service"), ("contact", "Enter the name of the contact there"),
    ),
    TransitionStep.PACKAGE: (
        ("service", "Enter the service that takes over"), ("contact", "Enter the contact there"),
        ("happens_on", "Enter when the support starts"), ("agreed_by", "Enter who agreed the package"),
    ),
}  # fmt: skip
_REFERRED = (("service", "Enter to whom"), ("happens_on", "Enter the date of the referral"))
_NOT_REFERRED = (("reason", "Enter why no referral is made"),)


def check_step(step: Step) -> None:
    """Refuse a step that lacks something, with all that is missing. Raises `RuleBroken` for the fields."""
    if step.kind is TransitionStep.ADULT_SERVICES:
        if step.referred is None:
            raise RuleBroken("referred", "Choose whether a referral is made")
        needed: tuple[tuple[str, str], ...] = _REFERRED if step.referred else _NOT_REFERRED
    else:
        needed = _NEEDED[step.kind]
    broken = [RuleBroken(name, words) for name, words in needed if not str(getattr(step, name) or "").strip()]
    if broken:
        raise RuleBroken(broken[0].field, broken[0].message, broken[1:])


def record_step(session: Session, by: Actor, now: datetime, child_id: int, step: Step, ages: Ages) -> TransitionRecord:
    """Record a step; an earlier record of the same kind stays, and this one counts.

    For coordinators and chairs of the child's area. Raises `RuleBroken` for a field, `NotFound` for whoever may not.
    """
    check_may(session, by, Permission.CHANGE_CHILD, child_id)
    check_step(step)
    if step.kind is TransitionStep.PACKAGE:
        born = session.get_one(Child, child_id).born
        check_package_start(step.happens_on, transition_dates(born, ages).planning_on, "happens_on")
    facts: dict[str, Any] = {name: value.strip() if type(value) is str else value for name, value in vars(step).items()}
    made = TransitionRecord(child_id=child_id, recorded_at=now, recorded_by_id=by.account_id, **facts)
    session.add(made)
    session.flush()
    record(session, by, now, EventKind.TRANSITION_RECORDED, child_id, step=step.kind.value.replace("_", " "))
    return made


# Built once each, for every child’s page and every agenda sends one of them.
_STEPS = (
    select(*columns_of(TransitionRecord))
    .where(col(TransitionRecord.child_id) == bindparam("child"))
    .order_by(col(TransitionRecord.id))
)
_KINDS = (
    select(col(TransitionRecord.child_id), col(TransitionRecord.kind))
    .where(col(TransitionRecord.child_id).in_(bindparam("children", expanding=True)))
    .distinct()
)


@asked_once
def steps_of(session: Session, child_id: int) -> dict[TransitionStep, Any]:
    """Give the last record of each kind of a child."""
    rows = session.execute(_STEPS, {"child": child_id})
    return {row.kind: row for row in rows}


def recorded_kinds(session: Session, child_ids: Collection[int]) -> Mapping[int, set[TransitionStep]]:
    """Give which steps are recorded, by child, for some children at once; one statement for each 500."""
    found: dict[int, set[TransitionStep]] = {}
    ids = sorted(child_ids)
    for start in range(0, len(ids), 500):
        for child_id, kind in session.execute(_KINDS, {"children": ids[start : start + 500]}):
            found.setdefault(child_id, set()).add(kind)
    return found
