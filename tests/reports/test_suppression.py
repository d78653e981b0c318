"""No number under 5 is shown in the totals, and none can be worked out from what is."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.reports.suppression import SMALLEST_SHOWN, Table, safe_row, safe_table

counts = st.one_of(st.integers(0, 6), st.integers(0, 60))


@pytest.mark.parametrize(
    ("values", "shown", "total"),
    [
        ([10, 20, 30], (10, 20, 30), 60),
        ([4, 20, 30], (None, None, 30), 54),
        ([5, 20, 30], (5, 20, 30), 55),
        ([3, 2, 30], (None, None, 30), 35),
        ([0, 0, 30, 9], (None, None, 30, None), 39),
        ([0, 30], (None, None), 30),
        ([1, 1], (None, None), None),
        ([], (), None),
    ],
)
def test_a_row_shows_what_may_be_shown(values: list[int], shown: tuple[int | None, ...], total: int | None) -> None:
    assert safe_row(values) == (shown, total)


def test_a_small_number_in_the_middle_hides_a_rectangle() -> None:
    table = safe_table([[10, 2, 30], [40, 50, 60], [70, 80, 90]])
    assert table.cells == ((None, None, 30), (None, None, 60), (70, 80, 90))
    assert table.row_totals == (42, 150, 240)
    assert table.total == 432


@given(st.lists(counts, max_size=7))
def test_no_small_number_of_a_row_is_shown_or_follows_from_the_others(values: list[int]) -> None:
    shown, total = safe_row(values)
    assert all(number is None or number >= SMALLEST_SHOWN for number in (*shown, total))
    assert all(number in (None, value) for number, value in zip(shown, values, strict=True))
    hidden = [value for number, value in zip(shown, values, strict=True) if number is None]
    if hidden and total is not None:
        assert len(hidden) > 1, "the one hidden number would be the total less the others"
        assert sum(hidden) > 0, "hidden numbers that sum to nought would all be nought"


@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_no_small_number_of_a_table_is_shown(height: int, width: int, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.lists(counts, min_size=width, max_size=width), min_size=height, max_size=height))
    table = safe_table(values)
    numbers = [*sum(table.cells, ()), *table.row_totals, *table.column_totals, table.total]
    assert all(number is None or number >= SMALLEST_SHOWN for number in numbers)
    for row, numbers_shown in zip(values, table.cells, strict=True):
        assert all(number in (None, value) for number, value in zip(numbers_shown, row, strict=True))


@given(st.integers(1, 3), st.integers(1, 3), st.data())
def test_for_every_small_number_another_table_looks_the_same(height: int, width: int, data: st.DataObject) -> None:
    """Try every table whose numbers differ a little; a reader of the page could not tell it from the true one."""
    values = data.draw(
        st.lists(st.lists(st.integers(0, 7), min_size=width, max_size=width), min_size=height, max_size=height)
    )
    table = safe_table(values)
    small = {(row, column) for row in range(height) for column in range(width) if values[row][column] < SMALLEST_SHOWN}
    told_apart = set(small)
    for changes in product((-1, 0, 1), repeat=height * width):
        other = [
            [values[row][column] + changes[row * width + column] for column in range(width)] for row in range(height)
        ]
        if min(min(row) for row in other) >= 0 and _looks_like(other, table):
            told_apart -= {(row, column) for row, column in small if other[row][column] != values[row][column]}
    assert not told_apart


def _looks_like(other: list[list[int]], table: Table) -> bool:
    """Say whether a table agrees with every number that is shown."""

    columns = [sum(row[column] for row in other) for column in range(len(other[0]))]
    pairs = [
        *(
            (shown, value)
            for line, row in zip(table.cells, other, strict=True)
            for shown, value in zip(line, row, strict=True)
        ),
        *zip(table.row_totals, (sum(row) for row in other), strict=True),
        *zip(table.column_totals, columns, strict=True),
        (table.total, sum(columns)),
    ]
    return all(shown is None or shown == value for shown, value in pairs)
