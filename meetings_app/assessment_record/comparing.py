"""Two finished assessments with the same tool, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass

from meetings_app.assessment_record.telling import TickTold, Told, told
from meetings_app.assessments.models import Assessment
from meetings_app.assessments.queries import answers_of
from meetings_app.assessments.rules import compare
from meetings_app.partnership import ToolDefinition


@dataclass(frozen=True)
class Pair:
    """One indicator in both assessments; None where it is not ticked."""

    label: str
    before: TickTold | None
    now: TickTold | None


@dataclass(frozen=True)
class Texts:
    """What stands under one heading in both."""

    title: str
    before: str
    now: str


@dataclass(frozen=True)
class SideBySide:
    """Both assessments in words, and their indicators by what became of them.

    `moved` holds those still there that are ticked for other times than before; `still` holds the others.
    """

    before: Told
    now: Told
    new: tuple[Pair, ...]
    gone: tuple[Pair, ...]
    moved: tuple[Pair, ...]
    still: tuple[Pair, ...]
    subtotals: tuple[tuple[str, int | None, int | None], ...]
    texts: tuple[Texts, ...]


def side_by_side(
    tool_before: ToolDefinition, before: Assessment, tool: ToolDefinition, assessment: Assessment
) -> SideBySide:
    """Put an assessment beside the one before it. Each is read with the version of the tool it was made with."""
    earlier, later = told(tool_before, before), told(tool, assessment)
    found = compare(answers_of(tool_before, before), answers_of(tool, assessment))
    were, are = _by_code(earlier), _by_code(later)

    def pairs(codes: Iterable[str]) -> tuple[Pair, ...]:
        return tuple(Pair((are.get(code) or were[code]).label, were.get(code), are.get(code)) for code in codes)

    were_texts, are_texts = dict(earlier.headings), dict(later.headings)
    were_points, are_points = dict(earlier.subtotals), dict(later.subtotals)
    return SideBySide(
        earlier, later,
        new=pairs(found.new), gone=pairs(found.gone), moved=pairs(found.moved),
        still=pairs(code for code in found.still if code not in found.moved),
        subtotals=tuple((key, were_points.get(key), are_points.get(key)) for key in {**are_points, **were_points}),
        texts=tuple(
            Texts(title, were_texts.get(title, ""), are_texts.get(title, "")) for title in {**are_texts, **were_texts}
        ),
    )  # fmt: skip


def _by_code(said: Told) -> dict[str, TickTold]:
    return {tick.code: tick for tier in said.tiers for tick in tier.ticks}
