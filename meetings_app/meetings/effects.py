"""What the decisions of a meeting bring about when it closes: ratings, the list, referrals, actions, closures."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.actions.service import confirm_proposed
from meetings_app.children.models import Child
from meetings_app.children.service import set_lead_professional
from meetings_app.clock import london_date
from meetings_app.cse_list.models import Closure, ClosureState, EntryState, ListEntry
from meetings_app.cse_list.queries import live_entries
from meetings_app.cse_list.service import UNCHANGED, change_entry, open_entry
from meetings_app.meetings.closures import closure_of, finish
from meetings_app.meetings.deciding import stored_decision
from meetings_app.meetings.decisions import Case, next_review
from meetings_app.meetings.heard import hear_all
from meetings_app.meetings.held_by import held_by
from meetings_app.meetings.models import PASSED_ON, AgendaItem, ItemDecision, Outcome
from meetings_app.meetings.plan_reviews import reviews_take_effect
from meetings_app.meetings.signing_checks import what_keeps
from meetings_app.permissions import Actor
from meetings_app.plans.queries import last_written
from meetings_app.ratings.levels import is_raised
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.ratings.queries import ratings_of_all
from meetings_app.ratings.rules import differs_from_tool, due_dates, is_without_information
from meetings_app.ratings.service import record_rating
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.strategy.after_rating import request_after_ratings


@dataclass(frozen=True)
class ItemInHand:
    """One item with what was decided and what was true before; `provisional` for a meeting without quorum."""

    item: AgendaItem
    child: Child
    decision: ItemDecision
    case: Case
    provisional: bool


@dataclass(frozen=True)
class _Closing:
    """A meeting that closes, and what is known of its children then, by child: read once, for all of them."""

    session: Session
    by: Actor
    now: datetime
    office: Office
    meeting: Meeting
    entries: Mapping[int, ListEntry]
    ratings: Mapping[int, Sequence[Any]]
    plans: Mapping[int, datetime]
    agencies: Sequence[Agency]
    """Held, too, so that naming one reads nothing again."""
    still_waits: Collection[int]
    """Of whom something came in after the item was decided."""


def take_effect(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, in_hand: Sequence[ItemInHand]
) -> None:
    """Let the decisions of a meeting take effect. What is passed on gives its actions, and comes back.

    The caller holds the locks of the areas, and ties the reviews to their meetings afterwards (`rehome_area`). What is
    read does not grow with the number of items.
    """
    decided = [one for one in in_hand if one.decision.outcome not in PASSED_ON]
    left = hear_all(session, by, now, office, meeting, [(one.item, one.decision) for one in decided])
    closing = _closing(session, by, now, office, meeting, decided, left)
    rated = [(one.child, _rated(closing, one)) for one in decided if one.decision.outcome is Outcome.RATED]
    request_after_ratings(session, by, now, office, meeting, rated, closing.ratings)
    for one in decided:
        decision = one.decision
        if decision.outcome is Outcome.CLOSED:
            _closed(closing, one)
        if decision.lead_professional_id is not None or decision.lead_professional_name:
            named = decision.lead_professional_id, decision.lead_professional_name
            set_lead_professional(session, by, now, one.child, *named)
    confirm_proposed(session, by, now, meeting.key)
    reviews_take_effect(session, now, meeting)
    for one in in_hand:
        one.decision.took_effect_at, one.decision.rules_version = now, office.partnership.rules_version
    session.flush()


def _closing(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, decided: Sequence[ItemInHand],
    still_waits: Collection[int],
) -> _Closing:  # fmt: skip
    ids = [one.child.key for one in decided]
    return _Closing(
        session, by, now, office, meeting, entries=live_entries(session, ids), ratings=ratings_of_all(session, ids),
        plans=last_written(session, ids), agencies=session.scalars(select(Agency)).all(), still_waits=still_waits,
    )  # fmt: skip


def _rated(closing: _Closing, in_hand: ItemInHand) -> Rating:
    decision, rating, case = in_hand.decision, in_hand.decision.rating, in_hand.case
    if rating is None:
        raise RuntimeError("A rated item has a rating: the rules have asked for it.")
    rules, child, meeting = closing.office.partnership.ratings, in_hand.child, closing.meeting
    review_on = next_review(stored_decision(decision), case, rules)
    without_information = rating is not RiskRating.NONE and is_without_information(
        case.deferrals, decision.information_supplied, rules
    )
    # A reason that was typed for another rating, or before another assessment, explains nothing.
    difference = decision.tool_difference_reason if differs_from_tool(rating, case.tool_level) else ""
    decided = record_rating(
        closing.session, closing.by, closing.now, child.key, rating, rationale=decision.rationale,
        decided_on=meeting.held_on, meeting_id=meeting.key, exploitation_status=decision.exploitation_status,
        provisional=in_hand.provisional or without_information, next_review_on=review_on,
        next_review_reason=decision.next_review_reason, tool_difference_reason=difference,
        owed_by_agency_id=case.owing_agency_id if without_information else None,
        rules_version=closing.office.partnership.rules_version, so_far=closing.ratings.get(child.key, ()),
    )  # fmt: skip
    decision.next_review_on = review_on
    held = held_by(stored_decision(decision), rules)
    if held:
        decision.lead_agency_id = next(agency.key for agency in closing.agencies if agency.code == held)
    if rating is not RiskRating.NONE and review_on is not None:
        _on_the_list(closing, in_hand, decided, review_on)
    return decided


def _on_the_list(closing: _Closing, in_hand: ItemInHand, decided: Rating, review_on: date) -> None:
    session, by, now, decision, child = closing.session, closing.by, closing.now, in_hand.decision, in_hand.child
    plan_due_on = _plan_due_on(closing, child, decided)
    entry = closing.entries.get(child.key)
    if entry is None:
        open_entry(
            session, by, now, child, decided, review_on, decision.lead_agency_id, listed_on=closing.meeting.held_on,
            plan_due_on=plan_due_on, home=False,
        )  # fmt: skip
        return
    if entry.state is EntryState.CLOSING:
        entry.state = EntryState.LISTED
        _return_closures(session, entry)
    if child.key in closing.still_waits:
        # What was reported after the item was discussed has pulled the review to the next RMM, where it stays.
        review_on = min(review_on, entry.next_review_on)
    raised = is_raised(in_hand.case.before, decided.rating)
    change_entry(
        session, by, now, entry, decided, review_on, decision.lead_agency_id or UNCHANGED,
        plan_due_on=plan_due_on if raised or plan_due_on is None else UNCHANGED, home=False,
    )  # fmt: skip


def _plan_due_on(closing: _Closing, child: Child, decided: Rating) -> date | None:
    """Give when the rating asks for a written plan; None where it was written since the meeting was opened."""
    written_at, opened_at = closing.plans.get(child.key), closing.meeting.statement_read_at
    if written_at is not None and opened_at is not None and written_at > opened_at:
        return None
    rules = closing.office.partnership.ratings.ratings
    return due_dates(decided.rating, closing.meeting.held_on, rules, closing.office.calendar).safety_plan


def _closed(closing: _Closing, in_hand: ItemInHand) -> None:
    """Mark the child as closing until both chairs have signed; without them the next RMM after that hears it again."""
    session, by, now, office, meeting = closing.session, closing.by, closing.now, closing.office, closing.meeting
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
        change_entry(session, by, now, entry, next_review_on=closure.second_due_on, home=False)


def _return_closures(session: Session, entry: ListEntry, but: Closure | None = None) -> None:
    for closure in session.scalars(
        select(Closure).where(col(Closure.entry_id) == entry.key, col(Closure.state) == ClosureState.CLOSING)
    ):
        if closure is not but:
            closure.state = ClosureState.RETURNED
