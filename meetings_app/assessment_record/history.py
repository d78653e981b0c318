"""A child's assessments over time: the rows of the list, and what each chart shows beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from meetings_app.assessment_record.telling import corrected_birth, level_of, result_of
from meetings_app.assessments.models import Assessment, AssessmentState
from meetings_app.partnership import ToolDefinition
from meetings_app.partnership.tool_parts import LEVELS

WIDTH, HEIGHT, LEFT = 480, 220, 110
_FIRST, _RIGHT, _TOP, _BOTTOM = LEFT + 20, 24, 24, 40


@dataclass(frozen=True)
class Row:
    """One assessment in the list. `earlier` says that a finished one with the same tool came before it.

    `born_otherwise` says that the date of birth was corrected since, and that the outcome would now be another.
    """

    assessment: Assessment
    tool: ToolDefinition
    result: str
    level: str
    earlier: bool
    born_otherwise: bool

    @property
    def draft(self) -> bool:
        """Say whether it is a draft, which has no result yet."""
        return self.assessment.state is AssessmentState.DRAFT


@dataclass(frozen=True)
class Mark:
    """One assessment in a chart: where it stands, its number or level, and its day."""

    x: int
    y: int
    text: str
    on: date


@dataclass(frozen=True)
class Line:
    """A line across the chart: where a category begins, or a level."""

    y: int
    text: str


@dataclass(frozen=True)
class Chart:
    """The results of one tool over time, the first on the left. `scored` says whether they are points or levels."""

    title: str
    scored: bool
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]

    @property
    def points(self) -> str:
        """Give the corners of the line through the marks as SVG wants them."""
        return " ".join(f"{mark.x},{mark.y}" for mark in self.marks)

    @property
    def words(self) -> str:
        """Give what the chart shows to whoever does not see it."""
        return "; ".join(f"{mark.on.day} {mark.on:%B %Y}: {mark.text}" for mark in self.marks)


def rows_of(assessments: Sequence[Assessment], tools: dict[tuple[str, int], ToolDefinition], born: date) -> list[Row]:
    """Give the rows of the list in the order of `assessments`, the last date first.

    `born` is the date of birth that the record has now.
    """
    rows = []
    for number, assessment in enumerate(assessments):
        tool, finished = tools[kept_as(assessment)], assessment.state is AssessmentState.FINISHED
        rows.append(
            Row(
                assessment, tool,
                result=result_of(tool, assessment) if finished else "",
                level=level_of(assessment.level) if finished else "",
                earlier=finished and any(_before(assessment, other) for other in assessments[number + 1 :]),
                born_otherwise=finished and corrected_birth(tool, assessment, born) is not None,
            )
        )  # fmt: skip
    return rows


def kept_as(assessment: Assessment) -> tuple[str, int]:
    """Give under which file and number the version of the tool is kept."""
    return assessment.tool_file, assessment.tool_number


def charts_of(rows: Iterable[Row]) -> list[Chart]:
    """Give a chart for each tool that was used more than once: one result alone shows no change."""
    by_tool: dict[str, list[Row]] = {}
    for row in rows:
        if not row.draft:
            by_tool.setdefault(row.assessment.tool_code, []).insert(0, row)
    return [_chart(uses) for uses in by_tool.values() if len(uses) > 1]


def _before(assessment: Assessment, other: Assessment) -> bool:
    return other.state is AssessmentState.FINISHED and other.tool_code == assessment.tool_code


def _chart(uses: Sequence[Row]) -> Chart:
    tool, scored = uses[-1].tool, uses[-1].tool.method == "score"
    lines = _scores(tool) if scored else {number: level_of(code) for number, code in enumerate(LEVELS)}
    values = [_value(row, scored) for row in uses]
    top = max(*values, *lines) * (1.15 if scored else 1)
    first, days = uses[0].assessment.assessed_on, _days(uses)
    return Chart(
        title=tool.name, scored=scored,
        lines=tuple(Line(_y(value, top), text) for value, text in lines.items()),
        marks=tuple(
            Mark(
                x=_FIRST + round((WIDTH - _FIRST - _RIGHT) * (row.assessment.assessed_on - first).days / days),
                y=_y(value, top), text=str(value) if scored else row.level, on=row.assessment.assessed_on,
            )
            for row, value in zip(uses, values, strict=True)
        ),
    )  # fmt: skip


def _scores(tool: ToolDefinition) -> dict[int, str]:
    return {each.from_score or 0: f"Category {each.number}: {each.from_score or 0}+" for each in tool.categories}


def _value(row: Row, scored: bool) -> int:
    """Give the height in the chart: the score, or the place of the level; no level stands with the lowest."""
    if scored:
        return row.assessment.score or 0
    return LEVELS.index(row.assessment.level) if row.assessment.level in LEVELS else 0


def _days(uses: Sequence[Row]) -> int:
    return max(1, (uses[-1].assessment.assessed_on - uses[0].assessment.assessed_on).days)


def _y(value: float, top: float) -> int:
    return HEIGHT - _BOTTOM - round((HEIGHT - _TOP - _BOTTOM) * value / max(top, 1))
