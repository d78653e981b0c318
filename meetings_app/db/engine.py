"""The database: SQLite durable, with foreign keys and writers that wait their turn; PostgreSQL without compiling."""

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

from meetings_app.db.sending import cursor_of
from meetings_app.errors import ConfigurationError

WRITES = "meetings_writes"
"""Execution option of a connection whose transaction will write; SQLite then takes the write lock at once."""

_ON_CONNECT = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=20000",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA recursive_triggers=ON",
)


def make_engine(url: str, **options: Any) -> sa.Engine:
    """Give the engine for a database address of `MEETINGS_DATABASE_URL`.

    `options` go to SQLAlchemy's `create_engine`. On SQLite the folder of the file is made when it is missing.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = sa.create_engine(parsed, pool_pre_ping=True, hide_parameters=True, **options)
        sa.event.listen(engine, "connect", _prepare_postgresql)
        return engine
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, hide_parameters=True, **options)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: Any, _record: ConnectionPoolEntry) -> None:
    """Let nothing be compiled for a statement: our statements are short and narrowed in many places.

    PostgreSQL takes them for long ones, and compiling one took seconds where the rows take milliseconds.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")
    connection.commit()


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    """Hand transactions to us, and ask for what a power cut must not undo.

    Raises `ConfigurationError` where the file holds something other than a database.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        for pragma in _ON_CONNECT:
            cursor.execute(pragma)
    except sqlite3.DatabaseError as problem:
        if problem.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
            raise
        raise ConfigurationError(
            "The file that MEETINGS_DATABASE_URL names is not a database. Name another, or put a copy back: "
            "meetings restore"
        ) from None
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """Begin in a way that fits: a read that later writes would fail under load, so writers say so first."""
    writes = connection.get_execution_options().get(WRITES, True)
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    with cursor_of(connection, begin) as cursor:
        cursor.execute(begin)
