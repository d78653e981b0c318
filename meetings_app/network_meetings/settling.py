"""Closing a record at a network meeting: of each thing that is still open it is said whether it ends or goes on."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.meetings.network_models import NetworkDecision, NetworkItem
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import check_in_progress
from meetings_app.network_meetings.items import decision_of
from meetings_app.network_meetings.publishing import check_may_hold
from meetings_app.networks import passing_on
from meetings_app.networks.disrupting import Step, take_step
from meetings_app.networks.linking import end_link
from meetings_app.networks.models import Disruption, Subject, SubjectChild, SubjectLink
from meetings_app.networks.states import DisruptionState
from meetings_app.networks.still_open import KINDS, Kind, OpenThing, still_open
from meetings_app.networks.subjects import close_subject
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting

_NOTHING_SAID = "Nothing was said of it at this meeting."


@dataclass(frozen=True)
class Becomes:
    """What becomes of one open thing, and why; None where nothing is said yet."""

    ends: bool | None
    why: str = ""


def open_things(session: Session, item: NetworkItem) -> list[OpenThing]:
    """Give what is still open at the subject of an item, as far as the reader sees it; of a referral nothing is."""
    if item.subject_id is None:
        return []
    return still_open(session, session.get_one(Subject, item.subject_id), item.parts)


def unsettled(session: Session, item: NetworkItem, decided: NetworkDecision) -> list[OpenThing]:
    """Give the open things of which nothing is said, or that were said to end and cannot by now."""
    said = decided.settled
    return [each for each in open_things(session, item) if each.key not in said or _ends_busy(each, said[each.key])]


def counted(things: list[OpenThing]) -> list[str]:
    """Say how many there are of each kind."""
    numbers = Counter(each.kind for each in things)
    return [f"{numbers[kind]} {KINDS[kind][0 if numbers[kind] == 1 else 1]}" for kind in Kind if numbers[kind]]


def settle(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: NetworkItem, version: int,
    said: Mapping[str, Becomes],
) -> None:  # fmt: skip
    """Record what becomes of each open thing if the record is closed; it takes effect with the closure.

    For the network chair while the meeting is held. Raises `RuleBroken` for `how_` or `why_` with the key of a thing,
    `Conflict` since `version`, `DomainError`, `NotFound`.
    """
    check_may_hold(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    decided = decision_of(session, item)
    if decided.version != version:
        raise Conflict("Somebody else saved this item first. Look at it again.")
    things = open_things(session, item)
    problems = [problem for each in things if (problem := _problem(each, said.get(each.key, Becomes(None))))]
    if problems:
        raise RuleBroken(problems[0].field, problems[0].message, problems[1:])
    decided.settled = {**decided.settled, **{each.key: _kept(each, said[each.key]) for each in things}}
    decided.changed_at, decided.changed_by_id = now, by.account_id
    session.flush()
    record(session, by, now, EventKind.DECISION_RECORDED, number=item.number, meeting=meeting.reference)


def take_effect(session: Session, by: Actor, now: datetime, item: NetworkItem, review_on: date) -> None:
    """End what the meeting said to end, and let the rest go on: a record that belonged to it is heard next time.

    To be called past the actor’s scope, before the record itself is closed. What nobody could be asked of, for a
    conflict of interest kept the chair from it, goes on: it ends only where another chair, who sees it, says so. What
    was over before is left out of the minutes, where it would read as if this meeting had let it go on; what was said
    of it stays with the decision.
    """
    subject, things = session.get_one(Subject, item.subject_id), open_things(session, item)
    decided = decision_of(session, item)
    open_now = {each.key: {**_stands(each, decided.settled), "open": True} for each in things}
    decided.settled = {key: {**said, "open": False} for key, said in decided.settled.items()} | open_now
    for thing in things:
        said = decided.settled[thing.key]
        if said["ends"]:
            _end(session, by, now, subject, thing, said["why"])
        elif thing.kind is Kind.RECORD:
            session.get_one(Subject, thing.id).review_on = review_on
    session.flush()


def _end(session: Session, by: Actor, now: datetime, subject: Subject, thing: OpenThing, why: str) -> None:
    if thing.kind is Kind.RECORD:
        part = session.get_one(Subject, thing.id)
        close_subject(session, by, now, part, part.version, why)
    elif thing.kind is Kind.PASSED:
        action = session.get_one(Action, thing.id)
        passing_on.end(session, by, now, session.scalars(passing_on.now_watched(action)).one(), action, why)
    elif thing.kind is Kind.ORDER:
        order = session.get_one(Disruption, thing.id)
        step = Step(DisruptionState.ENDED, london_date(now), why)
        take_step(session, by, now, session.get_one(Subject, order.subject_id), order, order.version, step)
    else:
        model: Any = SubjectLink if thing.kind is Kind.LINK else SubjectChild
        link = session.scalars(select(model).where(col(model.id) == thing.id)).one()
        end_link(session, by, now, subject, link, why)


def _problem(thing: OpenThing, said: Becomes) -> RuleBroken | None:
    if said.ends is None:
        return RuleBroken(f"how_{thing.key}", f"Choose what becomes of {thing.words}")
    if said.ends and thing.busy:
        return RuleBroken(f"how_{thing.key}", f"{thing.words} cannot end while {thing.busy} is open: let it go on")
    if said.ends and not said.why.strip():
        return RuleBroken(f"why_{thing.key}", f"Enter why {thing.words} ends")
    return None


def _kept(thing: OpenThing, said: Becomes) -> dict[str, Any]:
    return {
        "ends": bool(said.ends), "why": said.why.strip(), "words": thing.words, "subjects": list(thing.subjects),
        "children": list(thing.children),
    }  # fmt: skip


def _stands(thing: OpenThing, settled: Mapping[str, Any]) -> dict[str, Any]:
    """Give what becomes of a thing: what was said, or that it goes on where that cannot be or nothing was said."""
    said = settled.get(thing.key)
    if said is None or _ends_busy(thing, said):
        return _kept(thing, Becomes(ends=False, why=_NOTHING_SAID))
    return dict(said)


def _ends_busy(thing: OpenThing, said: Mapping[str, Any]) -> bool:
    return bool(said["ends"] and thing.busy)
