"""What the agenda of a network meeting is drafted from: plain facts about subjects, referrals and the meeting."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Code(StrEnum):
    """Why something is on the agenda of a network meeting (`contracts.md`, with further ones beside those)."""

    NEW_REFERRAL = "new_referral"
    REVIEW_DUE = "review_due"
    LINK_FOUND = "link_found"
    LINK_SUGGESTED = "link_suggested"
    DISRUPTION = "disruption"
    OPEN_ACTION = "open_action"
    OVERDUE_ACTION = "overdue_action"
    CHARMM = "charmm"
    CROSS_BORDER = "cross_border"
    CARRIED_OVER = "carried_over"
    ADDED_BY_HAND = "added_by_hand"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in words. Whoever may not see all of `subjects` and `children` (ids) is not shown it."""

    code: Code
    text: str
    late: bool = False
    subjects: tuple[int, ...] = ()
    children: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ByHand:
    """A change by hand: why, and when; `also` as in `Order`."""

    reason: str
    made_at: datetime
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """The place in its section that an item has by hand, counted from 1, and why; no reason: another one was moved."""

    place: int
    reason: str


@dataclass(frozen=True, slots=True)
class Carried:
    """What an earlier meeting put off, did not reach, or could not hear, being cancelled; `also` as in `Order`."""

    meeting: str
    how: str
    reason: str = ""
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A link, or an authority beyond the county, that was put on record: when, and in words."""

    at: datetime
    code: Code
    text: str
    subjects: tuple[int, ...]
    children: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """An order or a tactic: its reference, how it stands in words, and the day it ends, where it is granted.

    `also` are the records besides the subject’s that it tells of: where it stands on one that points to the subject’s.
    """

    reference: str
    state: str
    expires_on: date | None = None
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """An open action, or a referral to CHaRMM that waits for its outcome: reference and the day it comes back.

    `children` are those whom an action of an RMM is about; `also` as in `Order`.
    """

    code: Code
    reference: str
    due_on: date | None
    children: tuple[int, ...] = ()
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggested:
    """Two children who share a subject and are not linked with each other: references and ids; `also` as in `Order`."""

    first: str
    second: str
    children: tuple[int, int]
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """An open subject. `heard`: a network meeting has decided on it before. `added` and `deferred` are by hand."""

    id: int
    reference: str
    kind: str
    review_on: date | None
    opened_on: date
    heard: bool = False
    found: tuple[Found, ...] = ()
    suggested: tuple[Suggested, ...] = ()
    orders: tuple[Order, ...] = ()
    due: tuple[Due, ...] = ()
    carried: tuple[Carried, ...] = ()
    added: ByHand | None = None
    deferred: ByHand | None = None
    moved: Moved | None = None


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """A referral to the network meeting that waits, since `received_at`; `returned_on` for more information."""

    id: int
    reference: str
    received_at: datetime
    returned_on: date | None = None
    carried: tuple[Carried, ...] = ()
    deferred: ByHand | None = None
    moved: Moved | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """The meeting the agenda is for: its day, its cut-off, what came before and the day of the next one.

    `since` is when the last network meeting closed; what was recorded later has not been heard.
    """

    reference: str
    held_on: date
    today: date
    minutes: int
    cut_off_at: datetime
    following_on: date
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a draft needs. `links` are pairs of ids of open subjects that are linked now."""

    occasion: Occasion
    subjects: tuple[SubjectFacts, ...] = ()
    referrals: tuple[ReferralFacts, ...] = ()
    links: tuple[tuple[int, int], ...] = field(default=())
