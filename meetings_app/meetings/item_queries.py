"""Reads beside one item of a meeting: the child's history, what no meeting has heard, and who may answer for what."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.clock import london_date
from meetings_app.cse_list.models import ClosureProposal
from meetings_app.meetings.deferrals import decided_of
from meetings_app.meetings.drafting import referral_facts
from meetings_app.meetings.models import AgendaItem, Outcome
from meetings_app.meetings.reasons import goes_on_agenda
from meetings_app.referrals.models import Referral, ReferralState
from meetings_app.referrals.of_child import changes_of, referrals_of
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office

_WAIT = (ReferralState.ACCEPTED, ReferralState.RECEIVED, ReferralState.RETURNED)


def items_of(session: Session, meeting_id: int) -> Sequence[AgendaItem]:
    """Give the items of a published agenda, in its order, to change them."""
    return session.scalars(
        select(AgendaItem).where(col(AgendaItem.meeting_id) == meeting_id).order_by(col(AgendaItem.place))
    ).all()


def referrals_to_hear(session: Session, child_id: int, *, office: Office, meeting: Meeting) -> Sequence[Referral]:
    """Give the child's referrals that `meeting` hears, the first received first."""
    return [referral for referral in referrals_of(session, (child_id,)) if is_heard(referral, office, meeting)]


def who_waits_to_be_heard(session: Session, child_ids: Collection[int], office: Office, meeting: Meeting) -> set[int]:
    """Give which of these children have a referral that `meeting` hears."""
    waiting = referrals_of(session, tuple(child_ids))
    return {referral.child_id for referral in waiting if is_heard(referral, office, meeting)}


def is_heard(referral: Referral, office: Office | None = None, meeting: Meeting | None = None) -> bool:
    """Say whether `meeting` hears a referral: accepted, a repeat, or not answered in its time.

    One that was returned and may still be answered waits on, and so does every returned one where `office` and
    `meeting` do not say until when.
    """
    if referral.state not in _WAIT:
        return False
    if office is None or meeting is None:
        return referral.repeat or referral.state is ReferralState.ACCEPTED
    wait = office.partnership.ratings.referrals.answer_working_days
    return goes_on_agenda(referral_facts(referral, office.calendar, wait), meeting.held_on)


def referred_by(referral: Referral, until: datetime) -> bool:
    """Say whether a referral was received by then, and accepted where it is."""
    return max(referral.received_at, referral.decided_at or referral.received_at) <= until


def unheard_changes(session: Session, child_id: int, until: datetime | None = None) -> Sequence[Any]:
    """Give the changes in circumstances that no meeting has heard, oldest first, as rows; those reported by `until`."""
    return [
        change
        for change in changes_of(session, child_id)
        if change.heard_at_meeting_id is None and (until is None or change.reported_at <= until)
    ]


def proposals_waiting(session: Session, child_ids: Collection[int]) -> Sequence[ClosureProposal]:
    """Give the proposals of closure about these children that no meeting has heard, the first made first."""
    return session.scalars(
        select(ClosureProposal)
        .where(col(ClosureProposal.child_id).in_(child_ids), col(ClosureProposal.heard_at_meeting_id).is_(None))
        .order_by(col(ClosureProposal.id))
    ).all()


def was_proposed_by(proposal: ClosureProposal, until: datetime) -> bool:
    """Say whether a closure was proposed by then.

    Where only the day is known, it is taken to have come after what was decided on that day: it is heard twice rather
    than never.
    """
    if proposal.proposed_at is None:
        return proposal.proposed_on < london_date(until)
    return proposal.proposed_at <= until


def is_decided_later(session: Session, child_id: int, meeting: Meeting) -> bool:
    """Say whether a closed meeting that was held after this one has rated the child or taken it off the list."""
    return bool(decided_later(session, [child_id], meeting))


def decided_later(session: Session, child_ids: Collection[int], meeting: Meeting) -> set[int]:
    """Give which of these children a closed meeting held after this one has rated, or taken off the list."""
    return {
        row.child_id
        for row in decided_of(session, tuple(child_ids))
        if row.held_on > meeting.held_on and row.outcome in (Outcome.RATED, Outcome.CLOSED)
    }
