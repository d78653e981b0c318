"""How a child's safety plan works, aim by aim: recorded beside the decision, in effect when the meeting closes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import NotFound, RuleBroken
from meetings_app.meetings.deciding import open_for_recording
from meetings_app.meetings.item_queries import items_of
from meetings_app.meetings.item_scope import beside_items
from meetings_app.meetings.models import PASSED_ON, AgendaItem, ItemDecision
from meetings_app.permissions import Actor
from meetings_app.plans.forms import ReviewForm, review_form
from meetings_app.plans.models import AimReview, SafetyPlan
from meetings_app.plans.queries import PlanNow, aims_of, last_plan, plan_now, reviews_at
from meetings_app.plans.rules import PLANNED, Effect, update_is_asked, working_days_late
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office


@dataclass(frozen=True)
class PlanSide:
    """The plan as the people in the room see it: the present version, the last update, and what is late or missing."""

    number: int | None = None
    written_at: datetime | None = None
    now: PlanNow = field(default_factory=PlanNow)
    late_days: int = 0
    update_missing: bool = False


def plan_side(session: Session, office: Office, meeting: Meeting, child_id: int) -> PlanSide:
    """Give what stands on the page of an item about the plan, as it is on the day of the meeting."""
    entry, plan = live_entry(session, child_id), last_plan(session, child_id)
    rules, calendar = office.partnership.ratings.plans, office.calendar
    late = working_days_late(entry.plan_due_on, meeting.held_on, calendar) if entry else 0
    if plan is None:
        return PlanSide(late_days=late)
    now = plan_now(session, plan.key)
    held_on, updated_on = meeting.held_on, london_date(now.update.written_at) if now.update else None
    asked = entry is not None and entry.current_rating in PLANNED
    missing = update_is_asked(held_on, held_on, london_date(plan.written_at), updated_on, rules, calendar)
    return PlanSide(plan.number, plan.written_at, now, late, update_missing=asked and missing)


def form_for(session: Session, meeting: Meeting, item: AgendaItem, *, stored: bool = False) -> ReviewForm:
    """Give the form for this item: what was sent or, with `stored`, what is recorded."""
    with beside_items(session, meeting):
        plan = last_plan(session, item.child_id)
        form = review_form(aims_of(session, plan.key) if plan else (), empty=stored)
        if stored:
            form.show(reviews_at(session, meeting.key, item.child_id))
    return form


def record_reviews(
    session: Session,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    item: AgendaItem,
    found: Mapping[int, tuple[Effect | None, str]],
) -> None:
    """Keep what the meeting found about each aim; nothing chosen and nothing written takes back what was there.

    The page saves it together with the decision, whose version tells a second saver. Raises `RuleBroken` for `effect_1`
    or `seen_1`, by the number of the aim, `DomainError` while the meeting is not held, `NotFound`.
    """
    open_for_recording(session, by, meeting)
    with beside_items(session, meeting):
        plan = last_plan(session, item.child_id)
        known = {aim.number for aim in aims_of(session, plan.key)} if plan else set()
        if plan is None or not found.keys() <= known:
            if found:
                raise NotFound
            return
        _check(found)
        kept = {review.aim_number: review for review in reviews_at(session, meeting.key, item.child_id)}
        changed = [_keep(session, by, now, meeting, plan, kept.get(each), each, *found[each]) for each in sorted(found)]
        session.flush()
    if any(changed):
        record(
            session, by, now, EventKind.PLAN_REVIEWED, item.child_id, number=item.number, meeting=meeting.reference
        )  # fmt: skip


def _check(found: Mapping[int, tuple[Effect | None, str]]) -> None:
    broken = [
        RuleBroken(f"seen_{number}", "Enter what was seen")
        if effect
        else RuleBroken(f"effect_{number}", "Choose whether it works")
        for number, (effect, seen) in found.items()
        if (effect is None) != (not seen)
    ]
    if broken:
        raise RuleBroken(broken[0].field, broken[0].message, broken[1:])


def _keep(
    session: Session, by: Actor, now: datetime, meeting: Meeting, plan: SafetyPlan, kept: AimReview | None,
    number: int, effect: Effect | None, seen: str,
) -> bool:  # fmt: skip
    """Keep one aim's review; gives whether anything changed."""
    if effect is None:
        if kept is not None:
            session.delete(kept)
        return kept is not None
    if kept is not None and (kept.effect, kept.seen, kept.plan_id) == (effect, seen, plan.key):
        return False
    review = kept or AimReview(
        child_id=plan.child_id, meeting_id=meeting.key, plan_id=plan.key, aim_number=number, effect=effect, seen=seen,
        recorded_at=now,
    )  # fmt: skip
    review.effect, review.seen, review.plan_id = effect, seen, plan.key
    review.recorded_at, review.recorded_by_id = now, by.account_id
    session.add(review)
    return True


def reviews_take_effect(session: Session, now: datetime, meeting: Meeting) -> None:
    """Let what the meeting found about the plans stand from now on, when it closes."""
    for review in session.scalars(select(AimReview).where(col(AimReview.meeting_id) == meeting.key)):
        review.took_effect_at = now
    session.flush()


def items_without_review(session: Session, meeting: Meeting) -> Sequence[str]:
    """Give the numbers of the items whose child is rated high or medium with a plan that nobody has reviewed here.

    It is pointed out before the meeting closes, and keeps nothing open (own). What is passed on is not reviewed, and an
    item that the reader may not see is not named.
    """
    seen = [item.key for item in items_of(session, meeting.key)]
    reviewed = select(col(AimReview.child_id)).where(col(AimReview.meeting_id) == meeting.key)
    planned: Any = select(col(SafetyPlan.child_id)).where(col(SafetyPlan.child_id) == col(AgendaItem.child_id))
    with beside_items(session, meeting):
        return session.scalars(
            select(col(AgendaItem.number))
            .outerjoin(ItemDecision, col(ItemDecision.item_id) == col(AgendaItem.id))
            .where(
                col(AgendaItem.id).in_(seen), col(AgendaItem.rating_before).in_(PLANNED),
                planned.correlate(AgendaItem).exists(), col(AgendaItem.child_id).not_in(reviewed),
                col(ItemDecision.outcome).is_(None) | col(ItemDecision.outcome).not_in(PASSED_ON),
            )
            .order_by(col(AgendaItem.place))
        ).all()  # fmt: skip
