"""What the decisions of a meeting bring about when it closes: ratings, the list, referrals, actions, closures."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.actions.service import confirm_proposed
from meetings_app.children.models import Child
from meetings_app.children.service import set_lead_professional
from meetings_app.clock import london_date
from meetings_app.cse_list.models import Closure, ClosureState, EntryState, ListEntry
from meetings_app.cse_list.service import UNCHANGED, change_entry, live_entry, open_entry
from meetings_app.meetings.closures import closure_of, finish
from meetings_app.meetings.deciding import stored_decision
from meetings_app.meetings.decisions import Case, next_review
from meetings_app.meetings.held_by import held_by
from meetings_app.meetings.item_queries import referrals_to_hear, unheard_changes, unheard_proposals
from meetings_app.meetings.item_scope import child_of
from meetings_app.meetings.models import PASSED_ON, AgendaItem, ItemDecision, Outcome
from meetings_app.meetings.plan_reviews import reviews_take_effect
from meetings_app.meetings.signing_checks import what_keeps
from meetings_app.permissions import Actor
from meetings_app.plans.queries import last_plan
from meetings_app.ratings.levels import is_raised
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.ratings.rules import differs_from_tool, due_dates, is_without_information
from meetings_app.ratings.service import record_rating
from meetings_app.referrals.models import ChangeInCircumstances, ReferralOutcome
from meetings_app.referrals.service import hear
from meetings_app.referrals.telling import settle
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.strategy.after_rating import request_after_rating
from meetings_app.strategy.queries import unheard_discussions


@dataclass(frozen=True)
class ItemInHand:
    """One item with what was decided and what was true before; `provisional` for a meeting without quorum."""

    item: AgendaItem
    decision: ItemDecision
    case: Case
    provisional: bool


def take_effect(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, in_hand: ItemInHand
) -> None:
    """Let the decision on one item take effect. What is passed on gives its actions, and comes back."""
    item, decision = in_hand.item, in_hand.decision
    child = child_of(session, item)
    passed_on = decision.outcome in PASSED_ON
    if not passed_on:
        _heard(session, by, now, office, meeting, in_hand)
    if decision.outcome is Outcome.RATED:
        _rated(session, by, now, office, meeting, in_hand, child)
    elif decision.outcome is Outcome.CLOSED:
        _closed(session, by, now, office, meeting, in_hand)
    names_lead = decision.lead_professional_id is not None or decision.lead_professional_name
    if names_lead and not passed_on:
        set_lead_professional(session, by, now, child, decision.lead_professional_id, decision.lead_professional_name)
    confirm_proposed(session, by, now, meeting.key, child.key)
    reviews_take_effect(session, now, meeting, child.key)
    decision.took_effect_at, decision.rules_version = now, office.partnership.rules_version
    session.flush()


def _rated(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, in_hand: ItemInHand, child: Child
) -> None:
    decision, rating = in_hand.decision, in_hand.decision.rating
    if rating is None:
        raise RuntimeError("A rated item has a rating: the rules have asked for it.")
    rules, case = office.partnership.ratings, in_hand.case
    review_on = next_review(stored_decision(decision), case, rules)
    without_information = rating is not RiskRating.NONE and is_without_information(
        case.deferrals, decision.information_supplied, rules
    )
    # A reason that was typed for another rating, or before another assessment, explains nothing.
    difference = decision.tool_difference_reason if differs_from_tool(rating, case.tool_level) else ""
    decided = record_rating(
        session, by, now, child.key, rating, rationale=decision.rationale, decided_on=meeting.held_on,
        meeting_id=meeting.key, exploitation_status=decision.exploitation_status,
        provisional=in_hand.provisional or without_information, next_review_on=review_on,
        next_review_reason=decision.next_review_reason, tool_difference_reason=difference,
        owed_by_agency_id=case.owing_agency_id if without_information else None,
        rules_version=office.partnership.rules_version,
    )  # fmt: skip
    request_after_rating(session, by, now, office, child, decided, meeting)
    decision.next_review_on = review_on
    held = held_by(stored_decision(decision), rules)
    if held:
        decision.lead_agency_id = session.scalars(select(col(Agency.id)).where(col(Agency.code) == held)).one()
    if rating is RiskRating.NONE or review_on is None:
        return
    _on_the_list(session, by, now, office, meeting, in_hand, child, decided, review_on)


def _on_the_list(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    meeting: Meeting,
    in_hand: ItemInHand,
    child: Child,
    decided: Rating,
    review_on: date,
) -> None:
    decision = in_hand.decision
    plan_due_on = _plan_due_on(session, office, meeting, child, decided)
    entry = live_entry(session, child.key)
    if entry is None:
        open_entry(
            session, by, now, child, decided, review_on, decision.lead_agency_id, listed_on=meeting.held_on,
            plan_due_on=plan_due_on, home=False,
        )  # fmt: skip
        return
    if entry.state is EntryState.CLOSING:
        entry.state = EntryState.LISTED
        _return_closures(session, entry)
    if _news_waits(session, child.key):
        # What was reported after the item was discussed has pulled the review to the next RMM, where it stays.
        review_on = min(review_on, entry.next_review_on)
    raised = is_raised(in_hand.case.before, decided.rating)
    change_entry(
        session, by, now, entry, decided, review_on, decision.lead_agency_id or UNCHANGED,
        plan_due_on=plan_due_on if raised or plan_due_on is None else UNCHANGED,
    )  # fmt: skip


def _plan_due_on(session: Session, office: Office, meeting: Meeting, child: Child, decided: Rating) -> date | None:
    """Give when the rating asks for a written plan; None where it was written since the meeting was opened."""
    written, opened_at = last_plan(session, child.key), meeting.statement_read_at
    if written is not None and opened_at is not None and written.written_at > opened_at:
        return None
    rules = office.partnership.ratings.ratings
    return due_dates(decided.rating, meeting.held_on, rules, office.calendar).safety_plan


def _closed(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, in_hand: ItemInHand) -> None:
    """Mark the child as closing until both chairs have signed; without them the next RMM after that hears it again."""
    closure = closure_of(session, meeting.key, in_hand.item.child_id)
    if closure is None:
        raise RuntimeError("A closed item has its closure: the decision made it.")
    entry = session.get_one(ListEntry, closure.entry_id)
    _return_closures(session, entry, but=closure)
    closure.state, entry.state = ClosureState.CLOSING, EntryState.CLOSING
    closure.rules_version = office.partnership.rules_version
    if closure.second_due_on is None:
        wait = office.partnership.ratings.closure.signature_working_days
        closure.second_due_on = office.calendar.add_working_days(london_date(now), wait)
    session.flush()
    # Signed before the meeting was closed: what came in between keeps the child as it does before a signature.
    kept = what_keeps(session, office.partnership.ratings, [closure.key], london_date(now))
    left = not kept and finish(session, by, now, office, closure, entry, meeting)
    if not left and closure.second_due_on < entry.next_review_on:
        change_entry(session, by, now, entry, next_review_on=closure.second_due_on)


def _return_closures(session: Session, entry: ListEntry, but: Closure | None = None) -> None:
    for closure in session.scalars(
        select(Closure).where(col(Closure.entry_id) == entry.key, col(Closure.state) == ClosureState.CLOSING)
    ):
        if closure is not but:
            closure.state = ClosureState.RETURNED


def _heard(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, in_hand: ItemInHand) -> None:
    """Note that the meeting heard what was waiting when the item was decided, and tell the referrers.

    What came in later waits for the next RMM, though this one is closed after it.
    """
    child_id, decision = in_hand.item.child_id, in_hand.decision
    until = decision.changed_at
    if decision.outcome is not Outcome.NOTED:
        none = decision.rating is RiskRating.NONE
        said = ReferralOutcome.NO_RISK_IDENTIFIED if none else ReferralOutcome.LISTED
        # A closure is final with the second signature, and told then: until then the child is on the list.
        outcome = None if decision.outcome is Outcome.CLOSED else said
        if outcome is not None:
            settle(session, by, now, office, child_id, outcome)
        for referral in referrals_to_hear(session, child_id, until, office=office, meeting=meeting):
            hear(session, by, now, office, referral, meeting, outcome)
    changes = [change.id for change in unheard_changes(session, child_id, until)]
    for change in session.scalars(select(ChangeInCircumstances).where(col(ChangeInCircumstances.id).in_(changes))):
        change.heard_at_meeting_id = meeting.key
    for proposal in unheard_proposals(session, child_id, until):
        proposal.heard_at_meeting_id = meeting.key
    for discussion in unheard_discussions(session, child_id, until, meeting.key):
        discussion.heard_at_meeting_id = meeting.key
    session.flush()


def _news_waits(session: Session, child_id: int) -> bool:
    """Say whether something about the child still waits to be heard, after the meeting heard what it knew."""
    reads = (unheard_changes, referrals_to_hear, unheard_proposals)
    return any(read(session, child_id) for read in reads)
