"""What the check of the night found, as long as it stands: what was put right since is not shown any more."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.cse_list.models import Closure, ClosureState, ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.home.waiting_rows import Reading, WaitingRow, in_areas
from meetings_app.jobs.breaches import AGENDA_OPEN, NEED_A_MEETING, SERIES, WRONG_HANDS
from meetings_app.jobs.models import BreachFound
from meetings_app.permissions import Actor, Permission
from meetings_app.referrals.models import Referral, ReferralState
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType

_OVER = (MeetingState.CLOSED, MeetingState.SIGNED, MeetingState.CANCELLED)


def breaches(by: Actor, today: date) -> Reading:
    """Read the breaches that the person may see and that still stand, in the areas whose agendas they prepare."""
    statement: Any = (
        select(
            col(BreachFound.id), col(BreachFound.code), col(BreachFound.reference), col(BreachFound.problem),
            col(BreachFound.href), col(BreachFound.found_at), col(Child.id).label("child_id"), col(Child.name),
        )
        .outerjoin(Child, col(Child.id) == col(BreachFound.child_id))
        .where(
            col(BreachFound.cleared_at).is_(None), _stands(today),
            *in_areas(by, Permission.PREPARE_AGENDA, col(BreachFound.area_id)),
        )
    )  # fmt: skip
    arranges = by.may(Permission.ARRANGE_RMMS)
    return Reading(statement, col(BreachFound.id), lambda row: _row(row, arranges))


def _row(row: Any, arranges: bool) -> WaitingRow:
    href = "/meetings" if row.href == SERIES and not arranges else row.href
    shown = () if row.child_id is None else (row.child_id,)
    return WaitingRow(row.id, row.reference, row.name or "", href, _sentence(row.problem), row.found_at, shown)


def _sentence(problem: str) -> str:
    return problem[:1].upper() + problem[1:]


def _stands(today: date) -> ColumnElement[bool]:
    """Say what one look at the record can say: whether it was put right since; the rest waits for the next check."""
    code = col(BreachFound.code)
    return sa.case(
        # These stand on a list of their own, which asks the actions themselves.
        (code.in_(WRONG_HANDS), sa.false()),
        (code.in_(("unheard_referral", "referral_without_meeting")) & ~_still_accepted(), sa.false()),
        (code.in_(("unsigned_closure", "closing_unheard")) & ~_still_unsigned(today), sa.false()),
        (code.in_(NEED_A_MEETING) & col(BreachFound.without_meeting), ~_meeting_made(today)),
        (code == "left_open", _still_open()),
        (code == "no_lead_agency", _still_without_agency()),
        else_=sa.true(),
    )


def _still_accepted() -> ColumnElement[bool]:
    same = col(Referral.reference) == col(BreachFound.reference)
    return sa.exists().where(same, col(Referral.state) == ReferralState.ACCEPTED)


def _still_unsigned(today: date) -> ColumnElement[bool]:
    return sa.exists().where(
        col(Closure.child_id) == col(BreachFound.child_id), col(Closure.state) == ClosureState.CLOSING,
        col(Closure.second_due_on) < today,
    )  # fmt: skip


def _meeting_made(today: date) -> ColumnElement[bool]:
    return sa.exists().where(
        col(Meeting.area_id) == col(BreachFound.area_id), col(Meeting.type) == MeetingType.RMM,
        col(Meeting.state).in_(AGENDA_OPEN), col(Meeting.held_on) >= today,
    )  # fmt: skip


def _still_open() -> ColumnElement[bool]:
    return sa.exists().where(
        col(Meeting.reference) == col(BreachFound.reference), col(Meeting.state).not_in(_OVER)
    )  # fmt: skip


def _still_without_agency() -> ColumnElement[bool]:
    return sa.exists().where(
        col(ListEntry.child_id) == col(BreachFound.child_id), is_live(), col(ListEntry.lead_agency_id).is_(None)
    )
