"""Drafts the agenda of a network meeting from plain facts: what is on it, why, under which network. Pure.

Nothing that is due is left out; a subject appears once, under the network it is closest to, with all the reasons
(`domain.md`, "Network meeting"; SG). What is not on the agenda is named with why not.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from meetings_app.meetings.sections import moved_into_place
from meetings_app.network_meetings.facts import Code, Moved, Reason, ReferralFacts, Situation, SubjectFacts
from meetings_app.network_meetings.reasons import reasons_of_group, reasons_of_referral, why_not
from meetings_app.partnership.definitions import ItemMinutes, MeetingDefinition, SectionDefinition

NEW, REVIEWS, LATE = "new_network_referrals", "network_reviews", "late_items"
NETWORK = "network"
_ALONE: Mapping[str, frozenset[Code]] = {
    "disruption": frozenset({Code.DISRUPTION}),
    "actions": frozenset({Code.OPEN_ACTION, Code.OVERDUE_ACTION}),
    "onward": frozenset({Code.CHARMM, Code.CROSS_BORDER}),
}
"""Sections for items of which these are the only reasons; a paper item (our default). A file may leave them out."""


@dataclass(frozen=True, slots=True)
class DraftItem:
    """One item: a subject with the `parts` grouped beneath it (ids), or a referral; `fits` as for an RMM."""

    reference: str
    section: str
    minutes: int
    reasons: tuple[Reason, ...]
    subject_id: int | None = None
    referral_id: int | None = None
    parts: tuple[int, ...] = ()
    late: bool = False
    number: str = ""
    fits: bool = True
    moved: Moved | None = None

    @property
    def key(self) -> tuple[int | None, int | None]:
        """What the item is about, by which it is known again."""
        return self.subject_id, self.referral_id


@dataclass(frozen=True, slots=True)
class DraftSection:
    """One heading, numbered by its place, with its items."""

    key: str
    title: str
    number: int
    items: tuple[DraftItem, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """An open subject that is not on this agenda, and why; `subject_id` says who may be told."""

    subject_id: int
    reference: str
    why: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The agenda as it stands, with the minutes needed and those there are; nothing is dropped."""

    sections: tuple[DraftSection, ...]
    minutes_needed: int
    minutes_available: int
    absent: tuple[Absent, ...] = ()

    @property
    def items(self) -> tuple[DraftItem, ...]:
        """Every item in the order of the agenda."""
        return tuple(item for section in self.sections for item in section.items)


def draft(situation: Situation, definition: MeetingDefinition) -> Draft:
    """Draft the agenda from the facts about every open subject and every waiting referral."""
    occasion, minutes = situation.occasion, definition.item_minutes
    keys = [section.key for section in definition.sections]
    items: list[tuple[tuple[object, ...], DraftItem]] = []
    absent: list[Absent] = []
    for referral in situation.referrals:
        reasons = reasons_of_referral(referral, occasion)
        if reasons:
            item = replace(_referral_item(referral, reasons, minutes), moved=referral.moved)
            items.append((_order_of_referral(referral), item))
    for head, parts in groups(situation):
        reasons = reasons_of_group(head, parts, occasion)
        if reasons:
            item = replace(_item(head, parts, reasons, minutes, keys), moved=head.moved)
            items.append((_order_of_subject(head, parts), item))
        else:
            absent += [Absent(each.id, each.reference, why_not(each, occasion)) for each in (head, *parts)]
    ordered = [item for _order, item in sorted(items, key=lambda pair: pair[0])]
    return assembled(definition.sections, _numbered(definition.sections, ordered), occasion.minutes, absent)


def groups(situation: Situation) -> list[tuple[SubjectFacts, tuple[SubjectFacts, ...]]]:
    """Give each network with the subjects grouped under it, then every subject that no open network leads to.

    A subject belongs to the network with the fewest links between; of two as near, to the one with the lower id.
    """
    facts = {subject.id: subject for subject in situation.subjects}
    home = closest_networks(facts, situation.links)
    under: defaultdict[int, list[SubjectFacts]] = defaultdict(list)
    for subject_id, network_id in home.items():
        under[network_id].append(facts[subject_id])
    heads = [each for each in situation.subjects if each.kind == NETWORK or each.id not in home]
    return [(head, tuple(sorted(under[head.id], key=lambda each: each.reference))) for head in heads]


