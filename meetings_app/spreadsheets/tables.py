"""What a spreadsheet holds once it is read, and what can be wrong with it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from meetings_app.errors import DomainError

Cell = str | int | float | bool | date | datetime | time | timedelta | None


class UnreadableSpreadsheet(DomainError):
    """The file cannot be read as a spreadsheet; the message says what to do and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank: the number a person sees beside it, and its cells from column A on."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The headings, the row they stand in and the rows below them. `sheet` is empty for a text file."""

    headings: tuple[str, ...]
    heading_row: int
    rows: tuple[Row, ...]
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: the row as seen in Excel, the column by its code, what stands there, what to do."""

    row: int
    column: str
    value: str
    problem: str


def shown(value: Cell) -> str:
    """Give a cell the way a person would read it: dates as 31/12/2026, whole numbers without a point."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y" if value.time() == time() else "%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def is_blank(value: Cell) -> bool:
    """Say whether nothing readable stands in the cell."""
    return value is None or (isinstance(value, str) and not value.strip())
