"""What the big screen of the room shows: of the item that the room is at, only what everybody there may see.

No name of a child and no free text stands on it, so nothing that was typed about a child is read from the wall: the
reference, dates, ratings and numbers. What the facts come from is read narrowed to each person in the room at once.
Whoever is there without an account may see nothing here, and then the reference stands alone (our default).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.queries import actors_of
from meetings_app.actions.models import Action
from meetings_app.actions.queries import is_open
from meetings_app.clock import london_date
from meetings_app.db.session import together_with
from meetings_app.meetings import queries
from meetings_app.meetings.bringing_up import openings_of, time_at
from meetings_app.meetings.item_scope import child_of
from meetings_app.meetings.item_times import ItemTime, Opening
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.presence import Room, quorum_of, room_of
from meetings_app.meetings.reasons import ReasonCode
from meetings_app.meetings.statement import still_to_be_read_to
from meetings_app.plans.models import SafetyPlan
from meetings_app.ratings.queries import ratings_of
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office

LEAVES_FIRST = "Nothing of this item is shown until whoever has a conflict of interest has left the room."
NOT_YOURS = "Nothing of this item is shown to the person who is signed in here."
NOT_EVERYBODY = "Only the reference is shown: not everybody in the room may read about this child here."
_REASONS = {
    ReasonCode.NEW_REFERRAL: "New referral",
    ReasonCode.REVIEW_DUE: "Review due",
    ReasonCode.CHANGE_IN_CIRCUMSTANCES: "Change in circumstances",
    ReasonCode.CARRIED_OVER: "Carried over from an earlier meeting",
    ReasonCode.PROVISIONAL_RATING: "Provisional rating",
    ReasonCode.TRANSITION: "Transition to adult services",
    ReasonCode.CLOSURE_PROPOSED: "Closure proposed",
    ReasonCode.OVERDUE_ACTION: "Overdue action",
    ReasonCode.STRATEGY_OUTCOME: "Outcome of a strategy discussion",
    ReasonCode.ADDED_BY_HAND: "Added by a chair or a coordinator",
}
"""The reasons without the words that somebody typed to them."""


@dataclass(frozen=True)
class ItemFacts:
    """What everybody in the room may see of the item: no words that somebody typed."""

    reasons: tuple[str, ...]
    ratings: Sequence[Any]
    plan_written_on: date | None
    open_actions: int
    overdue_actions: int


@dataclass(frozen=True)
class Screen:
    """The big screen. Without a `number` the room is at no item; `kept_back` says why less is shown than there is."""

    number: str = ""
    place: int = 0
    items: int = 0
    child_id: int | None = None
    reference: str = ""
    time: ItemTime | None = None
    quorum: str = ""
    kept_back: str = ""
    facts: ItemFacts | None = None
    statement_waits: int = 0


def screen_of(session: Session, office: Office, meeting: Meeting, now: datetime) -> Screen:
    """Give what the big screen shows now."""
    openings = openings_of(session, meeting.key)
    waits = len(still_to_be_read_to(session, meeting))
    if not openings:
        return Screen(statement_waits=waits)
    number, numbers = openings[-1].number, list(queries.outcomes_of(session, meeting.key))
    place = numbers.index(number) + 1
    item = queries.find_item(session, meeting.key, number)
    if item is None:
        return Screen(number, place, len(numbers), kept_back=NOT_YOURS, statement_waits=waits)
    room, time = room_of(session, meeting, item), time_at(openings, meeting, item, now)
    if room.still_to_leave:
        return Screen(number, place, len(numbers), time=time, kept_back=LEAVES_FIRST, statement_waits=waits)
    facts = _facts(session, meeting, item, room)
    return Screen(
        number, place, len(numbers), item.child_id, child_of(session, item).reference, time,
        quorum_of(session, room, office).sentence, "" if facts else NOT_EVERYBODY, facts, waits,
    )  # fmt: skip


def mark_of_screen(session: Session, meeting: Meeting) -> str:
    """Give a short mark that changes with what the screen shows; it says nothing of a child."""
    openings: list[Opening] = openings_of(session, meeting.key)
    said: list[Any] = [meeting.state.value, len(openings), len(still_to_be_read_to(session, meeting))]
    item = queries.find_item(session, meeting.key, openings[-1].number) if openings else None
    if item is not None:
        said += [[each.attendance_id, each.away, each.conflict] for each in room_of(session, meeting, item).people]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def who_may_not_see(session: Session, meeting: Meeting, item: AgendaItem) -> list[str]:
    """Name those in the room who may not see the item here, for whoever records: the screen keeps to the reference."""
    room = room_of(session, meeting, item)
    actors = {actor.account_id: actor for actor in actors_of(session, room.accounts)}
    found = []
    for person in room.people:
        if not person.there:
            continue
        actor = actors.get(person.account_id)
        if actor is not None:
            with together_with(session, [actor]):
                if queries.find_item(session, meeting.key, item.number) is not None:
                    continue
        found.append(person.name)
    return found


def _facts(session: Session, meeting: Meeting, item: AgendaItem, room: Room) -> ItemFacts | None:
    """Read the facts as each person in the room may see them; None where somebody may not see the item itself.

    Nor are there any while nobody is recorded as present: who is in the room is then not known.
    """
    actors = actors_of(session, room.accounts)
    there = sum(1 for person in room.people if person.there)
    if not there or len(actors) < there:
        return None
    with together_with(session, actors):
        if queries.find_item(session, meeting.key, item.number) is None:
            return None
        child_id = item.child_id
        late = func.count(col(Action.id)).filter(col(Action.due_on) < (meeting.opened_on or meeting.held_on))
        actions = session.execute(
            select(func.count(col(Action.id)), late).where(col(Action.child_id) == child_id, is_open())
        ).one()
        written = session.scalars(
            select(func.max(col(SafetyPlan.written_at))).where(col(SafetyPlan.child_id) == child_id)
        ).one()
        return ItemFacts(
            reasons=tuple(_REASONS[ReasonCode(reason["code"])] for reason in item.reasons),
            ratings=ratings_of(session, child_id)[:4],
            plan_written_on=london_date(written) if written else None,
            open_actions=actions[0], overdue_actions=actions[1],
        )  # fmt: skip
