"""A database for one test alone, with real commits: for two processes at once and for what survives a kill."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from meetings_app import access
from meetings_app.db.engine import make_engine
from meetings_app.db.session import make_sessions
from tests.conftest import POSTGRESQL_URL, make_postgresql_database, prepared


@contextmanager
def own_database(kind: str, folder: Path) -> Iterator[sessionmaker[Session]]:
    """Give sessions on a new, prepared database of `kind`; it is dropped afterwards."""
    name = f"meetings_own_{os.getpid()}_{folder.name[-20:].lower()}"
    url = f"sqlite:///{folder / 'own.db'}" if kind == "sqlite" else make_postgresql_database(name)
    engine = make_engine(url)
    try:
        prepared(engine)
        yield make_sessions(engine, access.criteria)
    finally:
        engine.dispose()
        if kind != "sqlite":
            server = sa.create_engine(POSTGRESQL_URL, isolation_level="AUTOCOMMIT")
            with server.connect() as connection:
                connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)'))
            server.dispose()
