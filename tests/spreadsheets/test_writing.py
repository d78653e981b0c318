"""Exports hold text and nothing that a spreadsheet program would run; a person's file comes back marked."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from meetings_app.spreadsheets.headings import Column
from meetings_app.spreadsheets.marking import SHEET, mark_up
from meetings_app.spreadsheets.reading import read_table
from meetings_app.spreadsheets.tables import Problem
from meetings_app.spreadsheets.writing import write_csv, write_table

COLUMNS = [Column("name", "", required=True), Column("date_of_birth", ""), Column("area", ""), Column("rating", "")]
CODES = [column.code for column in COLUMNS]
PROBLEMS = [
    Problem(3, "date_of_birth", "31/02/2012", "There is no 31 February 2012. Check the date"),
    Problem(3, "area", "=Atlantis", "There is no area of this name"),
    Problem(3, "area", "=Atlantis", "Choose another"),
]
DANGEROUS = [
    before + start + rest
    for before, start, rest in product(
        ("", " ", "\t", "\n", "\ufeff", "\u200b"),
        ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%"),
        [f"cmd|' /C calc'!A{number}" for number in range(25)]
        + [f'HYPERLINK("http://x.invalid/{n}","y")' for n in range(25)],
    )
]


def test_no_cell_of_a_workbook_is_run() -> None:
    assert len(DANGEROUS) == 3_000
    content = write_table("=List/of*children", ["=heading"], ([text] for text in DANGEROUS))
    sheet: Any = load_workbook(io.BytesIO(content)).active
    assert [cell.data_type for (cell,) in sheet.iter_rows()] == ["s"] * 3_001
    assert [cell.value for (cell,) in sheet.iter_rows(min_row=2)] == DANGEROUS


def test_a_page_on_paper_says_what_stands_above_and_the_marking() -> None:
    content = write_table("List", CODES, [["x", "", "", "y"]] * 200, ("List 7: SUPERSEDED", "Copy of Testy"), "R&D")
    sheet: Any = load_workbook(io.BytesIO(content)).active
    assert sheet.print_title_rows == "$1:$3"
    assert (sheet.oddHeader.center.text, sheet.oddFooter.center.text) == ("R&&D", "R&&D")
    assert sheet.oddFooter.right.text == "Page &P of &N"


def test_no_cell_of_a_text_file_is_run() -> None:
    text = "".join(write_csv(["=heading"], ([text] for text in DANGEROUS)))
    assert text.startswith("\ufeff")
    cells = [cell for (cell,) in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))]
    assert cells == ["'=heading", *(f"'{cell}" for cell in DANGEROUS)]


def test_exports_come_back_as_they_were() -> None:
    names = ["Zoë & <b>", "مثال", "测试", "🙂", "Zero\u200bWidth", "_x0041_", 'O’Example, "Testy"\nsecond line']
    rows = [[name, date(2012, 5, 1), None, 7] for name in names]
    expected = [(name, "2012-05-01", None, "7") for name in names]
    workbook = write_table("List", CODES, rows)
    assert [row.cells for row in read_table(workbook, CODES).rows] == expected
    text = "".join(write_csv(CODES, rows)).encode()
    assert [row.cells for row in read_table(text, CODES).rows] == expected


def test_text_that_is_too_long_for_a_cell_says_that_it_is_cut() -> None:
    (row,) = read_table(write_table("List", CODES, [["x" * 40_000, "", "", "y"]]), CODES).rows
    assert str(row.cells[0]).endswith("(cut here: the whole text is in the service)")
    assert len(str(row.cells[0])) == 32_767


def test_a_long_text_file_takes_no_more_memory_than_a_short_one() -> None:
    def peak(rows: int) -> int:
        many: Iterator[list[str]] = (["Testy", "NE"] for _ in range(rows))
        tracemalloc.start()
        for _piece in write_csv(["name", "area"], many):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(50_000) < peak(100) + 100_000


def own_workbook() -> bytes:
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = "Our list"
    sheet.append(["Area", "NAME", "Date of birth"])
    sheet.append(["NE", "Testy Fable", date(2012, 5, 1)])
    sheet.append(["Atlantis", "Zoë & <b>", "31/02/2012"])
    sheet.column_dimensions["B"].width = 44
    workbook.create_sheet("Other")["A1"] = "kept"
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def test_the_persons_own_workbook_comes_back_marked_and_keeps_its_looks() -> None:
    marked = mark_up(own_workbook(), "xlsx", PROBLEMS, COLUMNS)
    workbook = load_workbook(io.BytesIO(marked))
    assert workbook.sheetnames == [SHEET, "Our list", "Other"]
    sheet = workbook["Our list"]
    assert sheet.column_dimensions["B"].width == pytest.approx(44)
    area, born = sheet["A3"], sheet["C3"]
    assert (area.value, born.value, sheet["C2"].is_date) == ("Atlantis", "31/02/2012", True)
    assert area.font.bold
    assert area.fill.fill_type == "solid"
    assert area.comment is not None
    assert area.comment.text == "There is no area of this name\nChoose another"
    assert sheet["B3"].comment is None
    listed = [[cell.value for cell in row] for row in workbook[SHEET].iter_rows(min_row=2)]
    assert listed == [[str(problem.row), problem.column, problem.value, problem.problem] for problem in PROBLEMS]
    assert {cell.data_type for row in workbook[SHEET].iter_rows() for cell in row} == {"s"}


def test_a_marked_file_can_be_read_and_marked_again() -> None:
    marked = mark_up(own_workbook(), "xlsx", PROBLEMS, COLUMNS)
    assert read_table(marked, CODES, "xlsx") == read_table(own_workbook(), CODES, "xlsx")
    again = mark_up(marked, "xlsx", PROBLEMS[:1], COLUMNS)
    assert load_workbook(io.BytesIO(again)).sheetnames.count(SHEET) == 1


def test_a_text_file_comes_back_as_a_marked_workbook_with_its_rows_in_place() -> None:
    text = "Our list\n\nName;Date of birth;Area\n=1+1;31/02/2012;=Atlantis\n"
    problems = [Problem(4, "area", "=Atlantis", "There is no area of this name")]
    workbook = load_workbook(io.BytesIO(mark_up(text.encode(), "csv", problems, COLUMNS)))
    sheet = workbook["List"]
    assert [sheet["A4"].value, sheet["A4"].data_type] == ["=1+1", "s"]
    assert sheet["C4"].comment is not None


def test_a_missing_column_is_marked_at_the_headings() -> None:
    problems = [Problem(1, "rating", "", "Add a column with the heading rating")]
    sheet = load_workbook(io.BytesIO(mark_up(own_workbook(), "xlsx", problems, COLUMNS)))["Our list"]
    assert sheet["A1"].comment is not None
