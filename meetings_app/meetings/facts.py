"""What the agenda is drafted from: plain facts about each child and about the meeting.

Each fact can be fetched for a whole area at once; no fact needs a query of its own for each child.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from meetings_app.ratings.levels import RiskRating


class CarriedKind(StrEnum):
    """Why an earlier meeting passed a child on."""

    DEFERRED = "deferred"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """A referral that no meeting has heard.

    `accepted` by the coordinator at `accepted_at`, or `returned_on` a day for more information, due by
    `answer_due_on`.
    A referral that triage ended (already known, transferred, no further action) is not among these.
    """

    received_at: datetime
    accepted: bool
    urgent: bool = False
    repeat: bool = False
    returned_on: date | None = None
    answer_due_on: date | None = None
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A change in circumstances: what kind, in words, and when it was put on record."""

    happened_on: date
    recorded_at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What an earlier meeting deferred or did not reach, and no later meeting has heard.

    `by_hand` says that the reason was typed for the draft of an agenda: it is the staff's to read.
    """

    meeting: str
    kind: CarriedKind
    reason: str = ""
    by_hand: bool = False

    def in_words(self, *, openly: bool = False) -> str:
        """Say what was passed on and why; `openly` without the reason that is the staff's to read."""
        said = f"{'Deferred at' if self.kind is CarriedKind.DEFERRED else 'Not reached at'} {self.meeting}"
        return f"{said}: {self.reason}" if self.reason and not (openly and self.by_hand) else said


def in_one_sentence(carried: Sequence[CarriedOver], *, openly: bool = False) -> str:
    """Say everything that was passed on, at least one thing, in one sentence."""
    *earlier, last = (one.in_words(openly=openly) for one in carried)
    # What somebody typed ends with a full stop as often as not, and the next meeting is said in the same sentence.
    return "; ".join([*(text.removesuffix(".") for text in earlier), last])


@dataclass(frozen=True, slots=True)
class OverdueAction:
    """An open action of the child: its reference and when it was due."""

    reference: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ClosureProposal:
    """The lead agency proposes that the child leaves the list."""

    agency: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class StrategyOutcome:
    """A strategy discussion of which a meeting is still to hear the outcome.

    `held_on` is None while nothing is recorded: it was asked for at `recorded_at`, and is due on `due_on`. Where a
    manager decided that it is `not_held`, the reason is what the meeting hears, and `held_on` the day of that.
    """

    held_on: date | None
    recorded_at: datetime
    due_on: date | None = None
    not_held: bool = False


@dataclass(frozen=True, slots=True)
class TransitionStep:
    """A step towards adult services that is not done: what it is, and when it is due."""

    title: str
    due_on: date


@dataclass(frozen=True, slots=True)
class HandAdded:
    """A chair or the coordinator puts the child on this agenda, and says why."""

    reason: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class HandDeferred:
    """A chair or the coordinator takes the child off this agenda, and says why; it holds for what was known then."""

    reason: str
    deferred_at: datetime


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What people changed on this agenda: a child added, deferred with a reason, or moved within the section.

    `place` is the place in the section, counted from 1.
    """

    added: HandAdded | None = None
    deferred: HandDeferred | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """What is known about one child when the agenda is drafted.

    `id` is the database's, `reference` what people read. `home_meeting` is the reference of the meeting that
    the next review is tied to. `changes` are those since the child was last heard at a meeting.
    """

    id: int
    reference: str
    born: date
    listed: bool
    rating: RiskRating | None = None
    next_review_on: date | None = None
    home_meeting: str | None = None
    provisional: bool = False
    referrals: tuple[ReferralFacts, ...] = ()
    changes: tuple[ChangeFacts, ...] = ()
    carried_over: tuple[CarriedOver, ...] = ()
    actions: tuple[OverdueAction, ...] = ()
    closure: ClosureProposal | None = None
    strategy: tuple[StrategyOutcome, ...] = ()
    transition_steps: tuple[TransitionStep, ...] = ()
    adult_services_decided: bool = False
    support_package_agreed: bool = False
    adjustments: Adjustments = field(default_factory=Adjustments)


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """The meeting whose agenda is drafted.

    `cut_off` is the moment until which new items are taken; `today` is the date in London. `previous_on` is
    the date of the area's meeting before this one that was held to its end, or is still to be held. `earlier` is
    the reference of the area's first meeting still to be held before this one: it hears whatever does not wait
    for a date.
    """

    reference: str
    held_on: date
    minutes: int
    cut_off: datetime
    today: date
    previous_on: date | None = None
    earlier: str | None = None
