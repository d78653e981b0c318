"""What the chair's pack is told: what every agency sent before a meeting, child by child."""

from dataclasses import dataclass

from meetings_app.documents.facts import ActionRow, Heading, Line


@dataclass(frozen=True, slots=True)
class PackInformation:
    """What one agency sent about one child. `lines` are marked fact, opinion, source, or why it is not shared."""

    agency: str
    lines: tuple[Line, ...]
    sent: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class PackChild:
    """One child of the meeting, with where the child stands; a `silent` agency has not answered about the child."""

    number: str
    child: str
    name: str | None
    information: tuple[PackInformation, ...] = ()
    silent: tuple[str, ...] = ()
    standing: str = ""
    actions: tuple[ActionRow, ...] = ()


@dataclass(frozen=True, slots=True)
class PackAgency:
    """How one agency attends, with its update for the whole meeting where it sends apologies."""

    agency: str
    attendance: str
    update: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFacts(Heading):
    """The chair's pack of one meeting. `quorum` warns that an agency of the quorum does not come, and is else empty."""

    reference: str
    when: str
    quorum: str = ""
    agencies: tuple[PackAgency, ...]
    children: tuple[PackChild, ...]
