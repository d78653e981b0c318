"""A database for one test alone, with real commits: for two processes at once and for what survives a kill."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from meetings_app import access
from meetings_app.audit.trail import use_key
from meetings_app.db.engine import make_engine
from meetings_app.db.session import make_sessions
from tests.conftest import POSTGRESQL_URL, make_postgresql_database, prepared


@contextmanager
def own_database(kind: str, folder: Path) -> Iterator[sessionmaker[Session]]:
    """Give sessions on a new, prepared database of `kind`; it is dropped afterwards."""
    use_key("a" * 40)
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'own.db'}"
        shutil.copy(_prepared_file(), folder / "own.db")
    else:
        name = f"meetings_own_{os.getpid()}_{folder.name[-20:].lower()}"
        url = make_postgresql_database(name, _prepared_database())
    engine = make_engine(url)
    try:
        yield make_sessions(engine, access.criteria)
    finally:
        engine.dispose()
        if kind != "sqlite":
            _drop(name)


@cache
def _prepared_file() -> Path:
    """Prepare a database in a file once; every test has a copy of it."""
    folder = Path(tempfile.mkdtemp(prefix="meetings-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = make_engine(f"sqlite:///{folder / 'prepared.db'}")
    prepared(engine)
    engine.dispose()
    # With the last connection closed, the file alone is the whole database.
    assert [path.name for path in folder.iterdir()] == ["prepared.db"]
    return folder / "prepared.db"


@cache
def _prepared_database() -> str:
    """Prepare a database in PostgreSQL once, and give its name; the database of a test is made like it."""
    url = make_postgresql_database(f"meetings_prepared_{os.getpid()}")
    name = str(make_url(url).database)
    atexit.register(_drop, name)
    engine = make_engine(url)
    prepared(engine)
    engine.dispose()
    return name


def _drop(name: str) -> None:
    server = sa.create_engine(POSTGRESQL_URL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    server.dispose()
