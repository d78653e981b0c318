"""Finding phrases in a text: whole words, quotations and the official names of indicators left alone. Pure.

Source: `domain.md`, “Language”.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_APOSTROPHES = "'’"
_BETWEEN = r"[\s‐‑–-]+"

# An apostrophe within a word opens and closes nothing, and a straight mark after a figure or a letter, as in 6", opens
# nothing. A quotation that is still being written runs to the end of its paragraph; single marks must close, for one
# alone is an apostrophe as often as not, and within a thousand characters, so that no text takes long.
_QUOTATIONS = re.compile(
    r"“[^”]*?(?:”|(?=\n\s*\n)|\Z)"
    r"|„[^“”]*?(?:[“”]|(?=\n\s*\n)|\Z)"
    r"|«[^»]*?(?:»|(?=\n\s*\n)|\Z)"
    r'|(?<!\w)"(?=\S)[^"]*?(?:"|(?=\n\s*\n)|\Z)'
    r"|‘(?:[^’]|(?<=\w)’(?=\w)){0,1000}’(?!\w)"
    r"|(?<!\w)'(?=\S)(?:[^']|(?<=\w)'(?=\w)){0,1000}'(?!\w)"
    r"|‹[^›]*›"
)


@dataclass(frozen=True)
class Found:
    """One place in a text: where it stands, the words as they were typed, why, and what to write instead."""

    start: int
    end: int
    words: str
    reason: str
    instead: str


@dataclass(frozen=True)
class Phrases:
    """What is looked for, and the names that are left alone."""

    prompts: tuple[tuple[tuple[str, ...], str, str], ...]
    names: tuple[str, ...] = ()


def find(text: str, phrases: Phrases) -> list[Found]:
    """Give every phrase in a text, in the order of the text, where neither a quotation nor a name of theirs covers it.

    Of phrases that overlap the longest is given. Never raises.
    """
    looked_for, names, meanings = _compiled(phrases)
    if looked_for is None:
        return []
    covered = [*_spans(_QUOTATIONS, text), *(_spans(names, text) if names else ())]
    return [
        Found(match.start(), match.end(), match.group(), *meanings[(match.lastindex or 1) - 1])
        for match in looked_for.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in covered)
    ]


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in pattern.finditer(text))


@lru_cache(maxsize=8)
def _compiled(
    phrases: Phrases,
) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None, tuple[tuple[str, str], ...]]:
    """Give the patterns of the phrases and of the names, and what each group of the first stands for.

    A group is asked which phrase was found, for letters without case have more than one way to be alike.
    """
    meanings = {_plain(phrase): (reason, instead) for forms, reason, instead in phrases.prompts for phrase in forms}
    ordered = _longest_first(meanings)
    names = _longest_first(map(_plain, phrases.names))
    return (
        _whole_words("|".join(f"({_pattern(phrase)})" for phrase in ordered)),
        _whole_words("|".join(map(_pattern, names))),
        tuple(meanings[phrase] for phrase in ordered),
    )


def _longest_first(texts: Iterable[str]) -> list[str]:
    return sorted({text for text in texts if text}, key=lambda text: (-len(text), text))


def _whole_words(alternatives: str) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE) if alternatives else None


def _pattern(text: str) -> str:
    words: Sequence[str] = text.split(" ")
    return _BETWEEN.join(re.escape(word).replace("'", f"[{_APOSTROPHES}]") for word in words)


def _plain(text: str) -> str:
    """Write a phrase as it is looked up: one space between words, straight apostrophes, no capitals."""
    return re.sub(_BETWEEN, " ", text.strip()).replace("’", "'").casefold()
