"""Copies of the database: whole while others write, and verified before they replace anything."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from meetings_app import access
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.cli import RunningProgram
from meetings_app.db.backup import back_up, restore
from meetings_app.db.engine import make_engine
from meetings_app.db.session import make_sessions, writing
from meetings_app.errors import ConfigurationError, DomainError
from meetings_app.permissions import OPERATOR
from tests.conftest import NOW, make_settings, prepared
from tests.support.databases import drop_postgresql_databases
from tests.support.own_database import own_database


@pytest.fixture
def engine(database: str, tmp_path: Path) -> Iterator[sa.Engine]:
    """A prepared database of its own."""
    with own_database(database, tmp_path) as sessions:
        engine: sa.Engine = sessions.kw["bind"]
        yield engine
    if database == "postgresql":
        drop_postgresql_databases(f"{engine.url.database}_before_restore")


def program(tmp_path: Path) -> RunningProgram:
    return RunningProgram(make_settings(tmp_path))


def write(engine: sa.Engine, times: int = 1) -> None:
    for number in range(times):
        with writing(make_sessions(engine, access.criteria), OPERATOR) as session:
            record(session, OPERATOR, NOW + timedelta(seconds=number), EventKind.CHILD_VIEWED, 1)


def entries(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM audit_event")).scalar_one())


def test_a_copy_put_back_is_what_was_copied(engine: sa.Engine, tmp_path: Path) -> None:
    write(engine, 3)
    before = entries(engine)
    copy = tmp_path / "copy"
    back_up(engine, copy)
    write(engine, 2)
    assert entries(engine) == before + 2
    kept = restore(engine, copy, program(tmp_path).check_copy)
    assert kept is not None
    assert entries(engine) == before
    write(engine)
    program(tmp_path).check_copy(engine)


def test_a_copy_taken_while_others_write_is_whole(engine: sa.Engine, tmp_path: Path) -> None:
    stop, copies = Event(), [tmp_path / f"copy{number}" for number in range(2)]

    def keep_writing() -> None:
        while not stop.is_set():
            write(engine)

    writer = Thread(target=keep_writing)
    writer.start()
    try:
        for copy in copies:
            back_up(engine, copy)
    finally:
        stop.set()
        writer.join()
    for copy in copies:
        restore(engine, copy, program(tmp_path).check_copy)
    assert entries(engine) >= 1


def test_a_copy_never_replaces_another(engine: sa.Engine, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_text("precious")
    with pytest.raises(DomainError, match="there already"):
        back_up(engine, copy)
    assert copy.read_text() == "precious"


@pytest.mark.parametrize("damage", ["garbage", "empty", "cut", "missing"])
def test_a_damaged_copy_replaces_nothing(engine: sa.Engine, tmp_path: Path, damage: str) -> None:
    write(engine, 5)
    before = entries(engine)
    copy = tmp_path / "copy"
    back_up(engine, copy)
    whole = copy.read_bytes()
    if damage == "missing":
        copy.unlink()
    else:
        copy.write_bytes({"garbage": b"nonsense" * 900, "empty": b"", "cut": whole[: len(whole) // 2]}[damage])
    with pytest.raises((DomainError, ConfigurationError)) as refused:
        restore(engine, copy, program(tmp_path).check_copy)
    assert "\n" not in refused.value.message
    assert entries(engine) == before


def test_a_copy_of_another_version_or_with_an_altered_trail_replaces_nothing(
    engine: sa.Engine, database: str, tmp_path: Path
) -> None:
    write(engine, 5)
    before = entries(engine)
    with engine.connect() as connection:
        head = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    for number, (statements, says) in enumerate(
        [
            (["UPDATE alembic_version SET version_num = '9999'"], "version 9999"),
            ([_without_trigger(database), "UPDATE audit_event SET child_id = 9 WHERE id = 3"], "broken at entry 3"),
        ]
    ):
        copy = tmp_path / f"copy{number}"
        with engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        back_up(engine, copy)
        with pytest.raises((DomainError, ConfigurationError), match=says):
            restore(engine, copy, program(tmp_path).check_copy)
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :head"), {"head": head})
    assert entries(engine) == before


def _without_trigger(database: str) -> str:
    if database == "sqlite":
        return "DROP TRIGGER audit_event_no_update"
    return "DROP TRIGGER audit_event_kept ON audit_event"


def test_nothing_is_replaced_while_the_service_runs(engine: sa.Engine, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    back_up(engine, copy)
    write(engine)
    before = entries(engine)
    other = make_engine(engine.url.render_as_string(hide_password=False))
    with other.connect() as somebody:
        somebody.exec_driver_sql("SELECT count(*) FROM audit_event")
        somebody.rollback()
        with pytest.raises(DomainError, match="in use"):
            restore(engine, copy, program(tmp_path).check_copy)
    other.dispose()
    assert entries(engine) == before


def test_nothing_is_left_beside_the_database(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'live.db'}")
    prepared(engine)
    back_up(engine, tmp_path / "copy")
    restore(engine, tmp_path / "copy", program(tmp_path).check_copy)
    engine.dispose()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "live.db", "live.db.before-restore"]
    with closing(sqlite3.connect(tmp_path / "live.db.before-restore")) as kept:
        assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)
