"""How an edited text differs from the record, how versions are called, and until when corrections are taken."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.errors import DomainError
from meetings_app.meetings.minutes_texts import version_words
from meetings_app.minutes.rules import (
    Part,
    changes_between,
    check_correction,
    corrections_until,
    issue_due,
    other_ratings,
    word_differences,
)
from tests.support.rmm import OFFICE


@given(st.text(), st.text())
def test_the_differences_hold_every_character_of_both_texts(recorded: str, edited: str) -> None:
    pieces = word_differences(recorded, edited)
    assert "".join(piece.text for piece in pieces if piece.part is not Part.PUT_IN) == recorded
    assert "".join(piece.text for piece in pieces if piece.part is not Part.LEFT_OUT) == edited


@given(st.text())
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(piece.part is Part.SAME for piece in word_differences(text, text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The RMM agreed: risk is\tlow.", ""),
        ("Seen by all. The child stays at medium for now.", "stays at medium"),
        ("Rated HIGH. Rated low.", "Rated low"),
        ("The rating was lowered from medium. Last time it was rated low.", ""),
        ("A low score; the risk of a low mood.", ""),
        ("Not rated low.", ""),
    ],
)
def test_a_text_that_names_another_rating_than_the_decided_one_is_found(text: str, said: str) -> None:
    facts = {"items": [{"number": "4.1", "rating": "high"}, {"number": "4.2", "outcome": "deferred"}]}
    found = other_ratings(facts, {"4.1": text, "4.2": "Rated low.", "": ""})
    assert found == ({"4.1": said} if said else {})


def test_a_changed_word_is_found_as_a_word() -> None:
    said = [(piece.part, piece.text) for piece in word_differences("The van was silver.", "The van was white.")]
    assert said == [
        (Part.SAME, "The van was "), (Part.LEFT_OUT, "silver"), (Part.PUT_IN, "white"), (Part.SAME, "."),
    ]  # fmt: skip


def test_words_changed_one_after_another_are_read_as_one_change() -> None:
    said = [(piece.part, piece.text) for piece in word_differences("Seen once. So.", "Told us twice. So.")]
    assert said == [(Part.LEFT_OUT, "Seen once"), (Part.PUT_IN, "Told us twice"), (Part.SAME, ". So.")]


@pytest.mark.parametrize(
    ("number", "locked", "words"),
    [
        (1, [], "1"), (3, [3], "3"), (4, [3], "4, amendment 1 to version 3"),
        (6, [3, 4], "6, amendment 2 to version 4"), (3, [3, 4], "3"),
    ],
)  # fmt: skip
def test_a_version_says_which_amendment_it_is(number: int, locked: list[int], words: str) -> None:
    assert version_words(number, locked) == words


def test_an_amendment_lists_what_differs_and_nothing_else() -> None:
    before = {"": "Notes", "4.1": "One", "4.2": "Two"}
    assert changes_between(before, {**before, "4.2": "Three"}) == [{"item": "4.2", "before": "Two", "after": "Three"}]
    assert changes_between(before, before) == []


def test_times_are_counted_in_working_days_over_christmas() -> None:
    rmm = OFFICE.partnership.rmm
    held, calendar = date(2026, 12, 22), OFFICE.calendar
    assert issue_due(held, rmm.draft_minutes_working_days, calendar) == date(2026, 12, 31)
    assert corrections_until(date(2026, 12, 31), rmm.corrections_working_days, calendar) == date(2027, 1, 15)


@pytest.mark.parametrize(
    ("until", "text", "taken"),
    [
        (date(2026, 12, 7), "Wrong date", True), (date(2026, 12, 6), "Wrong date", False),
        (None, "Wrong date", False), (date(2026, 12, 7), "  ", False),
    ],
)  # fmt: skip
def test_a_correction_is_taken_from_the_issue_to_the_last_day(until: date | None, text: str, taken: bool) -> None:
    if taken:
        check_correction(until, date(2026, 12, 7), text)
        return
    with pytest.raises(DomainError):
        check_correction(until, date(2026, 12, 7), text)
