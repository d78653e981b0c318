"""Reads beside one item of a meeting: the child's history, what no meeting has heard, and who may answer for what."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.clock import london_date
from meetings_app.cse_list.models import ClosureProposal
from meetings_app.meetings.drafting import referral_facts
from meetings_app.meetings.models import AgendaItem, ItemDecision, Outcome
from meetings_app.meetings.reasons import goes_on_agenda
from meetings_app.ratings.models import Rating
from meetings_app.referrals.models import ChangeInCircumstances, Referral, ReferralState
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office


def items_of(session: Session, meeting_id: int) -> Sequence[AgendaItem]:
    """Give the items of a published agenda, in its order, to change them."""
    return session.scalars(
        select(AgendaItem).where(col(AgendaItem.meeting_id) == meeting_id).order_by(col(AgendaItem.place))
    ).all()


def referrals_to_hear(
    session: Session,
    child_id: int,
    until: datetime | None = None,
    *,
    office: Office | None = None,
    meeting: Meeting | None = None,
) -> Sequence[Referral]:
    """Give the child's referrals that `meeting` hears: accepted, repeats, and those not answered in their time.

    A referral that was returned and may still be answered waits on, and so does every returned one where `office` and
    `meeting` do not say until when. With `until` only those that were received, and accepted where they are, by then.
    """
    return [
        referral
        for referral in _waiting(session, [child_id])
        if _is_heard(referral, office, meeting)
        and (until is None or max(referral.received_at, referral.decided_at or referral.received_at) <= until)
    ]


def who_waits_to_be_heard(session: Session, child_ids: Collection[int], office: Office, meeting: Meeting) -> set[int]:
    """Give which of these children have a referral that `meeting` hears."""
    waiting = _waiting(session, child_ids)
    return {referral.child_id for referral in waiting if _is_heard(referral, office, meeting)}


def _waiting(session: Session, child_ids: Collection[int]) -> Sequence[Referral]:
    return session.scalars(
        select(Referral)
        .where(
            col(Referral.child_id).in_(child_ids),
            col(Referral.state).in_((ReferralState.ACCEPTED, ReferralState.RECEIVED, ReferralState.RETURNED)),
        )
        .order_by(col(Referral.received_at), col(Referral.id))
    ).all()


def _is_heard(referral: Referral, office: Office | None, meeting: Meeting | None) -> bool:
    if office is None or meeting is None:
        return referral.repeat or referral.state is ReferralState.ACCEPTED
    wait = office.partnership.ratings.referrals.answer_working_days
    return goes_on_agenda(referral_facts(referral, office.calendar, wait), meeting.held_on)


def unheard_changes(session: Session, child_id: int, until: datetime | None = None) -> Sequence[ChangeInCircumstances]:
    """Give the changes in circumstances that no meeting has heard, oldest first; those reported by `until`."""
    by_then = [] if until is None else [col(ChangeInCircumstances.reported_at) <= until]
    return session.scalars(
        select(ChangeInCircumstances)
        .where(
            col(ChangeInCircumstances.child_id) == child_id,
            col(ChangeInCircumstances.heard_at_meeting_id).is_(None),
            *by_then,
        )
        .order_by(col(ChangeInCircumstances.happened_on), col(ChangeInCircumstances.id))
    ).all()


def unheard_proposals(session: Session, child_id: int, until: datetime | None = None) -> Sequence[ClosureProposal]:
    """Give the proposals of closure that no meeting has heard; those made by `until`.

    Where only the day of one is known, it is taken to have come after what was decided on that day: it is heard twice
    rather than never.
    """
    by_then = (
        []
        if until is None
        else [
            (col(ClosureProposal.proposed_at) <= until)
            | (col(ClosureProposal.proposed_at).is_(None) & (col(ClosureProposal.proposed_on) < london_date(until)))
        ]
    )
    return session.scalars(
        select(ClosureProposal)
        .where(col(ClosureProposal.child_id) == child_id, col(ClosureProposal.heard_at_meeting_id).is_(None), *by_then)
        .order_by(col(ClosureProposal.id))
    ).all()


def rating_history(session: Session, child_id: int, limit: int = 6) -> Sequence[Any]:
    """Give the last ratings of a child, newest first, with the meeting that decided each."""
    return session.execute(
        select(
            col(Rating.decided_on), col(Rating.rating), col(Rating.provisional), col(Rating.rationale),
            col(Rating.before_service), col(Meeting.reference).label("meeting"),
        )
        .outerjoin(Meeting, col(Meeting.id) == col(Rating.meeting_id))
        .where(col(Rating.child_id) == child_id)
        .order_by(col(Rating.id).desc())
        .limit(limit)
    ).all()  # fmt: skip


def is_decided_later(session: Session, child_id: int, meeting: Meeting) -> bool:
    """Say whether a closed meeting that was held after this one has rated the child or taken it off the list."""
    return bool(decided_later(session, [child_id], meeting))


def decided_later(session: Session, child_ids: Collection[int], meeting: Meeting) -> set[int]:
    """Give which of these children a closed meeting held after this one has rated, or taken off the list."""
    statement = (
        select(col(AgendaItem.child_id))
        .join(ItemDecision, col(AgendaItem.id) == col(ItemDecision.item_id))
        .join(Meeting, col(Meeting.id) == col(AgendaItem.meeting_id))
        .where(
            col(AgendaItem.child_id).in_(child_ids), col(Meeting.held_on) > meeting.held_on,
            col(ItemDecision.took_effect_at).is_not(None),
            col(ItemDecision.outcome).in_((Outcome.RATED, Outcome.CLOSED)),
        )
        .distinct()
    )  # fmt: skip
    return set(session.scalars(statement))
