"""What somebody answered when they used an assessment tool, and what is wrong with answers that cannot be used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from meetings_app.errors import DomainError
from meetings_app.partnership.values import RatingCode


@dataclass(frozen=True)
class Tick:
    """One indicator that is ticked: when it was present, the reason, and the answers to what is asked beside it.

    `source` says who said so or where it is recorded; it may be empty.
    """

    code: str
    when: tuple[str, ...]
    evidence: str
    asked: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True)
class Answers:
    """Checked answers, the ticks in the order of the tool.

    `level` is what a person judged, for a tool that is judged. `other_factors` are recorded and never score (SG, KM).
    `headings` holds the free text by the key of its heading.
    """

    born: date
    assessed_on: date
    ticks: tuple[Tick, ...] = ()
    learning_disability: bool = False
    disability: bool = False
    level: RatingCode | None = None
    other_factors: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the field, such as `born` or `indicators.drugs.evidence`, and what to do about it."""

    field: str
    text: str

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"


class AnswersRefused(DomainError):
    """The answers cannot be used. The message holds every problem, each on its own line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
