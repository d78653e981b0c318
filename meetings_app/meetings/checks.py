"""What should have gone on and stands still: decisions without effect, meetings, closures and referrals left behind."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionState
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.cse_list import checks
from meetings_app.cse_list.checks import Breach
from meetings_app.cse_list.models import Closure, ClosureState
from meetings_app.meetings.adding_up import adding_up
from meetings_app.meetings.minutes_checks import altered_minutes
from meetings_app.meetings.models import AdjustmentKind, AgendaAdjustment, AgendaItem, ItemDecision
from meetings_app.meetings.unheard import on_no_agenda
from meetings_app.partnership.definitions import Partnership
from meetings_app.referrals.models import Referral, ReferralState
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.text import day_in_words
from meetings_app.weekly_list.checks import weekly_lists

_HELD = (MeetingState.CLOSED, MeetingState.SIGNED)
_OVER = (*_HELD, MeetingState.CANCELLED)
_BEFORE_THE_CUT_OFF = timedelta(days=7)
"""A referral accepted a week before a meeting was in time for it, whatever cut-off the partnership keeps."""


def every_breach(session: Session, today: date, agendas: Path, partnership: Partnership) -> list[Breach]:
    """Give every broken promise: what `meetings check` names, and what is checked every night.

    `session` acts for the operator or the scheduler, who see everything; `agendas` is the folder in use, and
    `partnership` what rules now.
    """
    return [
        *checks.breaches(session, today, agendas),
        *adding_up(session, partnership),
        *undone_decisions(session),
        *altered_minutes(session),
        *left_behind(session, today),
        *on_no_agenda(session, today, partnership),
        *weekly_lists(session),
    ]


def undone_decisions(session: Session) -> Iterator[Breach]:
    """A closed meeting has decided every item, and each decision has taken effect."""
    rows = session.execute(
        select(col(Meeting.reference), col(AgendaItem.number))
        .join(AgendaItem, col(AgendaItem.meeting_id) == col(Meeting.id))
        .outerjoin(ItemDecision, col(ItemDecision.item_id) == col(AgendaItem.id))
        .where(
            col(Meeting.state).in_(_HELD),
            col(ItemDecision.took_effect_at).is_(None),
        )
        .order_by(col(Meeting.id), col(AgendaItem.place))
    )
    for row in rows:
        yield Breach("no_effect", row.reference, f"is closed, but item {row.number} has taken no effect.")


def left_behind(session: Session, today: date) -> Iterator[Breach]:
    """What should have gone on and stands still: meetings, their actions, closures and referrals.

    `session` acts for the operator, who sees everything; `today` is the day in London.
    """
    yield from _left_open(session, today)
    yield from _proposed_for_ever(session)
    yield from _unsigned_closures(session, today)
    yield from _unheard_referrals(session)


def _left_open(session: Session, today: date) -> Iterator[Breach]:
    """An RMM whose day has passed is closed or cancelled; until then nothing that it decided has an effect."""
    rows: Any = session.execute(
        select(col(Meeting.reference), sa.func.count(col(ItemDecision.outcome)).label("decided"))
        .outerjoin(AgendaItem, col(AgendaItem.meeting_id) == col(Meeting.id))
        .outerjoin(ItemDecision, col(ItemDecision.item_id) == col(AgendaItem.id))
        .where(
            col(Meeting.type) == MeetingType.RMM, col(Meeting.held_on) < today, col(Meeting.state).not_in(_OVER)
        )
        .group_by(col(Meeting.id), col(Meeting.reference), col(Meeting.held_on))
        .order_by(col(Meeting.held_on), col(Meeting.id))
    )  # fmt: skip
    for row in rows:
        problem = "its day has passed, and it is neither closed nor cancelled."
        if row.decided:
            items = "1 decided item is" if row.decided == 1 else f"{row.decided} decided items are"
            problem = f"its day has passed, and it is neither closed nor cancelled: {items} without effect."
        yield Breach("left_open", row.reference, problem)


def _proposed_for_ever(session: Session) -> Iterator[Breach]:
    """An action proposed at a meeting is given when the meeting closes, and dropped when it is cancelled."""
    rows: Any = session.execute(
        select(col(Action.reference), col(Meeting.reference).label("meeting"), col(Meeting.state))
        .join(Meeting, col(Meeting.id) == col(Action.meeting_id))
        .where(col(Action.state) == ActionState.PROPOSED, col(Meeting.state).in_(_OVER))
        .order_by(col(Action.id))
    )
    for row in rows:
        over = "cancelled" if row.state is MeetingState.CANCELLED else "closed"
        yield Breach("proposed_for_ever", row.reference, f"is only proposed, at {row.meeting}, which is {over}.")


def _unsigned_closures(session: Session, today: date) -> Iterator[Breach]:
    """A closure is signed in its time, or heard again."""
    rows: Any = session.execute(
        select(col(Child.reference), col(Closure.second_due_on), col(Meeting.reference).label("meeting"))
        .join(Child, col(Child.id) == col(Closure.child_id))
        .join(Meeting, col(Meeting.id) == col(Closure.meeting_id))
        .where(col(Closure.state) == ClosureState.CLOSING, col(Closure.second_due_on) < today)
        .order_by(col(Closure.id))
    )
    for row in rows:
        due = day_in_words(row.second_due_on)
        yield Breach(
            "unsigned_closure", row.reference,
            f"the closure decided at {row.meeting} was to be signed by {due}. The next RMM hears it again.",
        )  # fmt: skip


def _unheard_referrals(session: Session) -> Iterator[Breach]:
    """An accepted referral is heard by the next RMM, unless that deferred it.

    One that went to another record or area since is heard by the next RMM after that.
    """
    last: Any = (
        select(col(Meeting.area_id), sa.func.max(col(Meeting.held_on)).label("held_on"))
        .where(col(Meeting.type) == MeetingType.RMM, col(Meeting.state).in_(_HELD))
        .group_by(col(Meeting.area_id))
        .subquery()
    )
    on_it = sa.exists().where(
        col(AgendaItem.meeting_id) == col(Meeting.id), col(AgendaItem.child_id) == col(Referral.child_id)
    )
    put_off = sa.exists().where(
        col(AgendaAdjustment.meeting_id) == col(Meeting.id), col(AgendaAdjustment.child_id) == col(Referral.child_id),
        col(AgendaAdjustment.kind) == AdjustmentKind.DEFERRED,
    )  # fmt: skip
    rows: Any = session.execute(
        select(
            col(Referral.reference), col(Referral.decided_at), col(Referral.moved_at), col(Meeting.held_on),
            col(Meeting.reference).label("meeting"),
        )
        .join(last, last.c.area_id == col(Referral.area_id))
        .join(
            Meeting,
            sa.and_(
                col(Meeting.area_id) == last.c.area_id, col(Meeting.held_on) == last.c.held_on,
                col(Meeting.type) == MeetingType.RMM, col(Meeting.state).in_(_HELD),
            ),
        )
        .where(col(Referral.state) == ReferralState.ACCEPTED, ~on_it, ~put_off)
        .order_by(col(Referral.id))
    )  # fmt: skip
    for row in rows:
        if _was_in_time(row.decided_at, row.moved_at, row.held_on):
            accepted = day_in_words(london_date(row.decided_at))
            yield Breach(
                "unheard_referral", row.reference, f"was accepted on {accepted}, and {row.meeting} did not hear it."
            )


def _was_in_time(accepted_at: datetime | None, moved_at: datetime | None, held_on: date) -> bool:
    """Say whether an accepted referral waited where it waits now, a week before a meeting was held there."""
    waits_since = max(accepted_at, moved_at or accepted_at) if accepted_at else None
    return waits_since is not None and london_date(waits_since) <= held_on - _BEFORE_THE_CUT_OFF
