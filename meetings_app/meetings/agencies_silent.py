"""How many agencies have not said what they were asked for before a meeting: the home page and its page count alike."""

from collections.abc import Collection, Mapping
from typing import NamedTuple


class Silent(NamedTuple):
    """The agencies that owe an answer, and the sentence that says how many."""

    agencies: tuple[int, ...]
    sentence: str


def agencies_silent(
    expected: Collection[int], comes: Collection[int], about: Collection[int], sent: Mapping[int, Collection[int]],
    *, published: bool,
) -> Silent:  # fmt: skip
    """Give which of the `expected` agencies have not said who comes, or not answered `about` a child of these.

    `sent` are the children about whom each agency answered. Before the agenda is `published` the children are those
    whose review the meeting hears: a draft would have to be drafted for every meeting. Our default.
    """
    silent = tuple(one for one in expected if one not in comes or not set(about) <= set(sent.get(one, ())))
    what = "said everything" if published else "said who comes and answered about every child due for review"
    return Silent(silent, f"{len(silent)} of {len(expected)} agencies have not {what}.")
