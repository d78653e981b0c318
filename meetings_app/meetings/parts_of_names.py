"""Which parts of what somebody is recorded as may be said alone and still name them. Pure.

The record of a suspect is called by a name, or by what is known of them: the words of a description are everybody’s.
The rules are our defaults, the same for the minutes of an RMM and of a network meeting.
"""

import re

from meetings_app.meetings.usual_words import ALSO_WORDS, DESCRIBING, KNOWN, PARTICLES, SMALL, SURNAMES, TITLES

_HYPHENS, _MARKS = re.compile(r"[\s‐‑–-]+"), "\"“”‘’'(),.;:/"
_USUAL = (KNOWN | SMALL | DESCRIBING | TITLES) - ALSO_WORDS
_WORDS = KNOWN | _USUAL | ALSO_WORDS | SURNAMES
_FEWEST, _MOST = 2, 4
"""How many words a full name has."""


def parts_of(name: str) -> list[str]:
    """Give the parts of a name, those joined by a hyphen together and each for itself, the longest first."""
    parts = {*name.split(), *_HYPHENS.split(name)}
    return sorted((part for part in parts if len(part) > 1), key=lambda part: (-len(part), part))


def is_full_name(called: str) -> bool:
    """Say whether this looks like a person’s full name: each word has a capital, and none is one of a description.

    “Mr” and its like make a name of one word. Words that are surnames too are a name beside one that is no word.
    """
    words = _words(called)
    titled = bool(words) and words[0].casefold() in TITLES
    words = words[1:] if titled else words
    inner = [word for word in words[1:-1] if word.casefold() not in PARTICLES]
    telling = [*words[:1], *inner, *words[1:][-1:]]
    return (
        (1 if titled else _FEWEST) <= len(telling) <= _MOST
        and all(_has_capital(word) and word.casefold() not in _USUAL for word in telling)
        and not all(word.casefold() in SURNAMES for word in telling)
    )


def has_parts(called: str, *, own: bool) -> bool:
    """Say whether parts of this name may be said alone: it is the record’s `own`, or another that is a full name."""
    return own or is_full_name(called)


def goes_whole(called: str) -> bool:
    """Say whether this is taken out in any case: it is more than a word of the language, as “Unknown” or “Ghost” is."""
    return called.strip().casefold() not in _WORDS


def said_alone(called: str) -> list[str]:
    """Give the parts of what a record is called that may be a person’s name where they stand alone, longest first.

    Those have a capital in the record, and are no usual word. What is written in capitals alone is also said with one.
    A name of one word is said as it is, but with a capital.
    """
    words = _words(called)
    if len(words) == 1 and not goes_whole(words[0]):
        return [words[0][:1].upper() + words[0][1:]]
    usual = _USUAL if is_full_name(called) else _USUAL | KNOWN | SURNAMES
    parts = {part for word in words for part in parts_of(word)}
    parts = {part for part in parts if _has_capital(part) and part.casefold() not in usual}
    parts |= {part.title() for part in parts if part.isupper()}
    return sorted(parts, key=lambda part: (-len(part), part))


def is_also_a_word(called: str, part: str) -> bool:
    """Say whether this part of a name is a word of the language too: such a one is a name only with its capital.

    So may be the first word of a description, which has its capital from where it stands.
    """
    words = _words(called)
    return part.casefold() in _WORDS or (len(words) > 1 and words[0] == part and not is_full_name(called))


def _words(called: str) -> list[str]:
    return [word for word in (each.strip(_MARKS) for each in called.split()) if word]


def _has_capital(word: str) -> bool:
    """Say whether a word is written as a name is; letters that have no capitals are all as good."""
    return any(letter.isalpha() and not letter.islower() for letter in word)
