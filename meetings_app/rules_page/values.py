"""The figures of one version of the rules: each under its key, what two versions differ in, since when one is so. Pure.

A key is the place in the file, such as `ratings.high.review_days`; where the file lists things that have a code, the
code stands for the place: `strategy.triggers.rating_high.asks`.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from meetings_app.partnership import MeetingDefinition, Ratings

RATINGS, RMM = "ratings.toml", "rmm.toml"
MODELS: Mapping[str, type[BaseModel]] = {RATINGS: Ratings, RMM: MeetingDefinition}
"""The files whose figures are changed on the page, and what each is checked by."""

TRIGGERS, IN_USE = "strategy.triggers", "in_use"
"""Where a file lists its reasons for a strategy discussion; each that is listed counts as being in use."""

_NAMES = ("code", "key")

Values = Mapping[str, Any]


class Difference(NamedTuple):
    """One figure that two versions do not share; None where a version has none."""

    key: str
    before: Any
    after: Any


@lru_cache(maxsize=256)
def values_of(file: str, text: str) -> Values:
    """Give every figure of a version, with the defaults of what the text leaves out.

    A text of long ago that could not rule today is given as it stands, for it is history.
    """
    read = tomllib.loads(text)
    try:
        whole = MODELS[file].model_validate(read).model_dump()
    except ValidationError:
        whole = read
    return dict(_flat(whole, ""))


def differences(before: Values, after: Values) -> Sequence[Difference]:
    """Give what differs between two versions, in the order of the newer one, and then what it no longer has."""
    keys = [*after, *(key for key in before if key not in after)]
    return [
        Difference(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)
    ]  # fmt: skip


def since(key: str, versions: Sequence[tuple[int, Values]]) -> int:
    """Give the number of the version from which on the figure is as the newest one has it.

    `versions` are all of a file with their numbers, the newest first.
    """
    newest = versions[0][1].get(key)
    first = versions[0][0]
    for number, values in versions[1:]:
        if values.get(key) != newest:
            break
        first = number
    return first


def _flat(value: Any, above: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(part, f"{above}.{key}" if above else str(key))
    elif _is_named(value):
        for part in value:
            name = next(str(part[name]) for name in _NAMES if name in part)
            yield from _flat(part, f"{above}.{name}")
            if above == TRIGGERS:
                yield f"{above}.{name}.{IN_USE}", True
    else:
        yield above, tuple(value) if isinstance(value, list) else value


def _is_named(value: Any) -> bool:
    """Say whether a value is a list of things that each have a code of their own."""
    parts: Iterable[Any] = value if isinstance(value, list | tuple) and value else [None]
    return all(isinstance(part, Mapping) and not set(_NAMES).isdisjoint(part) for part in parts)
