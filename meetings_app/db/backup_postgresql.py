"""Copies of a PostgreSQL database, with the server's own tools; a copy is restored beside, verified, then swapped."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from meetings_app.db.engine import make_engine
from meetings_app.errors import DomainError

_SERVER_DATABASE = "postgres"
_MAY_CREATE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"


def dump(engine: sa.Engine, copy: Path) -> None:
    """Copy the database into `copy`, in PostgreSQL's custom format. Raises `DomainError` when that is not possible."""
    _run(engine, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}", _address(engine.url))


def read_whole(engine: sa.Engine, file: Path) -> None:
    """Let PostgreSQL's own tool read every row of a copy. Raises `DomainError` where it is damaged or cut off."""
    _run(engine, "pg_restore", f"--file={os.devnull}", str(file))


def check_beside(engine: sa.Engine, file: Path, check: Callable[[sa.Engine], None]) -> bool:
    """Restore a copy into a database of its own, ask `check` of it, and remove it again; gives whether that was done.

    It is not where the service’s user may not create databases, or not even open the server’s own. Raises `DomainError`
    where the copy cannot be restored or `check` does not pass.
    """
    server, fresh = _server_of(engine), f"{engine.url.database}_verifying"
    try:
        if not _may_create(server):
            return False
        with server.connect() as connection:
            # Another scheduler may verify its copy now; it is waited for, so that neither takes the other’s away.
            connection.execute(sa.select(sa.func.pg_advisory_lock(sa.func.hashtext(fresh))))
            with _beside(server, fresh):
                _fill(engine, fresh, file, check)
    except SQLAlchemyError:
        raise DomainError("The server refused to restore the copy into a database beside the present one.") from None
    finally:
        server.dispose()
    return True


def _may_create(server: sa.Engine) -> bool:
    try:
        with server.connect() as connection:
            return bool(connection.exec_driver_sql(_MAY_CREATE).scalar())
    except SQLAlchemyError:
        return False


def restore(engine: sa.Engine, file: Path, check: Callable[[sa.Engine], None]) -> str:
    """Restore `file` into a database beside the present one, check it, then let the two change names.

    Gives the name under which the database as it was is kept. Raises `DomainError`, with nothing replaced.
    """
    _tool("pg_restore")
    name = engine.url.database or ""
    fresh, kept = f"{name}_restoring", f"{name}_before_restore"
    engine.dispose()
    server = _server_of(engine)
    try:
        with _beside(server, fresh):
            _fill(engine, fresh, file, check)
            _swap(server, name, fresh, kept)
    except SQLAlchemyError:
        raise DomainError(
            "The server refused: the service’s user needs the right to create databases. Nothing was replaced."
        ) from None
    finally:
        server.dispose()
    return f"the database {kept}"


def _server_of(engine: sa.Engine) -> sa.Engine:
    return sa.create_engine(engine.url.set(database=_SERVER_DATABASE), isolation_level="AUTOCOMMIT")


@contextmanager
def _beside(server: sa.Engine, fresh: str) -> Iterator[None]:
    """Make an empty database for a while; what was left of an earlier try goes first."""
    with server.connect() as connection:
        _command(connection, f'DROP DATABASE IF EXISTS "{fresh}"')
        _command(connection, f"CREATE DATABASE \"{fresh}\" TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield
    finally:
        with server.connect() as connection:
            _command(connection, f'DROP DATABASE IF EXISTS "{fresh}"')


def _fill(engine: sa.Engine, fresh: str, file: Path, check: Callable[[sa.Engine], None]) -> None:
    address = engine.url.set(database=fresh)
    _run(
        engine, "pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={_address(address)}",
        str(file),
    )  # fmt: skip
    copy = make_engine(address.render_as_string(hide_password=False))
    try:
        check(copy)
    finally:
        copy.dispose()


def _swap(server: sa.Engine, name: str, fresh: str, kept: str) -> None:
    """Let the two databases change names in one transaction; the server refuses while anybody is connected."""
    with server.connect() as connection:
        _command(connection, f'DROP DATABASE IF EXISTS "{kept}"')
    try:
        with server.connect().execution_options(isolation_level="READ COMMITTED") as connection, connection.begin():
            _command(connection, f'ALTER DATABASE "{name}" RENAME TO "{kept}"')
            _command(connection, f'ALTER DATABASE "{fresh}" RENAME TO "{name}"')
    except SQLAlchemyError:
        raise DomainError("The database is in use. Stop the service, then restore. Nothing was replaced.") from None


def _command(connection: sa.Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def _address(url: sa.URL) -> str:
    """Give the address for PostgreSQL's tools, without the password, which goes through the environment."""
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise DomainError(f"{name} is not on this machine. Install PostgreSQL’s client tools (postgresql-client).")
    return found


def _run(engine: sa.Engine, tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools. What it says is not repeated, for it may quote a row."""
    environment = dict(os.environ)
    if engine.url.password:
        environment["PGPASSWORD"] = str(engine.url.password)
    done = subprocess.run([_tool(tool), *arguments], env=environment, capture_output=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise DomainError(f"{tool} could not do it: the file or the server cannot be used. Nothing was replaced.")
