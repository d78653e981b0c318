"""The 24 hours in which it is decided what follows from a concern, to the minute and over a change of the clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from meetings_app.assessment_record.clock import decision_clock, how_long

RECEIVED = datetime(2026, 11, 27, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "over", "words"),
    [
        (timedelta(0), False, "Decide by 2:05pm on 28 November 2026: 24 hours left"),
        (timedelta(hours=21), False, "Decide by 2:05pm on 28 November 2026: 3 hours left"),
        (timedelta(hours=22, seconds=1), False, "Decide by 2:05pm on 28 November 2026: 1 hour left"),
        (timedelta(hours=23, minutes=30), False, "Decide by 2:05pm on 28 November 2026: 30 minutes left"),
        (timedelta(hours=24), False, "Decide by 2:05pm on 28 November 2026: less than a minute left"),
        (timedelta(hours=24, microseconds=1), True, "The time to decide ended less than a minute ago"),
        (timedelta(hours=26), True, "The time to decide ended 2 hours ago"),
        (timedelta(hours=24 + 47), True, "The time to decide ended 47 hours ago"),
        (timedelta(hours=24 + 48), True, "The time to decide ended 2 days ago"),
    ],
)
def test_the_clock_says_until_when_and_how_long(passed: timedelta, over: bool, words: str) -> None:
    clock = decision_clock(RECEIVED, RECEIVED + passed, 24)
    assert clock is not None
    assert (clock.over, clock.text) == (over, words)


@pytest.mark.parametrize(
    ("received", "until"),
    [
        # The clocks go forward on 28 March 2027 and back on 25 October 2026, both at 01:00 UTC.
        (datetime(2027, 3, 27, 14, 5, tzinfo=UTC), "3:05pm on 28 March 2027"),
        (datetime(2026, 10, 24, 13, 5, tzinfo=UTC), "1:05pm on 25 October 2026"),
    ],
)
def test_twenty_four_hours_pass_though_the_clocks_change(received: datetime, until: str) -> None:
    clock = decision_clock(received, received + timedelta(hours=1), 24)
    assert clock is not None
    assert clock.until - received == timedelta(hours=24)
    assert clock.text == f"Decide by {until}: 23 hours left"


def test_without_a_moment_there_is_no_clock() -> None:
    assert decision_clock(None, RECEIVED, 24) is None


@pytest.mark.parametrize(
    ("time", "words"),
    [(timedelta(seconds=59), "less than a minute"), (timedelta(minutes=1), "1 minute"), (timedelta(days=9), "9 days")],
)
def test_how_long_is_said_in_the_largest_unit_that_hides_nothing(time: timedelta, words: str) -> None:
    assert how_long(time) == words
