"""Drafts the agenda of a Risk Management Meeting from plain facts: who is on it, why, in which order.

Nobody who is due is left out, a child appears once with all the reasons, and whoever is not on the agenda is
named with why not (`domain.md`, "What puts a child on the agenda").
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from meetings_app.clock import london_date
from meetings_app.meetings.facts import ChildFacts, MeetingFacts, ReferralFacts
from meetings_app.meetings.reasons import (
    Occasion,
    goes_on_agenda,
    reasons_after_deferral,
    reasons_for,
    waits_for_no_date,
)
from meetings_app.meetings.sections import DraftItem, SectionKey, in_order, item_for
from meetings_app.partnership.definitions import MeetingDefinition, Partnership
from meetings_app.text import day_in_words


@dataclass(frozen=True, slots=True)
class AgendaSection:
    """One heading of the agenda, numbered by its place, with its items; many sections hold no children."""

    key: str
    title: str
    number: int
    items: tuple[DraftItem, ...]


@dataclass(frozen=True, slots=True)
class NotOnAgenda:
    """A child who is not on this agenda, and why."""

    child_id: int
    child: str
    why: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The agenda as it stands, with the minutes needed and the minutes there are; nothing is dropped."""

    sections: tuple[AgendaSection, ...]
    minutes_needed: int
    minutes_available: int
    not_on_agenda: tuple[NotOnAgenda, ...]

    @property
    def items(self) -> tuple[DraftItem, ...]:
        """Every item, in the order of the agenda."""
        return tuple(item for section in self.sections for item in section.items)


def draft(
    children: Iterable[ChildFacts],
    meeting: MeetingFacts,
    following_meeting_date: date | None,
    configuration: Partnership,
) -> Draft:
    """Draft the agenda from the facts about every child of the area: listed, referred or carried over.

    `following_meeting_date` is that of the area's next meeting after this one; where none stands, the usual
    interval is taken, so that no review waits for a meeting that nobody planned.
    """
    definition = configuration.rmm
    usual = meeting.held_on + timedelta(days=definition.interval_days)
    occasion = Occasion(meeting, following_meeting_date or usual, configuration.ratings.ages)
    items: dict[int, DraftItem] = {}
    places: dict[str, list[ChildFacts]] = {key: [] for key in SectionKey}
    absent: list[NotOnAgenda] = []
    for child in children:
        rule = reasons_after_deferral if child.adjustments.deferred else reasons_for
        reasons = rule(child, occasion)
        if not reasons:
            absent.append(NotOnAgenda(child.id, child.reference, why_not(child, occasion)))
        elif child.id not in items:
            items[child.id] = item_for(child, reasons, definition.item_minutes)
            places[items[child.id].section].append(child)
    ordered = {key: [items[child.id] for child in in_order(key, places[key])] for key in SectionKey}
    return _assembled(_numbered(definition, ordered), meeting.minutes, absent)


def number_items(fresh: Draft, published: Sequence[DraftItem]) -> Draft:
    """Hold a fresh draft against the agenda as published: its numbers never shift.

    What was published stays as it is, number, section, reasons and minutes, in the order given. Whoever is
    due since then follows as a late item, with the next free number; store these, and they keep theirs too.
    """
    known = {item.child_id for item in published}
    sections = []
    for section in fresh.sections:
        items = [item for item in published if item.section == section.key]
        if section.key == SectionKey.LATE_ITEMS:
            start = max((_place(item.number) for item in items), default=0) + 1
            arrived = [item for item in fresh.items if item.child_id not in known]
            items += [
                item._replace(section=section.key, late=True, number=f"{section.number}.{place}")
                for place, item in enumerate(arrived, start)
            ]
        sections.append(replace(section, items=tuple(items)))
    absent = [entry for entry in fresh.not_on_agenda if entry.child_id not in known]
    return _assembled(sections, fresh.minutes_available, absent)


def why_not(child: ChildFacts, occasion: Occasion) -> str:
    """Say in words why a child is not on the agenda of this meeting."""
    earlier = occasion.meeting.earlier
    if child.adjustments.deferred:
        said = f"deferred from this agenda: {child.adjustments.deferred.reason}"
        waiting = _waiting(child, occasion)
        return f"{said}; waiting: {'; '.join(waiting)}" if waiting else said
    if earlier and waits_for_no_date(child, occasion):
        return f"to be heard first at {earlier}"
    if child.listed and child.next_review_on is not None:
        return "; ".join([_review_in_words(child.next_review_on, child.home_meeting), *_in_triage(child, occasion)])
    if child.listed:
        return f"no date is set for the review, to be heard first at {earlier}"
    if child.referrals:
        first = min(child.referrals, key=lambda referral: referral.received_at)
        return _waiting_in_words(first)
    return "not on the list, and no referral waits"


def _waiting(child: ChildFacts, occasion: Occasion) -> list[str]:
    """Say what waits beside the deferral: what an earlier meeting hears first, too, and what triage has to decide."""
    alone = replace(occasion, meeting=replace(occasion.meeting, earlier=None))
    waiting = [reason.text for reason in reasons_for(child, alone)]
    return waiting + _in_triage(child, occasion)


def _in_triage(child: ChildFacts, occasion: Occasion) -> list[str]:
    waiting = (one for one in child.referrals if not goes_on_agenda(one, occasion.meeting.held_on))
    return [_waiting_in_words(referral) for referral in waiting]


def _review_in_words(review_on: date, home_meeting: str | None) -> str:
    where = f"at {home_meeting}" if home_meeting else "no meeting stands for it"
    return f"review due {day_in_words(review_on)}, {where}"


def _waiting_in_words(referral: ReferralFacts) -> str:
    received = f"referral received {day_in_words(london_date(referral.received_at))}"
    if referral.returned_on is None:
        return f"{received}, waits for triage"
    text = f"{received}, returned for more information {day_in_words(referral.returned_on)}"
    if referral.answer_due_on is None:
        return text
    return f"{text}, answer due {day_in_words(referral.answer_due_on)}"


def _numbered(definition: MeetingDefinition, ordered: Mapping[SectionKey, Sequence[DraftItem]]) -> list[AgendaSection]:
    items_of: dict[str, Sequence[DraftItem]] = {key.value: items for key, items in ordered.items()}
    return [
        AgendaSection(
            section.key,
            section.title,
            number,
            tuple(
                item._replace(number=f"{number}.{place}") for place, item in enumerate(items_of.get(section.key, ()), 1)
            ),
        )
        for number, section in enumerate(definition.sections, 1)
    ]


def _assembled(sections: Sequence[AgendaSection], available: int, absent: Iterable[NotOnAgenda]) -> Draft:
    """Add up the minutes and mark what does not fit into the meeting."""
    needed = 0
    marked = []
    for section in sections:
        items = []
        for item in section.items:
            needed += item.minutes
            items.append(item._replace(fits=needed <= available))
        marked.append(replace(section, items=tuple(items)))
    return Draft(tuple(marked), needed, available, tuple(sorted(absent, key=lambda entry: entry.child)))


def _place(number: str) -> int:
    return int(number.rpartition(".")[2])
