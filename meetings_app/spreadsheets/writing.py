"""Spreadsheets out. Every cell is text that no spreadsheet program will run."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

_LONGEST_CELL = 32_767
_CUT = "… (cut here: the whole text is in the service)"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_RUNS = re.compile(r"[\s\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠|%]|[\t\r\n]")
_WIDEST = 60

Value = str | int | date | None


def as_text(value: Value) -> str:
    """Give what a cell says: a date in ISO 8601, nothing for None."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def excel_text(value: Value) -> str:
    """Give the text as an Excel file can hold it; what is too long says that it is cut."""
    text = _UNWRITABLE.sub("\ufffd", as_text(value))
    if len(text) > _LONGEST_CELL:
        text = text[: _LONGEST_CELL - len(_CUT)] + _CUT
    return _LOOKS_ESCAPED.sub("_x005F_", text)


def csv_text(value: Value) -> str:
    """Give the text for a text file; what a spreadsheet program would run gets an apostrophe in front."""
    text = as_text(value)
    return f"'{text}" if _RUNS.match(text) else text


def write_table(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]], above: Sequence[str] = (), marking: str = ""
) -> bytes:
    """Give an .xlsx workbook of one sheet: bold headings that stay in sight, every cell as text.

    Each line of `above`, such as whose copy it is, stands in a row of its own above the headings and stays in sight.
    On paper these rows and `marking` stand on every page.
    """
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip("' ") or "Sheet1")
    sheet.freeze_panes = f"A{len(above) + 2}"
    _prepare_for_paper(sheet, len(above) + 1, marking)
    for place, heading in enumerate(headings):
        sheet.column_dimensions[_letters(place)].width = min(_WIDEST, max(12, len(heading) + 4))
    for line in above:
        sheet.append([_cell(sheet, line)])
    sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _prepare_for_paper(sheet: Any, rows_on_top: int, marking: str) -> None:
    sheet.print_title_rows = f"1:{rows_on_top}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.right.text = "Page &P of &N"
    if marking:
        # An ampersand begins a code in these texts, and two stand for itself.
        sheet.oddHeader.center.text = sheet.oddFooter.center.text = excel_text(marking.replace("&", "&&"))


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """Give a text file in pieces, a row at a time, so that memory does not grow with it.

    The first piece begins with a byte order mark, by which Excel knows UTF-8.
    """
    line = io.StringIO(newline="")
    writer = csv.writer(line, quoting=csv.QUOTE_ALL)
    line.write("\ufeff")
    for row in _with_headings(headings, rows):
        writer.writerow([csv_text(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _with_headings(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    yield headings
    yield from rows


def _cell(sheet: Any, value: Value, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    cell = WriteOnlyCell(sheet, excel_text(value))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
