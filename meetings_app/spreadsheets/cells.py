"""Cells as people fill them in, turned into dates, codes, answers and text, or into a problem."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from meetings_app.spreadsheets.tables import Cell, is_blank, shown
from meetings_app.text import UnreadableText, clean_text

YesNo = Literal["yes", "no", "unknown"]

# Day 1 of Excel's calendar, counted so that every day since March 1900 is right.
_DAY_NOUGHT = date(1899, 12, 30)
# Whole numbers between these are days counted by Excel, 1954 to 2099. A smaller one is more likely a year.
_SERIALS = range(20_000, 73_051)
_LONG_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = [name[:3] for name in _LONG_MONTHS]
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?)?")
_NUMBERS = re.compile(r"(\d{1,2}) ?([-/. ]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]+)[-/., ]*(\d{4}|\d{2})")
_MONTH_DAY = re.compile(r"([a-z]+)[-/. ]*(\d{1,2})(?:st|nd|rd|th)?(?:, ?| |-)(\d{4})")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +")
_YES = frozenset({"yes", "y", "true", "1", "x", "✓", "✔"})
_NO = frozenset({"no", "n", "false", "0"})
_UNKNOWN = frozenset({"", "unknown", "not known", "nk", "n/k", "not recorded", "?", "-", "–"})
_EXAMPLE = "such as 31/12/2026"


class CellProblem(ValueError):
    """A cell cannot be taken as it stands; the message says what to do and never repeats the cell."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Choices:
    """Codes that a cell may hold, each also by its name, whatever the case, spaces and punctuation."""

    def __init__(self, what: str, names: Mapping[str, str]) -> None:
        self.what = what
        self.names = dict(names)
        self._codes = {choice_key(name): code for code, name in self.names.items()}
        self._codes |= {choice_key(code): code for code in self.names}

    def find(self, value: Cell) -> str | None:
        """Give the code that the cell names, or None."""
        return self._codes.get(choice_key(shown(value)))


@lru_cache(maxsize=2_000)
def choice_key(text: str) -> str:
    """Give the form in which codes and names are compared: `Children’s Services` is `childrens-services`."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    return "".join(character for character in plain if character.isalnum()) or plain.strip()


def parse_choice(value: Cell, choices: Choices) -> str:
    """Give the code of the choice that the cell names. Raises `CellProblem` that lists what there is."""
    code = choices.find(value)
    if code is None:
        known = ", ".join(choices.names.values()) or "none is set up yet"
        raise CellProblem(f"There is no {choices.what} of this name. Enter one of: {known}")
    return code


def parse_text(value: Cell, longest: int = 200, *, one_line: bool = True) -> str:
    """Give the text of a cell without outer white space; on one line unless it may have several.

    Raises `CellProblem` for what cannot be kept and for more than `longest` characters.
    """
    if value is None:
        return ""
    try:
        text = clean_text(shown(value)).strip()
    except UnreadableText as unreadable:
        raise CellProblem(str(unreadable)) from unreadable
    if one_line:
        text = " ".join(text.split())
    if len(text) > longest:
        raise CellProblem(f"Shorten this to {longest:,} characters; it has {len(text):,}")
    return text


def parse_yes_no(value: Cell) -> YesNo:
    """Give yes, no or unknown; a blank cell is unknown."""
    if value is None:
        return "unknown"
    text = " ".join(shown(value).casefold().split())
    if text in _YES:
        return "yes"
    if text in _NO:
        return "no"
    if text in _UNKNOWN:
        return "unknown"
    raise CellProblem("Enter yes, no or unknown")


def parse_date(value: Cell, *, not_after: date | None = None) -> date:
    """Give the date in a cell: a real one, a count of Excel's days, or text with the day first.

    A year of two digits is of this century; with `not_after` (a birth) of the last if it would be later.
    Raises `CellProblem` for what is no date or could be read in more than one way.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if is_blank(value) or isinstance(value, bool):
        raise CellProblem(f"Enter a date, {_EXAMPLE}")
    return _date_in(shown(value)[:200], not_after.year if not_after else None)


@lru_cache(maxsize=20_000)
def _date_in(written: str, latest_year: int | None) -> date:
    text = unicodedata.normalize("NFKC", written).casefold()
    text = " ".join("".join(mark for mark in text if unicodedata.category(mark) != "Cf").split())
    if text.isdecimal() and int(text[:9]) in _SERIALS:
        return _DAY_NOUGHT + timedelta(days=int(text))
    year, month, day = _parts_of_date(_WEEKDAY.sub("", text, count=1))
    if len(year) == 2:
        century = 2000 if latest_year is None or int(year) <= latest_year % 100 else 1900
        return _real_date(century + int(year), month, int(day))
    return _real_date(int(year), month, int(day))


def _parts_of_date(text: str) -> tuple[str, int, str]:
    """Give year, month and day as they stand in the text; the year has two digits or four."""
    if found := _ISO.fullmatch(text):
        return found[1], int(found[2]), found[3]
    if found := _NUMBERS.fullmatch(text):
        if found[2] == "-" and len(found[4]) == 2:
            raise CellProblem(f"This can be read as more than one date. Enter the year in full, {_EXAMPLE}")
        return found[4], int(found[3]), found[1]
    if found := _DAY_MONTH.fullmatch(text):
        return found[3], _month(found[2]), found[1]
    if found := _MONTH_DAY.fullmatch(text):
        return found[3], _month(found[1]), found[2]
    if re.fullmatch(r"\d{4}", text) or re.fullmatch(r"[a-z]+ \d{4}|\d{1,2}/\d{4}", text):
        raise CellProblem(f"Enter the whole date, {_EXAMPLE}")
    raise CellProblem(f"Enter a date, {_EXAMPLE}")


def _month(word: str) -> int:
    for number, (short, long) in enumerate(zip(_MONTHS, _LONG_MONTHS, strict=True), start=1):
        if word == short or (len(word) > 3 and long.startswith(word)):
            return number
    raise CellProblem(f"Enter a date, {_EXAMPLE}")


def _real_date(year: int, month: int, day: int) -> date:
    if month > 12 and 1 <= day <= 12:
        raise CellProblem(f"There is no month {month}. Enter the day first, {_EXAMPLE}")
    if not 1 <= month <= 12:
        raise CellProblem(f"There is no month {month}. Enter the day first, {_EXAMPLE}")
    try:
        return date(year, month, day)
    except ValueError:
        month_name = _LONG_MONTHS[month - 1].capitalize()
        raise CellProblem(f"There is no {day} {month_name} {year}. Check the date") from None
