"""What waits for a person and has no list of its own: each part is counted and read by the same conditions."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, Agency
from meetings_app.children.models import Child, PossibleDuplicate
from meetings_app.cse_list.homing import HOMES
from meetings_app.cse_list.models import Closure, ClosureState, ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.home import waiting_after, waiting_breaches, waiting_hands, waiting_plans
from meetings_app.home.waiting_rows import Reading, WaitingRow, in_areas
from meetings_app.imports.models import ImportBatch, ImportState
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.models import Meeting, MeetingType

PAGE = 50
MOST_COUNTED = 1_000
"""Beyond this a page says “more than 1,000”, so that counting costs the same however many wait."""


class Part(StrEnum):
    """The parts that have a page here; the others link to the lists of their features."""

    DUPLICATES = "duplicates"
    NO_MEETING = "no-meeting"
    UPLOADS = "uploads"
    CLOSURES = "closures"
    CLOSURE_TASKS = "closure-tasks"
    LOOK_BACKS = "look-backs"
    INFORMATION = "information"
    INVITATIONS = "invitations"
    STRATEGY = "strategy"
    PLANS = "plans"
    BREACHES = "breaches"
    HANDS = "hands"
    LEADS = "leads"
    CHANGES = "changes"


ASKS = {
    Part.DUPLICATES: Permission.TRIAGE,
    Part.NO_MEETING: Permission.PREPARE_AGENDA,
    Part.UPLOADS: Permission.IMPORT,
    Part.CLOSURES: Permission.CLOSE_ENTRY,
    Part.CLOSURE_TASKS: Permission.PREPARE_AGENDA,
    Part.LOOK_BACKS: Permission.PREPARE_AGENDA,
    Part.INFORMATION: Permission.PREPARE_AGENDA,
    Part.INVITATIONS: Permission.MANAGE_ACCOUNTS,
    Part.STRATEGY: Permission.PREPARE_AGENDA,
    Part.PLANS: Permission.PREPARE_AGENDA,
    Part.BREACHES: Permission.PREPARE_AGENDA,
    Part.HANDS: Permission.PREPARE_AGENDA,
    Part.LEADS: Permission.PREPARE_AGENDA,
    Part.CHANGES: Permission.TRIAGE,
}
"""The permission that each part asks for."""

_other = aliased(Child)


def count_of(by: Actor, part: Part, today: date) -> sa.ScalarSelect[int]:
    """Give the number of a part as a piece of a statement, so that a page asks for all its numbers at once."""
    reading = _READINGS[part](by, today)
    narrow = reading.statement.with_only_columns(reading.key).limit(MOST_COUNTED + 1).subquery()
    return select(sa.func.count()).select_from(narrow).scalar_subquery()


def read(session: Session, by: Actor, part: Part, today: date, after: int = 0) -> tuple[list[WaitingRow], bool]:
    """Give up to 50 rows of a part whose id comes after `after`, and whether there are more."""
    reading = _READINGS[part](by, today)
    found: Sequence[Any] = session.execute(
        reading.statement.where(reading.key > after).order_by(reading.key).limit(PAGE + 1)
    ).all()
    return [reading.row(row) for row in found[:PAGE]], len(found) > PAGE


def _duplicates(by: Actor, _today: date) -> Reading:
    statement: Any = (
        select(
            col(PossibleDuplicate.id), col(PossibleDuplicate.why), col(PossibleDuplicate.found_at),
            col(Child.id).label("child_id"), col(Child.reference), col(Child.name),
            col(_other.id).label("other_id"), col(_other.name).label("other_name"),
        )
        .join(Child, col(Child.id) == col(PossibleDuplicate.child_id))
        .outerjoin(_other, col(_other.id) == col(PossibleDuplicate.other_id))
        .where(
            col(PossibleDuplicate.resolution).is_(None),
            *in_areas(by, Permission.TRIAGE, col(Child.area_id)),
        )
    )  # fmt: skip
    return Reading(statement, col(PossibleDuplicate.id), _duplicate_row)


def _duplicate_row(row: Any) -> WaitingRow:
    other = row.other_name or "a child of another area"
    shown = (row.child_id,) if row.other_name is None else (row.child_id, row.other_id)
    return WaitingRow(
        row.id, row.reference, row.name, f"/children/{row.reference}", f"May be {other}: they have {row.why}.",
        row.found_at, shown,
    )  # fmt: skip


def _no_meeting(by: Actor, today: date) -> Reading:
    """Ask for areas without an RMM ahead: a review not tied again since yesterday's meeting raises no alarm."""
    ahead = select(col(Meeting.area_id)).where(
        col(Meeting.area_id).is_not(None), col(Meeting.type) == MeetingType.RMM, col(Meeting.state).in_(HOMES),
        col(Meeting.held_on) >= today,
    )  # fmt: skip
    statement: Any = (
        select(
            col(ListEntry.id), col(ListEntry.child_id), col(ListEntry.next_review_on), col(Child.reference),
            col(Child.name),
        )
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .where(
            is_live(), col(ListEntry.area_id).not_in(ahead),
            *in_areas(by, Permission.PREPARE_AGENDA, col(ListEntry.area_id)),
        )
    )  # fmt: skip
    return Reading(
        statement,
        col(ListEntry.id),
        lambda row: WaitingRow(
            row.id, row.reference, row.name, f"/children/{row.reference}",
            "Has no meeting ahead that will hear the next review.", row.next_review_on, (row.child_id,),
        ),
    )  # fmt: skip


