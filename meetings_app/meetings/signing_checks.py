"""What keeps a closure from being signed: whatever came to be known after the meeting had decided it.

The meeting closed the child by what it knew. Off the list, no RMM would be sure to hear what came later, so that the
closure goes back to the next RMM, which decides again (`domain.md`, "The list" 7 and "The closure gate").
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action
from meetings_app.actions.queries import is_open
from meetings_app.children.ages import age_on
from meetings_app.children.models import Child
from meetings_app.cse_list.models import Closure
from meetings_app.db.session import unscoped_while
from meetings_app.errors import RuleBroken
from meetings_app.meetings.closure_answers import check_adult
from meetings_app.meetings.gate import ClosureAnswers
from meetings_app.meetings.models import AgendaItem, ItemDecision
from meetings_app.partnership.definitions import Ratings
from meetings_app.referrals.models import ChangeInCircumstances, Referral, ReferralState
from meetings_app.referrals.rules import OPEN
from meetings_app.strategy.models import StrategyDiscussion
from meetings_app.strategy.queries import is_open as is_open_discussion
from meetings_app.text import day_in_words

AGAIN = "It cannot be signed as it is: the next RMM hears the child and decides again."


@dataclass(frozen=True)
class _Decided:
    """A closure, whose it is, and when the meeting decided it; `known_until` None once that has taken effect."""

    closure: Closure
    born: date
    known_until: datetime | None


def what_keeps(
    session: Session, configuration: Ratings, closure_ids: Collection[int], today: date
) -> dict[int, list[str]]:
    """Give, for each of these closures, why it cannot be signed today, in sentences; without any where it can.

    In a fixed number of statements. Past the actor's scope: what somebody may not see keeps the child as well, and
    only its day or its reference is told to the chairs of the child's area.
    """
    if not closure_ids:
        return {}
    with unscoped_while(session):
        decided = _decided(session, closure_ids)
        children = {one.closure.child_id for one in decided}
        changes, actions, discussed, referrals = (
            _changes(session, children),
            _actions(session, children),
            _discussed(session, children),
            _referrals(session, children),
        )
    kept = {}
    for one in decided:
        closure = one.closure
        found = [
            *(["A strategy discussion about the child is open: record its outcome before you sign."]
              if closure.child_id in discussed else []),
            *_news([row for row in changes if row.child_id == closure.child_id], one.known_until),
            *_referred([row for row in referrals if row.child_id == closure.child_id], one.known_until),
            *_unanswered([row for row in actions if row.child_id == closure.child_id], closure.meeting_id),
            *_grown_up(closure, age_on(one.born, today), configuration),
        ]  # fmt: skip
        if found:
            kept[closure.key] = found
    return kept


def plain_answers(closure: Closure) -> ClosureAnswers:
    """Give the answers of a closure as the rules take them, without the reasons beside what warns."""
    answers = {name: getattr(closure, name) for name in ClosureAnswers.__dataclass_fields__ if name != "reasons"}
    return ClosureAnswers(**answers)


def _decided(session: Session, closure_ids: Collection[int]) -> list[_Decided]:
    rows: Any = session.execute(
        select(Closure, col(Child.born), col(ItemDecision.changed_at), col(ItemDecision.took_effect_at))
        .join(Child, col(Child.id) == col(Closure.child_id))
        .outerjoin(
            AgendaItem,
            (col(AgendaItem.meeting_id) == col(Closure.meeting_id))
            & (col(AgendaItem.child_id) == col(Closure.child_id)),
        )
        .outerjoin(ItemDecision, col(ItemDecision.item_id) == col(AgendaItem.id))
        .where(col(Closure.id).in_(closure_ids))
    )
    return [
        _Decided(closure, born, changed_at if took_effect_at is None else None)
        for closure, born, changed_at, took_effect_at in rows
    ]


def _changes(session: Session, children: Collection[int]) -> list[Any]:
    wanted = (
        col(ChangeInCircumstances.child_id).in_(children), col(ChangeInCircumstances.heard_at_meeting_id).is_(None)
    )  # fmt: skip
    return list(
        session.execute(
            select(col(ChangeInCircumstances.child_id), col(ChangeInCircumstances.reported_at),
                   col(ChangeInCircumstances.happened_on))
            .where(*wanted)
            .order_by(col(ChangeInCircumstances.happened_on), col(ChangeInCircumstances.id))
        )
    )  # fmt: skip


def _referrals(session: Session, children: Collection[int]) -> list[Any]:
    waiting = (*OPEN, ReferralState.ACCEPTED)
    return list(
        session.execute(
            select(col(Referral.child_id), col(Referral.reference), col(Referral.received_at), col(Referral.decided_at))
            .where(col(Referral.child_id).in_(children), col(Referral.state).in_(waiting))
            .order_by(col(Referral.received_at), col(Referral.id))
        )
    )


def _actions(session: Session, children: Collection[int]) -> list[Any]:
    return list(
        session.execute(
            select(col(Action.child_id), col(Action.meeting_id), col(Action.reference))
            .where(col(Action.child_id).in_(children), is_open())
            .order_by(col(Action.due_on), col(Action.id))
        )
    )


def _discussed(session: Session, children: Collection[int]) -> set[int]:
    return set(
        session.scalars(
            select(col(StrategyDiscussion.child_id)).where(
                col(StrategyDiscussion.child_id).in_(children), is_open_discussion()
            )
        )
    )


def _news(changes: list[Any], known_until: datetime | None) -> list[str]:
    """A meeting that is closed has heard what it knew: whatever still waits came later."""
    later = [row.happened_on for row in changes if known_until is None or row.reported_at > known_until]
    if not later:
        return []
    days = ", ".join(day_in_words(day) for day in dict.fromkeys(later))
    return [f"A change in circumstances was reported after the meeting decided this closure ({days}). {AGAIN}"]


def _referred(referrals: list[Any], known_until: datetime | None) -> list[str]:
    """What a meeting hears of referrals are those that were received, and accepted where they are, when it decided."""
    waiting = [
        row.reference for row in referrals
        if known_until is None or max(row.received_at, row.decided_at or row.received_at) > known_until
    ]  # fmt: skip
    if not waiting:
        return []
    return [
        f"{'A referral' if len(waiting) == 1 else 'Referrals'} that the meeting did not hear with this closure "
        f"{'waits' if len(waiting) == 1 else 'wait'}: {', '.join(waiting)}. Decide what happens to it first. If it is "
        "accepted or already known, the next RMM hears the child and decides again."
    ]


def _unanswered(actions: list[Any], meeting_id: int) -> list[str]:
    """What the meeting itself gave follows the closure; everything else has to be answered before it."""
    others = [row.reference for row in actions if row.meeting_id != meeting_id]
    if not others:
        return []
    given = "An action" if len(others) == 1 else "Actions"
    return [
        f"{given} that the meeting did not give with this closure {'is' if len(others) == 1 else 'are'} open: "
        f"{', '.join(others)}. Record the answer first, or leave the closure to the next RMM."
    ]


def _grown_up(closure: Closure, age: int, configuration: Ratings) -> list[str]:
    """Whoever turned 18 since the meeting leaves with the support package, or “no ongoing need” said (SUR)."""
    try:
        check_adult(plain_answers(closure), age, configuration)
    except RuleBroken:
        return [f"The young person is {age} now, and the closure does not say what support follows. {AGAIN}"]
    return []
