"""What the Word documents of a network meeting are told: plain values, already narrowed to what the reader may see."""

from dataclasses import dataclass

from meetings_app.documents.facts import AgencyActions, Attendance, Chair, Heading, Line, Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAgendaItem:
    """One item: a network, another subject or a referral, with its `parts`. A stub has its number and no more."""

    number: str
    subject: str = ""
    name: str = ""
    kind: str = ""
    parts: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    minutes: int = 0
    late: bool = False
    stub: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAgendaSection:
    """A numbered part of the agenda: lines to read, items, or both."""

    number: str
    title: str
    lines: tuple[str, ...] = ()
    items: tuple[NetworkAgendaItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAgendaFacts(Heading):
    """The agenda of one network meeting."""

    reference: str
    when: str
    place: str
    statement: str
    conflicts: str
    sections: tuple[NetworkAgendaSection, ...]
    minutes_needed: int
    minutes_available: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkItemMinutes:
    """The record of one item. `about_suspects` is empty for whoever may not read of every suspect of the item."""

    number: str
    subject: str = ""
    name: str = ""
    kind: str = ""
    parts: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    discussion: str = ""
    about_suspects: str = ""
    decision: str = ""
    rationale: str = ""
    put_off: str = ""
    next_review: str = ""
    lines: tuple[Line, ...] = ()
    actions: tuple[str, ...] = ()
    stub: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkMinutesFacts(Heading):
    """The minutes of one network meeting as one reader gets them; the fields are as for an RMM."""

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
    items: tuple[NetworkItemMinutes, ...]
    actions_by_agency: tuple[AgencyActions, ...] = ()
    next_meeting: str
    signatures: tuple[Signature, ...] = ()
