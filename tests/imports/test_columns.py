"""What may be brought in: every problem of every row is named, and nothing is guessed."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from meetings_app.imports.columns import COLUMNS
from meetings_app.imports.duplicates import possible_duplicates_within
from meetings_app.imports.rules import Checked, ListRow, ReferralRow, check_table
from meetings_app.spreadsheets.marking import mark_up
from meetings_app.spreadsheets.reading import read_table
from meetings_app.spreadsheets.tables import Cell, Row, Table, shown
from tests.support.messy import (
    AGENCIES,
    AREAS,
    MISTAKES,
    SPELLED_TWO_WAYS,
    UNUSUAL_NAMES,
    mended_list_xlsx,
    messy_list_xlsx,
    referrals_xlsx,
)  # fmt: skip

TODAY = date(2026, 11, 22)
SCHOOLS = {"SCH1": "Pretend Academy"}
NO_RATING = "There is no rating of this name. Enter one of: High, Medium, Low, No CSE risk identified"
NO_STATUS = "There is no exploitation status of this name. Enter one of: Indicators only, Suspected, Known"
TOO_FAR_AHEAD = "This is more than a year ahead. Check the date of the next review"
GOOD: Mapping[str, Cell] = {
    "name": "Testy McExample",
    "date_of_birth": "01/05/2012",
    "area": "NE",
    "rating": "high",
    "listed_on": "2026-06-01",
    "lead_agency": "police",
    "next_review": "2026-12-01",
    "external_reference": "S1",
}
REFERRAL: Mapping[str, Cell] = {
    "name": "Testy McExample",
    "date_of_birth": "01/05/2012",
    "area": "NE",
    "agency": "Police",
    "referrer": "Pat Invented",
    "received_on": "2026-11-20",
    "reason": "Invented reason",
}


def check(kind: str, *rows: Mapping[str, Cell]) -> Checked[ListRow] | Checked[ReferralRow]:
    headings = tuple(dict.fromkeys(code for row in rows for code in row))
    filled = tuple(Row(number, tuple(row.get(code) for code in headings)) for number, row in enumerate(rows, start=2))
    return check_table(Table(headings, 1, filled), kind, AREAS, AGENCIES, SCHOOLS, TODAY)


def check_file(content: bytes, kind: str, today: date = TODAY) -> Checked[ListRow] | Checked[ReferralRow]:
    codes = [column.code for column in COLUMNS[kind]]
    return check_table(read_table(content, codes, "xlsx"), kind, AREAS, AGENCIES, SCHOOLS, today)


@pytest.mark.parametrize("today", [TODAY, date(2027, 2, 28), date(2028, 2, 29)])
def test_a_messy_list_names_every_problem_and_only_those(today: date) -> None:
    checked = check_file(messy_list_xlsx(today), "list", today)
    assert checked.total == 120
    assert [(problem.row, problem.column) for problem in checked.problems] == [mistake[:2] for mistake in MISTAKES]
    assert [problem.value for problem in checked.problems] == [shown(mistake[2]) for mistake in MISTAKES]
    assert len(checked.rows) == 120 - len({row for row, _, _ in MISTAKES})
    assert (checked.unknown_headings, checked.missing_headings) == (("Office notes",), ())


@pytest.mark.parametrize("today", [TODAY, date(2027, 2, 28), date(2028, 2, 29)])
def test_the_mended_list_is_taken_and_the_child_spelled_two_ways_is_shown(today: date) -> None:
    checked = check_file(mended_list_xlsx(today), "list", today)
    assert checked.problems == ()
    assert {row.name for row in checked.rows} >= set(UNUSUAL_NAMES)
    assert [row.number for row in checked.rows] == list(range(2, 122))
    pairs = possible_duplicates_within(checked.rows)
    assert [(pair.first, pair.second) for pair in pairs] == [SPELLED_TWO_WAYS]
    assert pairs[0].likeness.why == "the same date of birth and names that sound alike"


def test_the_marked_list_has_the_same_problems_when_it_is_uploaded_unmended() -> None:
    content = messy_list_xlsx(TODAY)
    problems = check_file(content, "list").problems
    assert check_file(mark_up(content, "xlsx", problems, COLUMNS["list"]), "list").problems == problems


def test_a_weeks_referrals_are_taken_and_the_paste_from_word_is_cleaned() -> None:
    checked = check_file(referrals_xlsx(TODAY), "referrals")
    assert (checked.total, len(checked.rows), checked.problems) == (14, 14, ())
    third = checked.rows[2]
    assert isinstance(third, ReferralRow)
    assert third.reason == "Seen with older people\nin a car park & <given> presents"
    assert [row.number for row in checked.rows if isinstance(row, ReferralRow) and row.urgent] == [6]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("name", "", "Enter the child’s name"),
        ("name", "Testy\x07", "Take out the character U+0007 (a control character), which cannot be kept"),
        ("date_of_birth", None, "Enter the date of birth"),
        ("date_of_birth", TODAY + timedelta(days=1), "The date of birth is in the future. Check the date"),
        ("date_of_birth", "21/11/2000", "This is more than 25 years ago. Check the date of birth"),
        ("area", " ", "Enter the area"),
        ("rating", "severe", NO_RATING),
        ("listed_on", "", "Enter the date the child went on the list"),
        ("listed_on", TODAY + timedelta(days=1), "This date is in the future. Check the date"),
        ("listed_on", "30/04/2012", "This date is before the date of birth. Check both dates"),
        ("lead_agency", "", "Enter the lead agency"),
        ("next_review", "", "Enter the date of the next review"),
        ("next_review", "31/05/2026", "This is before the child went on the list. Check both dates"),
        ("next_review", TODAY + timedelta(days=367), TOO_FAR_AHEAD),
        ("last_rated_on", TODAY + timedelta(days=1), "This date is in the future. Check the date"),
        ("looked_after", "perhaps", "Enter yes, no or unknown"),
        ("exploitation_status", "maybe", NO_STATUS),
    ],
)  # fmt: skip
def test_a_wrong_cell_of_the_list_is_refused_with_what_to_do(column: str, value: Cell, message: str) -> None:
    checked = check("list", {**GOOD, column: value})
    assert [(problem.row, problem.column, problem.problem) for problem in checked.problems] == [(2, column, message)]
    assert checked.rows == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("date_of_birth", TODAY), ("date_of_birth", "22/11/2001"), ("listed_on", TODAY),
        ("listed_on", "01/05/2012"), ("next_review", "2026-06-01"), ("next_review", TODAY + timedelta(days=366)),
    ],
)  # fmt: skip
def test_dates_on_the_boundary_are_taken(column: str, value: Cell) -> None:
    row = {**GOOD, "listed_on": TODAY} if column == "date_of_birth" else dict(GOOD)
    problems = check("list", {**row, column: value}).problems
    assert [problem for problem in problems if problem.column == column] == []


def test_no_cse_risk_is_not_on_the_list_and_the_person_is_told_what_to_do() -> None:
    (problem,) = check("list", {**GOOD, "rating": "No CSE risk identified"}).problems
    assert problem.column == "rating"
    assert "take the row out" in problem.problem


def test_every_problem_of_a_row_is_named() -> None:
    checked = check("list", {**GOOD, "name": "", "area": "Atlantis", "next_review": "soon"})
    assert [problem.column for problem in checked.problems] == ["name", "area", "next_review"]


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({}, ["name", "external_reference"]),
        ({"external_reference": "S2", "name": "testy  MCEXAMPLE "}, ["name"]),
        ({"name": "Sample Fable", "external_reference": "s1"}, ["external_reference"]),
        ({"external_reference": "S2", "area": "Atlantis"}, ["area", "name"]),
        ({"external_reference": "S2", "name": "Test Child 002"}, []),
    ],
)
def test_the_same_child_twice_in_a_list_names_the_first_row(changes: Mapping[str, Cell], columns: list[str]) -> None:
    problems = check("list", GOOD, {**GOOD, **changes}).problems
    assert [(problem.row, problem.column) for problem in problems] == [(3, column) for column in columns]
    assert all("row 2" in problem.problem for problem in problems if problem.column != "area")


def test_missing_and_doubled_headings_are_said_once() -> None:
    without = {code: value for code, value in GOOD.items() if code != "next_review"}
    checked = check("list", without, {**without, "name": "Sample Fable", "external_reference": ""})
    assert checked.missing_headings == ("next_review",)
    assert [(problem.row, problem.column) for problem in checked.problems] == [(1, "next_review")]
    doubled = check("list", {**GOOD, "Next Review": "2026-12-02"})
    assert [problem.problem for problem in doubled.problems] == ["Two columns have this heading. Take one of them out"]


def test_a_school_is_found_by_its_name_and_kept_as_text_where_it_is_not() -> None:
    found = check("list", {**GOOD, "school": " pretend academy"}).rows[0]
    other = check("list", {**GOOD, "school": "Elsewhere School"}).rows[0]
    assert (found.school, other.school, other.school_name) == ("SCH1", None, "Elsewhere School")


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("agency", "Polcie", "There is no agency of this name. Enter one of: " + ", ".join(AGENCIES.values())),
        ("referrer", "", "Enter the name of the referrer"),
        ("reason", " \n ", "Enter the reason for the referral"),
        ("received_on", TODAY + timedelta(days=1), "This date is in the future. Check the date"),
        ("reason", "x" * 20_001, "Shorten this to 20,000 characters; it has 20,001"),
    ],
)
def test_a_wrong_cell_of_a_referral_is_refused(column: str, value: Cell, message: str) -> None:
    checked = check("referrals", {**REFERRAL, column: value})
    assert [(problem.column, problem.problem) for problem in checked.problems] == [(column, message)]


def test_a_child_may_be_referred_by_two_agencies_but_not_twice_by_one_on_a_day() -> None:
    assert check("referrals", REFERRAL, {**REFERRAL, "agency": "health"}).problems == ()
    (problem,) = check("referrals", REFERRAL, REFERRAL).problems
    assert (problem.row, problem.column, problem.problem) == (3, "name", "The same as row 2. Keep one of the two rows")


def test_numbered_children_and_namesakes_are_not_shown_as_duplicates() -> None:
    (row,) = check("list", GOOD).rows
    assert isinstance(row, ListRow)
    rows = [row._replace(number=number, name=f"Test Child {number:03}") for number in range(2, 400)]
    rows += [row._replace(number=400 + year, born=date(2003 + year * 3, 1 + year, 3)) for year in range(5)]
    assert possible_duplicates_within(rows) == ()


def test_near_dates_of_one_name_are_shown_in_the_order_of_the_file() -> None:
    (row,) = check("list", GOOD).rows
    assert isinstance(row, ListRow)
    swapped, later = row._replace(number=3, born=date(2012, 1, 5)), row._replace(number=9, born=date(2013, 5, 1))
    pairs = possible_duplicates_within([later, swapped, row])
    assert [(pair.first, pair.second) for pair in pairs] == [(2, 3), (2, 9)]
    assert "day and month changed over" in pairs[0].likeness.why
