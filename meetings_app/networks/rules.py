"""The rules of networks: what a referral must say, what follows what, and what a page reminds of. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from itertools import combinations

from meetings_app.children.ages import age_on
from meetings_app.children.matching import name_key
from meetings_app.errors import RuleBroken
from meetings_app.networks.states import Criterion, DisruptionState

ADULT = 18
REMIND_BEFORE_EXPIRY = 28
"""Days before an order expires from which pages and agendas say so, and a mail is sent (our default)."""

REMIND_AGAIN = 7
"""Days before an order expires at which the mail is sent again (our default)."""

_NEXT: Mapping[DisruptionState, frozenset[DisruptionState]] = {
    DisruptionState.CONSIDERED: frozenset(DisruptionState) - {DisruptionState.CONSIDERED},
    DisruptionState.SOUGHT: frozenset({DisruptionState.GRANTED, DisruptionState.REFUSED, DisruptionState.ENDED}),
    DisruptionState.GRANTED: frozenset({DisruptionState.GRANTED, DisruptionState.ENDED}),
    DisruptionState.REFUSED: frozenset({DisruptionState.SOUGHT}),
    DisruptionState.ENDED: frozenset({DisruptionState.SOUGHT}),
}


def check_criteria(criteria: Collection[Criterion], manager: str, inspector: str) -> None:
    """Raise `RuleBroken` for `criteria`, `manager` or `inspector` where a referral does not say why it is made (SG)."""
    if not criteria:
        raise RuleBroken("criteria", "Choose at least one reason why the network meeting should hear this")
    if Criterion.MANAGERS_AGREE not in criteria:
        return
    wrong: list[RuleBroken] = []
    if not manager.strip():
        wrong.append(RuleBroken("manager", "Enter the name of the service manager who agrees"))
    if not inspector.strip():
        wrong.append(RuleBroken("inspector", "Enter the name of the police inspector who agrees"))
    elif name_key(manager) == name_key(inspector):
        same = "The manager and the inspector must be two people. Enter the inspector’s name"
        wrong.append(RuleBroken("inspector", same))
    if wrong:
        raise RuleBroken(wrong[0].field, wrong[0].message, wrong[1:])


def is_child(born: date | None, today: date) -> bool:
    """Say whether a suspect is known to be under 18, who is then safeguarded on a record of their own (SG)."""
    return born is not None and age_on(born, today) < ADULT


def may_follow(before: DisruptionState, after: DisruptionState) -> bool:
    """Say whether an order or a tactic may go from one state to another; granted again means renewed (our default)."""
    return after in _NEXT[before]


def expires_soon(state: DisruptionState, expires_on: date | None, today: date) -> bool:
    """Say whether somebody must think of renewing it: granted, and it ends within 28 days or has ended unsaid."""
    if state is not DisruptionState.GRANTED or expires_on is None:
        return False
    return expires_on <= today + timedelta(days=REMIND_BEFORE_EXPIRY)


def reminder_due(state: DisruptionState, expires_on: date | None, today: date) -> int | None:
    """Give the reminder an order has come to, or None: 28 days before it expires, 7 days before, 0 once it is past.

    Only the last one that was reached is given, so that after a stop of the clock nobody is told twice of one order.
    """
    if expires_on is None or not expires_soon(state, expires_on, today):
        return None
    left = (expires_on - today).days
    return 0 if left < 0 else REMIND_AGAIN if left <= REMIND_AGAIN else REMIND_BEFORE_EXPIRY


def suggested_links(
    children_of: Mapping[int, Collection[int]], known: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], list[int]]:
    """Give the pairs of children who share a place, an identifier or a person, and are not linked with each other yet.

    `children_of` holds by subject the children linked with it, `known` the pairs linked already, in any order. Gives
    by pair, the lower id first, the subjects they share, in order. A suggestion links nobody: a person does.
    """
    linked = {(min(pair), max(pair)) for pair in known}
    found: dict[tuple[int, int], list[int]] = {}
    for subject, children in sorted(children_of.items()):
        for pair in combinations(sorted(set(children)), 2):
            if pair not in linked:
                found.setdefault(pair, []).append(subject)
    return found
