"""Reads that are asked once a page: many parts of one page go by the same rows, and each asks for itself.

Kept for one transaction that only reads, in which nothing can change what was read; never for one that writes, and
never from one page to the next.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

_KEPT = "asked_once"

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def asked_once(
    read: Callable[Concatenate[Session, Asked], Answer], *, narrowed: bool = True
) -> Callable[Concatenate[Session, Asked], Answer]:
    """Let a read, asked again with the same values for the same person, answer what it answered before.

    The values must be plain (keys, days, tuples of them), and whoever takes the answer leaves it as it is. What no
    scope narrows, because everybody may know it, is not `narrowed`.
    """

    @wraps(read)
    def ask(session: Session, /, *values: Asked.args, **named: Asked.kwargs) -> Answer:
        kept: dict[Any, Answer] | None = session.info.get(_KEPT)
        if kept is None:
            return read(session, *values, **named)
        # What is read past somebody’s scope is never given as if it had been read within it.
        scope = (session.info.get("scope"), *session.info.get("together", ())) if narrowed else ()
        key = read, scope, values, tuple(named.items())
        if key not in kept:
            kept[key] = read(session, *values, **named)
        return kept[key]

    return ask


def keep_answers(session: Session) -> None:
    """Keep what is asked once until the present transaction ends; for one that only reads."""
    session.info[_KEPT] = {}


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    """Forget everything with the transaction; a savepoint inside it forgets nothing."""
    if transaction.parent is None:
        session.info.pop(_KEPT, None)
