"""Closing a meeting: it refuses while an item is undecided, then everything takes effect in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.cse_list.homing import lock_homes, rehome_area
from meetings_app.errors import Conflict, DomainError, RuleBroken
from meetings_app.meetings import queries
from meetings_app.meetings.attendance_facts import check_attendance
from meetings_app.meetings.cases import case_of, cases_without_gate
from meetings_app.meetings.closing_checks import checks_before_closing, unsaved_items
from meetings_app.meetings.deciding import stored_answers, stored_decision, undecided_items
from meetings_app.meetings.decisions import Case, ClosureAnswers, check_decision
from meetings_app.meetings.effects import ItemInHand, take_effect
from meetings_app.meetings.item_queries import items_of, unheard_changes
from meetings_app.meetings.item_scope import beside_items, children_of
from meetings_app.meetings.minutes import make_minutes
from meetings_app.meetings.minutes_passed import gone_past
from meetings_app.meetings.models import AgendaItem, ItemDecision, Minutes, Outcome, Stage
from meetings_app.meetings.needed import check_all
from meetings_app.meetings.overriding import check_reason, go_on_despite
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import check_first_in_line, check_in_progress, check_may_record
from meetings_app.permissions import Actor
from meetings_app.ratings.rules import is_quorate
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.office import Office
from meetings_app.schedule.rules import check_move

NOT_READY = "it is not ready: ask somebody who may see it"
"""All that is said of an item to whoever is kept from it."""
NOT_SAVED = "something typed on it is not saved: open it and save it"


@dataclass(frozen=True)
class Obstacle:
    """Why an item keeps the meeting open, in words that follow its number."""

    number: str
    why: str


class StillOpen(DomainError):
    """The meeting cannot be closed yet; `obstacles` name each item and why."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__("Every item has to be decided or deferred before the meeting can be closed.")
        self.obstacles = obstacles


def obstacles_to_closing(session: Session, office: Office, meeting: Meeting) -> list[Obstacle]:
    """Give every item that is undecided, or whose decision breaks a rule with the attendance as it is now.

    Of an item that the reader is kept from by a conflict of interest it says nothing but that it is not ready.
    """
    seen = {item.key for item in items_of(session, meeting.key)}
    with beside_items(session, meeting):
        found = list(_obstacles(session, office, meeting))
    return [Obstacle(item.number, why if item.key in seen else NOT_READY) for item, why in found]


def _obstacles(session: Session, office: Office, meeting: Meeting) -> Iterator[tuple[AgendaItem, str]]:
    undecided = {item.key for item in undecided_items(session, meeting.key)}
    unsaved = unsaved_items(session, meeting)
    items, decisions = items_of(session, meeting.key), queries.decisions_of(session, meeting.key)
    cases = cases_without_gate(session, office, meeting, items)
    for item in items:
        if item.key in undecided:
            yield item, "nothing is decided"
            continue
        if item.key in unsaved:
            yield item, NOT_SAVED
            continue
        problem = _problem_of(session, office, meeting, item, decisions[item.key], cases[item.key])
        if problem:
            yield item, problem


def close_meeting(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, version: int, despite: str = "",
    although: str = "",
) -> Minutes:  # fmt: skip
    """Close a meeting: every decision takes effect, and the first version of the minutes is made from the facts.

    `despite` is why it is closed though nobody’s attendance is recorded, `although` why it is closed in spite of what
    `closing_checks` points out.

    Without quorum the ratings are provisional: they list and raise, but lower and close nothing. Raises `StillOpen`
    while an item is undecided, `Conflict` where the meeting changed since `version`, `DomainError` (also while an
    earlier meeting of the area is in progress), `RuleBroken` for `despite` or `although`,
    `NotFound`.
    """
    check_may_record(by, meeting)
    lock(session, meeting)
    if meeting.version != version:
        raise Conflict("Somebody else changed this meeting while your page was open. Look at it again.")
    check_in_progress(meeting)
    check_move(meeting.state, MeetingState.CLOSED)
    check_first_in_line(session, meeting)
    obstacles = obstacles_to_closing(session, office, meeting)
    if obstacles:
        raise StillOpen(obstacles)
    # Of the items that `by` may see: nobody is asked about what they are kept from.
    doubts = [doubt for doubt in checks_before_closing(session, office, meeting, now) if doubt.needs_reason]
    check_all(
        lambda: check_attendance(session, meeting.key, despite), lambda: check_reason(doubts, although, "although")
    )
    no_attendance = check_attendance(session, meeting.key, despite)
    go_on_despite(session, by, now, meeting, Stage.CLOSING, doubts, although, field="although")
    with beside_items(session, meeting):
        return _close(session, by, now, office, meeting, no_attendance, gone_past(doubts, although))


def _close(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, no_attendance: str,
    passed: Mapping[str, Any],
) -> Minutes:  # fmt: skip
    quorate = is_quorate(queries.present_agencies(session, meeting.key), office.partnership.rmm.quorum_agencies)
    in_hand = _in_hand(session, office, meeting)
    # A child who moved while on the agenda has the review in the new area, whose meetings hear it.
    areas = {meeting.area_id or 0} | {one.child.area_id for one in in_hand}
    lock_homes(session, areas)
    meeting.state, meeting.closed_at = MeetingState.CLOSED, now
    session.flush()
    take_effect(session, by, now, office, meeting, in_hand)
    for area_id in sorted(areas):
        rehome_area(session, by, now, area_id)
    record(session, by, now, EventKind.MEETING_CLOSED, meeting=meeting.reference, items=len(in_hand), quorate=quorate)
    before = {one.item.key: one.case.before for one in in_hand}
    return make_minutes(
        session, now, office, meeting, before, quorate=quorate, no_attendance=no_attendance, passed=passed
    )


def _in_hand(session: Session, office: Office, meeting: Meeting) -> list[ItemInHand]:
    """Read what the effects need before anything changes, so that no item sees what another one did.

    The quorum is that of the item: whoever was not in the room for it does not count.
    """
    items, decisions = items_of(session, meeting.key), queries.decisions_of(session, meeting.key)
    children = children_of(session, items)
    cases = cases_without_gate(session, office, meeting, items)
    return [
        ItemInHand(
            item, children[item.child_id], decisions[item.key], cases[item.key],
            provisional=not cases[item.key].quorate,
        )
        for item in items
    ]  # fmt: skip


def _problem_of(
    session: Session, office: Office, meeting: Meeting, item: AgendaItem, decision: ItemDecision, case: Case
) -> str:
    decided, answers = stored_decision(decision), ClosureAnswers()
    if decided.outcome is Outcome.CLOSED:
        if _is_news(session, item.child_id, decision.changed_at):
            return "a change in circumstances was reported after the closure was decided: read it and decide again"
        # A closure goes by the gate, too, which is read for it alone: few items of a meeting are closed.
        case, answers = (
            case_of(session, office, meeting, item, at_the_end=True),
            stored_answers(session, meeting, item),
        )
    try:
        check_decision(decided, answers, case, office.partnership.ratings)
    except RuleBroken as broken:
        return broken.message[:1].lower() + broken.message[1:]
    return ""


def _is_news(session: Session, child_id: int, since: datetime) -> bool:
    """Say whether a change was reported after the decision: off the list, no later meeting would be sure to hear it."""
    return len(unheard_changes(session, child_id)) > len(unheard_changes(session, child_id, since))
