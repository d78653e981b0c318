"""Drafts the agenda of an RMM from the database: the facts of a whole area, then the rules of `agenda`.

The number of statements is the same for ten children and for a thousand.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.children.ages import TransitionStep, after_months
from meetings_app.children.transition import recorded_kinds
from meetings_app.clock import at_london, london_date
from meetings_app.errors import DomainError
from meetings_app.meetings import carried_queries as passed_on
from meetings_app.meetings import fact_queries as fetch
from meetings_app.meetings.agenda import Draft, draft
from meetings_app.meetings.due_queries import children_concerned
from meetings_app.meetings.facts import (
    Adjustments,
    CarriedKind,
    CarriedOver,
    ChangeFacts,
    ChildFacts,
    ClosureProposal,
    HandAdded,
    HandDeferred,
    MeetingFacts,
    OverdueAction,
    ReferralFacts,
    StrategyOutcome,
)
from meetings_app.meetings.models import AdjustmentKind
from meetings_app.meetings.reasons import Occasion, ReasonCode
from meetings_app.partnership.definitions import Partnership
from meetings_app.referrals.models import ReferralState
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.queries import AHEAD
from meetings_app.schedule.rules import cut_off as cut_off_of
from meetings_app.schedule.working_days import WorkingCalendar, calendar_of
from meetings_app.strategy.models import DiscussionState
from meetings_app.text import day_in_words


@dataclass
class _Gathered:
    """What is known of one child so far."""

    row: Any
    referrals: list[ReferralFacts] = field(default_factory=list)
    changes: list[ChangeFacts] = field(default_factory=list)
    carried: list[CarriedOver] = field(default_factory=list)
    actions: list[OverdueAction] = field(default_factory=list)
    closure: ClosureProposal | None = None
    strategy: list[StrategyOutcome] = field(default_factory=list)
    adjustments: Adjustments = field(default_factory=Adjustments)
    steps: Collection[TransitionStep] = ()

    def facts(self) -> ChildFacts:
        """Give the facts as the rules take them."""
        row, listed = self.row, self.row.entry_id is not None
        return ChildFacts(
            id=row.child_id, reference=row.child, born=row.born, listed=listed, rating=row.current_rating,
            next_review_on=row.next_review_on, provisional=bool(row.provisional), referrals=tuple(self.referrals),
            changes=tuple(self.changes), carried_over=tuple(self.carried), actions=tuple(self.actions),
            closure=self.closure, strategy=tuple(self.strategy), adjustments=self.adjustments,
            adult_services_decided=TransitionStep.ADULT_SERVICES in self.steps,
            support_package_agreed=TransitionStep.PACKAGE in self.steps,
        )  # fmt: skip


@dataclass(frozen=True)
class Situation:
    """Everything an agenda is drafted from: the meeting, the date of the following one, and the children due."""

    meeting: MeetingFacts
    following_on: date | None
    children: dict[int, ChildFacts]

    def occasion(self, configuration: Partnership) -> Occasion:
        """Give the occasion for which the rules say who is due."""
        usual = self.meeting.held_on + timedelta(days=configuration.rmm.interval_days)
        return Occasion(self.meeting, self.following_on or usual, configuration.ratings.ages)


def draft_of(session: Session, meeting: Meeting, configuration: Partnership, now: datetime) -> Draft:
    """Draft the agenda of an RMM as things stand now, with the adjustments made by hand.

    Of those who are not on it, it names the ones who have something waiting; `absent` pages through all of them.
    Raises `DomainError` for a meeting without an area, which hears no children.
    """
    situation = situation_of(session, meeting, configuration, now)
    return draft(situation.children.values(), situation.meeting, situation.following_on, configuration)


def situation_of(
    session: Session, meeting: Meeting, configuration: Partnership, now: datetime, *, as_next: bool = False
) -> Situation:
    """Fetch what the agenda of this meeting is drafted from; `as_next` as if no earlier one were still to be held."""
    if meeting.area_id is None:
        raise DomainError("Only a Risk Management Meeting of an area hears children.")
    calendar = calendar_of(configuration.closure_days)
    facts, following_on = meeting_facts(session, meeting, configuration, calendar, now)
    if as_next:
        facts = replace(facts, earlier=None)
    gathered = _gather(session, meeting, facts, following_on, configuration, calendar)
    return Situation(facts, following_on, {child_id: child.facts() for child_id, child in gathered.items()})


def is_anybody_else_concerned(
    session: Session, meeting: Meeting, there: Collection[int], configuration: Partnership, now: datetime
) -> bool:
    """Say whether something is known of a child who is not `there`; where nothing is, nobody else can be due."""
    calendar = calendar_of(configuration.closure_days)
    facts, following_on = meeting_facts(session, meeting, configuration, calendar, now)
    following = following_on or facts.held_on + timedelta(days=configuration.rmm.interval_days)
    births = _births(facts, configuration)
    return not children_concerned(session, meeting.area_id or 0, meeting.key, facts, following, births) <= set(there)


def meeting_facts(
    session: Session, meeting: Meeting, configuration: Partnership, calendar: WorkingCalendar, now: datetime
) -> tuple[MeetingFacts, date | None]:
    """Give the meeting as the rules take it, and the date of the area's following meeting, None where none stands."""
    today = london_date(now)
    around = fetch.neighbours_of(session, meeting, today)
    here = (meeting.held_on, meeting.key)
    before = [row for row in around if (row.held_on, row.id) < here]
    after = [row for row in around if (row.held_on, row.id) > here]
    to_be_held = [row.reference for row in before if row.state in AHEAD and row.held_on >= today]
    return (
        MeetingFacts(
            reference=meeting.reference, held_on=meeting.held_on, minutes=meeting.minutes,
            cut_off=cut_off_moment(meeting, configuration, calendar), today=today,
            previous_on=before[-1].held_on if before else None, earlier=to_be_held[0] if to_be_held else None,
        ),
        after[0].held_on if after else None,
    )  # fmt: skip


