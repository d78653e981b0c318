"""Reads one row cell by cell and keeps every problem, not only the first."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from meetings_app.spreadsheets.cells import (
    CellProblem,
    Choices,
    YesNo,
    parse_choice,
    parse_date,
    parse_text,
    parse_yes_no,
)
from meetings_app.spreadsheets.tables import Cell, Problem, Row, is_blank, shown

Answer = TypeVar("Answer")

LONG_TEXT = 20_000


class RowReader:
    """One row under its headings. A cell that cannot be taken reads as None and leaves a problem behind."""

    def __init__(self, row: Row, by_column: Mapping[str, int], labels: Mapping[str, str]) -> None:
        self.row = row
        self.problems: list[Problem] = []
        self.name: str | None = None
        self.born: date | None = None
        self.external_reference = ""
        self._by_column = by_column
        self._labels = labels
        cells = row.cells
        self._cells = {column: cells[place] for column, place in by_column.items() if place < len(cells)}

    def refuse(self, column: str, message: str) -> None:
        """Keep a problem with this cell. A column that is missing altogether is said once, not in every row."""
        if column in self._by_column:
            self.problems.append(Problem(self.row.number, column, shown(self._cells.get(column))[:500], message))

    def needed_text(self, column: str, *, long: bool = False) -> str | None:
        """Give text that must be there."""
        read = self._long_text if long else parse_text
        text = self._needed(column, read)
        if text == "":
            self.refuse(column, f"Enter {self._labels[column]}")
        return text or None

    def text(self, column: str) -> str:
        """Give text that may be blank."""
        value = self._cells.get(column)
        return "" if value is None else self._read(column, value, parse_text) or ""

    def needed_choice(self, column: str, choices: Choices) -> str | None:
        """Give the code of a choice that must be there."""
        return self._needed(column, lambda value: parse_choice(value, choices))

    def choice(self, column: str, choices: Choices) -> str | None:
        """Give the code of a choice, None where it is left blank."""
        value = self._cells.get(column)
        return None if is_blank(value) else self._read(column, value, lambda cell: parse_choice(cell, choices))

    def needed_date(self, column: str, *, not_after: date | None = None) -> date | None:
        """Give a date that must be there; `not_after` as in `parse_date`."""
        return self._needed(column, lambda value: parse_date(value, not_after=not_after))

    def date(self, column: str) -> date | None:
        """Give a date, None where it is left blank."""
        value = self._cells.get(column)
        return None if is_blank(value) else self._read(column, value, parse_date)

    def yes_no(self, column: str) -> YesNo:
        """Give yes, no or unknown; blank is unknown."""
        value = self._cells.get(column)
        return "unknown" if value is None else self._read(column, value, parse_yes_no) or "unknown"

    def _needed(self, column: str, read: Callable[[Cell], Answer]) -> Answer | None:
        value = self._cells.get(column)
        if is_blank(value):
            self.refuse(column, f"Enter {self._labels[column]}")
            return None
        return self._read(column, value, read)

    def _read(self, column: str, value: Cell, read: Callable[[Cell], Answer]) -> Answer | None:
        try:
            return read(value)
        except CellProblem as problem:
            self.refuse(column, problem.message)
            return None

    @staticmethod
    def _long_text(value: Cell) -> str:
        return parse_text(value, LONG_TEXT, one_line=False)
