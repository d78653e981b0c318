"""Writing safety plans and what becomes of them between meetings: each time something new, nothing overwritten."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.children.service import check_may
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.partnership.plans import PlanRules
from meetings_app.permissions import Actor, Permission
from meetings_app.plans.models import PlanAim, PlanUpdate, SafetyPlan
from meetings_app.plans.queries import aims_of, last_aim_number, last_plan
from meetings_app.plans.rules import PLANNED, Aim, PlanText, check_is_new, check_plan, needs_of, numbered
from meetings_app.ratings.queries import last_rating


def write_version(
    session: Session, by: Actor, now: datetime, child_id: int, plan: PlanText, rules: PlanRules = PlanRules(),
    *, missing: bool = False, opened_at: int | None = None,
) -> SafetyPlan:  # fmt: skip
    """Write the next version of the plan of a child rated high or medium, or of one who has a plan from then (SUR).

    `opened_at` is the number of the version the person began from; `missing` says that the child went missing lately.
    Raises `Conflict` with the first aim where somebody wrote one meanwhile, `RuleBroken` beside every field that lacks
    what the rating asks for or where nothing is different from the present version, `NotFound` for whoever may not.
    """
    check_may(session, by, Permission.WRITE_PLAN, child_id)
    session.execute(select(col(Child.id)).where(col(Child.id) == child_id).with_for_update())
    rating, last = last_rating(session, child_id), last_plan(session, child_id)
    if last is None and (rating is None or rating.rating not in PLANNED):
        raise DomainError("A safety plan is written for a child rated high or medium.")
    check_plan(plan, needs_of(rating.rating if rating else None, rules, missing=missing))
    number = last.number if last else 0
    if opened_at is not None and opened_at != number:
        raise Conflict("Somebody else wrote a version of this plan first.", field="aim1", ours=plan.aims[0].aim)
    texts = {name: value for name, value in vars(plan).items() if name != "aims"}
    if last is not None:
        check_is_new(plan, PlanText(_aims_as_written(session, last), **{name: getattr(last, name) for name in texts}))
    written = SafetyPlan(child_id=child_id, number=number + 1, written_at=now, written_by_id=by.account_id, **texts)
    session.add(written)
    session.flush()
    _add_aims(session, written, plan.aims, last)
    record(session, by, now, EventKind.PLAN_WRITTEN, child_id, number=written.number)
    return written


def _aims_as_written(session: Session, plan: SafetyPlan) -> tuple[Aim, ...]:
    rows = aims_of(session, plan.key)
    return tuple(Aim(row.aim, row.actions, tuple(row.action_references), row.due_on, row.number) for row in rows)


def _add_aims(session: Session, plan: SafetyPlan, aims: Sequence[Aim], last: SafetyPlan | None) -> None:
    known = {aim.number for aim in aims_of(session, last.key)} if last else set()
    made = numbered(aims, known, last_aim_number(session, plan.child_id))
    for place, (number, aim) in enumerate(made, start=1):
        session.add(
            PlanAim(
                plan_id=plan.key, child_id=plan.child_id, number=number, place=place, aim=aim.aim,
                actions=aim.actions, action_references=list(aim.references), due_on=aim.due_on,
            )
        )  # fmt: skip
    session.flush()


def write_update(
    session: Session, by: Actor, now: datetime, child_id: int, happened: str, progress: Mapping[int, str]
) -> PlanUpdate:
    """Say what happened with the plan since the last meeting, and how each aim goes; for whoever may write the plan.

    Raises `RuleBroken` for `happened`, `DomainError` where no plan is written, `NotFound` for whoever may not.
    """
    check_may(session, by, Permission.WRITE_PLAN, child_id)
    plan = last_plan(session, child_id)
    if plan is None:
        raise DomainError("No safety plan is written yet, so there is none to write an update on.")
    if not happened.strip():
        raise RuleBroken("happened", "Enter what happened since the last meeting")
    known = {aim.number for aim in aims_of(session, plan.key)}
    if not progress.keys() <= known:
        raise NotFound
    said = [{"aim": number, "text": text} for number, text in sorted(progress.items()) if text.strip()]
    written = PlanUpdate(
        child_id=child_id, plan_id=plan.key, happened=happened, progress=said, written_at=now,
        written_by_id=by.account_id,
    )  # fmt: skip
    session.add(written)
    session.flush()
    record(session, by, now, EventKind.PLAN_UPDATED, child_id, number=plan.number)
    return written
