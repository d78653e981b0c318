"""What the preview's page shows: questions about look-alikes, and the rows of each outcome, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from meetings_app.imports.columns import COLUMNS
from meetings_app.imports.matches import DIFFERENT
from meetings_app.imports.preview import Outcome, Preview, PreviewRow
from meetings_app.permissions import Actor, Permission

PARTS = ("wrong", "new", "known", "matched")
FIRST = 20
PAGE = 100
LABELS = {column.code: column.code.replace("_", " ") for columns in COLUMNS.values() for column in columns}


@dataclass(frozen=True)
class Choice:
    """One answer to whether a row is a child already known; name and date only where the person may see them."""

    value: str
    reference: str
    name: str
    born: date | None
    area: str
    why: str


@dataclass(frozen=True)
class Question:
    """A row that looks like other children, and the possible answers."""

    number: int
    name: str
    born: date
    choices: tuple[Choice, ...]
    answer: str
    different: str = DIFFERENT


def questions(preview: Preview, by: Actor) -> list[Question]:
    """Give one question for each row that looks like another child or row."""
    rows = {row.number: row for row in preview.rows}
    return [
        Question(
            row.number, row.match.row.name, row.match.row.born, tuple(_choices(row, rows, preview, by)),
            row.match.answer,
        )
        for row in preview.possible_duplicates
    ]  # fmt: skip


def _choices(row: PreviewRow, rows: dict[int, PreviewRow], preview: Preview, by: Actor) -> list[Choice]:
    choices = []
    for candidate in row.match.candidates:
        child = candidate.child
        if child is not None:
            area = preview.names.name(preview.names.areas, child.area_id)
            seen = by.may(Permission.IMPORT, child.area_id)
            name, born = (child.name, child.born) if seen else ("", None)
            choices.append(Choice(candidate.answer, child.reference, name, born, area, candidate.why))
        elif candidate.row in rows:
            other = rows[candidate.row].match.row
            choices.append(Choice(candidate.answer, f"row {candidate.row}", other.name, other.born, "", candidate.why))
    return choices


def part(preview: Preview, name: str, page: int, size: int = PAGE) -> dict[str, Any]:
    """Give one page of the rows of a part, with how many there are in all."""
    every: Sequence[Any] = preview.problems if name == "wrong" else preview.of(Outcome(name))
    last = max(1, -(-len(every) // size))
    page = min(max(page, 1), last)
    return {
        "part": name,
        "rows": every[(page - 1) * size : page * size],
        "total": len(every),
        "page": page,
        "first": (page - 1) * size + 1 if every else 0,
        "last": min(page * size, len(every)),
        "previous": page - 1 if page > 1 else None,
        "next": page + 1 if page < last else None,
    }
