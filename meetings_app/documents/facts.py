"""What each Word document is told: plain values, already narrowed to what the reader may see.

Every text is written into the document as it stands; a line break in it becomes a line break there. A date is
a calendar date (Europe/London). `name` is None where the reader gets the reference alone. A `stub` is an item
the reader may not see: only its number is ever printed, whatever else it holds.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled line, such as "Strategy discussion" and what was decided about it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Chair:
    """Who chairs the meeting, and for which agency."""

    name: str
    agency: str


@dataclass(frozen=True, slots=True)
class Signature:
    """One chair's signature; `signed_on` is None until it is made."""

    name: str
    agency: str
    signed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands at the top of every document, and in its header and footer.

    `title` and `area` head the first page; `version` is printed after the word "Version";
    `reader` says whose copy it is; `produced_at` (aware UTC) goes into the file's properties only.
    """

    partnership: str
    marking: str
    title: str
    area: str
    version: str
    reader: str
    produced_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """One child on the agenda. `history` and `prompts` reach the chair's copy only."""

    number: str
    child: str
    name: str | None
    age: int | None
    rating: str
    reasons: tuple[str, ...]
    minutes: int
    late: bool = False
    stub: bool = False
    history: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaSection:
    """A numbered part of the agenda: lines to read, children to consider, or both."""

    number: str
    title: str
    lines: tuple[str, ...] = ()
    items: tuple[AgendaItem, ...] = ()


@dataclass(frozen=True, slots=True)
class NotOnAgenda:
    """A child who is not on this agenda, and why not. The chair's copy only."""

    child: str
    name: str | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaFacts(Heading):
    """The agenda of one meeting, for its members or (`chairs_copy`) for its chairs.

    `when` is the wall-clock date and time in words (Europe/London); times needed and available are minutes.
    """

    reference: str
    when: str
    place: str
    chairs: tuple[Chair, ...]
    statement: str
    conflicts: str
    sections: tuple[AgendaSection, ...]
    minutes_needed: int
    minutes_available: int
    chairs_copy: bool = False
    not_on_agenda: tuple[NotOnAgenda, ...] = ()


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person's attendance; `how` is in words, such as "Present" or "Apologies"."""

    agency: str
    name: str
    how: str


@dataclass(frozen=True, slots=True)
class AgencyInformation:
    """What one agency thinks, as it told the meeting; `dissents` where it disagrees with the decision."""

    agency: str
    text: str
    dissents: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the meeting decided for one child; `further` holds what this decision needed besides."""

    rating: str
    was: str | None
    exploitation_status: str
    provisional: bool
    lead_agency: str | None
    lead_professional: str | None
    next_review: date | None
    next_meeting: str | None
    further: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """One action: one agency, one named person, one date."""

    reference: str
    child: str
    action: str
    agency: str
    person: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Why a child leaves the list. `onward_referral` says the agency, or "None" expressly."""

    rationale: str
    good_practice: str
    onward_referral: str
    support_package: str | None
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildMinutes:
    """The record of one child; `beside` is what else the meeting recorded at the item, beside what was discussed.

    `deferred` holds the reason and the meeting it went to, else None; so does `not_reached` for an item without time.
    """

    number: str
    child: str
    name: str | None
    age: int | None
    reasons: tuple[str, ...] = ()
    attendance_notes: tuple[str, ...] = ()
    discussion: str = ""
    beside: tuple[str, ...] = ()
    information: tuple[AgencyInformation, ...] = ()
    decision: Decision | None = None
    rationale: str = ""
    actions: tuple[ActionRow, ...] = ()
    closure: Closure | None = None
    deferred: str | None = None
    not_reached: str | None = None
    stub: bool = False


@dataclass(frozen=True, slots=True)
class ListChange:
    """One change to the list that the meeting confirmed, in words."""

    child: str
    name: str | None
    change: str


@dataclass(frozen=True, slots=True)
class AgencyActions:
    """Every action of one agency from this meeting."""

    agency: str
    actions: tuple[ActionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesFacts(Heading):
    """The minutes of one meeting as one reader gets them.

    `status` is "DRAFT – not signed" or "Signed by … on …"; `sha256` the fingerprint of the signed record;
    `statement_read` says who read the statement and when, a sentence for each time; `notes` holds what
    concerns no single child, such as matters arising.
    """

    reference: str
    when: str
    place: str
    status: str
    sha256: str | None
    chairs: tuple[Chair, ...]
    attendance: tuple[Attendance, ...]
    statement_read: tuple[str, ...]
    quorum: str
    notes: tuple[Line, ...] = ()
    children: tuple[ChildMinutes, ...]
    list_changes: tuple[ListChange, ...] = ()
    actions_by_agency: tuple[AgencyActions, ...] = ()
    next_meeting: str
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One entry of the CSE list. `notes` are short words such as "12 days overdue" or "provisional"."""

    child: str
    name: str | None
    born: date | None
    age: int | None
    area: str
    rating: str
    listed_on: date
    lead_agency: str | None
    lead_professional: str | None
    next_review: date | None
    next_meeting: str | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts(Heading):
    """The CSE list as it stood at `as_at` (in words), with the totals that head it."""

    as_at: str
    totals: tuple[Line, ...]
    entries: tuple[ListRow, ...]
