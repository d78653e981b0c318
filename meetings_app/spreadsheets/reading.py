"""Reads a spreadsheet into a table, within limits: nothing a file holds can exhaust the machine."""

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Literal, TypeVar

from meetings_app.spreadsheets.headings import heading_key
from meetings_app.spreadsheets.packages import COLUMNS, ROWS, UNPACKED_BYTES, safe_copy
from meetings_app.spreadsheets.tables import Cell, Row, Table, UnreadableSpreadsheet, is_blank, shown
from meetings_app.spreadsheets.text_files import text_rows

Kind = Literal["xlsx", "csv"]
Answer = TypeVar("Answer")

HEADING_ROWS = 10
HEADINGS_NEEDED = 3

_EMPTY = "The file has no headings. The first row says what each column holds"
_TOO_LARGE = "The file is too large. Take out what is not part of the list and upload it again"
_TOO_MANY = f"The file has more than {ROWS:,} rows or {COLUMNS} columns. Take out what is not part of the list"
_NAMED_EXCEL = (
    "The file is not an Excel workbook, though its name says so. Save it as .xlsx or .csv and upload it again"
)
_OLD_EXCEL = (
    "The file is protected by a password or comes from an older Excel. "
    "Open it in Excel, take the password off, save it as .xlsx and upload it again"
)
_BROKEN = "The file is damaged. Open it in Excel, save it again as .xlsx and upload it again"


def read_table(content: bytes, known: Collection[str], kind: Kind | None = None) -> Table:
    """Read the first sheet that has headings among the `known` column codes.

    The heading row is the first of the first ten with three known headings; without one, the first row that
    is not blank. `kind` is what the file's name says; without it the content decides. Blank rows are left
    out, and rows keep the numbers seen in Excel. Raises `UnreadableSpreadsheet`, whose message is for the
    person.
    """
    if len(content) > UNPACKED_BYTES:
        raise UnreadableSpreadsheet(_TOO_LARGE)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableSpreadsheet(_OLD_EXCEL)
    if content.startswith(b"PK"):
        return _from_workbook(safe_copy(content), known)
    if kind == "xlsx":
        raise UnreadableSpreadsheet(_NAMED_EXCEL)
    return _table(_rows(text_rows(content)), known, "")


def _from_workbook(package: bytes, known: Collection[str]) -> Table:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(package)))
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    sheets.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
    first: Table | None = None
    for sheet in sheets:
        table = _guarded(partial(_sheet_named, workbook, sheet.name, known))
        if table and _known_headings(table.headings, known) >= HEADINGS_NEEDED:
            return table
        first = first or table
    if first is None:
        raise UnreadableSpreadsheet(_EMPTY)
    return first


def _sheet_named(workbook: Any, name: str, known: Collection[str]) -> Table | None:
    return _from_sheet(workbook.get_sheet_by_name(name), known, name)


def _from_sheet(sheet: Any, known: Collection[str], name: str) -> Table | None:
    if sheet.start is None:
        return None
    before: list[Cell] = [None] * sheet.start[1]
    return _table(_rows(before + row for row in sheet.iter_rows()), known, name)


def _guarded(step: Callable[[], Answer]) -> Answer:
    """Do one step of the reader; whatever goes wrong inside, the file is to blame and the person is told."""
    try:
        return step()
    except (UnreadableSpreadsheet, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as broken:
        raise UnreadableSpreadsheet(_BROKEN) from broken


def _rows(rows: Iterable[Sequence[Cell]]) -> Iterator[Row]:
    """Number the rows as Excel does, leave out the blank ones and the blank cells at the end."""
    for number, cells in enumerate(rows, start=1):
        last = len(cells)
        while last and is_blank(cells[last - 1]):
            last -= 1
        if number > ROWS + HEADING_ROWS or last > COLUMNS:
            raise UnreadableSpreadsheet(_TOO_MANY)
        if last:
            yield Row(number, tuple(None if cell == "" else cell for cell in cells[:last]))


def _table(rows: Iterator[Row], known: Collection[str], sheet: str) -> Table:
    found = list(rows)
    if not found:
        raise UnreadableSpreadsheet(_EMPTY)
    place = 0
    for index, row in enumerate(found):
        if row.number > HEADING_ROWS:
            break
        if _known_headings([shown(cell) for cell in row.cells], known) >= HEADINGS_NEEDED:
            place = index
            break
    heading = found[place]
    headings = tuple(shown(cell).strip() for cell in heading.cells)
    return Table(headings, heading.number, tuple(found[place + 1 :]), sheet)


def _known_headings(headings: Collection[str], known: Collection[str]) -> int:
    return len({heading_key(heading) for heading in headings} & set(known))
