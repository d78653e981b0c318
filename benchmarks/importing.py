"""Figure 12: bringing in a list of 20,000 rows, against reading the file and one bulk insert."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import sqlalchemy as sa

from benchmarks.harness import Result, compare, figure
from benchmarks.world import world
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.imports.columns import COLUMNS
from meetings_app.imports.models import ImportKind
from meetings_app.imports.service import import_file
from meetings_app.permissions import OPERATOR
from meetings_app.spreadsheets.reading import read_table
from meetings_app.spreadsheets.writing import write_table

ROWS = 20_000
_HEADINGS = ("name", "date_of_birth", "area", "rating", "listed_on", "lead_agency", "next_review", "external_reference")
_RATINGS = ("high", "medium", "low")


@figure(12)
def import_of_a_list() -> Result:
    """Read, checked, compared with itself and the county, written and tied to its meetings; then undone.

    The entries of the trail are made but not written: the commit does that last, and here is none.
    """
    here = world(0)
    content = _file()

    def ours() -> None:
        with here.session() as session:
            report = import_file(
                session, OPERATOR, here.settings.clock.now(), here.office, content, ImportKind.LIST, dry_run=False
            )
            assert report.created == ROWS, report.refused[:3]
            session.rollback()

    def floor() -> None:
        table = read_table(content, [column.code for column in COLUMNS["list"]])
        values = [
            {
                "version": 1, "reference": f"X-{place}", "name": row.cells[0], "name_key": row.cells[0],
                "sound_key": "", "born": date(2011, 1, 5), "area_id": 1, "external_reference": row.cells[7],
                "gender": "", "ethnicity": "", "school_name": "", "learning_disability": YesNoUnknown.UNKNOWN,
                "looked_after": YesNoUnknown.UNKNOWN,
                "legal_status": "", "lead_professional_name": "", "created_at": here.settings.clock.now(),
            }
            for place, row in enumerate(table.rows)
        ]  # fmt: skip
        with here.service.engine.connect() as connection:
            connection.execute(sa.insert(Child.__table__), values)  # type: ignore[attr-defined]
            connection.rollback()

    return compare("import of 20,000 rows / reading the file and one bulk insert", ours, floor, limit=3, rounds=3)


@cache
def _file() -> bytes:
    """Give a spreadsheet of so many plainly invented children."""
    began = date(2008, 12, 1)
    rows = [
        (
            f"{_word(place)} McExample{_word(place * 31)}", began + timedelta(days=place * 7 % 2500),
            ("NE", "NW", "SE", "SW")[place % 4], _RATINGS[place % 3], date(2026, 1, 5) + timedelta(days=place % 200),
            "police", date(2026, 12, 1) + timedelta(days=place % 20), f"EX{place:06}",
        )
        for place in range(ROWS)
    ]  # fmt: skip
    return write_table("CSE list", _HEADINGS, rows)


def _word(number: int) -> str:
    """Give a made-up word for a number, so that few names sound alike."""
    letters, word = "bdfgklmnprstvz", ""
    for place in range(4):
        word += letters[number // 14**place % 14] + "aeiou"[(number + place) % 5]
    return word.capitalize()
