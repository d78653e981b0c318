"""What a row of the list or of the referrals must hold before anything is written.

Pure: a table and the reference data in, rows and every problem of every row out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, NamedTuple, TypeVar

from meetings_app.children.matching import name_key
from meetings_app.imports.columns import COLUMNS, LIST_COLUMNS, REFERRAL_COLUMNS
from meetings_app.imports.row_reader import RowReader
from meetings_app.spreadsheets.cells import Choices, YesNo
from meetings_app.spreadsheets.headings import recognise
from meetings_app.spreadsheets.tables import Problem, Table

# Our defaults for slips of the pen: nobody of this age is brought in, and no review is planned so far ahead.
OLDEST_YEARS = 25
LATEST_REVIEW = timedelta(days=366)

RATINGS = {"high": "High", "medium": "Medium", "low": "Low", "none": "No CSE risk identified"}
EXPLOITATION = {"indicators": "Indicators only", "suspected": "Suspected", "known": "Known"}
_LABELS = {column.code: column.label for column in (*LIST_COLUMNS, *REFERRAL_COLUMNS)}


class ListRow(NamedTuple):
    """One child on the list, ready to be brought in. Area, lead agency, rating and school are codes."""

    number: int
    name: str
    born: date
    area: str
    rating: str
    listed_on: date
    lead_agency: str
    next_review: date
    external_reference: str
    gender: str
    ethnicity: str
    school: str | None
    school_name: str
    lead_professional: str
    learning_disability: YesNo
    looked_after: YesNo
    legal_status: str
    exploitation_status: str | None
    last_rated_on: date | None


class ReferralRow(NamedTuple):
    """One referral, ready to be brought in as received. Area, agency and school are codes."""

    number: int
    name: str
    born: date
    area: str
    agency: str
    referrer: str
    received_on: date
    reason: str
    external_reference: str
    gender: str
    ethnicity: str
    school: str | None
    school_name: str
    urgent: bool


ImportRow = TypeVar("ImportRow", ListRow, ReferralRow)


@dataclass(frozen=True, slots=True)
class Reference:
    """What cells may name: areas, agencies and schools, each by code and name, and the day of the import."""

    areas: Choices
    agencies: Choices
    schools: Choices
    today: date
    ratings: Choices = field(default_factory=lambda: Choices("rating", RATINGS))
    exploitation: Choices = field(default_factory=lambda: Choices("exploitation status", EXPLOITATION))


@dataclass(frozen=True, slots=True)
class Checked(Generic[ImportRow]):
    """The rows that can be brought in, every problem, and the headings that say nothing known or are not there."""

    total: int
    rows: tuple[ImportRow, ...]
    problems: tuple[Problem, ...]
    unknown_headings: tuple[str, ...]
    missing_headings: tuple[str, ...]


def check_table(
    table: Table,
    kind: str,
    areas: Mapping[str, str],
    agencies: Mapping[str, str],
    schools: Mapping[str, str],
    today: date,
) -> Checked[ListRow] | Checked[ReferralRow]:
    """Check a table of `kind` `list` or `referrals`; areas, agencies and schools are names by code.

    With any problem nothing should be brought in.
    """
    reference = Reference(Choices("area", areas), Choices("agency", agencies), Choices("school", schools), today)
    return check_list(table, reference) if kind == "list" else check_referrals(table, reference)


def check_list(table: Table, reference: Reference) -> Checked[ListRow]:
    """Check a table of the list; the same child or reference twice is a problem of the later row."""
    by_column, problems, unknown, missing = _headings(table, "list")
    rows: list[ListRow] = []
    seen: dict[tuple[object, ...], int] = {}
    for row in table.rows:
        reader = RowReader(row, by_column, _LABELS)
        checked = check_list_row(reader, reference)
        _refuse_repeats(reader, _keys_of_child(reader), seen)
        problems += reader.problems
        if checked and not reader.problems:
            rows.append(checked)
    return Checked(len(table.rows), tuple(rows), tuple(problems), unknown, missing)


def check_referrals(table: Table, reference: Reference) -> Checked[ReferralRow]:
    """Check a table of referrals; the same child referred by the same agency on the same day twice is a problem."""
    by_column, problems, unknown, missing = _headings(table, "referrals")
    rows: list[ReferralRow] = []
    seen: dict[tuple[object, ...], int] = {}
    for row in table.rows:
        reader = RowReader(row, by_column, _LABELS)
        checked = check_referral_row(reader, reference)
        if checked:
            day = f"{checked.born} {checked.received_on}"
            _refuse_repeats(reader, {"name": (name_key(checked.name), checked.agency, day)}, seen)
        problems += reader.problems
        if checked and not reader.problems:
            rows.append(checked)
    return Checked(len(table.rows), tuple(rows), tuple(problems), unknown, missing)


def check_list_row(reader: RowReader, reference: Reference) -> ListRow | None:
    """Give the row, or None with everything that is wrong in `reader.problems`."""
    today = reference.today
    reader.born = born = _born(reader, today)
    reader.name = name = reader.needed_text("name")
    area = reader.needed_choice("area", reference.areas)
    rating = reader.needed_choice("rating", reference.ratings)
    if rating == "none":
        reader.refuse(
            "rating",
            "A child with no CSE risk identified is not on the list. Enter high, medium or low, or take the row out",
        )
    listed_on = reader.needed_date("listed_on")
    _check_past(reader, "listed_on", listed_on, born, today)
    lead_agency = reader.needed_choice("lead_agency", reference.agencies)
    next_review = reader.needed_date("next_review")
    _check_next_review(reader, next_review, listed_on, today)
    last_rated_on = reader.date("last_rated_on")
    _check_past(reader, "last_rated_on", last_rated_on, born, today)
    school_name = reader.text("school")
    reader.external_reference = external_reference = reader.text("external_reference")
    gender, ethnicity = reader.text("gender"), reader.text("ethnicity")
    lead_professional, legal_status = reader.text("lead_professional"), reader.text("legal_status")
    learning_disability, looked_after = reader.yes_no("learning_disability"), reader.yes_no("looked_after")
    exploitation_status = reader.choice("exploitation_status", reference.exploitation)
    if not (name and born and area and rating and listed_on and lead_agency and next_review) or reader.problems:
        return None
    return ListRow(
        reader.row.number, name, born, area, rating, listed_on, lead_agency, next_review, external_reference,
        gender, ethnicity, reference.schools.find(school_name), school_name, lead_professional,
        learning_disability, looked_after, legal_status, exploitation_status, last_rated_on,
    )  # fmt: skip


def check_referral_row(reader: RowReader, reference: Reference) -> ReferralRow | None:
    """Give the row, or None with everything that is wrong in `reader.problems`."""
    born = _born(reader, reference.today)
    name = reader.needed_text("name")
    area = reader.needed_choice("area", reference.areas)
    agency = reader.needed_choice("agency", reference.agencies)
    referrer = reader.needed_text("referrer")
    received_on = reader.needed_date("received_on")
    _check_past(reader, "received_on", received_on, born, reference.today)
    reason = reader.needed_text("reason", long=True)
    external_reference, school_name = reader.text("external_reference"), reader.text("school")
    gender, ethnicity = reader.text("gender"), reader.text("ethnicity")
    urgent = reader.yes_no("urgent") == "yes"
    if not (name and born and area and agency and referrer and received_on and reason) or reader.problems:
        return None
    return ReferralRow(
        reader.row.number, name, born, area, agency, referrer, received_on, reason, external_reference,
        gender, ethnicity, reference.schools.find(school_name), school_name, urgent,
    )  # fmt: skip


def _headings(table: Table, kind: str) -> tuple[Mapping[str, int], list[Problem], tuple[str, ...], tuple[str, ...]]:
    recognised = recognise(table.headings, COLUMNS[kind])
    problems = [
        Problem(table.heading_row, code, "", f"Add a column with the heading {code}: {_LABELS[code]}")
        for code in recognised.missing
    ]
    problems += [
        Problem(table.heading_row, code, code, "Two columns have this heading. Take one of them out")
        for code in recognised.doubled
    ]
    return recognised.by_column, problems, recognised.unknown, recognised.missing


def _born(reader: RowReader, today: date) -> date | None:
    born = reader.needed_date("date_of_birth", not_after=today)
    if born and born > today:
        reader.refuse("date_of_birth", "The date of birth is in the future. Check the date")
    elif born and _years_between(born, today) > OLDEST_YEARS:
        reader.refuse("date_of_birth", f"This is more than {OLDEST_YEARS} years ago. Check the date of birth")
    return born


def _years_between(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _check_past(reader: RowReader, column: str, day: date | None, born: date | None, today: date) -> None:
    if day and day > today:
        reader.refuse(column, "This date is in the future. Check the date")
    elif day and born and born <= today and day < born:
        reader.refuse(column, "This date is before the date of birth. Check both dates")


def _check_next_review(reader: RowReader, next_review: date | None, listed_on: date | None, today: date) -> None:
    if next_review and next_review > today + LATEST_REVIEW:
        reader.refuse("next_review", "This is more than a year ahead. Check the date of the next review")
    elif next_review and listed_on and listed_on <= today and next_review < listed_on:
        reader.refuse("next_review", "This is before the child went on the list. Check both dates")


def _keys_of_child(reader: RowReader) -> dict[str, tuple[object, ...]]:
    """Give what may stand once in a list, by the column that a repeat is marked in."""
    keys: dict[str, tuple[object, ...]] = {}
    if reader.name and reader.born:
        keys["name"] = ("child", name_key(reader.name), reader.born)
    if reader.external_reference:
        keys["external_reference"] = ("reference", reader.external_reference.casefold())
    return keys


def _refuse_repeats(
    reader: RowReader, keys: Mapping[str, tuple[object, ...]], seen: dict[tuple[object, ...], int]
) -> None:
    for column, key in keys.items():
        first = seen.setdefault(key, reader.row.number)
        if first != reader.row.number:
            reader.refuse(column, f"The same as row {first}. Keep one of the two rows")
