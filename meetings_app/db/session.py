"""Sessions: one a request or command, narrowed to what the actor may see, committed in one place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, sessionmaker
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.sql import visitors

from meetings_app.db.asked_once import keep_answers
from meetings_app.db.engine import WRITES
from meetings_app.db.sending import sending
from meetings_app.permissions import Actor

UNSCOPED = "meetings_unscoped"
"""Execution option for the few reads that must see past the actor's scope (a duplicate elsewhere in the county)."""

_OPAQUE = frozenset({"textclause", "textual_select", "text"})
"""Parts of a statement that hide which tables they read."""

_NOTHING: Mapping[str, Any] = {}

_READS_ON = "reads on"
"""The connection of a transaction that only reads, while it lasts."""

_ANY = "*"
"""Stands for every table."""


@dataclass(frozen=True, eq=False)
class Scope:
    """The criteria of one actor, by table; compared as one thing, because every statement that is sent asks for it."""

    criteria: Mapping[str, ORMOption]


EVERYTHING = Scope({})
"""The scope of whoever sees all there is."""

Criteria = Callable[[Actor], Scope]


class ScopeMissing(RuntimeError):
    """A statement was sent before the session knew for whom: a mistake of ours, refused."""


def make_sessions(engine: sa.Engine, criteria: Criteria) -> sessionmaker[Session]:
    """Give the maker of sessions whose every ORM statement is narrowed by `criteria` of the session's actor."""
    return sessionmaker(engine, class_=NarrowedSession, expire_on_commit=False, info={"criteria": criteria})


def act_for(session: Session, actor: Actor) -> None:
    """Say for whom the session reads from now on; statements sent before this are refused."""
    session.info["scope"] = _scope_of(session, actor)


def _scope_of(session: Session, actor: Actor) -> Scope:
    criteria: Criteria = session.info["criteria"]
    return EVERYTHING if actor.everything else criteria(actor)


class NarrowedSession(Session):
    """A session that sends a SELECT of columns itself, narrowed like every other statement.

    What the ORM does for objects costs such a statement twice what sending it does.
    """

    def execute(self, *args: Any, **more: Any) -> Any:
        """Execute a statement, as every session does."""
        if more or not _reads_columns(args[0]):
            return super().execute(*args, **more)
        if self.autoflush:
            self.flush()
        statement = args[0]
        past = statement.get_execution_options().get(UNSCOPED, frozenset())
        # To find it anew costs as much as to send a short statement, and a page sends many.
        connection = self.info.get(_READS_ON) or self.connection()
        given = args[1] if args[1:] and args[1] else _NOTHING
        return sending(_for_actor(self, statement, past), connection.dialect).send(connection, given)

    def scalars(self, *args: Any, **more: Any) -> Any:
        """Execute a statement and give the first of what each row holds, as every session does."""
        if more or not _reads_columns(args[0]):
            return super().scalars(*args, **more)
        return self.execute(*args).scalars()


@lru_cache(maxsize=1024)
def _reads_columns(statement: Any) -> bool:
    """Say whether a statement gives rows of columns and no objects: a subquery stands for its columns."""
    if isinstance(statement, sa.CompoundSelect):
        return all(_reads_columns(part) for part in statement.selects)
    if not isinstance(statement, sa.Select):
        return False
    return all(isinstance(part, (sa.ColumnElement, sa.Subquery)) for part in statement._raw_columns)


