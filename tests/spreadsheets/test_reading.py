"""Files as people send them are read; files made to do harm are refused with a message, in bounded memory."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook

from meetings_app.spreadsheets.headings import Column, recognise
from meetings_app.spreadsheets.reading import Kind, read_table
from meetings_app.spreadsheets.tables import Table, UnreadableSpreadsheet
from meetings_app.spreadsheets.writing import write_table

KNOWN = {"name", "date_of_birth", "area", "rating"}
TEXT = "Name;Date of birth;Area\nZoë Fable;01/05/2012;NE\n\n;;\nTesty;2.5.2012;“SW”\n"


def read(content: bytes, kind: Kind | None = None) -> Table:
    return read_table(content, KNOWN, kind)


def package(**parts: str | bytes) -> bytes:
    """Give the workbook of one cell with parts put in place of its own."""
    names = {"sheet": "xl/worksheets/sheet1.xml", "shared": "xl/sharedStrings.xml"}
    replaced = {names.get(key, key): part for key, part in parts.items()}
    whole = write_table("List", ["name", "area", "rating"], [["Testy", "NE", "high"]])
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *replaced}:
            new.writestr(name, replaced[name] if name in replaced else old.read(name))
    return content.getvalue()


def sheet(body: str, start: str = "") -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{start}<worksheet xmlns="{space}"><sheetData>{body}</sheetData></worksheet>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_text_files_of_every_make_are_read(encoding: str, separator: str) -> None:
    table = read(TEXT.replace(";", separator).encode(encoding), "csv")
    assert table.headings == ("Name", "Date of birth", "Area")
    assert [(row.number, row.cells) for row in table.rows] == [
        (2, ("Zoë Fable", "01/05/2012", "NE")),
        (5, ("Testy", "2.5.2012", "“SW”")),
    ]


def test_a_quoted_cell_may_have_lines_and_a_stray_quotation_mark_is_kept() -> None:
    assert read(b'name,area,rating\n"one\ntwo",NE,high\n').rows[0].cells[0] == "one\ntwo"
    assert read(b'name,area,rating\n"Testy" Fable,NE,high\n').rows[0].cells[0] == "Testy Fable"


def test_titles_blank_rows_hidden_sheets_and_empty_columns_do_not_matter() -> None:
    workbook = Workbook()
    cover = workbook.worksheets[0]
    cover["A1"] = "What this file is"
    listed = workbook.create_sheet("List")
    listed["B2"] = "The list of the county"
    for place, heading in enumerate(("NAME", "date-of birth ", "Area"), start=2):
        listed.cell(4, place, heading)
    listed["B6"], listed["C6"], listed["D6"] = "Testy", date(2012, 5, 1), 7
    listed.merge_cells("B2:D2")
    listed.row_dimensions[6].hidden = True
    content = io.BytesIO()
    workbook.save(content)
    table = read(content.getvalue(), "xlsx")
    assert (table.sheet, table.heading_row, table.headings) == ("List", 4, ("", "NAME", "date-of birth", "Area"))
    assert [(row.number, row.cells) for row in table.rows] == [(6, (None, "Testy", date(2012, 5, 1), 7))]


def test_headings_are_recognised_in_any_order_and_case_and_the_rest_is_named() -> None:
    columns = [
        Column("name", "", required=True),
        Column("date_of_birth", "", required=True),
        Column("area", "", required=True),
    ]
    found = recognise(["Date-of  Birth", "Notes", " NAME ", "", "name"], columns)
    assert dict(found.by_column) == {"date_of_birth": 0, "name": 2}
    assert (found.unknown, found.missing, found.doubled) == (("Notes",), ("area",), ("name",))


def test_workbooks_of_other_programs_are_read() -> None:
    cell = '<x:c r="{0}1" t="inlineStr"><x:is><x:t>{1}</x:t></x:is></x:c>'
    cells = "".join(cell.format(*pair) for pair in (("A", "name"), ("B", "area"), ("C", "rating")))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    part = f'<x:worksheet xmlns:x="{space}"><x:sheetData><x:row r="1">{cells}</x:row></x:sheetData></x:worksheet>'
    assert read(package(sheet=part)).headings == ("name", "area", "rating")


ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>'
HOSTILE: dict[str, Callable[[], bytes]] = {
    "zip bomb": lambda: package(sheet=sheet("<row/>" * 11_000_000)),
    "one cell far away": lambda: package(sheet=sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
    "many columns": lambda: package(sheet=sheet('<row r="1"><c r="CW1"><v>1</v></c></row>')),
    "rows without numbers": lambda: package(sheet=sheet("<row/>" * 50_000 + "<row><c><v>1</v></c></row>")),
    "a row below zero": lambda: package(sheet=sheet('<row r="1"><c r="A-1"><v>1</v></c></row>')),
    "two references": lambda: package(sheet=sheet('<row r="1"><c r="A1" r="XFD1048576"><v>1</v></c></row>')),
    "shared text": lambda: package(
        shared=f"<sst><si><t>{'x' * 1_000_000}</t></si></sst>",
        sheet=sheet("".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 5_001))),
    ),
    "outside entity": lambda: package(sheet=sheet('<row r="1"><c r="A1"><v>&e;</v></c></row>', ENTITY)),
    "outside entity in UTF-16": lambda: package(sheet=sheet("", ENTITY).encode("utf-16")),
    "laughs": lambda: package(shared=LAUGHS),
    "broken XML": lambda: package(sheet="<worksheet><sheetData><row"),
    "many members": lambda: package(**{f"xl/media/{number}.xml": "" for number in range(1_001)}),
    "cut short": lambda: package()[:-400],
    "cut in the middle": lambda: package()[:1_000],
    "Word file": lambda: package(**{"xl/workbook.xml": "<document/>"}),
    "empty zip": lambda: b"PK\x05\x06" + bytes(18),
    "old Excel": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "PDF": lambda: b"%PDF-1.7\n1 0 obj",
    "page": lambda: b"<html><table><tr><td>name</td></tr></table></html>",
    "nothing": lambda: b"",
    "blank": lambda: b"\n\n ,, \n",
    "open quotation mark": lambda: b'name,area,rating\n"Testy,NE,high\nSample,NE,low\n',
    "too many rows": lambda: b"name,area,rating\n" + b"a,b,c\n" * 50_100,
    "too many columns": lambda: b"name,area,rating" + b",x" * 101,
    "a cell without end": lambda: b"name,area,rating\n" + b"x" * 200_000,
}  # fmt: skip


@pytest.mark.parametrize("which", HOSTILE)
def test_hostile_and_broken_files_are_refused_with_a_message(which: str) -> None:
    content = HOSTILE[which]()
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableSpreadsheet) as refused:
            read(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused.value.message.endswith(("again", "password off", "list", "holds"))
    assert peak < 300_000_000


def test_a_text_file_that_calls_itself_a_workbook_is_refused() -> None:
    with pytest.raises(UnreadableSpreadsheet, match="though its name says so"):
        read(TEXT.encode(), "xlsx")


@pytest.mark.parametrize("cut", range(0, 6_000, 97))
def test_a_damaged_workbook_never_breaks_anything(cut: int) -> None:
    whole = package()
    damaged = whole[:cut] + bytes([whole[cut % len(whole)] ^ 0xFF]) + whole[cut + 1 :]
    try:
        table = read(damaged)
    except UnreadableSpreadsheet:
        return
    assert table.headings
