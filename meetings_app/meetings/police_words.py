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
    runs = {run for text in known for run in _runs(_words(text))}
    return any(find(text, looked_for) or any(run in _row(_words(text)) for run in runs) for text in written)


def _runs(words: Sequence[str]) -> Iterator[str]:
    """Give each run of words, or all of a text that is shorter."""
    if len(words) >= _SHORTEST:
        yield from (_row(words[start : start + _RUN]) for start in range(max(1, len(words) - _RUN + 1)))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _row(words: Sequence[str]) -> str:
    """Give words with a space at both ends, so that no part of a word counts."""
    return f" {' '.join(words)} "
