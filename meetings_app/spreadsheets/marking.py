"""A person's own file given back with the cells to mend marked and said why."""

import io
import warnings
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from meetings_app.spreadsheets.headings import Column, recognise
from meetings_app.spreadsheets.packages import safe_copy, unpacked_size
from meetings_app.spreadsheets.reading import Kind, read_table
from meetings_app.spreadsheets.tables import Cell, Problem, Table
from meetings_app.spreadsheets.writing import excel_text

if TYPE_CHECKING:
    from openpyxl import Workbook

SHEET = "What to mend"
# A workbook keeps its looks where it is small; a larger one is written anew from its cells, to bound memory.
_KEEPS_ITS_LOOKS = 12 * 1024 * 1024
_SHEET_HEADINGS = ("Row", "Heading", "What it says", "What to do")


def mark_up(content: bytes, kind: Kind | None, problems: Sequence[Problem], columns: Sequence[Column]) -> bytes:
    """Give an .xlsx of the person's file: cells to mend in red, with the reason as a comment.

    A first sheet “What to mend” lists them all. The result can be mended and uploaded as it is. `content`
    must be readable; raises `UnreadableSpreadsheet` where it is not.
    """
    table = read_table(content, [column.code for column in columns], kind)
    workbook = _own(content) if content.startswith(b"PK") else None
    if workbook is None or table.sheet not in workbook.sheetnames:
        workbook = _anew(table)
    sheet = workbook[table.sheet] if table.sheet in workbook.sheetnames else workbook.worksheets[0]
    _mark(sheet, table, problems, columns)
    _list_problems(workbook, problems)
    marked = io.BytesIO()
    workbook.save(marked)
    return marked.getvalue()


def _own(content: bytes) -> "Workbook | None":
    """Open the workbook with its looks, or give None where that is not safe or cannot be done."""
    from openpyxl import load_workbook

    safe_copy(content)
    if unpacked_size(content) > _KEEPS_ITS_LOOKS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(content), rich_text=False)
    except (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError):
        return None


def _anew(table: Table) -> "Workbook":
    """Write the cells into a new workbook, at the rows and columns where they stood."""
    from openpyxl import Workbook

    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = table.sheet[:31] or "List"
    for place, heading in enumerate(table.headings, start=1):
        _write(sheet, table.heading_row, place, heading)
    for row in table.rows:
        for place, value in enumerate(row.cells, start=1):
            _write(sheet, row.number, place, value)
    return workbook


def _write(sheet: Any, row: int, column: int, value: Cell) -> None:
    if value is None:
        return
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = "text"
        cell._value = excel_text(value)
        cell.data_type = "s"
        cell.number_format = "@"
        return
    cell.value = value
    if isinstance(value, date):
        cell.number_format = "DD/MM/YYYY HH:MM" if isinstance(value, datetime) else "DD/MM/YYYY"


def _mark(sheet: Any, table: Table, problems: Sequence[Problem], columns: Sequence[Column]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill

    by_column = recognise(table.headings, columns).by_column
    reasons: dict[tuple[int, int], list[str]] = defaultdict(list)
    for problem in problems:
        reasons[problem.row, by_column.get(problem.column, 0) + 1].append(problem.problem)
    for (row, column), said in reasons.items():
        cell = _upper_left(sheet, row, column)
        cell.font = Font(bold=True, color="FFB10E1E")
        cell.fill = PatternFill("solid", start_color="FFFAD7DA")
        cell.comment = Comment("\n".join(said), "Import", height=120, width=320)


def _upper_left(sheet: Any, row: int, column: int) -> Any:
    """Give the cell, or the one that shows for it where cells are merged."""
    cell = sheet.cell(row, column)
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return cell


def _list_problems(workbook: "Workbook", problems: Sequence[Problem]) -> None:
    from openpyxl.styles import Alignment, Font

    if SHEET in workbook.sheetnames:
        del workbook[SHEET]
    sheet: Any = workbook.create_sheet(SHEET, 0)
    for letter, width in zip("ABCD", (8, 24, 40, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    lines = [(str(problem.row), problem.column, problem.value, problem.problem) for problem in problems]
    for number, line in enumerate([_SHEET_HEADINGS, *lines], start=1):
        for place, text in enumerate(line, start=1):
            _write(sheet, number, place, text)
            cell = sheet.cell(number, place)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    workbook.active = 0
    for other in workbook.worksheets[1:]:
        other.sheet_view.tabSelected = False
