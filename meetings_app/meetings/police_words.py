"""Texts of an item that go into a child’s file and tell what the police know, which has a place of its own. Pure.

Schools and a child’s file get none of it (our default). A program finds words that are the same, and words that a
partnership lists; what is said in other words only a person finds, so it advises.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from meetings_app.language.rules import Phrases, find

_RUN, _SHORTEST = 6, 3
"""Words in a row that are no chance, and the fewest that a short text of the police counts with (our default)."""


def tells_what_the_police_know(written: Iterable[str], known: Iterable[str], listed: Sequence[str]) -> bool:
    """Say whether a text repeats some of what the police said (`known`), or has words of those that are `listed`."""
    looked_for = Phrases(((tuple(listed), "", ""),))
    theirs = {run for text in known for run in _told(_words(text))}
    lengths = {len(run) for run in theirs}
    return any(
        find(text, looked_for) or any(run in theirs for long in lengths for run in _runs(_words(text), long))
        for text in written
    )


def _told(words: Sequence[str]) -> Iterable[Sequence[str]]:
    """Give what of a text of the police is looked for: each run of words, or all of a text that is shorter."""
    return _runs(words, min(_RUN, len(words))) if len(words) >= _SHORTEST else ()


def _runs(words: Sequence[str], long: int) -> Iterator[Sequence[str]]:
    """Give each run of so many words of a text."""
    return (tuple(words[start : start + long]) for start in range(len(words) - long + 1))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
