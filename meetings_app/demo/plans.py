"""What becomes of safety plans in the demonstration: updates between meetings, reviews at the RMM, late ones."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.demo import names, words
from meetings_app.demo.county import County
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.plan_reviews import record_reviews
from meetings_app.permissions import Actor
from meetings_app.plans.queries import aims_of, last_plan
from meetings_app.plans.rules import Effect
from meetings_app.plans.service import write_update
from meetings_app.schedule.models import Meeting

_EFFECTS = (Effect.WORKING, Effect.PARTLY, Effect.NOT_WORKING, Effect.ACHIEVED)
_SILENT = 3
"""Of so many children whose plan an update is asked on, one gets none."""
_LATE = 8
"""Of so many plans that a meeting asked for, one is not written."""


def is_written(child_id: int) -> bool:
    """Say whether the plan that a meeting asked for is written; without a lot, which would change all the others."""
    return child_id % _LATE != 0


def give_updates(session: Session, county: County, now: datetime, meeting_id: int) -> None:
    """Let lead professionals say what happened with the plans of the children whom a meeting hears."""
    leads = {county.people[name].account_id: name for name in names.LEADS}
    heard: Any = (
        select(col(ListEntry.child_id), col(Child.lead_professional_id))
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .where(is_live(), col(ListEntry.next_meeting_id) == meeting_id, col(Child.lead_professional_id).in_(leads))
        .order_by(col(ListEntry.child_id))
    )
    for child_id, lead in session.execute(heard).all():
        plan = last_plan(session, child_id)
        if plan is not None and child_id % _SILENT:
            with county.acting(session, leads[lead]) as by:
                aims = [aim.number for aim in aims_of(session, plan.key)]
                progress = {number: words.PROGRESS[number % len(words.PROGRESS)] for number in aims}
                write_update(session, by, now, child_id, words.UPDATE, progress)


def review_plan(session: Session, chair: Actor, now: datetime, meeting: Meeting, item: AgendaItem) -> None:
    """Record how each aim of the child’s plan works, where there is a plan."""
    plan = last_plan(session, item.child_id)
    if plan is None:
        return
    found: dict[int, tuple[Effect | None, str]] = {}
    for aim in aims_of(session, plan.key):
        effect = _EFFECTS[(item.child_id + aim.number) % len(_EFFECTS)]
        found[aim.number] = (effect, words.SEEN[effect.value])
    record_reviews(session, chair, now, meeting, item, found)
