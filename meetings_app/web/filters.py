"""How values are written for people: dates, moments, ages and codes."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import Flask

from meetings_app.clock import LONDON, london_date
from meetings_app.text import capital_first
from meetings_app.text import clock_time as clock_time


# A page writes the same few days over and over, and each took as long as a row of a table.
@lru_cache(maxsize=4096)
def plain_date(day: date | None) -> str:
    """Write a date as “5 January 2027”, or “not set”."""
    return f"{day.day} {day:%B %Y}" if day else "not set"


def weekday_date(day: date) -> str:
    """Write a date as “Tuesday 5 January 2027”."""
    return f"{day:%A} {plain_date(day)}"


@lru_cache(maxsize=4096)
def short_date(day: date | None) -> str:
    """Write a date as “5 Jan 2027”, or “not set”."""
    return f"{day.day} {day:%b %Y}" if day else "not set"


def moment(at: datetime | None) -> str:
    """Write a moment as “5 January 2027, 10:05am”, in London time."""
    if at is None:
        return "not set"
    local = at.astimezone(LONDON)
    return f"{plain_date(local.date())}, {clock_time(local.time())}"


def words(code: Any) -> str:
    """Write a code of an enum as words: `no_further_action` as “No further action”."""
    text = str(getattr(code, "value", code) or "").replace("_", " ").replace("-", " ")
    return capital_first(text)


def stop(text: str) -> str:
    """Give the full stop that a text lacks before the next sentence, nothing where it ends with a mark of its own."""
    return "" if text.rstrip().endswith((".", "!", "?", "…")) else "."


def install(app: Flask) -> None:
    """Make the filters known to the templates."""
    for name, function in {
        "plain_date": plain_date,
        "short_date": short_date,
        "weekday_date": weekday_date,
        "moment": moment,
        "clock_time": clock_time,
        "london_date": london_date,
        "words": words,
        "stop": stop,
        "capital_first": capital_first,
    }.items():
        app.jinja_env.filters[name] = function
