"""Copies of the database: taken while the service runs, and verified before they replace anything."""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from meetings_app.db import backup_postgresql
from meetings_app.db.engine import make_engine
from meetings_app.errors import DomainError

Check = Callable[[sa.Engine], None]
_SIDE_FILES = ("-wal", "-shm")


def back_up(engine: sa.Engine, file: Path, *, replaces: bool = False) -> None:
    """Copy the database into `file` as it was at one moment; other connections go on reading and writing.

    Raises `DomainError` when the file is there already or the copy does not verify; `file` then is not made. With
    `replaces`, whoever copies into the same file at the same time does so too, and the last one stands, whole.
    """
    if file.exists() and not replaces:
        raise DomainError(f"{file} is there already. Name a new file, so that no copy is lost.")
    if not file.absolute().parent.is_dir():
        raise DomainError(f"The folder of {file} is not there. Make it first.")
    # A name of its own, so that two who copy at once never write into one file.
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if engine.dialect.name == "sqlite":
            _copy_sqlite(_path_of(engine), part)
        else:
            backup_postgresql.dump(engine, part)
        os.replace(part, file)
        _sync_folder(file.absolute().parent)
    except (OSError, sqlite3.Error):
        raise DomainError("The copy could not be written: the disk may be full, or the folder closed.") from None
    finally:
        part.unlink(missing_ok=True)


def verify(engine: sa.Engine, file: Path, check: Check) -> bool:
    """Read a copy of the database of `engine` whole, and ask `check` of it; gives whether it was asked.

    On PostgreSQL the copy is restored beside for that, which takes the right to create databases. Raises `DomainError`.
    """
    if engine.dialect.name != "sqlite":
        backup_postgresql.read_whole(engine, file)
        return backup_postgresql.check_beside(engine, file, check)
    _check_integrity(file)
    address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    copy = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=sa.NullPool)
    check(copy)
    return True


def restore(engine: sa.Engine, file: Path, check: Check) -> str | None:
    """Put the copy in `file` in the place of the database, after `check` has passed on it.

    Gives where the database as it was is kept, or None where there was none. Raises `DomainError`, with nothing
    replaced, when the copy cannot be used or the service is still running.
    """
    if not file.is_file():
        raise DomainError(f"{file} is not there.")
    if engine.dialect.name != "sqlite":
        return backup_postgresql.restore(engine, file, check)
    target = _path_of(engine)
    candidate = target.with_name(f"{target.name}.restoring")
    _remove(candidate)
    try:
        shutil.copyfile(file, candidate)
        _check_integrity(candidate)
        _check_sqlite(candidate, check)
        engine.dispose()
        return _replace(target, candidate)
    finally:
        _remove(candidate)


def _path_of(engine: sa.Engine) -> Path:
    return Path(engine.url.database or "")


def _copy_sqlite(source: Path, copy: Path) -> None:
    if not source.is_file():
        raise DomainError("The database is not there. Run: meetings init")
    with closing(sqlite3.connect(source, isolation_level=None, timeout=20)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    _check_integrity(copy)
    with copy.open("rb") as written:
        os.fsync(written.fileno())


def _check_integrity(copy: Path) -> None:
    """Ask SQLite whether the file is whole, and every foreign key in it leads somewhere."""
    try:
        with closing(sqlite3.connect(f"file:{copy.absolute()}?mode=ro", uri=True)) as connection:
            whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            dangling = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError:
        whole, dangling = False, []
    if not whole or dangling:
        raise DomainError("The copy is damaged, or is no database of this service. Nothing was replaced.")


def _check_sqlite(candidate: Path, check: Check) -> None:
    copy = make_engine(f"sqlite:///{candidate}")
    try:
        check(copy)
        with copy.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    finally:
        copy.dispose()


def _replace(target: Path, candidate: Path) -> str | None:
    kept = None
    if target.is_file():
        _take_alone(target)
        kept = target.with_name(f"{target.name}.before-restore")
        shutil.copyfile(target, kept)
    for suffix in _SIDE_FILES:
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    os.replace(candidate, target)
    _sync_folder(target.parent)
    return str(kept) if kept else None


def _take_alone(target: Path) -> None:
    """Bring everything into the one file; SQLite refuses this while anybody else has the database open."""
    try:
        with closing(sqlite3.connect(target, isolation_level=None, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError:
        raise DomainError("The database is in use. Stop the service, then restore. Nothing was replaced.") from None
    except sqlite3.DatabaseError:
        # What is there is no database any more: that is why it is being replaced.
        return


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove(candidate: Path) -> None:
    for suffix in ("", *_SIDE_FILES):
        candidate.with_name(candidate.name + suffix).unlink(missing_ok=True)
