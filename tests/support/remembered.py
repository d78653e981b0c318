"""What a builder made once is put back row by row for the next test, instead of being made again by the services."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from functools import wraps
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR

Builder = TypeVar("Builder", bound=Callable[..., Any])
Rows = dict[tuple[Any, ...], dict[str, Any]]
"""The rows of a table by their primary keys."""

MEMORY = "remembered"
"""Where a session of `tests/conftest.py` keeps its memory; other sessions have none, and build everything anew."""

_COUNTS = sa.select(
    *(sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in SQLModel.metadata.sorted_tables)
)


@dataclass
class _Row:
    """Stands for an entity until a session reads it."""

    entity: type[SQLModel]
    identity: tuple[Any, ...]


@dataclass
class _Made:
    """The rows that a builder added and changed, by table, and what it gave."""

    added: dict[sa.Table, list[dict[str, Any]]] = field(default_factory=dict)
    changed: dict[sa.Table, Rows] = field(default_factory=dict)
    gave: Any = None


@dataclass
class Memory:
    """What builders made on one database, each from the state in which the database was prepared."""

    prepared: tuple[int, ...]
    made: dict[str, _Made] = field(default_factory=dict)


def counts(connection: sa.Connection) -> tuple[int, ...]:
    """Give how many rows each table has."""
    return tuple(connection.execute(_COUNTS).one())


def remembered(build: Builder) -> Builder:
    """Let `build` make its rows once a database. They are committed, and the operator acts afterwards.

    Where anything was added before, `build` runs as ever, because what it makes may depend on it. Whatever else
    `build` takes is the same in every test.
    """
    name = f"{build.__module__}.{build.__name__}"

    @wraps(build)
    def built(session: Session, **others: Any) -> Any:
        memory: Memory | None = session.info.get(MEMORY)
        if memory is None:
            return build(session, **others)
        session.flush()
        if counts(session.connection()) != memory.prepared:
            return build(session, **others)
        if name in memory.made:
            return _put_back(session, memory.made[name])
        before = _everything(session)
        given = build(session, **others)
        act_for(session, OPERATOR)
        if session.in_transaction():
            session.commit()
        memory.made[name] = _difference(before, _everything(session))
        memory.made[name].gave = _at_rest(given)
        return given

    return cast(Builder, built)


def _everything(session: Session) -> dict[sa.Table, Rows]:
    """Give every row of every table, in the order in which it was added: each entry of the trail follows another."""
    connection = session.bind
    assert isinstance(connection, sa.Connection), "the tests' sessions stand on one connection"
    return {
        table: {
            tuple(row[column.name] for column in table.primary_key): dict(row)
            for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()
        }
        for table in SQLModel.metadata.sorted_tables
    }


def _difference(before: dict[sa.Table, Rows], after: dict[sa.Table, Rows]) -> _Made:
    made = _Made()
    for table, rows in after.items():
        assert before[table].keys() <= rows.keys(), f"a builder deleted from {table.name}"
        added = [row for key, row in rows.items() if key not in before[table]]
        changed = {key: row for key, row in rows.items() if before[table].get(key, row) != row}
        if added:
            made.added[table] = _named_first(table, added)
        if changed:
            made.changed[table] = changed
    return made


def _named_first(table: sa.Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put each row after the rows of the same table that it names."""
    own = [(key.parent.name, key.column.name) for key in table.foreign_keys if key.column.table is table]
    ordered: list[dict[str, Any]] = []
    while own and rows:
        later = [row for row in rows if any(row[name] in {other[key] for other in rows} for name, key in own)]
        assert len(later) < len(rows), f"rows of {table.name} name each other"
        ordered, rows = [*ordered, *(row for row in rows if row not in later)], later
    return [*ordered, *rows]


def _put_back(session: Session, made: _Made) -> Any:
    """Put the rows back and give what the builder gave. Read before the commit, which may be the caller's last word."""
    connection = session.connection()
    for table, added in made.added.items():
        connection.execute(sa.insert(table), added)
    for table, changed in made.changed.items():
        for key, row in changed.items():
            found = [column == value for column, value in zip(table.primary_key, key, strict=True)]
            connection.execute(sa.update(table).where(*found).values(row))
    act_for(session, OPERATOR)
    session.expire_all()
    given = _alive(session, made.gave)
    session.commit()
    return given


def _at_rest(given: Any) -> Any:
    """Give what a builder gave with its entities and its session left out."""
    return _exchanged(
        given,
        lambda one: _Row(type(one), sa.inspect(one).identity) if isinstance(one, SQLModel) else one,
    )


def _alive(session: Session, rest: Any) -> Any:
    """Give what a builder gave with the entities of this session."""
    return _exchanged(
        rest,
        lambda one: session.get_one(one.entity, one.identity) if isinstance(one, _Row) else one,
        session,
    )


def _exchanged(given: Any, exchange: Callable[[Any], Any], session: Session | None = None) -> Any:
    if isinstance(given, list):
        return [_exchanged(one, exchange, session) for one in given]
    if isinstance(given, Session) or given is Session:
        return session or Session
    if is_dataclass(given) and not isinstance(given, _Row | type):
        values = {one.name: _exchanged(getattr(given, one.name), exchange, session) for one in fields(given)}
        return type(given)(**values)
    return exchange(given)
