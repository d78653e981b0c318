"""Text that people type or paste, cleaned once, at the edge.

Line ends become one newline. Emoji, joiners, zero-width, combining and right-to-left characters stay: they
are part of names. What no page, document or database can hold faithfully is refused and named, never
dropped in silence.
"""

import re
import unicodedata
from datetime import date, time
from functools import lru_cache

# Spelled out here because the month of `strftime` follows the machine's language.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNREADABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + 0xFFFE) + chr(plane * 0x10000 + 0xFFFF) for plane in range(1, 17))
    + "]"
)


class UnreadableText(ValueError):
    """The text holds a character that cannot be kept; the message names it without repeating the text."""


def clean_text(text: str) -> str:
    """Give `text` with every line end as one newline; tabs and newlines stay, and so does outer white space.

    Raises `UnreadableText` for control characters, surrogates and non-characters.
    """
    if text.isprintable():
        # Neither a line end nor anything unreadable is printable, and most texts hold none of them.
        return text
    cleaned = _LINE_ENDS.sub("\n", text)
    found = _UNREADABLE.search(cleaned)
    if found:
        raise UnreadableText(f"Take out the character {describe_character(found.group())}, which cannot be kept")
    return cleaned


def describe_character(character: str) -> str:
    """Name one character so that a person can find it, such as `U+0007 (a control character)`."""
    category = unicodedata.category(character)
    kind = {"Cc": "a control character", "Cs": "half of a character"}.get(category, "not a character")
    return f"U+{ord(character):04X} ({kind})"


# Lists and documents write the same few days over and over.
@lru_cache(maxsize=4096)
def capital_first(text: str) -> str:
    """Give a text that begins a sentence; what is in capitals further on, such as CSE, stays so."""
    return text[:1].upper() + text[1:]


def day_in_words(day: date) -> str:
    """Give a date as people read it, such as `18 November 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def clock_time(at: time) -> str:
    """Write a wall-clock time as GOV.UK does: “10am”, “2:30pm”."""
    hour = at.hour % 12 or 12
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{hour}{minutes}{'am' if at.hour < 12 else 'pm'}"
