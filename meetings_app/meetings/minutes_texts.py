"""The texts that a version of the minutes prints, and how a version is called. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

NOTES = ""
"""The number under which the text stands that is about no single child."""


def recorded_texts(facts: Mapping[str, Any]) -> dict[str, str]:
    """Give what the meeting recorded as text, by the number of the item; the notes stand under `NOTES`."""
    return {NOTES: facts["notes"] or "", **{item["number"]: item["discussion"] for item in facts["items"]}}


def texts_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """Give the texts that a version of the minutes prints, by the number of the item."""
    edited: Mapping[str, str] = facts.get("texts", {})
    return {number: edited.get(number, text) for number, text in recorded_texts(facts).items()}


def amendment_number(number: int, locked: Iterable[int]) -> int:
    """Give the number of the amendment that a version is; 0 for whatever came before a signed one."""
    return sum(1 for other in locked if other < number)


def version_words(number: int, locked: Sequence[int]) -> str:
    """Say a version in words, as every copy does: “3” or “4, amendment 1 to version 3”."""
    amended = amendment_number(number, locked)
    if not amended:
        return str(number)
    before = max(other for other in locked if other < number)
    return f"{number}, amendment {amended} to version {before}"
