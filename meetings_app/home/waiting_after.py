"""What waits because of a decision: after a closure, after a provisional rating, after a rating of high."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.cse_list.models import Closure, ClosureTask, Departure, LookBack
from meetings_app.db.session import unscoped
from meetings_app.home.waiting_rows import Reading, WaitingRow, in_areas
from meetings_app.permissions import Actor, Permission
from meetings_app.ratings.models import InformationOwed, Rating
from meetings_app.ratings.queries import still_owed
from meetings_app.referrals.after_leaving import unanswered
from meetings_app.referrals.models import ChangeInCircumstances
from meetings_app.schedule.models import Meeting
from meetings_app.strategy.models import StrategyDiscussion
from meetings_app.strategy.queries import is_open
from meetings_app.text import day_in_words
from meetings_app.web.filters import words


def closure_tasks(by: Actor, _today: date) -> Reading:
    """Read what is to be done after a closure and has no owner."""
    statement: Any = (
        select(
            col(ClosureTask.id), col(ClosureTask.child_id), col(ClosureTask.what), col(ClosureTask.due_on),
            col(Child.reference), col(Child.name), col(Agency.code), col(Agency.name).label("agency"),
        )
        .join(Child, col(Child.id) == col(ClosureTask.child_id))
        .join(Agency, col(Agency.id) == col(ClosureTask.agency_id))
        .where(
            col(ClosureTask.action_id).is_(None), *in_areas(by, Permission.PREPARE_AGENDA, col(Child.area_id)),
        )
    )  # fmt: skip
    return Reading(
        statement,
        col(ClosureTask.id),
        lambda row: WaitingRow(
            row.id, row.reference, row.name, f"/closures/{row.reference}/tasks/{row.code}",
            f"{row.agency} has no representative here. {row.what}", row.due_on, (row.child_id,),
        ),
    )  # fmt: skip


def look_backs(by: Actor, today: date) -> Reading:
    """Read the closures that are due to be looked back on."""
    statement: Any = (
        select(
            col(LookBack.id), col(LookBack.child_id), col(LookBack.due_on), col(Child.reference), col(Child.name),
            col(Closure.second_signed_at),
        )
        .join(Child, col(Child.id) == col(LookBack.child_id))
        .join(Closure, col(Closure.id) == col(LookBack.closure_id))
        .where(
            col(LookBack.found_at).is_(None), col(LookBack.due_on) <= today,
            *in_areas(by, Permission.PREPARE_AGENDA, col(Child.area_id)),
        )
    )  # fmt: skip
    return Reading(
        statement,
        col(LookBack.id),
        lambda row: WaitingRow(
            row.id, row.reference, row.name, f"/closures/{row.reference}/look-back",
            f"Left the list on {day_in_words(london_date(row.second_signed_at))}. Find out how the child is.",
            row.due_on, (row.child_id,),
        ),
    )  # fmt: skip


def information(by: Actor, _today: date) -> Reading:
    """Read who did not supply what was missing, as long as the provisional rating stands."""
    statement: Any = (
        select(
            col(InformationOwed.id), col(InformationOwed.child_id), col(Child.reference), col(Child.name),
            col(Agency.name).label("agency"), col(Rating.decided_on), col(Meeting.reference).label("meeting"),
        )
        .join(Child, col(Child.id) == col(InformationOwed.child_id))
        .join(Agency, col(Agency.id) == col(InformationOwed.agency_id))
        .join(Rating, col(Rating.id) == col(InformationOwed.rating_id))
        .join(Meeting, col(Meeting.id) == col(Rating.meeting_id))
        .where(still_owed(), *in_areas(by, Permission.PREPARE_AGENDA, col(Child.area_id)))
        # A child who moved area was rated by a meeting that the new one's coordinator does not see.
        .execution_options(**unscoped("meeting"))
    )  # fmt: skip
    return Reading(
        statement,
        col(InformationOwed.id),
        lambda row: WaitingRow(
            row.id, row.reference, row.name, f"/children/{row.reference}",
            f"{row.agency} has not supplied what was missing: {row.meeting} rated provisionally. Escalate it.",
            row.decided_on, (row.child_id,),
        ),
    )  # fmt: skip


def changes(by: Actor, _today: date) -> Reading:
    """Read what was reported of children who had left by transfer or death: no agenda hears it."""
    statement: Any = unanswered(
        col(ChangeInCircumstances.id), col(ChangeInCircumstances.child_id), col(ChangeInCircumstances.kind),
        col(ChangeInCircumstances.reported_at), col(Child.reference), col(Child.name), col(Departure.authority),
        col(Departure.left_on),
    ).where(*in_areas(by, Permission.TRIAGE, col(Child.area_id)))  # fmt: skip
    return Reading(statement, col(ChangeInCircumstances.id), _change)


def _change(row: Any) -> WaitingRow:
    to = f" to {row.authority}" if row.authority else ""
    return WaitingRow(
        row.id, row.reference, row.name, f"/children/{row.reference}/changes/{row.id}/answer",
        f"{words(row.kind)}, reported after the child left the list{to} on {day_in_words(row.left_on)}.",
        row.reported_at, (row.child_id,),
    )  # fmt: skip


def strategy(by: Actor, _today: date) -> Reading:
    """Read the strategy discussions without an outcome."""
    statement: Any = (
        select(
            col(StrategyDiscussion.id), col(StrategyDiscussion.child_id), col(StrategyDiscussion.due_on),
            col(StrategyDiscussion.reference).label("discussion"), col(Child.reference), col(Child.name),
        )
        .join(Child, col(Child.id) == col(StrategyDiscussion.child_id))
        .where(is_open(), *in_areas(by, Permission.PREPARE_AGENDA, col(Child.area_id)))
    )  # fmt: skip
    return Reading(
        statement,
        col(StrategyDiscussion.id),
        lambda row: WaitingRow(
            row.id, row.reference, row.name, f"/children/{row.reference}/strategy/{row.discussion}",
            f"Strategy discussion {row.discussion}: record what came of it, or why it is not held.", row.due_on,
            (row.child_id,),
        ),
    )  # fmt: skip
