"""The file to start from: every heading of a kind, and one row that is plainly invented."""

from datetime import date, timedelta

from meetings_app.imports.columns import COLUMNS
from meetings_app.imports.models import ImportKind
from meetings_app.spreadsheets.writing import write_table


def example_file(kind: ImportKind, today: date, area: str, agency: str) -> bytes:
    """Give an .xlsx with the headings and one invented row; `area` and `agency` are codes of the partnership."""
    row = {
        "name": "Testy McExample (take this row out)",
        "date_of_birth": f"05/01/{today.year - 14}",
        "area": area,
        "rating": "medium",
        "listed_on": f"{today - timedelta(days=60):%d/%m/%Y}",
        "lead_agency": agency,
        "next_review": f"{today + timedelta(days=28):%d/%m/%Y}",
        "agency": agency,
        "referrer": "Pat Invented",
        "received_on": f"{today:%d/%m/%Y}",
        "reason": "An invented reason",
        "urgent": "no",
        "looked_after": "not known",
    }
    codes = [column.code for column in COLUMNS[kind.value]]
    title = "CSE list" if kind is ImportKind.LIST else "Referrals"
    return write_table(title, codes, [[row.get(code, "") for code in codes]])