def closest_networks(facts: Mapping[int, SubjectFacts], links: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Give, by the id of each subject that is no network, the network it is closest to; one that none leads to is left
    out. Two networks that are linked stay two: the way never leads through a network.
    """
    beside: defaultdict[int, set[int]] = defaultdict(set)
    for first, second in links:
        if first in facts and second in facts:
            beside[first].add(second)
            beside[second].add(first)
    networks = sorted(each.id for each in facts.values() if each.kind == NETWORK)
    home: dict[int, int] = {}
    queue = deque((network, network) for network in networks)
    while queue:
        here, network = queue.popleft()
        for other in sorted(beside[here]):
            if facts[other].kind != NETWORK and other not in home:
                home[other] = network
                queue.append((other, network))
    return home


def arrived_since(fresh: Draft, published: Sequence[DraftItem]) -> list[DraftItem]:
    """Give what is due now and is not on the published agenda; the chair decides whether it becomes a late item."""
    known = {item.key for item in published} | {(part, None) for item in published for part in item.parts}
    return [item for item in fresh.items if item.key not in known]


def assembled(
    sections: Sequence[SectionDefinition], items: Iterable[DraftItem], available: int, absent: Iterable[Absent] = ()
) -> Draft:
    """Put numbered items under the headings, add up the minutes and mark what does not fit."""
    held, needed, made = list(items), 0, []
    for number, section in enumerate(sections, 1):
        shown = []
        for item in held:
            if item.section == section.key:
                needed += item.minutes
                shown.append(replace(item, fits=needed <= available))
        made.append(DraftSection(section.key, section.title, number, tuple(shown)))
    return Draft(tuple(made), needed, available, tuple(sorted(absent, key=lambda each: each.reference)))


def late_number(sections: Sequence[SectionDefinition], published: Sequence[DraftItem]) -> str:
    """Give the next free number among the late items; no other number shifts."""
    section = next(number for number, each in enumerate(sections, 1) if each.key == LATE)
    return f"{section}.{sum(1 for item in published if item.section == LATE) + 1}"


def _numbered(sections: Sequence[SectionDefinition], items: Sequence[DraftItem]) -> list[DraftItem]:
    numbered = []
    for number, section in enumerate(sections, 1):
        by_rule = [item for item in items if item.section == section.key]
        own = moved_into_place(by_rule, lambda item: item.moved.place if item.moved else None)
        numbered += [replace(item, number=f"{number}.{place}") for place, item in enumerate(own, 1)]
    return numbered


def _referral_item(referral: ReferralFacts, reasons: tuple[Reason, ...], minutes: ItemMinutes) -> DraftItem:
    late = all(reason.late for reason in reasons)
    return DraftItem(
        referral.reference, LATE if late else NEW, minutes.new_referral, reasons, referral_id=referral.id, late=late
    )


def _item(
    head: SubjectFacts, parts: tuple[SubjectFacts, ...], reasons: tuple[Reason, ...], minutes: ItemMinutes,
    keys: Sequence[str],
) -> DraftItem:  # fmt: skip
    codes = {reason.code for reason in reasons}
    late = all(reason.late for reason in reasons)
    alone = next((key for key, only in _ALONE.items() if key in keys and codes <= only), None)
    new = head.kind == NETWORK and not head.heard
    section = LATE if late else NEW if new else alone or REVIEWS
    takes = minutes.new_referral if new else minutes.paper if alone else minutes.review
    return DraftItem(
        head.reference, section, takes, reasons, subject_id=head.id, parts=tuple(part.id for part in parts), late=late
    )


def _order_of_referral(referral: ReferralFacts) -> tuple[object, ...]:
    return (0, referral.received_at.isoformat(), referral.reference)


def _order_of_subject(head: SubjectFacts, parts: Sequence[SubjectFacts]) -> tuple[object, ...]:
    days = [each.review_on for each in (head, *parts) if each.review_on is not None]
    return (1, min(days).isoformat() if days else "", head.reference)
