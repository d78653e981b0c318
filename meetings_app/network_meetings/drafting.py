"""Drafts the agenda of a network meeting from the database: facts of everything open, then the rules of `agenda`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.clock import at_london, london_date
from meetings_app.meetings.item_scope import whole_agenda
from meetings_app.meetings.models import AdjustmentKind
from meetings_app.meetings.network_models import PUT_OFF, NetworkOutcome
from meetings_app.network_meetings import fact_queries as fetch
from meetings_app.network_meetings.agenda import Draft, draft
from meetings_app.network_meetings.facts import (
    ByHand,
    Carried,
    Code,
    Due,
    Found,
    Moved,
    Occasion,
    Order,
    ReferralFacts,
    Situation,
    SubjectFacts,
    Suggested,
)
from meetings_app.networks.charmm import open_referrals
from meetings_app.networks.rules import suggested_links
from meetings_app.networks.states import CHILD_TIES, DISRUPTION_STATES, TIES, ReferralState, SubjectKind
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import following_meeting
from meetings_app.schedule.rules import cut_off

_HOW = {
    NetworkOutcome.DEFERRED: "Deferred at",
    NetworkOutcome.NOT_REACHED: "Not reached at",
}
_CANCELLED = "On the agenda of"
Key = tuple[int | None, int | None]


@dataclass
class _Known:
    """What is known of one subject so far, or of one referral."""

    found: list[Found] = field(default_factory=list)
    suggested: list[Suggested] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    due: list[Due] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)
    heard: bool = False
    added: ByHand | None = None
    deferred: ByHand | None = None
    moved: Moved | None = None


@dataclass(frozen=True)
class _Same:
    """Which records are one subject: by each that points to another one, the last of them."""

    kept: dict[int, int]

    def of(self, subject_id: Any) -> Any:
        """Give the record on which a subject is read; None stays None, as for a referral."""
        return self.kept.get(subject_id, subject_id)

    def also(self, subject_id: int | None) -> tuple[int, ...]:
        """Give the record itself where it points to another one: whoever reads of it has to see it, too."""
        return (subject_id,) if subject_id is not None and subject_id in self.kept else ()

    def both(self, subject_id: int) -> tuple[int, ...]:
        """Give all that whoever reads of a record has to see."""
        return (self.of(subject_id), *self.also(subject_id))


def draft_of(session: Session, office: Office, meeting: Meeting, now: datetime) -> Draft:
    """Draft the whole agenda of a network meeting; whoever shows it narrows it to the reader."""
    return draft(situation_of(session, office, meeting, now), office.partnership.network)


def situation_of(session: Session, office: Office, meeting: Meeting, now: datetime) -> Situation:
    """Read the facts about everything that is open, for this meeting.

    What stands on a record that points to another one is a fact about that other one, whose reader sees both.
    """
    with whole_agenda(session):
        subjects, same = fetch.open_subjects(session), _Same(fetch.kept_records(session))
        known: defaultdict[Key, _Known] = defaultdict(_Known)
        links = fetch.running_links(session)
        _gather_links(session, known, subjects, links, same)
        _gather_work(session, known, same)
        _gather_past(session, known, meeting, same)
        referrals = fetch.waiting_referrals(session)
        occasion = occasion_of(session, office, meeting, now)
    return Situation(
        occasion,
        tuple(_subject(row, known[row.id, None]) for row in subjects),
        tuple(_referral(row, known[None, row.id]) for row in referrals),
        tuple((same.of(row.first_id), same.of(row.second_id)) for row in links),
    )


def occasion_of(session: Session, office: Office, meeting: Meeting, now: datetime) -> Occasion:
    """Give the meeting as the rules take it. Where no next one stands, the usual interval is taken."""
    following, last = following_meeting(session, meeting), fetch.last_held(session, meeting)
    return Occasion(
        meeting.reference, meeting.held_on, london_date(now), meeting.minutes, cut_off_moment(office, meeting),
        following.held_on if following else usual_following(office, meeting), last.closed_at if last else None,
    )  # fmt: skip


def usual_following(office: Office, meeting: Meeting) -> date:
    """Give the day of the next meeting by the rhythm alone."""
    return meeting.held_on + timedelta(days=office.partnership.network.interval_days)


def cut_off_moment(office: Office, meeting: Meeting) -> datetime:
    """Give the moment until which new items are taken."""
    rule = office.partnership.network.cut_off
    return at_london(*cut_off(meeting.held_on, office.calendar, rule.working_days, rule.time))


def _gather_links(
    session: Session, known: defaultdict[Key, _Known], subjects: Sequence[Any], links: Sequence[Any], same: _Same
) -> None:
    names = {row.id: row.reference for row in subjects}
    for row in links:
        first, second = same.of(row.first_id), same.of(row.second_id)
        if first in names and second in names and first != second:
            text = f"New link: {names[first]} {TIES[row.tie]} {names[second]}"
            about = (*same.both(row.first_id), *same.both(row.second_id))
            known[first, None].found.append(Found(row.recorded_at, Code.LINK_FOUND, text, about))
    children: defaultdict[int, dict[int, str]] = defaultdict(dict)
    stands_on: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for row in fetch.children_linked(session):
        subject = same.of(row.subject_id)
        if subject not in names:
            continue
        children[subject][row.child_id] = row.reference
        stands_on[subject, row.child_id] |= {*same.also(row.subject_id)}
        text = f"New link: {row.reference} {CHILD_TIES[row.tie]} {names[subject]}"
        about = same.both(row.subject_id)
        known[subject, None].found.append(Found(row.recorded_at, Code.LINK_FOUND, text, about, (row.child_id,)))
    networks = {row.id for row in subjects if row.kind is SubjectKind.NETWORK}
    shared = {subject: linked for subject, linked in children.items() if subject not in networks}
    for pair, both in suggested_links(shared, fetch.known_pairs(session)).items():
        for subject in both:
            first_child, second_child = (children[subject][child] for child in pair)
            also = tuple(sorted(stands_on[subject, pair[0]] | stands_on[subject, pair[1]]))
            known[subject, None].suggested.append(Suggested(first_child, second_child, pair, also))


def _gather_work(session: Session, known: defaultdict[Key, _Known], same: _Same) -> None:
    def of(row: Any) -> _Known:
        return known[same.of(row.subject_id), None]

    for row in fetch.orders_running(session):
        state = DISRUPTION_STATES[row.state].lower()
        if row.state.value != "granted" or row.expires_on is not None:
            of(row).orders.append(Order(row.reference, state, row.expires_on, same.also(row.subject_id)))
    for row in fetch.open_actions(session):
        of(row).due.append(Due(Code.OPEN_ACTION, row.reference, row.due_on, also=same.also(row.subject_id)))
    for row in fetch.actions_of_rmms(session):
        about, also = (row.child_id,) if row.child_id is not None else (), same.also(row.subject_id)
        of(row).due.append(Due(Code.OPEN_ACTION, row.reference, row.due_on, about, also))
        text, subjects = f"Action {row.reference} of an RMM is passed on", same.both(row.subject_id)
        of(row).found.append(Found(row.passed_at, Code.OPEN_ACTION, text, subjects, about))
    for row in open_referrals(session):
        of(row).due.append(Due(Code.CHARMM, row.reference, row.comes_back_on, also=same.also(row.subject_id)))
    for row in fetch.authorities_named(session):
        text, subjects = f"Touches another authority: {row.authority}", same.both(row.subject_id)
        of(row).found.append(Found(row.recorded_at, Code.CROSS_BORDER, text, subjects))


def _gather_past(session: Session, known: defaultdict[Key, _Known], meeting: Meeting, same: _Same) -> None:
    """Bring back what an earlier meeting put off, did not reach or could not hear, until one has heard it."""
    heard: dict[Key, date] = {}
    told: set[Key] = set()
    for row in fetch.earlier_items(session):
        key = (same.of(row.subject_id), row.referral_id)
        if row.state is not MeetingState.CANCELLED and row.outcome not in PUT_OFF:
            for each in (key, (same.of(row.became_id), None)):
                heard.setdefault(each, row.held_on)
                known[each].heard = known[each].heard or each != (None, None)
        elif key not in told and heard.get(key, date.min) < row.held_on:
            told.add(key)
            how = _HOW.get(row.outcome, _CANCELLED) if row.state is not MeetingState.CANCELLED else _CANCELLED
            reason = row.put_off_reason if row.state is not MeetingState.CANCELLED else "it was cancelled"
            known[key].carried.append(Carried(row.reference, how, reason or "", same.also(row.subject_id)))
    _gather_by_hand(session, known, meeting, heard, told, same)


def _gather_by_hand(
    session: Session, known: defaultdict[Key, _Known], meeting: Meeting, heard: dict[Key, date], told: set[Key],
    same: _Same,
) -> None:  # fmt: skip
    passed: dict[Key, Carried | None] = {}
    for row in fetch.adjustments(session):
        key, also = (same.of(row.subject_id), row.referral_id), same.also(row.subject_id)
        if row.meeting_id == meeting.key:
            # A record that points to this one is put on the agenda with it; it takes nothing off, and moves nothing.
            if not also or row.kind is AdjustmentKind.ADDED:
                _by_hand(known[key], row, also)
        elif row.kind is AdjustmentKind.MOVED:
            continue  # A place holds for the agenda it was given on.
        elif row.held_on <= meeting.held_on and heard.get(key, date.min) < row.held_on:
            over = row.state in (*fetch.HELD, MeetingState.CANCELLED)
            how = "Deferred from" if row.kind is AdjustmentKind.DEFERRED else "Added by hand to"
            passed[key] = Carried(row.reference, how, row.reason, also) if over else None
    for key, carried in passed.items():
        if carried is not None and key not in told:
            known[key].carried.append(carried)


def _by_hand(known: _Known, row: Any, also: tuple[int, ...]) -> None:
    """Take a change by hand: whoever is added after being deferred is back on the agenda."""
    change = ByHand(row.reason, row.made_at, also)
    if row.kind is AdjustmentKind.MOVED:
        known.moved = Moved(row.place, row.reason)
    elif row.kind is AdjustmentKind.ADDED:
        known.added, known.deferred = change, None
    else:
        known.deferred = change


def _subject(row: Any, known: _Known) -> SubjectFacts:
    return SubjectFacts(
        row.id, row.reference, row.kind.value, row.review_on, london_date(row.opened_at), known.heard,
        tuple(known.found), tuple(known.suggested), tuple(known.orders), tuple(known.due), tuple(known.carried),
        known.added, known.deferred, known.moved,
    )  # fmt: skip


def _referral(row: Any, known: _Known) -> ReferralFacts:
    returned = row.state is ReferralState.RETURNED and row.decided_at is not None
    return ReferralFacts(
        row.id, row.reference, row.received_at, london_date(row.decided_at) if returned else None,
        tuple(known.carried), known.deferred, known.moved,
    )  # fmt: skip
