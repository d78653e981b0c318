"""References that people say aloud: random, without letters that look alike, and free of any meaning."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.db.session import unscoped

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 5
_HOW_MANY = len(_ALPHABET) ** _LENGTH
_AT_ONCE = 5_000
_chance: Random = secrets.SystemRandom()


@contextmanager
def references_by(chance: Random) -> Iterator[None]:
    """Draw references by `chance` for a while, so that the fictional county is the same each time it is made."""
    global _chance  # One lot for the process: only the demonstration changes it, and changes it back.
    before, _chance = _chance, chance
    try:
        yield
    finally:
        _chance = before


def unused_reference(session: Session, column: Any, prefix: str) -> str:
    """Give a reference such as `C-7Q4KD` that `column` (for example `col(Child.reference)`) does not hold yet.

    Looks past the actor's scope, for a reference is unique in the whole county.
    """
    while True:
        reference = f"{prefix}-{''.join(_chance.choice(_ALPHABET) for _ in range(_LENGTH))}"
        taken = session.execute(select(column).where(column == reference).execution_options(**unscoped())).first()
        if taken is None:
            return reference


def unused_references(session: Session, column: Any, prefix: str, count: int) -> list[str]:
    """Give `count` references that `column` does not hold yet, asked for in bulk."""
    found: dict[str, None] = {}
    while len(found) < count:
        drawn = [f"{prefix}-{_letters(_chance.randrange(_HOW_MANY))}" for _ in range(count - len(found))]
        taken = _taken(session, column, sorted(set(drawn)))
        found.update(dict.fromkeys(reference for reference in drawn if reference not in taken))
    return list(found)


def _letters(number: int) -> str:
    letters = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "".join(letters)


def _taken(session: Session, column: Any, references: list[str]) -> set[str]:
    taken: set[str] = set()
    for start in range(0, len(references), _AT_ONCE):
        statement = select(column).where(column.in_(references[start : start + _AT_ONCE]))
        taken.update(session.scalars(statement.execution_options(**unscoped())))
    return taken