def cut_off_moment(meeting: Meeting, configuration: Partnership, calendar: WorkingCalendar) -> datetime:
    """Give the moment, UTC, until which new items are taken for the meeting."""
    rule = configuration.rmm.cut_off
    day, wall_clock = cut_off_of(meeting.held_on, calendar, rule.working_days, rule.time)
    return at_london(day, wall_clock)


def _gather(
    session: Session,
    meeting: Meeting,
    facts: MeetingFacts,
    following_on: date | None,
    configuration: Partnership,
    calendar: WorkingCalendar,
) -> dict[int, _Gathered]:
    area_id = meeting.area_id or 0
    following = following_on or facts.held_on + timedelta(days=configuration.rmm.interval_days)
    from_day = facts.held_on if facts.earlier else None
    gathered: dict[int, _Gathered] = {}
    _collect(gathered, fetch.entries_with_review(session, area_id, from_day, following))
    _collect(gathered, fetch.provisional_entries(session, area_id))
    old_enough: set[int] = set()
    for after, until in _births(facts, configuration):
        rows = fetch.entries_born(session, area_id, after, until)
        _collect(gathered, rows)
        old_enough |= {row.child_id for row in rows}
    # No other part of the agenda asks for the steps, so that only these children are looked up.
    for child_id, steps in recorded_kinds(session, old_enough).items():
        gathered[child_id].steps = steps
    wait = configuration.ratings.referrals.answer_working_days
    for child, row in _collect(gathered, fetch.waiting_referrals(session, area_id)):
        child.referrals.append(referral_facts(row, calendar, wait))
    for child, row in _collect(gathered, fetch.unheard_changes(session, area_id)):
        child.changes.append(ChangeFacts(row.happened_on, row.reported_at, row.kind.value.replace("_", " ")))
    for child, row in _collect(gathered, fetch.overdue_actions(session, area_id, facts.today)):
        child.actions.append(OverdueAction(row.reference, row.due_on))
    for child, row in _collect(gathered, fetch.open_proposals(session, area_id)):
        child.closure = ClosureProposal(row.agency, at_london(row.proposed_on, time()))
    for child, row in _collect(gathered, fetch.unheard_strategy(session, area_id)):
        child.strategy.append(strategy_facts(row))
    _gather_carried(session, gathered, meeting, facts)
    adjusted = fetch.adjustments_of(session, area_id, meeting.key)
    for child_id, adjustments in _adjustments(_collect(gathered, adjusted)).items():
        gathered[child_id].adjustments = adjustments
    return _without_departed(session, gathered)


def _without_departed(session: Session, gathered: dict[int, _Gathered]) -> dict[int, _Gathered]:
    """Leave out whoever left the list by transfer, death or as a duplicate, and of whom nothing new is known."""
    unlisted = [child_id for child_id, child in gathered.items() if child.row.entry_id is None]
    gone = fetch.departed(session, unlisted) if unlisted else set()
    return {child_id: child for child_id, child in gathered.items() if child_id not in gone}


