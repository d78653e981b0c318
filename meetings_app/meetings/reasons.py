"""The ten reasons that put a child on the agenda: each a small function over the facts about one child."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple

from meetings_app.children.ages import transition_dates
from meetings_app.clock import at_london, london_date
from meetings_app.meetings.facts import Adjustments, ChildFacts, MeetingFacts, ReferralFacts, in_one_sentence
from meetings_app.partnership.ages import Ages
from meetings_app.text import day_in_words


class ReasonCode(StrEnum):
    """The codes of the ten reasons, in the order of `domain.md`."""

    NEW_REFERRAL = "new_referral"
    REVIEW_DUE = "review_due"
    CHANGE_IN_CIRCUMSTANCES = "change_in_circumstances"
    CARRIED_OVER = "carried_over"
    PROVISIONAL_RATING = "provisional_rating"
    TRANSITION = "transition"
    CLOSURE_PROPOSED = "closure_proposed"
    OVERDUE_ACTION = "overdue_action"
    STRATEGY_OUTCOME = "strategy_outcome"
    ADDED_BY_HAND = "added_by_hand"


class Reason(NamedTuple):
    """Why a child is on the agenda, as printed beside the child; `late` if it came after the cut-off.

    `openly` is what members are told of a draft where `text` holds what was typed by hand, the staff's to read.
    """

    code: ReasonCode
    text: str
    late: bool = False
    openly: str = ""

    def with_more(self, typed: str) -> "Reason":
        """Give the reason with more of what was typed by hand."""
        return self._replace(text=self.text + typed, openly=self.openly or self.text)


@dataclass(frozen=True, slots=True)
class Occasion:
    """The meeting, the date of the area's following meeting, and the ages that matter."""

    meeting: MeetingFacts
    following_on: date
    ages: Ages


ReasonRule = Callable[[ChildFacts, Occasion], Reason | None]


def reasons_for(child: ChildFacts, occasion: Occasion) -> tuple[Reason, ...]:
    """Give every reason that puts the child on the agenda, each code at most once, in the order of the codes.

    Where an earlier meeting of the area is still to be held, only what waits for a date is due at this one.
    """
    rules = _WAITING_FOR_A_DATE if occasion.meeting.earlier else _EVERY_RULE
    found = (rule(child, occasion) for rule in rules)
    return tuple(reason for reason in found if reason is not None)


def reasons_after_deferral(child: ChildFacts, occasion: Occasion) -> tuple[Reason, ...]:
    """Give every reason of a child whom somebody deferred by hand from this agenda and who is back on it, else none.

    What was known when the child was deferred stays deferred. What came after it brings the child back: a referral, a
    change, a closure proposed, an action that became overdue, the outcome of a strategy discussion. Those reasons say
    the deferral.
    """
    deferred = child.adjustments.deferred
    if deferred is None:
        return ()
    brought_back = {reason.code for reason in reasons_for(_known_after(child, deferred.deferred_at), occasion)}
    if not brought_back:
        return ()
    said = f"; came after the deferral from this agenda: {deferred.reason}"
    return tuple(
        reason.with_more(said) if reason.code in brought_back else reason for reason in reasons_for(child, occasion)
    )


def _known_after(child: ChildFacts, moment: datetime) -> ChildFacts:
    """Give only what came at a moment or after it. A proposal has a day alone: one of a later day is after it."""
    day = london_date(moment)
    return replace(
        child,
        listed=False,
        provisional=False,
        carried_over=(),
        adjustments=Adjustments(),
        referrals=tuple(referral for referral in child.referrals if _came_at(referral) >= moment),
        changes=tuple(change for change in child.changes if change.recorded_at >= moment),
        actions=tuple(action for action in child.actions if action.due_on >= day),
        closure=child.closure if child.closure and london_date(child.closure.proposed_at) > day else None,
        strategy=tuple(outcome for outcome in child.strategy if outcome.recorded_at >= moment),
    )


def _came_at(referral: ReferralFacts) -> datetime:
    """Give when the referral came before the RMM: accepted, a repeat received, or without its answer in time."""
    if referral.repeat or referral.answer_due_on is None:
        return max(referral.received_at, referral.accepted_at or referral.received_at)
    return at_london(referral.answer_due_on, time())


