"""What the Word document of a safety plan is told: one version, already narrowed to what the reader may see."""

from dataclasses import dataclass, replace
from datetime import date

from meetings_app.documents.facts import Heading, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAimFacts:
    """One aim. `found` and `progress` say how it works and how it goes; the school’s copy has neither.

    `references` are those of actions on record that serve the aim.
    """

    number: int
    aim: str
    actions: str = ""
    references: tuple[str, ...] = ()
    due: date | None = None
    found: str = ""
    progress: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts(Heading):
    """One version of a child’s safety plan.

    `status` says that another version has taken its place, or nothing. `about` are labelled lines, `texts` what stands
    beside the aims. `school_copy` marks what schools get; `police_intelligence` and `update` are never part of that.
    """

    reference: str
    name: str
    status: str
    about: tuple[Line, ...]
    aims: tuple[PlanAimFacts, ...]
    texts: tuple[Line, ...]
    police_intelligence: str = ""
    update: str = ""
    school_copy: bool = False


def plan_for_reader(facts: PlanFacts) -> PlanFacts:
    """Take out of a school’s copy what no school gets, so that no template, ours or another’s, can print it."""
    if not facts.school_copy:
        return facts
    aims = tuple(replace(aim, references=(), found="", progress="") for aim in facts.aims)
    return replace(facts, aims=aims, police_intelligence="", update="")
