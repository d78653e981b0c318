"""Reads what an agenda of the network meeting is drafted from, for everything that is open, in a dozen statements.

To be called past the actor’s scope (`item_scope.whole_agenda`): the agenda is drafted whole, and each reader is then
shown what they may see of it.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionState
from meetings_app.children.models import Child, ChildLink
from meetings_app.meetings.network_models import NetworkAction, NetworkAdjustment, NetworkDecision, NetworkItem
from meetings_app.networks.models import (
    Disruption,
    NetworkReferral,
    Subject,
    SubjectAuthority,
    SubjectChild,
    SubjectLink,
)
from meetings_app.networks.record_models import PassedAction
from meetings_app.networks.states import DisruptionState, ReferralState, SubjectState
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType

HELD = (MeetingState.CLOSED, MeetingState.SIGNED)
_WAITING = (ReferralState.RECEIVED, ReferralState.RETURNED)
_RUNNING = (DisruptionState.CONSIDERED, DisruptionState.SOUGHT, DisruptionState.GRANTED)


def is_open() -> Any:
    """Say, in SQL, that a subject is open and stands for itself."""
    return sa.and_(col(Subject.state) == SubjectState.OPEN, col(Subject.merged_into_id).is_(None))


def open_subjects(session: Session) -> Sequence[Any]:
    """Give every open subject, by reference."""
    statement: Any = select(
        col(Subject.id), col(Subject.reference), col(Subject.kind), col(Subject.review_on), col(Subject.opened_at)
    )
    return session.execute(statement.where(is_open()).order_by(col(Subject.reference))).all()


def kept_records(session: Session) -> dict[int, int]:
    """Give, by each record that points to another one, the last of them: what stands on it is known of that one."""
    pointing: Any = select(col(Subject.id), col(Subject.merged_into_id)).where(col(Subject.merged_into_id).is_not(None))
    to: dict[int, int] = {row[0]: row[1] for row in session.execute(pointing)}
    last = dict(to)
    for each in last:
        while last[each] in to:
            last[each] = to[last[each]]
    return last


def running_links(session: Session) -> Sequence[Any]:
    """Give every running link of two subjects, oldest first."""
    statement = select(
        col(SubjectLink.first_id), col(SubjectLink.second_id), col(SubjectLink.tie), col(SubjectLink.recorded_at)
    )
    return session.execute(statement.where(col(SubjectLink.ended_at).is_(None)).order_by(col(SubjectLink.id))).all()


def children_linked(session: Session) -> Sequence[Any]:
    """Give every running link of a child with a subject, with the child’s reference, oldest first."""
    statement: Any = (
        select(
            col(SubjectChild.subject_id), col(SubjectChild.tie), col(SubjectChild.recorded_at),
            col(Child.id).label("child_id"), col(Child.reference),
        )
        .join(Child, col(Child.id) == col(SubjectChild.child_id))
        .where(col(SubjectChild.ended_at).is_(None))
    )  # fmt: skip
    return session.execute(statement.order_by(col(SubjectChild.id))).all()


def known_pairs(session: Session) -> list[tuple[int, int]]:
    """Give the pairs of children who are linked with each other."""
    statement = select(col(ChildLink.child_id), col(ChildLink.other_id)).where(col(ChildLink.ended_at).is_(None))
    return [(row[0], row[1]) for row in session.execute(statement)]


def orders_running(session: Session) -> Sequence[Any]:
    """Give the orders and tactics that wait for an outcome, or are granted."""
    statement = select(
        col(Disruption.subject_id), col(Disruption.reference), col(Disruption.state), col(Disruption.expires_on)
    ).where(col(Disruption.state).in_(_RUNNING))
    return session.execute(statement.order_by(col(Disruption.id))).all()


def open_actions(session: Session) -> Sequence[Any]:
    """Give the open actions of network meetings, each with the subject it is about, or its item’s."""
    about = sa.func.coalesce(col(NetworkAction.subject_id), col(NetworkItem.subject_id), col(NetworkDecision.became_id))
    statement: Any = (
        select(col(NetworkAction.reference), col(NetworkAction.due_on), about.label("subject_id"))
        .join(NetworkItem, col(NetworkItem.id) == col(NetworkAction.item_id))
        .outerjoin(NetworkDecision, col(NetworkDecision.item_id) == col(NetworkItem.id))
        .where(col(NetworkAction.state) == ActionState.OPEN)
    )
    return session.execute(statement.order_by(col(NetworkAction.due_on), col(NetworkAction.id))).all()


def actions_of_rmms(session: Session) -> Sequence[Any]:
    """Give the open actions of RMMs that are passed on to a record, and since when."""
    statement = (
        select(
            col(Action.reference), col(Action.due_on), col(Action.child_id), col(PassedAction.subject_id),
            col(PassedAction.passed_at),
        )
        .join(PassedAction, col(PassedAction.action_id) == col(Action.id))
        .where(col(Action.state) == ActionState.OPEN, col(PassedAction.ended_at).is_(None))
    )  # fmt: skip
    return session.execute(statement.order_by(col(Action.due_on), col(Action.id))).all()


def authorities_named(session: Session) -> Sequence[Any]:
    """Give the other authorities that subjects touch, and when each was recorded."""
    statement = select(
        col(SubjectAuthority.subject_id), col(SubjectAuthority.authority), col(SubjectAuthority.recorded_at)
    )
    return session.execute(statement.order_by(col(SubjectAuthority.id))).all()


def waiting_referrals(session: Session) -> Sequence[Any]:
    """Give the referrals that no network meeting and no chair has answered for good, oldest first."""
    statement: Any = select(
        col(NetworkReferral.id), col(NetworkReferral.reference), col(NetworkReferral.received_at),
        col(NetworkReferral.state), col(NetworkReferral.decided_at),
    ).where(col(NetworkReferral.state).in_(_WAITING))  # fmt: skip
    return session.execute(statement.order_by(col(NetworkReferral.id))).all()


def earlier_items(session: Session) -> Sequence[Any]:
    """Give the items of network meetings that are over, newest first: held ones with what became of it."""
    statement: Any = (
        select(
            col(NetworkItem.subject_id), col(NetworkItem.referral_id), col(NetworkDecision.outcome),
            col(NetworkDecision.put_off_reason), col(NetworkDecision.became_id), col(Meeting.reference),
            col(Meeting.held_on), col(Meeting.state),
        )
        .join(Meeting, col(Meeting.id) == col(NetworkItem.meeting_id))
        .outerjoin(NetworkDecision, col(NetworkDecision.item_id) == col(NetworkItem.id))
        .where(col(Meeting.state).in_((*HELD, MeetingState.CANCELLED)))
    )  # fmt: skip
    return session.execute(statement.order_by(col(Meeting.held_on).desc(), col(NetworkItem.id).desc())).all()


def adjustments(session: Session) -> Sequence[Any]:
    """Give every change by hand to an agenda of the network meeting, oldest first, with its meeting."""
    statement: Any = select(
        col(NetworkAdjustment.meeting_id), col(NetworkAdjustment.subject_id), col(NetworkAdjustment.referral_id),
        col(NetworkAdjustment.kind), col(NetworkAdjustment.reason), col(NetworkAdjustment.made_at),
        col(NetworkAdjustment.place),
        col(Meeting.reference), col(Meeting.held_on), col(Meeting.state),
    ).join(Meeting, col(Meeting.id) == col(NetworkAdjustment.meeting_id))  # fmt: skip
    return session.execute(statement.order_by(col(NetworkAdjustment.id))).all()


def last_held(session: Session, before: Meeting) -> Any:
    """Give reference and moment of closing of the network meeting held last before this one, or None."""
    statement = select(col(Meeting.reference), col(Meeting.closed_at)).where(
        col(Meeting.type) == MeetingType.NETWORK, col(Meeting.state).in_(HELD), col(Meeting.id) != before.key,
        col(Meeting.held_on) <= before.held_on,
    )  # fmt: skip
    return session.execute(statement.order_by(col(Meeting.held_on).desc(), col(Meeting.id).desc()).limit(1)).first()