def waits_for_no_date(child: ChildFacts, occasion: Occasion) -> bool:
    """Say whether something brings the child to the very next meeting of the area, whenever that is."""
    return any(rule(child, occasion) for rule in _EVERY_RULE if rule not in _WAITING_FOR_A_DATE)


def goes_on_agenda(referral: ReferralFacts, held_on: date) -> bool:
    """Say whether a referral goes on the agenda of the meeting held on a day.

    It was accepted, or is a repeat (which goes on whatever triage still asks), or was returned and the answer did
    not come in its time (our default).
    """
    if referral.repeat or referral.accepted:
        return True
    return referral.answer_due_on is not None and referral.answer_due_on <= held_on


def new_referral(child: ChildFacts, occasion: Occasion) -> Reason | None:
    """Give the reason for a referral that is due and not yet heard; the first received is named first."""
    due = sorted(
        (referral for referral in child.referrals if goes_on_agenda(referral, occasion.meeting.held_on)),
        key=lambda referral: referral.received_at,
    )
    if not due:
        return None
    late = all(referral.received_at > occasion.meeting.cut_off for referral in due)
    return Reason(ReasonCode.NEW_REFERRAL, "; ".join(_referral_in_words(referral) for referral in due), late)


def review_due(child: ChildFacts, occasion: Occasion) -> Reason | None:
    """Give the reason for a review that falls before the area's following meeting, or is already past.

    A child on the list without a review date is due at once: nothing falls off.
    """
    if not child.listed:
        return None
    meeting = occasion.meeting
    if child.next_review_on is None:
        return None if meeting.earlier else Reason(ReasonCode.REVIEW_DUE, "No date is set for the review")
    if child.next_review_on >= occasion.following_on:
        return None
    if meeting.earlier and child.next_review_on < meeting.held_on:
        return None
    when = day_in_words(child.next_review_on)
    if child.next_review_on < meeting.held_on:
        return Reason(ReasonCode.REVIEW_DUE, f"Review overdue since {when}")
    return Reason(ReasonCode.REVIEW_DUE, f"Review due {when}")


def change_in_circumstances(child: ChildFacts, occasion: Occasion) -> Reason | None:
    """Give the reason for changes since the child was last heard, oldest first."""
    if not child.changes:
        return None
    changes = sorted(child.changes, key=lambda change: (change.happened_on, change.recorded_at, change.kind))
    text = "; ".join(f"{change.kind}, {day_in_words(change.happened_on)}" for change in changes)
    late = all(change.recorded_at > occasion.meeting.cut_off for change in changes)
    return Reason(ReasonCode.CHANGE_IN_CIRCUMSTANCES, f"Change in circumstances: {text}", late)


def carried_over(child: ChildFacts, _occasion: Occasion) -> Reason | None:
    """Give the reason for what earlier meetings deferred or did not reach."""
    if not child.carried_over:
        return None
    text, openly = (in_one_sentence(child.carried_over, openly=openly) for openly in (False, True))
    return Reason(ReasonCode.CARRIED_OVER, text, openly=openly)


def provisional_rating(child: ChildFacts, _occasion: Occasion) -> Reason | None:
    """Give the reason for a rating that a meeting without quorum decided."""
    if not child.provisional:
        return None
    return Reason(ReasonCode.PROVISIONAL_RATING, "Provisional rating to ratify")


def transition(child: ChildFacts, occasion: Occasion) -> Reason | None:
    """Give the reason for the 17th birthday since the last meeting, an overdue step, or the weekly check.

    From 17¾ the child comes to every meeting until the support package is agreed (SUR and our default).
    """
    if not child.listed:
        return None
    texts = _transition_texts(child, occasion)
    return Reason(ReasonCode.TRANSITION, f"Transition: {'; '.join(texts)}") if texts else None


def closure_proposed(child: ChildFacts, occasion: Occasion) -> Reason | None:
    """Give the reason for a closure that the lead agency proposes."""
    if child.closure is None:
        return None
    when = day_in_words(london_date(child.closure.proposed_at))
    return Reason(
        ReasonCode.CLOSURE_PROPOSED,
        f"Closure proposed by {child.closure.agency}, {when}",
        child.closure.proposed_at > occasion.meeting.cut_off,
    )


