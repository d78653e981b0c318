"""Spreadsheets as councils keep them, with plainly invented children: messy, mended, and a week's referrals.

Dates follow `today`. Areas are NE, NW, SE and SW; agencies are those that ship.
"""

import io
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook

AREAS = {"NE": "North East", "NW": "North West", "SE": "South East", "SW": "South West"}
AGENCIES = {
    "childrens-services": "Children’s Services",
    "family-services": "Family Services",
    "police": "Police",
    "education": "Education",
    "health": "Health",
    "specialist-service": "Specialist service",
}
LIST_HEADINGS = [
    "Name", " Date of Birth", "AREA", "rating", "Listed On", "lead_agency", "next-review ",
    "External reference", "Gender", "School", "Looked after", "Exploitation status", "Last rated on", "Office notes",
]  # fmt: skip
REFERRAL_HEADINGS = [
    "Received on", "Name", "Date of birth", "Area", "Agency", "Referrer", "Reason", "Urgent", "External reference",
]  # fmt: skip
UNUSUAL_NAMES = [
    "Testy O’Example",
    "Testy O'Sample-Invented",
    "Zoë Pretendová",
    "Łucja Wymyślona",
    "مثال تجريبي",
    "测试 样本",
    "Testy 🙂 Smiley",
    "Zero\u200bWidth Sample",
    "नमूना परीक्षण",
    "Tag <b>Example</b> & Co",
]
_GIVEN = ["Testy", "Sample", "Invented", "Fictional", "Pretend", "Madeup", "Imagined", "Dummy", "Trial", "Mock"]
_FAMILY = [
    "McExample", "Placeholder", "Storybook", "Nobody", "Specimen", "Fable", "Legend", "Template", "Fixture",
    "Notreal", "Outline",
]  # fmt: skip
ROWS = 120

# What stands wrong in the messy list: the row in Excel, the column, and what is written there.
MISTAKES: list[tuple[int, str, Any]] = [
    (17, "date_of_birth", "31/02/2012"),
    (23, "area", "Atlantis"),
    (31, "next_review", None),
    (38, "rating", "none"),
    (44, "name", "   "),
    (52, "lead_agency", "Polcie"),
    (67, "date_of_birth", "05-06-11"),
    (67, "listed_on", "soon"),
]
# Two rows of one child, spelled two ways; both are taken, and shown to a person.
SPELLED_TWO_WAYS = (80, 81)


def messy_list_xlsx(today: date) -> bytes:
    """Give 120 rows with mixed dates, blank cells, stray spaces and the mistakes of `MISTAKES`."""
    return _workbook("List for the panel", LIST_HEADINGS, _list_rows(today, mended=False))


def mended_list_xlsx(today: date) -> bytes:
    """Give the same 120 rows with every mistake mended and the mess of a real file kept."""
    return _workbook("List for the panel", LIST_HEADINGS, _list_rows(today, mended=True))


def referrals_xlsx(today: date) -> bytes:
    """Give 14 referrals of the week before `today`; the third reason was pasted from Word."""
    agencies = list(AGENCIES.values())
    rows: list[list[Any]] = []
    for number in range(14):
        name = UNUSUAL_NAMES[number] if number < len(UNUSUAL_NAMES) else f"{_GIVEN[number - 10]} Newcomer"
        received = _written(today - timedelta(days=number % 6 + 1), number)
        reason = "Seen with older people\x0bin a car park & <given> presents" if number == 2 else "Invented reason"
        rows.append(
            [received, name, _written(_born(today, number + 300), number + 1), list(AREAS)[number % 4],
             agencies[number % 6], "Pat Invented", reason, "yes" if number == 4 else "", f"REF-{number:03}"]
        )  # fmt: skip
    return _workbook("Referrals", REFERRAL_HEADINGS, rows)


def child_name(number: int) -> str:
    """Give the invented name of the child in place `number`, counted from 0; none sounds like another's."""
    if number < len(UNUSUAL_NAMES):
        return UNUSUAL_NAMES[number]
    return f"{_GIVEN[number % 10]} {_FAMILY[number // 10 % 11]}"


def _list_rows(today: date, *, mended: bool) -> list[list[Any]]:
    rows = [_list_row(today, number) for number in range(ROWS)]
    first, second = (row - 2 for row in SPELLED_TWO_WAYS)
    rows[first][0], rows[second][0] = "Caitlin McExample", "Katelyn MacExample"
    rows[second][1] = rows[first][1]
    if not mended:
        codes = [heading.strip().lower().replace(" ", "_").replace("-", "_") for heading in LIST_HEADINGS]
        for row, column, value in MISTAKES:
            rows[row - 2][codes.index(column)] = value
    return rows


def _list_row(today: date, number: int) -> list[Any]:
    rating = ["high", "Medium ", "LOW"][number % 3]
    listed = today - timedelta(days=40 + number)
    area = [*AREAS, *AREAS.values(), " ne ", "south-west"][number % 10]
    agency = [*AGENCIES, *AGENCIES.values(), "childrens services", "POLICE "][number % 14]
    return [
        f"{child_name(number)}  " if number % 7 == 0 else child_name(number),
        _written(_born(today, number), number),
        area,
        rating,
        _written(listed, number + 1),
        agency,
        _written(today + timedelta(days=number % 50 - 3), number + 2),
        f"SYS{number:04}" if number % 4 else None,
        ["female", "male", "", "non-binary"][number % 4],
        "Pretend Academy" if number % 5 == 0 else None,
        ["yes", "No", "", "not known"][number % 4],
        ["suspected", "Indicators only", "", "KNOWN"][number % 4],
        _written(listed, number) if number % 2 else None,
        "kept by the office" if number == 3 else None,
    ]


def _born(today: date, number: int) -> date:
    return date(today.year - 11 - number % 6, number % 12 + 1, number % 27 + 1)


def _written(day: date, manner: int) -> Any:
    """Give a date in one of the manners people write it: real, day first, in words, ISO, with spaces."""
    return [
        day,
        day.strftime("%d/%m/%Y"),
        day.strftime("%d %b %Y"),
        day.isoformat(),
        f" {day:%d.%m.%Y} ",
        f"{day.day} {day:%B %Y}",
        (day - date(1899, 12, 30)).days,
    ][manner % 7]


def _workbook(title: str, headings: list[str], rows: list[list[Any]]) -> bytes:
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = title
    for row in [headings, *rows]:
        # The library refuses control characters; in the file they stand escaped, as Word's paste leaves them.
        sheet.append([value.replace("\x0b", "_x000B_") if isinstance(value, str) else value for value in row])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()
