"""Nothing falls off for networks either: every open subject comes to a network meeting that stands, and is heard there.

`session` acts for the operator or the scheduler, who see everything.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import ActionState
from meetings_app.clock import london_date
from meetings_app.cse_list.checks import Breach
from meetings_app.meetings.models import AdjustmentKind
from meetings_app.meetings.network_models import (
    NetworkAction,
    NetworkAdjustment,
    NetworkDecision,
    NetworkItem,
    NetworkMatter,
)
from meetings_app.network_meetings.fact_queries import HELD, is_open
from meetings_app.networks.homing import home_of, meetings_ahead
from meetings_app.networks.models import NetworkReferral, Subject
from meetings_app.networks.referring import WAITING
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.text import day_in_words

_OVER = (*HELD, MeetingState.CANCELLED)
_IN_TIME = timedelta(days=7)
"""What was on record a week before a meeting was in time for it, whatever cut-off the partnership keeps."""


def network_breaches(session: Session, today: date) -> list[Breach]:
    """Give every broken promise about networks, subjects and network meetings."""
    return [
        *_without_a_meeting(session, today),
        *_unheard(session),
        *_left_open(session, today),
        *_without_effect(session),
    ]


def _without_a_meeting(session: Session, today: date) -> Iterator[Breach]:
    """Every open subject has a review at a real, uncancelled network meeting."""
    ahead = meetings_ahead(session, today)
    rows: Any = session.execute(
        select(col(Subject.reference), col(Subject.review_on)).where(is_open()).order_by(col(Subject.reference))
    )
    for row in rows:
        if row.review_on is None:
            yield Breach("network_without_review", row.reference, "is open, and no date is set for its review.")
        if home_of(row.review_on, ahead, today) is None:
            yield Breach("network_without_meeting", row.reference, "is open, and no network meeting stands to hear it.")


def _unheard(session: Session) -> Iterator[Breach]:
    """What was due at the network meeting held last was on its agenda, or put off by hand."""
    last: Any = session.execute(
        select(col(Meeting.id), col(Meeting.reference), col(Meeting.held_on))
        .where(col(Meeting.type) == MeetingType.NETWORK, col(Meeting.state).in_(HELD))
        .order_by(col(Meeting.held_on).desc(), col(Meeting.id).desc())
        .limit(1)
    ).first()
    if last is None:
        return
    heard, referred = _touched(session, last.id)
    subjects: Any = session.execute(
        select(col(Subject.id), col(Subject.reference), col(Subject.review_on), col(Subject.opened_at))
        .where(is_open(), col(Subject.review_on) <= last.held_on)
        .order_by(col(Subject.reference))
    )
    for row in subjects:
        if row.id not in heard and london_date(row.opened_at) <= last.held_on - _IN_TIME:
            due = day_in_words(row.review_on)
            yield Breach("network_unheard", row.reference, f"was due on {due}, and {last.reference} did not hear it.")
    referrals: Any = session.execute(
        select(col(NetworkReferral.id), col(NetworkReferral.reference), col(NetworkReferral.received_at))
        .where(col(NetworkReferral.state).in_(WAITING))
        .order_by(col(NetworkReferral.id))
    )
    for row in referrals:
        received = london_date(row.received_at)
        if row.id not in referred and received <= last.held_on - _IN_TIME:
            problem = f"was received on {day_in_words(received)}, and {last.reference} did not hear it."
            yield Breach("network_referral_unheard", row.reference, problem)


def _touched(session: Session, meeting_id: int) -> tuple[set[int | None], set[int | None]]:
    """Give the subjects and the referrals that a meeting heard, or that were put off from it by hand."""
    subjects: set[int | None] = set()
    referrals: set[int | None] = set()
    items: Any = select(col(NetworkItem.subject_id), col(NetworkItem.referral_id), col(NetworkItem.parts)).where(
        col(NetworkItem.meeting_id) == meeting_id
    )
    for row in session.execute(items):
        subjects |= {row.subject_id, *row.parts}
        referrals.add(row.referral_id)
    put_off = select(col(NetworkAdjustment.subject_id), col(NetworkAdjustment.referral_id)).where(
        col(NetworkAdjustment.meeting_id) == meeting_id, col(NetworkAdjustment.kind) == AdjustmentKind.DEFERRED
    )
    for adjusted in session.execute(put_off):
        subjects.add(adjusted.subject_id)
        referrals.add(adjusted.referral_id)
    return subjects, referrals


def _left_open(session: Session, today: date) -> Iterator[Breach]:
    """A network meeting whose day has passed is closed or cancelled."""
    rows = session.execute(
        select(col(Meeting.reference))
        .where(
            col(Meeting.type) == MeetingType.NETWORK, col(Meeting.held_on) < today, col(Meeting.state).not_in(_OVER)
        )
        .order_by(col(Meeting.held_on), col(Meeting.id))
    )  # fmt: skip
    for row in rows:
        yield Breach("left_open", row.reference, "its day has passed, and it is neither closed nor cancelled.")


def _without_effect(session: Session) -> Iterator[Breach]:
    """A closed network meeting has decided every item; its decisions, actions and what goes on have taken effect."""
    items: Any = (
        select(col(Meeting.reference), col(NetworkItem.number))
        .join(NetworkItem, col(NetworkItem.meeting_id) == col(Meeting.id))
        .outerjoin(NetworkDecision, col(NetworkDecision.item_id) == col(NetworkItem.id))
        .outerjoin(NetworkMatter, col(NetworkMatter.item_id) == col(NetworkItem.id))
        .where(
            col(Meeting.state).in_(HELD),
            col(NetworkDecision.took_effect_at).is_(None)
            | (col(NetworkMatter.id).is_not(None) & col(NetworkMatter.took_effect_at).is_(None)),
        )
        .distinct()
        .order_by(col(Meeting.reference), col(NetworkItem.number))
    )
    for row in session.execute(items):
        yield Breach("no_effect", row.reference, f"is closed, but item {row.number} has taken no effect.")
    proposed: Any = (
        select(col(NetworkAction.reference), col(Meeting.reference).label("meeting"))
        .join(NetworkItem, col(NetworkItem.id) == col(NetworkAction.item_id))
        .join(Meeting, col(Meeting.id) == col(NetworkItem.meeting_id))
        .where(col(NetworkAction.state) == ActionState.PROPOSED, col(Meeting.state).in_(_OVER))
        .order_by(sa.asc(col(NetworkAction.id)))
    )
    for row in session.execute(proposed):
        yield Breach("proposed_for_ever", row.reference, f"is only proposed, at {row.meeting}, which is over.")
