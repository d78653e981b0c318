"""What a meeting hears about its children when it closes: read for all of them at once, then marked as heard.

What came in after an item was decided waits for the next RMM, though the meeting is closed after it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.cse_list.models import ClosureProposal
from meetings_app.meetings.item_queries import is_heard, proposals_waiting, referred_by, was_proposed_by
from meetings_app.meetings.models import AgendaItem, ItemDecision, Outcome
from meetings_app.permissions import Actor
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.models import ChangeInCircumstances, Referral, ReferralOutcome
from meetings_app.referrals.of_child import referrals_of
from meetings_app.referrals.queries import unsettled
from meetings_app.referrals.service import hear
from meetings_app.referrals.telling import settle
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.strategy.models import StrategyDiscussion
from meetings_app.strategy.queries import unheard_discussions

Heard = tuple[AgendaItem, ItemDecision]


@dataclass(frozen=True)
class _Waiting:
    """What waits about the children of a meeting, each in the order in which it came."""

    unsettled: Sequence[Referral]
    referrals: Sequence[Referral]
    changes: Sequence[ChangeInCircumstances]
    proposals: Sequence[ClosureProposal]
    discussions: Sequence[StrategyDiscussion]
    referrers: Sequence[Account]
    """Held so that telling each of them reads nobody again."""


def hear_all(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, items: Sequence[Heard]
) -> set[int]:
    """Note that the meeting heard what was waiting when each item was decided, and tell the referrers.

    Gives the children about whom something still waits to be heard. In a fixed number of reads.
    """
    waiting = _read(session, meeting, items)
    for item, decision in items:
        child_id, until = item.child_id, decision.changed_at
        if decision.outcome is not Outcome.NOTED:
            _hear_referrals(session, by, now, office, meeting, waiting, item, decision)
        for change in waiting.changes:
            if change.child_id == child_id and change.reported_at <= until:
                change.heard_at_meeting_id = meeting.key
        for proposal in waiting.proposals:
            if proposal.child_id == child_id and was_proposed_by(proposal, until):
                proposal.heard_at_meeting_id = meeting.key
        for discussion in waiting.discussions:
            if discussion.child_id == child_id:
                discussion.heard_at_meeting_id = meeting.key
    session.flush()
    return _still_waits(waiting)


def _read(session: Session, meeting: Meeting, items: Sequence[Heard]) -> _Waiting:
    until = {item.child_id: decision.changed_at for item, decision in items}
    left, referrals = unsettled(session, until), referrals_of(session, tuple(until))
    return _Waiting(
        unsettled=left, referrals=referrals, changes=_changes(session, until),
        proposals=proposals_waiting(session, until), discussions=unheard_discussions(session, until, meeting.key),
        referrers=_referrers(session, [*left, *referrals]),
    )  # fmt: skip


def _changes(session: Session, child_ids: Collection[int]) -> Sequence[ChangeInCircumstances]:
    return session.scalars(
        select(ChangeInCircumstances)
        .where(
            col(ChangeInCircumstances.child_id).in_(child_ids),
            col(ChangeInCircumstances.heard_at_meeting_id).is_(None),
        )
        .order_by(col(ChangeInCircumstances.id))
    ).all()


def _referrers(session: Session, referrals: Sequence[Referral]) -> Sequence[Account]:
    ids = {referral.referrer_id for referral in referrals if referral.referrer_id is not None}
    return session.scalars(select(Account).where(col(Account.id).in_(ids))).all() if ids else ()


def _hear_referrals(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, waiting: _Waiting, item: AgendaItem,
    decision: ItemDecision,
) -> None:  # fmt: skip
    """Say what became of the child’s referrals. A closure is final, and told, with the second signature."""
    outcome = None
    if decision.outcome is not Outcome.CLOSED:
        none = decision.rating is RiskRating.NONE
        outcome = ReferralOutcome.NO_RISK_IDENTIFIED if none else ReferralOutcome.LISTED
        before = [referral for referral in waiting.unsettled if referral.child_id == item.child_id]
        settle(session, by, now, office, before, outcome)
    for referral in waiting.referrals:
        heard = referral.child_id == item.child_id and is_heard(referral, office, meeting)
        if heard and referred_by(referral, decision.changed_at):
            hear(session, by, now, office, referral, meeting, outcome)


def _still_waits(waiting: _Waiting) -> set[int]:
    """Give the children of whom something came in since, after the meeting heard what it knew."""
    return {
        *(change.child_id for change in waiting.changes if change.heard_at_meeting_id is None),
        *(proposal.child_id for proposal in waiting.proposals if proposal.heard_at_meeting_id is None),
        *(referral.child_id for referral in waiting.referrals if is_heard(referral)),
    }
