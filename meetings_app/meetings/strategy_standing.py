"""Where a child stands with strategy discussions: what is suggested and why, and what is on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.children.ages import age_on
from meetings_app.partnership.strategy import StrategyRules
from meetings_app.ratings.queries import ratings_of
from meetings_app.referrals.of_child import changes_of
from meetings_app.strategy.models import DiscussionState
from meetings_app.strategy.queries import assessed_of, discussions_of, known_of, run_began_at
from meetings_app.strategy.rules import Changed, ChildFacts, Suggestion, suggestions
from meetings_app.strategy.words import ASKS, STATES, labels_of


@dataclass(frozen=True)
class DiscussionLine:
    """One discussion as a page lists it: why it is asked for, where it stands, and how late it is."""

    reference: str
    why: str
    about_other: bool
    state: str
    open: bool
    due_on: date
    happened_on: date | None
    late_days: int


@dataclass(frozen=True)
class StrategyStanding:
    """What is suggested, and the discussions, the newest first."""

    suggested: Sequence[Suggestion]
    lines: Sequence[DiscussionLine]

    @property
    def sentences(self) -> list[str]:
        """Each suggestion with its reason and what it asks for."""
        return [f"{each.text}: {ASKS[each.asks]}" for each in self.suggested]


def strategy_standing_of(
    session: Session, child: Any, rules: StrategyRules, today: date, *, listed: bool
) -> StrategyStanding:
    """Give where a child whom the actor sees stands; what is late is worked out as it is read.

    `child` is a child, or a row with `id`, `born` and `area_id`.
    """
    discussions = discussions_of(session, child.id)
    suggested = suggestions(_facts(session, child, rules, today, listed), known_of(discussions), rules)
    return StrategyStanding(suggested, [_line(each, rules, today) for each in discussions])


def _line(discussion: Any, rules: StrategyRules, today: date) -> DiscussionLine:
    still_open = discussion.state is DiscussionState.REQUESTED
    return DiscussionLine(
        reference=discussion.reference, why="; ".join(labels_of(discussion.triggers, rules)),
        about_other=discussion.about.value != "child", state=STATES[discussion.state], open=still_open,
        due_on=discussion.due_on, happened_on=discussion.happened_on,
        late_days=max(0, (today - discussion.due_on).days) if still_open else 0,
    )  # fmt: skip


def _facts(session: Session, child: Any, rules: StrategyRules, today: date, listed: bool) -> ChildFacts:
    ratings = ratings_of(session, child.id)
    last = ratings[0] if ratings else None
    elsewhere = last is not None and last.area_id is not None and last.area_id != child.area_id
    return ChildFacts(
        today=today, age=age_on(child.born, max(today, child.born)), listed=listed,
        rating=last.rating if last else None, rated_at=run_began_at(ratings), assessed=assessed_of(session, child.id),
        changes=_changes(session, child.id, rules, today),
        rated_elsewhere_at=last.recorded_at if last is not None and elsewhere else None,
    )  # fmt: skip


def _changes(session: Session, child_id: int, rules: StrategyRules, today: date) -> tuple[Changed, ...]:
    days = max([each.within_days or 0 for each in rules.triggers])
    since = today - timedelta(days=days)
    return tuple(
        Changed(change.kind.value, change.happened_on, change.reported_at, change.heard_at_meeting_id is not None)
        for change in changes_of(session, child_id)
        if change.happened_on >= since or change.heard_at_meeting_id is None
    )
