"""What an import did, or why it did nothing: for the page, for the command and for other programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meetings_app.imports.late_reviews import LateReview
from meetings_app.imports.models import ImportKind
from meetings_app.imports.preview import Outcome, Preview
from meetings_app.imports.writing import Written
from meetings_app.spreadsheets.tables import Problem


@dataclass(frozen=True)
class LooksLike:
    """A row that may be another child or another row, and why, in words that follow “They have …”."""

    row: int
    why: str
    child: str = ""
    other_row: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Give it as other programs read it: references and row numbers, no names."""
        other = {"other_child": self.child} if self.child else {"other_row": self.other_row}
        return {"row": self.row, **other, "why": self.why}


@dataclass(frozen=True)
class Report:
    """One import, row by row. With anything refused, `written` is False and nothing was changed."""

    kind: ImportKind
    rows: int
    created: int
    matched: int
    new_children: int
    refused: tuple[Problem, ...]
    unknown_headings: tuple[str, ...]
    possible_duplicates: tuple[LooksLike, ...]
    differences: tuple[Mapping[str, Any], ...]
    written: bool = False
    created_references: tuple[str, ...] = ()
    areas_without_meeting: tuple[str, ...] = ()
    late_reviews: tuple[LateReview, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Give the document of `contracts.md`, "Spreadsheet columns"; `created` counts what would be with a dry run."""
        return {
            "kind": self.kind.value,
            "rows": self.rows,
            "created": self.created,
            "matched": self.matched,
            "refused": [
                {"row": each.row, "column": each.column, "value": each.value, "problem": each.problem}
                for each in self.refused
            ],
            "written": self.written,
            "new_children": self.new_children,
            "unknown_headings": list(self.unknown_headings),
            "possible_duplicates": [pair.as_json() for pair in self.possible_duplicates],
            "differences": [dict(each) for each in self.differences],
            "references": list(self.created_references),
            "areas_without_meeting": list(self.areas_without_meeting),
            "warnings": [each.as_json() for each in self.late_reviews],
        }


def report_of(preview: Preview, late: tuple[LateReview, ...], written: Written | None = None) -> Report:
    """Say what was written, or without `written` what would be. With anything refused, nothing is created.

    `late` are the reviews that are later than their rating allows.
    """
    refused = bool(preview.problems)
    new = sum(row.outcome is Outcome.NEW for row in preview.rows)
    created = [row for row in preview.rows if row.outcome is not Outcome.MATCHED]
    references: tuple[str, ...] = ()
    if written is not None:
        made = written.referrals if preview.kind is ImportKind.REFERRALS else written.references
        references = tuple(made[row.number] for row in created)
    return Report(
        kind=preview.kind,
        rows=preview.total,
        created=0 if refused else len(created),
        matched=preview.matched,
        new_children=0 if refused else new,
        refused=preview.problems,
        unknown_headings=preview.unknown_headings,
        possible_duplicates=_looks_like(preview),
        differences=_differences(preview),
        written=written is not None,
        created_references=references,
        areas_without_meeting=tuple(written.areas_without_meeting) if written else (),
        late_reviews=late,
    )


def _looks_like(preview: Preview) -> tuple[LooksLike, ...]:
    return tuple(
        LooksLike(row.number, candidate.why, candidate.child.reference if candidate.child else "", candidate.row)
        for row in preview.possible_duplicates
        for candidate in row.match.candidates
    )


def _differences(preview: Preview) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "row": row.number,
            "child": row.match.child.reference if row.match.child else "",
            "column": each.column,
            **({"note": each.note} if each.note else {}),
        }
        for row in preview.rows
        for each in row.differences
    )