def _gather_carried(session: Session, gathered: dict[int, _Gathered], meeting: Meeting, facts: MeetingFacts) -> None:
    area_id, today = meeting.area_id or 0, facts.today
    for child, row in _collect(gathered, passed_on.items_passed_on(session, area_id, facts.held_on)):
        kind = CarriedKind(row.outcome.value)
        reason = row.deferred_reason if kind is CarriedKind.DEFERRED else row.not_reached_reason
        child.carried.append(CarriedOver(row.meeting, kind, reason))
    for child, row in _collect(gathered, passed_on.unreached_items(session, area_id, meeting.key, today)):
        by_hand = (reason["text"] for reason in row.reasons if reason["code"] == ReasonCode.ADDED_BY_HAND)
        child.carried.append(CarriedOver(row.meeting, CarriedKind.NOT_REACHED, next(by_hand, ""), by_hand=True))
    rows = passed_on.passed_on_by_hand(session, area_id, meeting.key, facts.held_on, today)
    for child, row in _collect(gathered, rows):
        added = row.kind is AdjustmentKind.ADDED
        kind = CarriedKind.NOT_REACHED if added else CarriedKind.DEFERRED
        reason = f"Added by hand: {row.reason}" if added else row.reason
        child.carried.append(CarriedOver(row.meeting, kind, reason, by_hand=True))


def _collect(gathered: dict[int, _Gathered], rows: Iterable[Any]) -> list[tuple[_Gathered, Any]]:
    return [(gathered.setdefault(row.child_id, _Gathered(row)), row) for row in rows]


def _births(facts: MeetingFacts, configuration: Partnership) -> list[tuple[date | None, date]]:
    """Give the births that a transition rule concerns: 17 since the last meeting, and old enough for a step."""
    ages = configuration.ratings.ages
    months = 12 * ages.transition_planning
    earlier = None if facts.previous_on is None else after_months(facts.previous_on, -months) - timedelta(days=1)
    latest = max(facts.held_on, facts.today)
    return [
        (earlier, after_months(facts.held_on, -months)),
        (None, after_months(latest, -min(ages.adult_services_months, ages.weekly_months))),
    ]


def referral_facts(row: Any, calendar: WorkingCalendar, answer_working_days: int) -> ReferralFacts:
    """Give a referral, or a row with its columns, as the rules take it."""
    returned_on = None
    if row.state is ReferralState.RETURNED and row.answered_at is None and row.decided_at is not None:
        returned_on = london_date(row.decided_at)
    accepted = row.state is ReferralState.ACCEPTED
    return ReferralFacts(
        received_at=row.received_at, accepted=accepted, accepted_at=row.decided_at if accepted else None,
        urgent=row.urgent, repeat=row.repeat, returned_on=returned_on,
        answer_due_on=calendar.add_working_days(returned_on, answer_working_days) if returned_on else None,
    )  # fmt: skip


def strategy_facts(row: Any) -> StrategyOutcome:
    """Give a strategy discussion, or a row with its columns, as the rules take it."""
    if row.state is DiscussionState.REQUESTED:
        return StrategyOutcome(None, row.asked_at, due_on=row.due_on)
    return StrategyOutcome(row.happened_on, row.recorded_at, not_held=row.state is DiscussionState.NOT_HELD)


def _adjustments(rows: Sequence[tuple[_Gathered, Any]]) -> dict[int, Adjustments]:
    """Read what people changed, in order: whoever is added after being deferred is back on the agenda."""
    by_child: defaultdict[int, list[Any]] = defaultdict(list)
    for _child, row in rows:
        by_child[row.child_id].append(row)
    read = {}
    for child_id, changes in by_child.items():
        added, deferred, place = None, None, None
        for change in changes:
            if change.kind is AdjustmentKind.ADDED:
                added, deferred = HandAdded(change.reason, change.made_at), None
            elif change.kind is AdjustmentKind.DEFERRED:
                deferred = HandDeferred(change.reason, change.made_at)
            else:
                place = change.place
        read[child_id] = Adjustments(added, deferred, place)
    return read


def cut_off_in_words(meeting: Meeting, configuration: Partnership, calendar: WorkingCalendar) -> str:
    """Say until when new items are taken, in London time."""
    rule = configuration.rmm.cut_off
    day, wall_clock = cut_off_of(meeting.held_on, calendar, rule.working_days, rule.time)
    return f"{day_in_words(day)}, {wall_clock:%H:%M}"
