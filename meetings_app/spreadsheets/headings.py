"""Headings, recognised in any order and case, with spaces, hyphens or underscores."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_BETWEEN_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a format: its code, what people call it, and whether a file must have it."""

    code: str
    label: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Recognised:
    """Where each known column stands (counted from 0), and what is left over, missing or there twice."""

    by_column: Mapping[str, int]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    doubled: tuple[str, ...]


def heading_key(heading: str) -> str:
    """Give the form in which headings are compared: ` Date of-Birth ` and `date_of_birth` are one."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return _BETWEEN_WORDS.sub("_", plain).strip("_")


def recognise(headings: Sequence[str], columns: Sequence[Column]) -> Recognised:
    """Find the `columns` among the `headings`; of two that say the same the first is taken."""
    known = {column.code for column in columns}
    by_column: dict[str, int] = {}
    unknown: list[str] = []
    doubled: list[str] = []
    for index, heading in enumerate(headings):
        key = heading_key(heading)
        if key in by_column:
            doubled.append(key)
        elif key in known:
            by_column[key] = index
        elif key or heading.strip():
            unknown.append(heading.strip())
    missing = tuple(column.code for column in columns if column.required and column.code not in by_column)
    return Recognised(by_column, tuple(unknown), missing, tuple(dict.fromkeys(doubled)))
