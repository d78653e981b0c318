"""Closing a network meeting: it refuses while an item is undecided, then everything takes effect in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.meetings.attendance_facts import check_attendance
from meetings_app.meetings.closing import NOT_READY, NOT_SAVED, Obstacle, StillOpen
from meetings_app.meetings.item_scope import whole_agenda
from meetings_app.meetings.live_rows import settle_outside
from meetings_app.meetings.minutes import add_version
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.network_models import NetworkDecision, NetworkItem, NetworkOutcome
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.queries import present_agencies
from meetings_app.meetings.rest_read import check_listed
from meetings_app.meetings.running import check_first_in_line, check_in_progress
from meetings_app.network_meetings import actions, matters, settling, telling
from meetings_app.network_meetings.deciding import check, stored, undecided, unsaved
from meetings_app.network_meetings.items import decision_of, group_of, items_of
from meetings_app.network_meetings.minutes_facts import facts_of
from meetings_app.network_meetings.publishing import check_may_hold
from meetings_app.network_meetings.rules import missing_agencies, next_review
from meetings_app.networks import referring
from meetings_app.networks.models import NetworkReferral, Subject
from meetings_app.networks.states import ReferralState, SubjectState
from meetings_app.networks.subjects import close_subject
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import following_meeting
from meetings_app.schedule.rules import check_move

_ANSWERS = {
    NetworkOutcome.RETURNED: ReferralState.RETURNED,
    NetworkOutcome.NOT_TAKEN_UP: ReferralState.NO_ACTION,
}


@dataclass(frozen=True)
class _Read:
    """What the reader sees of an item: the rule that its decision breaks by that, and the children it goes on about."""

    broken: str
    children: frozenset[int]


def obstacles_to_closing(session: Session, office: Office, meeting: Meeting, today: date) -> list[Obstacle]:
    """Give every item, hidden ones too, that is undecided or whose decision breaks a rule as things are now.

    Of an item that the reader is kept from by a conflict of interest it says nothing but that it is not ready. An item
    that they see is held to what they see of it: what a conflict hides of a record that is closed is not theirs to
    answer, and goes on.
    """
    read = {
        item.key: _Read(
            _broken(session, office, meeting, item), frozenset(row.child_id for row in matters.of_item(session, item))
        )
        for item in items_of(session, meeting)
    }
    with whole_agenda(session):
        open_ids, typed = {item.key for item in undecided(session, meeting)}, unsaved(session, meeting)
        found = []
        for item in items_of(session, meeting):
            problem = "nothing is decided" if item.key in open_ids else NOT_SAVED if item.key in typed else ""
            problem = problem or _problem(session, office, meeting, item, today, read.get(item.key))
            if problem:
                found.append(Obstacle(item.number, problem if item.key in read else NOT_READY))
        return found


def _problem(
    session: Session, office: Office, meeting: Meeting, item: NetworkItem, today: date, read: _Read | None
) -> str:
    """Give what keeps an item from taking effect; a child whom the reader is kept from is not named to them."""
    problem = read.broken if read else _broken(session, office, meeting, item)
    late = matters.problems_of(session, item, today)
    told = [why for child, why in late.items() if read and child in read.children]
    return problem or _overtaken(session, item) or next(iter(told), NOT_READY if late else "")


def _broken(session: Session, office: Office, meeting: Meeting, item: NetworkItem) -> str:
    try:
        check(session, office, meeting, item, stored(decision_of(session, item)))
    except RuleBroken as broken:
        return broken.message[:1].lower() + broken.message[1:]
    return ""


def _overtaken(session: Session, item: NetworkItem) -> str:
    """Say what happened meanwhile that keeps a decision from taking effect, or nothing."""
    decided = decision_of(session, item)
    if decided.known_id is not None and session.get_one(Subject, decided.known_id).state is not SubjectState.OPEN:
        return "the network it was to be added to is closed by now: choose another"
    if item.referral_id is not None and decided.outcome in (*_ANSWERS, NetworkOutcome.TAKEN_UP):
        state = session.get_one(NetworkReferral, item.referral_id).state
        if state not in referring.WAITING:
            return "the referral was answered on its own page meanwhile: say so, and put the item off"
    return ""


def undecided_numbers(session: Session, meeting: Meeting) -> set[str]:
    """Give the numbers of the items on which nothing is decided, hidden ones too."""
    with whole_agenda(session):
        return {item.number for item in undecided(session, meeting)}


def leave_the_rest(
    session: Session, by: Actor, now: datetime, meeting: Meeting, reason: str, listed: str | None = None
) -> int:
    """Say of every undecided item that it was not reached; gives how many. Pages of them that are open take it.

    Raises as `check_listed` does, `DomainError`, `NotFound`.
    """
    check_may_hold(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    with whole_agenda(session):
        rest = undecided(session, meeting)
        check_listed(listed, [item.number for item in rest])
        for item in rest:
            row = decision_of(session, item)
            row.outcome, row.put_off_reason = NetworkOutcome.NOT_REACHED, reason.strip()
            row.changed_at, row.changed_by_id = now, by.account_id
        session.flush()
        passed_on = {"outcome": NetworkOutcome.NOT_REACHED.value, "put_off_reason": reason.strip()}
        settle_outside(session, by, now, [(item, passed_on) for item in rest])
    record(session, by, now, EventKind.ITEM_NOT_REACHED, number="(the rest)", meeting=meeting.reference)
    return len(rest)


def close_meeting(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, version: int, despite: str = ""
) -> Minutes:
    """Close a network meeting: every decision takes effect, and the first version of the minutes is made.

    For the network chair; `despite` is why it is closed though nobody’s attendance is recorded. Raises `RuleBroken` for
    it, `StillOpen` while an item is undecided, `Conflict` where the meeting changed since
    `version`, `DomainError`, `NotFound`.
    """
    check_may_hold(by, meeting)
    lock(session, meeting)
    if meeting.version != version:
        raise Conflict("Somebody else changed this meeting while your page was open. Look at it again.")
    check_in_progress(meeting)
    check_move(meeting.state, MeetingState.CLOSED)
    check_first_in_line(session, meeting)
    obstacles = obstacles_to_closing(session, office, meeting, london_date(now))
    if obstacles:
        raise StillOpen(obstacles)
    no_attendance = check_attendance(session, meeting.key, despite)
    # Whoever closes the meeting may be kept from an item by a conflict of interest; it takes effect all the same.
    with whole_agenda(session):
        return _close(session, by, now, office, meeting, no_attendance)


def _close(session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, no_attendance: str) -> Minutes:
    rules = office.partnership.network
    quorate = not missing_agencies(present_agencies(session, meeting.key), rules.quorum_agencies, {})
    following = following_meeting(session, meeting)
    review_on = next_review(following.held_on if following else None, meeting.held_on, rules.interval_days)
    items = items_of(session, meeting)
    for item in items:
        _take_effect(session, by, now, office, meeting, item, review_on)
    telling.tell_owners(session, now, office, meeting)
    meeting.state, meeting.closed_at = MeetingState.CLOSED, now
    session.flush()
    record(session, by, now, EventKind.MEETING_CLOSED, meeting=meeting.reference, items=len(items), quorate=quorate)
    facts = facts_of(session, office, meeting, quorate=quorate) | {"no_attendance": no_attendance}
    return add_version(session, now, meeting.key, 1, facts)


def _take_effect(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, item: NetworkItem, review_on: date
) -> None:
    decided = decision_of(session, item)
    if item.referral_id is not None:
        _answer(session, by, now, office, item.referral_id, decided, review_on)
    elif decided.outcome is NetworkOutcome.CONTINUES:
        decided.next_review_on = review_on
        _review_again(session, group_of(item), review_on)
    elif decided.outcome is NetworkOutcome.CLOSED:
        subject = session.get_one(Subject, item.subject_id)
        settling.take_effect(session, by, now, item, review_on)
        if subject.state is SubjectState.OPEN and subject.merged_into_id is None:
            close_subject(session, by, now, subject, subject.version, decided.rationale)
    actions.confirm(session, by, now, item)
    matters.take_effect(session, by, now, meeting, item)
    decided.took_effect_at = now
    session.flush()


def _answer(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    referral_id: int,
    decided: NetworkDecision,
    review_on: date,
) -> None:
    referral = session.get_one(NetworkReferral, referral_id)
    if decided.outcome is NetworkOutcome.TAKEN_UP:
        known = session.get_one(Subject, decided.known_id) if decided.known_id is not None else None
        subject = referring.accept(session, by, now, office, referral, referral.version, decided.network_name, known)
        decided.became_id, decided.next_review_on = subject.key, review_on
        _review_again(session, [subject.key], review_on)
    elif decided.outcome in _ANSWERS:
        answer = _ANSWERS[decided.outcome]
        referring.turn_down(session, by, now, office, referral, referral.version, answer, decided.rationale)


def _review_again(session: Session, subject_ids: list[int], review_on: date) -> None:
    """Let a subject, and what is grouped under it, come back; what was closed or merged meanwhile stays so."""
    still = (col(Subject.state) == SubjectState.OPEN, col(Subject.merged_into_id).is_(None))
    for subject in session.scalars(select(Subject).where(col(Subject.id).in_(subject_ids), *still)):
        subject.review_on = review_on
    session.flush()
