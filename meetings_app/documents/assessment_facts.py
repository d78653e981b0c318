"""What the Word document of an assessment is told: plain values, already narrowed to what the reader may see."""

from dataclasses import dataclass

from meetings_app.documents.facts import Heading, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentTick:
    """One ticked indicator: the times it was so, why, who said so, and what was asked beside it.

    `points` is None where the tool does not score.
    """

    label: str
    when: tuple[str, ...]
    evidence: str
    source: str
    asked: tuple[Line, ...] = ()
    points: int | None = None


@dataclass(frozen=True, slots=True)
class AssessmentTier:
    """A group of indicators of the tool, with those that are ticked."""

    title: str
    ticks: tuple[AssessmentTick, ...]


@dataclass(frozen=True, slots=True)
class AssessmentFlag:
    """What the result asks for, and each answer to it in words; none where nobody has answered yet."""

    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentFacts(Heading):
    """One finished assessment. `version` is that of the tool, `unofficial` says why where it is not the owner's form.

    `child` is the reference of the record, None where the reader does not read it. `about` and `result` are labelled
    lines, `notes` whole sentences. `texts` holds every heading of the tool with what was written under it, and
    `decision` what was decided afterwards.
    """

    reference: str
    tool: str
    unofficial: str
    child: str | None
    name: str
    about: tuple[Line, ...]
    result: tuple[Line, ...]
    notes: tuple[str, ...]
    flags: tuple[AssessmentFlag, ...]
    decision: tuple[str, ...]
    tiers: tuple[AssessmentTier, ...]
    gone: tuple[str, ...]
    other_factors: tuple[str, ...]
    texts: tuple[Line, ...]
