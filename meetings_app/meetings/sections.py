"""Which section of the agenda a child belongs to, in which order, and how long the child takes."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple, TypeVar

from meetings_app.meetings.facts import ChildFacts
from meetings_app.meetings.reasons import Reason, ReasonCode
from meetings_app.partnership.definitions import ItemMinutes
from meetings_app.ratings.levels import LEVELS, RiskRating

Item = TypeVar("Item")


class SectionKey(StrEnum):
    """The sections that hold children."""

    NEW_REFERRALS = "new_referrals"
    OVERDUE_ACTIONS = "overdue_actions"
    REVIEWS = "reviews"
    TRANSITIONS = "transitions"
    CLOSURES = "closures"
    LATE_ITEMS = "late_items"


class DraftItem(NamedTuple):
    """One child on the agenda, once, with all the reasons.

    `number` is "4.1" and the like. `fits` is false where the items so far take longer than the meeting lasts:
    such an item is shown all the same.
    """

    child_id: int
    child: str
    section: str
    minutes: int
    reasons: tuple[Reason, ...]
    rating: RiskRating | None = None
    provisional: bool = False
    urgent: bool = False
    late: bool = False
    number: str = ""
    fits: bool = True


_PAPER = (
    frozenset({ReasonCode.OVERDUE_ACTION}),
    frozenset({ReasonCode.STRATEGY_OUTCOME}),
    frozenset({ReasonCode.TRANSITION}),
)
_LAST_DAY = date.max
_FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
_LAST_MOMENT = datetime.max.replace(tzinfo=UTC)


def section_for(child: ChildFacts, reasons: Sequence[Reason]) -> SectionKey:
    """Give the first section that applies to a child with these reasons.

    A child is a late item where every reason arrived after the cut-off; one reason in time keeps the place.
    """
    codes = {reason.code for reason in reasons}
    if all(reason.late for reason in reasons):
        return SectionKey.LATE_ITEMS
    if not child.listed:
        return SectionKey.NEW_REFERRALS
    if ReasonCode.CLOSURE_PROPOSED in codes:
        return SectionKey.CLOSURES
    if codes == {ReasonCode.TRANSITION}:
        return SectionKey.TRANSITIONS
    if codes == {ReasonCode.OVERDUE_ACTION}:
        return SectionKey.OVERDUE_ACTIONS
    return SectionKey.REVIEWS


def minutes_for(child: ChildFacts, reasons: Sequence[Reason], minutes: ItemMinutes) -> int:
    """Give how long the child takes: a paper item is one whose only reason needs no review."""
    codes = {reason.code for reason in reasons}
    if codes in _PAPER:
        return minutes.paper
    if not child.listed:
        return minutes.new_referral
    if ReasonCode.CLOSURE_PROPOSED in codes:
        return minutes.closure
    return minutes.review


def item_for(child: ChildFacts, reasons: tuple[Reason, ...], minutes: ItemMinutes) -> DraftItem:
    """Make the agenda item of one child, not yet numbered."""
    section = section_for(child, reasons)
    return DraftItem(
        child_id=child.id,
        child=child.reference,
        section=section.value,
        rating=child.rating,
        provisional=child.provisional,
        urgent=is_urgent(child),
        late=section is SectionKey.LATE_ITEMS,
        minutes=minutes_for(child, reasons, minutes),
        reasons=reasons,
    )


def is_urgent(child: ChildFacts) -> bool:
    """Say whether a waiting referral of the child is urgent."""
    return any(referral.urgent for referral in child.referrals)


def in_order(section: SectionKey, children: Sequence[ChildFacts]) -> list[ChildFacts]:
    """Give the children of one section in the order of the rules, then of what people moved.

    Where the rules find two children equal, the reference decides, so that the order is always the same.
    """
    return moved_into_place(sorted(children, key=_ORDERS[section]), lambda child: child.adjustments.place)


def moved_into_place(by_rule: Sequence[Item], place_of: Callable[[Item], int | None]) -> list[Item]:
    """Give the items of one section in the order of the rules, then of what people moved: places count from 1."""
    ordered = [each for each in by_rule if place_of(each) is None]
    moved = [(place, each) for each in by_rule if (place := place_of(each)) is not None]
    for place, each in sorted(moved, key=lambda pair: pair[0]):
        ordered.insert(place - 1, each)
    return ordered


def _by_referral(child: ChildFacts) -> tuple[bool, datetime, str]:
    # A child who waits without a new referral was passed on by an earlier meeting, and has waited longest.
    first = min((referral.received_at for referral in child.referrals), default=_FIRST_MOMENT)
    return (not is_urgent(child), first, child.reference)


def _by_rating(child: ChildFacts) -> tuple[int, date, str]:
    level = -1 if child.rating is None else LEVELS[child.rating]
    return (-level, child.next_review_on or date.min, child.reference)


def _by_oldest_action(child: ChildFacts) -> tuple[date, str]:
    return (min((action.due_on for action in child.actions), default=_LAST_DAY), child.reference)


def _by_birth(child: ChildFacts) -> tuple[date, str]:
    return (child.born, child.reference)


def _by_proposal(child: ChildFacts) -> tuple[datetime, str]:
    return (child.closure.proposed_at if child.closure else _LAST_MOMENT, child.reference)


_ORDERS = {
    SectionKey.NEW_REFERRALS: _by_referral,
    SectionKey.OVERDUE_ACTIONS: _by_oldest_action,
    SectionKey.REVIEWS: _by_rating,
    SectionKey.TRANSITIONS: _by_birth,
    SectionKey.CLOSURES: _by_proposal,
    SectionKey.LATE_ITEMS: _by_referral,
}
