"""What the Word document of an extract for another authority is told: the approved lines, and nothing else."""

from dataclasses import dataclass

from meetings_app.documents.facts import Heading, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractFacts(Heading):
    """One numbered copy of an extract. `version` is the number of the copy, `reader` the person it was issued to."""

    reference: str
    authority: str
    purpose: str
    approved: str
    lines: tuple[Line, ...]
