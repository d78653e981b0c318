"""Rows of one file that may be the same child: shown to the person, never guessed."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import combinations

from meetings_app.children.matching import Likeness, likeness, name_key, near_dates, sound_key
from meetings_app.imports.rules import ListRow, ReferralRow

# Beyond this many children born on one day,
# only neighbours by name and by sound are compared, so that time grows with the file.
_WHOLE_GROUP = 25
_NEIGHBOURS = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows of a file, by their numbers, and why they may be one child."""

    first: int
    second: int
    likeness: Likeness


def possible_duplicates_within(rows: Sequence[ListRow] | Sequence[ReferralRow]) -> tuple[Pair, ...]:
    """Give the pairs of rows that sound alike or have near dates of birth, in the order of the file.

    Rows of the very same name and date of birth count only where they are referrals of one child: shown too.
    """
    ordered: list[ListRow | ReferralRow] = sorted(rows, key=lambda row: row.number)
    found: dict[tuple[int, int], Pair] = {}
    for one, two in _candidates(ordered):
        why = likeness(one.name, one.born, two.name, two.born)
        if why:
            key = (min(one.number, two.number), max(one.number, two.number))
            found[key] = Pair(*key, why)
    return tuple(found[key] for key in sorted(found))


def _candidates(
    rows: Sequence[ListRow | ReferralRow],
) -> Iterator[tuple[ListRow | ReferralRow, ListRow | ReferralRow]]:
    for group in _groups(rows, lambda row: row.born):
        if len(group) <= _WHOLE_GROUP:
            yield from combinations(group, 2)
            continue
        for key in (name_key, sound_key):
            alike = sorted(group, key=partial(_by_key, key))
            for place, row in enumerate(alike):
                yield from ((row, other) for other in alike[place + 1 : place + 1 + _NEIGHBOURS])
    for group in _groups(rows, lambda row: sound_key(row.name)):
        by_date: dict[date, list[ListRow | ReferralRow]] = defaultdict(list)
        for row in group:
            by_date[row.born].append(row)
        for born, same_day in by_date.items():
            for near in near_dates(born) & by_date.keys() if len(by_date) > 1 else ():
                if near > born:
                    yield from ((one, two) for one in same_day for two in by_date[near])


def _by_key(key: Callable[[str], str], row: ListRow | ReferralRow) -> str:
    return key(row.name)


def _groups(
    rows: Sequence[ListRow | ReferralRow], key: Callable[[ListRow | ReferralRow], Hashable]
) -> Iterator[list[ListRow | ReferralRow]]:
    groups: dict[Hashable, list[ListRow | ReferralRow]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return (group for group in groups.values() if len(group) > 1)
