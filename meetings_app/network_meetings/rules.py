"""What a decision of the network meeting needs, and what the people in the room allow. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from meetings_app.errors import RuleBroken


class Choice(StrEnum):
    """The outcomes as a form sends them; the same codes as are kept."""

    TAKEN_UP = "taken_up"
    RETURNED = "returned"
    NOT_TAKEN_UP = "not_taken_up"
    CONTINUES = "continues"
    CLOSED = "closed"
    DEFERRED = "deferred"
    NOT_REACHED = "not_reached"


OF_REFERRAL = frozenset({Choice.TAKEN_UP, Choice.RETURNED, Choice.NOT_TAKEN_UP, Choice.DEFERRED, Choice.NOT_REACHED})
OF_SUBJECT = frozenset({Choice.CONTINUES, Choice.CLOSED, Choice.DEFERRED, Choice.NOT_REACHED})
_PUT_OFF = frozenset({Choice.DEFERRED, Choice.NOT_REACHED})


@dataclass(frozen=True)
class Standing:
    """What a decision is held against: the kind of item, the quorum for it, and actions that are still open.

    `unsettled` is of how many things that are open nothing is said, where it is closed; `deferred` is from how many
    meetings in a row it was deferred before this one.
    """

    of_referral: bool
    missing: tuple[str, ...] = ()
    open_actions: tuple[str, ...] = ()
    unsettled: int = 0
    deferred: int = 0
    most_deferrals: int = 2


def check_outcome(
    outcome: Choice | None, standing: Standing, *, rationale: str, name: str = "", known: bool = False,
    put_off_reason: str = "",
) -> None:  # fmt: skip
    """Raise `RuleBroken` beside the field for a decision that says too little, or that the quorum does not carry.

    A network is closed only by a quorate meeting and once its actions are answered (our default): whatever ends
    watchfulness needs all the agencies that watch. None means that nothing is decided yet.
    """
    if outcome is None:
        return
    if outcome not in (OF_REFERRAL if standing.of_referral else OF_SUBJECT):
        raise RuleBroken("outcome", "Choose what the meeting decides")
    if outcome is Choice.DEFERRED and not put_off_reason.strip():
        raise RuleBroken("put_off_reason", "Enter why it is deferred")
    if outcome is Choice.DEFERRED and standing.deferred >= standing.most_deferrals:
        raise RuleBroken(
            "outcome",
            f"It was deferred from {standing.deferred} meetings in a row. Decide on it, or say that it was not reached",
        )
    if outcome in _PUT_OFF:
        return
    if outcome is Choice.TAKEN_UP and not known and not name.strip():
        raise RuleBroken("network_name", "Enter a name for the new network, or choose the network that is known")
    if outcome is not Choice.TAKEN_UP and not rationale.strip():
        raise RuleBroken("rationale", "Enter why the meeting decides this")
    if outcome is Choice.CLOSED and standing.missing:
        raise RuleBroken(
            "outcome", f"It cannot be closed without a quorum: nobody from {' or '.join(standing.missing)} is there"
        )
    if outcome is Choice.CLOSED and standing.open_actions:
        raise RuleBroken(
            "outcome", f"It cannot be closed while {', '.join(standing.open_actions)} is open: answer or withdraw it"
        )
    if outcome is Choice.CLOSED and standing.unsettled:
        things = "1 thing is" if standing.unsettled == 1 else f"{standing.unsettled} things are"
        raise RuleBroken(
            "outcome", f"It cannot be closed yet: {things} still open. Say of each whether it ends or goes on"
        )


def missing_agencies(present: Collection[str], needed: Collection[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Give the names of the agencies of the quorum of whom nobody is in the room for an item."""
    return tuple(names.get(code, code) for code in needed if code not in present)


def next_review(following_on: date | None, held_on: date, interval_days: int) -> date:
    """Give the day on which what continues is reviewed: that of the next network meeting, else by the rhythm (SG)."""
    return following_on or held_on + timedelta(days=interval_days)
