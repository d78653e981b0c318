"""Which records of networks may be the same as one that somebody opens: shown to a person, who says so. Pure rules.

Identifiers are compared without spaces, hyphens and case: `TE57 1NG` is `te571ng`.
"""

import re

from rapidfuzz import fuzz

_SHORTEST = 5
"""Letters and digits from which one name that holds the other counts as the same (our default)."""
_ALIKE = 86.0


def compact(key: str) -> str:
    """Give a name as compared by `name_key` without its spaces."""
    return key.replace(" ", "")


def same_because(key: str, other: str) -> str:
    """Say why two names as compared by `name_key` may be of one subject, or give an empty text (our default)."""
    one, two = compact(key), compact(other)
    if one == two:
        return "the same name"
    if sorted(key.split()) == sorted(other.split()):
        return "the same words in another order"
    shorter, longer = sorted((one, two), key=len)
    if len(shorter) >= _SHORTEST and shorter in longer:
        return "one name holds the other"
    same_digits = sorted(re.findall(r"\d+", key)) == sorted(re.findall(r"\d+", other))
    return "names spelled alike" if same_digits and fuzz.ratio(one, two, score_cutoff=_ALIKE) else ""
