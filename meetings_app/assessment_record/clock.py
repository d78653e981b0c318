"""The time in which it is decided what follows from a concern (24 hours, SG), as people read it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings_app.clock import LONDON
from meetings_app.referrals.rules import decide_by
from meetings_app.text import day_in_words
from meetings_app.web.filters import clock_time


@dataclass(frozen=True)
class DecisionClock:
    """A clock that runs, or has run out: until when, whether that is over, and both in one sentence."""

    until: datetime
    over: bool
    text: str


def decision_clock(received_at: datetime | None, now: datetime, decision_hours: int) -> DecisionClock | None:
    """Give the clock of a concern that waits for its decision, or None where nobody said when it was received.

    The last moment still counts as in time, as it does for triage.
    """
    if received_at is None:
        return None
    until = decide_by(received_at, decision_hours)
    if now > until:
        return DecisionClock(until, over=True, text=f"The time to decide ended {how_long(now - until)} ago")
    local = until.astimezone(LONDON)
    moment = f"{clock_time(local.time())} on {day_in_words(local.date())}"
    return DecisionClock(until, over=False, text=f"Decide by {moment}: {how_long(until - now)} left")


def how_long(time: timedelta) -> str:
    """Say how long something is: “less than a minute”, “1 minute”, “3 hours”; from two days on in days."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    for size, word in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        # A day is said once two have passed: “1 day” would hide whether 25 or 47 hours have.
        if minutes >= (2 * size if word == "day" else size):
            number = minutes // size
            return f"{number} {word if number == 1 else word + 's'}"
    raise AssertionError("a minute is the smallest size")
