"""What an agency may say before a meeting, until when, and which of its words hold. Pure; no source: our defaults."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from meetings_app.errors import DomainError, RuleBroken
from meetings_app.schedule.rules import MeetingState


class Answer(StrEnum):
    """What an agency answers about a child."""

    RELEVANT = "relevant"
    NOT_SHARED = "not_shared"
    NOTHING_KNOWN = "nothing_known"


class Attending(StrEnum):
    """How an agency attends a meeting."""

    COMING = "coming"
    DEPUTY = "deputy"
    APOLOGIES = "apologies"


ANSWER_WORDS = {
    Answer.RELEVANT: "Relevant information",
    Answer.NOT_SHARED: "There is information that is not shared",
    Answer.NOTHING_KNOWN: "Nothing known",
}
ATTENDING_WORDS = {
    Attending.COMING: "Somebody of us comes",
    Attending.DEPUTY: "A deputy comes",
    Attending.APOLOGIES: "Nobody can come: our apologies, with a written update",
}
ATTENDING_SAID = {Attending.COMING: "Comes", Attending.DEPUTY: "A deputy comes", Attending.APOLOGIES: "Apologies"}

BEFORE = (MeetingState.ANNOUNCED, MeetingState.PUBLISHED)
"""The states in which an answer is in time and may be changed."""

TAKEN = (*BEFORE, MeetingState.IN_PROGRESS)
"""The states in which anything is taken at all; what comes once the meeting has begun is late."""


@dataclass(frozen=True)
class Attendance:
    """How an agency says that it attends: a deputy is an account of its own, apologies bring an update."""

    attending: Attending | None = None
    deputy_id: int | None = None
    update_text: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is chosen and nothing is typed."""
        return self == Attendance()

    @property
    def told(self) -> "Attendance":
        """The same with what does not belong to the choice left out, as it is sent; the draft keeps it."""
        return Attendance(
            self.attending,
            self.deputy_id if self.attending is Attending.DEPUTY else None,
            self.update_text.strip() if self.attending is Attending.APOLOGIES else "",
        )


@dataclass(frozen=True)
class Information:
    """What one agency writes about one child."""

    answer: Answer | None = None
    facts: str = ""
    opinion: str = ""
    source: str = ""
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is chosen and nothing is typed."""
        return self.answer is None and not any((self.facts, self.opinion, self.source, self.reason))

    @property
    def told(self) -> "Information":
        """The same with what does not belong to the answer left out, as it is sent; the draft keeps it."""
        if self.answer is Answer.RELEVANT:
            return Information(self.answer, self.facts.strip(), self.opinion.strip(), self.source.strip())
        if self.answer is Answer.NOT_SHARED:
            return Information(self.answer, reason=self.reason.strip())
        return Information(self.answer)


class Dated(Protocol):
    """Whatever was said in time or late."""

    @property
    def late(self) -> bool:
        """Whether it came once the meeting had begun."""
        ...  # pragma: no cover


Said = TypeVar("Said", bound=Dated)


def check_taken(state: MeetingState) -> bool:
    """Say whether what is sent now is late: the meeting has begun. Raises `DomainError` once nothing is taken."""
    if state not in TAKEN:
        raise DomainError("Information is taken once the meeting is announced and until it is closed.")
    return state not in BEFORE


def check_information(said: Information) -> None:
    """Raise `RuleBroken`, each problem with its field, where what is sent about a child is not whole."""
    problems = _problems(said)
    if problems:
        raise RuleBroken(problems[0].field, problems[0].message, problems[1:])


def _problems(said: Information) -> list[RuleBroken]:
    if said.answer is None:
        return [RuleBroken("answer", "Choose what your agency says about the child")]
    if said.answer is Answer.NOT_SHARED and not said.reason.strip():
        return [RuleBroken("reason", "Enter why the information is not shared")]
    found = []
    if said.answer is Answer.RELEVANT:
        if not (said.facts.strip() or said.opinion.strip()):
            found.append(RuleBroken("facts", "Enter what is known, or under opinion what your agency thinks"))
        if not said.source.strip():
            found.append(RuleBroken("source", "Enter where the information comes from"))
    return found


def check_attendance(said: Attendance, deputies: Collection[int]) -> None:
    """Raise `RuleBroken` for an attendance that is not whole: a deputy is one of `deputies`, by account."""
    if said.attending is None:
        raise RuleBroken("attending", "Choose whether your agency comes")
    if said.attending is Attending.DEPUTY and said.deputy_id not in deputies:
        raise RuleBroken("deputy", "Choose the person who comes")
    if said.attending is Attending.APOLOGIES and not said.update_text.strip():
        raise RuleBroken("update_text", "Enter your agency’s update for the meeting")


def holds(versions: Sequence[Said]) -> tuple[Said | None, tuple[Said, ...]]:
    """Give the last version that came in time, and those that came once the meeting had begun, oldest first."""
    in_time = [version for version in versions if not version.late]
    return (in_time[-1] if in_time else None), tuple(version for version in versions if version.late)
