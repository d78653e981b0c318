"""When a meeting was held, as the minutes of both kinds say it: opened and closed, beside what was planned."""

from datetime import UTC, date, datetime, time

import pytest

from meetings_app.schedule.invites import when_held
from meetings_app.schedule.models import Meeting

SUMMER = date(2026, 6, 23)


def said(opened: datetime | None, closed: datetime | None) -> str:
    return when_held(
        Meeting(
            held_on=SUMMER, start_time=time(10), minutes=120,
            started_at=opened, closed_at=closed,
        )  # type: ignore[call-arg]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("opened", "closed", "words"),
    [
        (None, None, "Tuesday 23 June 2026, 10am to 12pm"),
        ((23, 9, 4), None, "Tuesday 23 June 2026: opened at 10:04am. Planned for 10am to 12pm"),
        (
            (23, 9, 4), (23, 10, 47),
            "Tuesday 23 June 2026: opened at 10:04am, closed at 11:47am. Planned for 10am to 12pm",
        ),
        (
            (23, 9, 4), (24, 8, 0),
            "Tuesday 23 June 2026: opened at 10:04am, closed on Wednesday 24 June 2026 at 9am."
            " Planned for 10am to 12pm",
        ),
        (
            # London is an hour ahead in summer: this is the day before, at 11:30pm.
            (21, 22, 30), (21, 23, 30),
            "Held on Sunday 21 June 2026: opened at 11:30pm, closed on Monday 22 June 2026 at 12:30am."
            " Planned for Tuesday 23 June 2026, 10am to 12pm",
        ),
        (
            (25, 8, 0), (25, 9, 15),
            "Tuesday 23 June 2026, 10am to 12pm."
            " Recorded from Thursday 25 June 2026: opened at 9am, closed at 10:15am",
        ),
    ],
)  # fmt: skip
def test_it_is_said_when_a_meeting_was_opened_and_closed_in_london(
    opened: tuple[int, int, int] | None, closed: tuple[int, int, int] | None, words: str
) -> None:
    at = [datetime(2026, 6, *each, tzinfo=UTC) if each else None for each in (opened, closed)]
    assert said(at[0], at[1]) == words