def _uploads(by: Actor, _today: date) -> Reading:
    statement: Any = select(
        col(ImportBatch.id), col(ImportBatch.reference), col(ImportBatch.kind), col(ImportBatch.uploaded_at)
    ).where(col(ImportBatch.state) == ImportState.PREVIEWED, col(ImportBatch.uploaded_by_id) == by.account_id)
    return Reading(
        statement,
        col(ImportBatch.id),
        lambda row: WaitingRow(
            row.id, row.reference, "", f"/import/{row.reference}",
            f"A spreadsheet of {'the list' if row.kind.value == 'list' else 'referrals'}: confirm it or discard it.",
            row.uploaded_at,
        ),
    )  # fmt: skip


def _closures(by: Actor, _today: date) -> Reading:
    signed = sa.func.coalesce(col(Closure.first_chair_id), 0), sa.func.coalesce(col(Closure.second_chair_id), 0)
    statement: Any = (
        select(
            col(Closure.id), col(Closure.child_id), col(Closure.second_due_on), col(Child.reference), col(Child.name),
            col(Meeting.reference).label("meeting"),
        )
        .join(Child, col(Child.id) == col(Closure.child_id))
        .join(Meeting, col(Meeting.id) == col(Closure.meeting_id))
        .where(
            col(Closure.state) == ClosureState.CLOSING, *(chair != by.account_id for chair in signed),
            *in_areas(by, Permission.CLOSE_ENTRY, col(Child.area_id)),
        )
    )  # fmt: skip
    return Reading(
        statement,
        col(Closure.id),
        lambda row: WaitingRow(
            row.id, row.reference, row.name, "/closures",
            f"Decided at {row.meeting}. The child stays on the list until both chairs have signed.",
            row.second_due_on, (row.child_id,),
        ),
    )  # fmt: skip


def _invitations(_by: Actor, _today: date) -> Reading:
    statement: Any = (
        select(
            col(Account.id), col(Account.name), col(Account.invitation_ends_at), col(Agency.name).label("agency")
        )
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .where(col(Account.state) == AccountState.INVITED)
    )  # fmt: skip
    return Reading(
        statement,
        col(Account.id),
        lambda row: WaitingRow(
            row.id, "Account", row.name, f"/accounts/{row.id}",
            f"{row.agency}. Has not accepted the invitation yet; it ends on the date beside.", row.invitation_ends_at,
        ),
    )  # fmt: skip


_READINGS: dict[Part, Callable[[Actor, date], Reading]] = {
    Part.DUPLICATES: _duplicates,
    Part.NO_MEETING: _no_meeting,
    Part.UPLOADS: _uploads,
    Part.CLOSURES: _closures,
    Part.CLOSURE_TASKS: waiting_after.closure_tasks,
    Part.LOOK_BACKS: waiting_after.look_backs,
    Part.INFORMATION: waiting_after.information,
    Part.INVITATIONS: _invitations,
    Part.STRATEGY: waiting_after.strategy,
    Part.PLANS: waiting_plans.late_plans,
    Part.BREACHES: waiting_breaches.breaches,
    Part.HANDS: waiting_hands.actions,
    Part.LEADS: waiting_hands.leads,
    Part.CHANGES: waiting_after.changes,
}
