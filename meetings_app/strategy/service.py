"""Asking for a strategy discussion, and recording what came of it. What was recorded is never changed.

The caller has asked whether the person may: beside a child by `children.service.check_may`, at a meeting by whoever
records it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.ages import age_on
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.db.references import unused_references
from meetings_app.errors import RuleBroken
from meetings_app.permissions import Actor
from meetings_app.schedule.office import Office
from meetings_app.strategy.models import DiscussionState, StrategyDiscussion, StrategyRecord
from meetings_app.strategy.queries import is_open
from meetings_app.strategy.rules import About, check_about, check_day, check_minimum, missing


@dataclass(frozen=True)
class Asked:
    """Why a discussion is asked for: the codes of the triggers, and what somebody says about them."""

    triggers: Collection[str]
    why: str = ""
    about: About = About.CHILD


@dataclass(frozen=True)
class Held:
    """What came of a discussion. `took_part` holds names by the code of who takes part."""

    held_on: date
    took_part: Mapping[str, str] = field(default_factory=dict)
    others: str = ""
    missing_reason: str = ""
    outcome: str = ""
    actions: str = ""


@dataclass(frozen=True)
class NotHeld:
    """Which manager decided that it is not held, when and why."""

    decided_on: date
    manager: str
    reason: str


def request(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    child: Child,
    asked: Asked,
    *,
    meeting_id: int | None = None,
    due_on: date | None = None,
    reference: str = "",
) -> StrategyDiscussion:
    """Ask for a strategy discussion; it comes back to the RMM until its outcome is recorded.

    Without `due_on` it is due after the partnership's working days. `reference` is one that is not in use yet, where
    the caller asks for several discussions. Raises `RuleBroken` for `triggers` or `about`.
    """
    rules, today = office.partnership.ratings.strategy, london_date(now)
    known = {trigger.code for trigger in rules.triggers}
    if not asked.triggers or not set(asked.triggers) <= known:
        raise RuleBroken("triggers", "Choose why a strategy discussion is asked for")
    check_about(asked.about, age_on(child.born, max(today, child.born)), office.partnership.ratings.ages.adult)
    discussion = StrategyDiscussion(
        reference=reference or references(session, 1)[0], child_id=child.key, about=asked.about,
        triggers=[trigger.code for trigger in rules.triggers if trigger.code in asked.triggers],
        asked_at=now, asked_by_id=by.account_id, asked_at_meeting_id=meeting_id,
        due_on=due_on or office.calendar.add_working_days(today, rules.request_working_days),
    )  # fmt: skip
    session.add(discussion)
    session.flush()
    session.add(
        StrategyRecord(
            discussion_id=discussion.key, at=now, by_id=by.account_id, meeting_id=meeting_id,
            kind=DiscussionState.REQUESTED, happened_on=today, took_part=[], missing=[], why=asked.why.strip(),
        )
    )  # fmt: skip
    session.flush()
    _audit(session, by, now, EventKind.STRATEGY_REQUESTED, discussion)
    return discussion


def references(session: Session, count: int) -> list[str]:
    """Give so many references of discussions that are not in use yet."""
    return unused_references(session, col(StrategyDiscussion.reference), "SD", count)


def record_held(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    discussion: StrategyDiscussion,
    held: Held,
    *,
    meeting_id: int | None = None,
) -> None:
    """Record when a discussion was held, who took part, and what came of it.

    A later record stands beside the earlier ones. Raises `RuleBroken` for `happened_on`, `outcome` or, where somebody
    of the minimum is missing, `missing_reason`.
    """
    session.refresh(discussion, with_for_update=True)
    rules = office.partnership.ratings.strategy
    _check_day(session, office, discussion, held.held_on, now)
    check_minimum(held.took_part, held.missing_reason, rules)
    if not held.outcome.strip():
        raise RuleBroken("outcome", "Enter what came of the discussion")
    took_part = [
        {"code": one.code, "label": one.label, "names": held.took_part[one.code].strip()}
        for one in rules.participants
        if held.took_part.get(one.code, "").strip()
    ]
    if held.others.strip():
        took_part.append({"code": "others", "label": "Others", "names": held.others.strip()})
    said = StrategyRecord(
        discussion_id=discussion.key, at=now, by_id=by.account_id, meeting_id=meeting_id, kind=DiscussionState.HELD,
        happened_on=held.held_on, took_part=took_part, missing=missing([one["code"] for one in took_part], rules),
        why=held.missing_reason.strip(), outcome=held.outcome.strip(), actions=held.actions.strip(),
    )  # fmt: skip
    _keep(session, discussion, said)
    _audit(session, by, now, EventKind.STRATEGY_HELD, discussion)


def record_not_held(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    discussion: StrategyDiscussion,
    not_held: NotHeld,
    *,
    meeting_id: int | None = None,
) -> None:
    """Record which manager decided that it is not held, and why; it records a consideration, too (SG).

    A later record stands beside the earlier ones. Raises `RuleBroken` for `happened_on`, `manager` or `reason`.
    """
    session.refresh(discussion, with_for_update=True)
    _check_day(session, office, discussion, not_held.decided_on, now)
    if not not_held.manager.strip():
        raise RuleBroken("manager", "Enter the name of the manager who decided")
    if not not_held.reason.strip():
        raise RuleBroken("reason", "Enter why it is not held")
    said = StrategyRecord(
        discussion_id=discussion.key, at=now, by_id=by.account_id, meeting_id=meeting_id,
        kind=DiscussionState.NOT_HELD, happened_on=not_held.decided_on, took_part=[], missing=[],
        manager=not_held.manager.strip(), why=not_held.reason.strip(),
    )  # fmt: skip
    _keep(session, discussion, said)
    _audit(session, by, now, EventKind.STRATEGY_NOT_HELD, discussion)


def end_requested(
    session: Session, by: Actor, now: datetime, office: Office, child_id: int, manager: str, reason: str
) -> None:
    """Record of every discussion that is still to be held why it is not: the child has died. No meeting hears it."""
    asked_for = select(StrategyDiscussion).where(col(StrategyDiscussion.child_id) == child_id, is_open())
    for discussion in session.scalars(asked_for.order_by(col(StrategyDiscussion.id))).all():
        record_not_held(session, by, now, office, discussion, NotHeld(london_date(now), manager, reason))


def _keep(session: Session, discussion: StrategyDiscussion, said: StrategyRecord) -> None:
    """Append what was said, and let the discussion stand where the last record says; the next RMM hears it."""
    session.add(said)
    discussion.state, discussion.recorded_at, discussion.happened_on = said.kind, said.at, said.happened_on
    discussion.heard_at_meeting_id = None
    session.flush()


def _audit(session: Session, by: Actor, now: datetime, kind: EventKind, discussion: StrategyDiscussion) -> None:
    record(session, by, now, kind, discussion.child_id, discussion=discussion.reference)


def _check_day(session: Session, office: Office, discussion: StrategyDiscussion, day: date, now: datetime) -> None:
    born, asked_on = session.get_one(Child, discussion.child_id).born, london_date(discussion.asked_at)
    check_day(day, london_date(now), asked_on, born, office.partnership.ratings.strategy)
