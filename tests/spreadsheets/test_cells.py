"""Cells as people fill them in."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.spreadsheets.cells import CellProblem, Choices, parse_choice, parse_date, parse_text, parse_yes_no
from meetings_app.spreadsheets.tables import Cell

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "value",
    [
        date(2012, 5, 1), datetime(2012, 5, 1, 9, 30, tzinfo=UTC),
        41030, 41030.0, "41030", "2012-05-01", "2012-05-01T00:00:00",
        "2012/5/1", "01/05/2012", " 1/5/2012 ", "1.5.2012",
        "1-5-2012", "1 May 2012", "1st May 2012", "01-May-2012",
        "1 MAY 12", "01/05/12", "1.5.12", "Tue 1 May 2012", "Tuesday, 1 May 2012", "May 1, 2012",
        "1\u00a0May\u00a02012",
        "\u200e01/05/2012", "01/05/2012 00:00",
    ],
)  # fmt: skip
def test_dates_are_read_in_every_manner_with_the_day_first(value: Cell) -> None:
    assert parse_date(value, not_after=TODAY) == date(2012, 5, 1)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("31/02/2012", "There is no 31 February 2012"),
        ("29/02/2011", "There is no 29 February 2011"),
        ("12/31/2012", "There is no month 31. Enter the day first"),
        ("05-06-11", "more than one date"),
        ("2012", "Enter the whole date"),
        (2012, "Enter the whole date"),
        ("May 2012", "Enter the whole date"),
        ("soon", "Enter a date"),
        ("1 Smarch 2012", "Enter a date"),
        ("0/1/2012", "There is no 0 January"),
        (-5, "Enter a date"),
        (41030.5, "Enter a date"),
        (True, "Enter a date"),
        ("#REF!", "Enter a date"),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_do(value: Cell, message: str) -> None:
    with pytest.raises(CellProblem, match=message.replace(".", r"\.")):
        parse_date(value)


@pytest.mark.parametrize(("text", "year"), [("1/5/26", 2026), ("1/5/27", 1927), ("1/5/99", 1999)])
def test_a_birth_of_two_digits_is_of_the_last_century_where_it_would_be_later(text: str, year: int) -> None:
    assert parse_date(text, not_after=TODAY).year == year
    assert parse_date("1/5/27").year == 2027


@given(st.one_of(st.text(max_size=30), st.integers(), st.floats()))
def test_any_cell_is_a_date_or_a_problem(value: Cell) -> None:
    try:
        read = parse_date(value)
    except CellProblem:
        return
    assert isinstance(read, date)


@pytest.mark.parametrize(
    "text", ["Children’s services", "childrens-services", "CHILDRENS SERVICES ", "Children's  Services"]
)
def test_a_choice_is_its_code_or_its_name(text: str) -> None:
    agencies = Choices("agency", {"childrens-services": "Children’s Services", "police": "Police"})
    assert parse_choice(text, agencies) == "childrens-services"
    with pytest.raises(CellProblem, match="Enter one of: Children’s Services, Police"):
        parse_choice("Polcie", agencies)


def test_yes_no_and_unknown() -> None:
    assert [parse_yes_no(value) for value in ("Yes", " y ", True, 1.0, "NO", 0, False, None, "not known", "?")] == [
        "yes", "yes", "yes", "yes", "no", "no", "no", "unknown", "unknown", "unknown",
    ]  # fmt: skip
    with pytest.raises(CellProblem, match="yes, no or unknown"):
        parse_yes_no("perhaps")


def test_text_keeps_what_names_are_made_of_and_refuses_what_nothing_can_hold() -> None:
    assert parse_text("  Zero\u200bWidth 👩‍👩‍👧  مثال ") == "Zero\u200bWidth 👩‍👩‍👧 مثال"
    assert parse_text("one\x0btwo\r\nthree\t", one_line=False) == "one\ntwo\nthree"
    assert parse_text(4711.0) == "4711"
    with pytest.raises(CellProblem, match=r"U\+0007"):
        parse_text("bell\x07")
    with pytest.raises(CellProblem, match="Shorten this to 200 characters; it has 201"):
        parse_text("x" * 201)
