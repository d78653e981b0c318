"""The work of an import follows the number of its rows: counted in calls, without a clock."""

import sys
from datetime import date
from types import FrameType
from typing import Any

from meetings_app.imports.duplicates import possible_duplicates_within
from meetings_app.imports.rules import check_table
from meetings_app.spreadsheets.tables import Row, Table

HEADINGS = ("name", "date_of_birth", "area", "rating", "listed_on", "lead_agency", "next_review")
TODAY = date(2026, 11, 22)


def calls(rows: int) -> int:
    """Count the calls that check `rows` children of one name, born on twenty-five days.

    No number comes again in another count, so that no name is known from the one before.
    """
    cells = [
        (f"Testy Example {rows}{number:05}", date(2012, 1, number % 25 + 1), "NE", "high", TODAY, "police", TODAY)
        for number in range(rows)
    ]
    table = Table(HEADINGS, 1, tuple(Row(number, row) for number, row in enumerate(cells, start=2)))
    counted = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal counted
        counted += event == "call"

    sys.setprofile(count)
    try:
        checked = check_table(table, "list", {"NE": "North East"}, {"police": "Police"}, {}, TODAY)
        possible_duplicates_within(checked.rows)
    finally:
        sys.setprofile(None)
    assert len(checked.rows) == rows
    return counted


def test_four_times_the_rows_take_at_most_about_four_times_the_work() -> None:
    calls(500)
    assert calls(6_000) < 5 * calls(1_500)