@event.listens_for(Session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    """Add the actor's criteria to every statement, so that no query can forget them."""
    if state.is_column_load or state.is_relationship_load:
        return
    past = state.execution_options.get(UNSCOPED, frozenset())
    state.statement = _for_actor(state.session, state.statement, past)


def _for_actor(session: Session, statement: Any, past: frozenset[str]) -> Any:
    """Give a statement narrowed to what the actor of the session may see, except in the tables of `past`."""
    if _ANY in past:
        return statement
    scope: Scope | None = session.info.get("scope")
    if scope is None:
        raise ScopeMissing("This session does not know yet for whom it reads.")
    if not (statement.is_select or statement.is_update or statement.is_delete):
        return statement
    narrowed = _narrowed(statement, scope, past) if scope.criteria else statement
    for other in session.info.get("together", ()):
        narrowed = _narrowed(narrowed, other, past)
    return narrowed


# A statement that is built once and sent by many requests is narrowed once for each person.
@lru_cache(maxsize=1024)
def _narrowed(statement: Any, scope: Scope, past: frozenset[str]) -> Any:
    found = _criteria_for(
        statement, {table: criterion for table, criterion in scope.criteria.items() if table not in past}
    )
    return statement.options(*found) if found else statement


def _criteria_for(statement: Any, scope: Mapping[str, ORMOption]) -> Sequence[ORMOption]:
    """Give the criteria of the tables that stand anywhere in a SELECT; of all tables for anything else.

    A criterion is never wrong, but each costs time on every statement, used or not.
    """
    if not isinstance(statement, sa.sql.expression.SelectBase):
        return list(scope.values())
    tables = _tables_in(statement)
    return [criterion for table, criterion in scope.items() if _ANY in tables or table in tables]


def _tables_in(statement: Any) -> frozenset[str]:
    """Give the names of the tables that a SELECT reads, with `_ANY` where a part of it hides them."""
    found = set()
    for element in visitors.iterate(statement):
        if element.__visit_name__ in _OPAQUE:
            found.add(_ANY)
        elif element.__visit_name__ == "table":
            found.add(element.name)  # type: ignore[attr-defined] # Only tables have this visit name.
    return frozenset(found)


def unscoped(*tables: str) -> dict[str, Any]:
    """Give the execution options of a read past the actor's scope; a test lists the modules that may ask.

    Where tables are named, only they are read past it, and the others of the statement stay narrowed.
    """
    return {UNSCOPED: frozenset(tables or (_ANY,))}


@contextmanager
def unscoped_while(session: Session) -> Iterator[None]:
    """Send every statement past the actor's scope for a while; a test lists the modules that may ask.

    For a change that follows from something the actor may do, and that reaches rows of other people's scope.
    """
    scope = session.info.get("scope")
    if scope is None:
        raise ScopeMissing("This session does not know yet for whom it reads.")
    session.info["scope"] = EVERYTHING
    try:
        yield
    finally:
        session.info["scope"] = scope


@contextmanager
def together_with(session: Session, actors: Sequence[Actor]) -> Iterator[None]:
    """Narrow every statement for a while to what each of several people may see besides the actor: to what all may."""
    session.info["together"] = [_scope_of(session, actor) for actor in actors]
    try:
        yield
    finally:
        del session.info["together"]


@contextmanager
def acting_for(session: Session, actor: Actor) -> Iterator[None]:
    """Read as somebody else for a while: to ask whether they may see something, never to show it."""
    kept = session.info["scope"]
    act_for(session, actor)
    try:
        yield
    finally:
        session.info["scope"] = kept


def begin_reading(session: Session) -> None:
    """Begin a transaction that only reads, and so blocks nobody on SQLite."""
    session.info[_READS_ON] = session.connection(execution_options={WRITES: False})
    keep_answers(session)


@event.listens_for(Session, "after_transaction_end")
def _forget_connection(session: Session, transaction: SessionTransaction) -> None:
    """Forget the connection with its transaction; a savepoint inside it has the same one."""
    if transaction.parent is None:
        session.info.pop(_READS_ON, None)


@contextmanager
def writing(sessions: sessionmaker[Session], actor: Actor) -> Iterator[Session]:
    """Open a session for `actor`, commit at the end, roll everything back on any exception."""
    with sessions.begin() as session:
        act_for(session, actor)
        yield session


@contextmanager
def reading(sessions: sessionmaker[Session], actor: Actor) -> Iterator[Session]:
    """Open a session for `actor` that only reads; whatever it changed is rolled back."""
    with sessions() as session:
        act_for(session, actor)
        begin_reading(session)
        yield session
        session.rollback()