def overdue_action(child: ChildFacts, occasion: Occasion) -> Reason | None:
    """Give the reason for actions whose date is past: an overdue action always comes back."""
    overdue = sorted(
        (action for action in child.actions if action.due_on < occasion.meeting.today),
        key=lambda action: (action.due_on, action.reference),
    )
    if not overdue:
        return None
    texts = (f"{action.reference} was due {day_in_words(action.due_on)}" for action in overdue)
    return Reason(ReasonCode.OVERDUE_ACTION, f"Overdue action: {'; '.join(texts)}")


def strategy_outcome(child: ChildFacts, occasion: Occasion) -> Reason | None:
    """Give the reason for strategy discussions whose outcome no meeting has heard, or nobody has recorded yet."""
    if not child.strategy:
        return None
    held = _days(outcome.held_on for outcome in child.strategy if not outcome.not_held)
    not_held = _days(outcome.held_on for outcome in child.strategy if outcome.not_held)
    due = _days(outcome.due_on for outcome in child.strategy if outcome.held_on is None)
    texts = [
        f"Outcome of the strategy discussion held {held}" if held else "",
        f"Why no strategy discussion is held, decided {not_held}" if not_held else "",
        f"Strategy discussion due {due}, no outcome recorded" if due else "",
    ]
    late = all(outcome.recorded_at > occasion.meeting.cut_off for outcome in child.strategy)
    return Reason(ReasonCode.STRATEGY_OUTCOME, "; ".join(text for text in texts if text), late)


def added_by_hand(child: ChildFacts, occasion: Occasion) -> Reason | None:
    """Give the reason that a chair or the coordinator wrote."""
    added = child.adjustments.added
    if added is None:
        return None
    late = added.added_at > occasion.meeting.cut_off
    return Reason(
        ReasonCode.ADDED_BY_HAND, f"Added by hand: {added.reason}", late, "Added by a chair or the coordinator"
    )


_EVERY_RULE: tuple[ReasonRule, ...] = (
    new_referral,
    review_due,
    change_in_circumstances,
    carried_over,
    provisional_rating,
    transition,
    closure_proposed,
    overdue_action,
    strategy_outcome,
    added_by_hand,
)
_WAITING_FOR_A_DATE: tuple[ReasonRule, ...] = (review_due, transition, added_by_hand)


def _referral_in_words(referral: ReferralFacts) -> str:
    text = f"New referral received {day_in_words(london_date(referral.received_at))}"
    if referral.urgent:
        text += ", urgent"
    if referral.repeat:
        text += ", repeat"
    if referral.returned_on is not None:
        text += f", returned {day_in_words(referral.returned_on)} and not answered"
    elif not referral.accepted:
        text += ", triage still to be done"
    return text


def _days(days: Iterable[date | None]) -> str:
    return ", ".join(day_in_words(day) for day in sorted(day for day in days if day is not None))


def _transition_texts(child: ChildFacts, occasion: Occasion) -> list[str]:
    meeting = occasion.meeting
    due = transition_dates(child.born, occasion.ages)
    texts = []
    since_last = meeting.previous_on is None or meeting.previous_on < due.planning_on
    if since_last and due.planning_on <= meeting.held_on < due.adult_on:
        texts.append(f"17th birthday {day_in_words(due.planning_on)}")
    if not meeting.earlier:
        texts += _overdue_steps(child, due.adult_services_on, meeting.today)
    if meeting.held_on >= due.weekly_from and not child.support_package_agreed:
        age, since = ("18", due.adult_on) if meeting.held_on >= due.adult_on else ("17¾", due.weekly_from)
        texts.append(f"{age} since {day_in_words(since)}, support package not agreed")
    return texts


def _overdue_steps(child: ChildFacts, adult_services_on: date, today: date) -> list[str]:
    steps = [(step.due_on, step.title) for step in child.transition_steps]
    if not child.adult_services_decided and not child.support_package_agreed:
        steps.append((adult_services_on, "decision on a referral to adult services"))
    return [f"{title} was due {day_in_words(due_on)}" for due_on, title in sorted(steps) if due_on < today]
