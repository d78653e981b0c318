"""The copy of each night: written, read back whole, thinned out; a night without one is said on the pages."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.app import Service
from meetings_app.cli import RunningProgram
from meetings_app.db import backup_postgresql
from meetings_app.db.backup import back_up, restore, verify
from meetings_app.db.engine import make_engine
from meetings_app.db.session import reading, writing
from meetings_app.jobs import routes
from meetings_app.jobs.backups import UNCHECKED
from meetings_app.jobs.models import JobRun
from meetings_app.jobs.queries import how_it_runs
from meetings_app.jobs.scheduler import run_due
from meetings_app.jobs.timetable import BACKUP, TIMETABLE
from meetings_app.partnership import load
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder
from tests.conftest import make_settings
from tests.support.browsing import browser
from tests.support.databases import drop_postgresql_databases
from tests.support.own_database import own_database
from tests.support.world import NOW, TinyWorld, tiny_world

JOBS = tuple(job for job in TIMETABLE if job.name == BACKUP)
NIGHT = timedelta(days=1)


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    (tmp_path / "copies").mkdir()
    return tmp_path / "copies"


@pytest.fixture
def service(database: str, tmp_path: Path, copies: Path) -> Iterator[Service]:
    """A service with a database of its own, which keeps two copies."""
    settings = make_settings(tmp_path, MEETINGS_BACKUP_DIR=str(copies), MEETINGS_BACKUP_KEEP="2")
    with own_database(database, tmp_path) as sessions:
        with reading(sessions, OPERATOR) as session:
            engine = session.get_bind().engine
            name = engine.url.database or ""
        yield Service(settings, load(folder("agendas")), engine, sessions)
        engine.dispose()
    if database == "postgresql":
        drop_postgresql_databases(f"{name}_before_restore")


def names(copies: Path) -> list[str]:
    return sorted(copy.name for copy in copies.iterdir())


def nights(sessions: sessionmaker[Session]) -> int:
    with reading(sessions, OPERATOR) as session:
        return session.query(JobRun).filter_by(job=BACKUP).count()


def test_each_night_has_one_verified_copy_the_newest_are_kept_and_one_can_be_put_back(
    service: Service, copies: Path, tmp_path: Path
) -> None:
    with writing(service.sessions, OPERATOR) as session:
        tiny_world(session)
    (copies / "notes of a person.txt").write_text("stays")
    for night in range(3):
        for _ in range(2):
            said = run_due(service, NOW + night * NIGHT, JOBS)
    assert said == {}, "a slot is done once"
    kept = ["meetings-20261124T0230Z.backup", "meetings-20261125T0230Z.backup"]
    assert names(copies) == [*kept, "notes of a person.txt"]
    assert [(copies / name).stat().st_mode & 0o077 for name in kept] == [0, 0], "for the service's own user alone"
    before = nights(service.sessions)
    restore(service.engine, copies / kept[-1], RunningProgram(make_settings(tmp_path)).check_copy)
    assert nights(service.sessions) == before - 1, "as it was when the copy was taken"


def test_a_copy_that_is_damaged_or_cannot_be_written_fails_the_night_and_removes_no_other(
    service: Service, copies: Path
) -> None:
    for night in range(2):
        run_due(service, NOW + night * NIGHT, JOBS)
    good, third = names(copies), NOW + 2 * NIGHT
    damaged = copies / "meetings-20261125T0230Z.backup"
    damaged.write_bytes((copies / good[0]).read_bytes()[:3000])
    assert "failed" in run_due(service, third, JOBS)[BACKUP]
    assert names(copies) == [*good, damaged.name]
    assert run_due(service, third + timedelta(minutes=5), JOBS) == {}, "not tried again at once"
    copies.rename(copies.with_name("away"))
    assert "failed" in run_due(service, third + timedelta(minutes=31), JOBS)[BACKUP]
    with reading(service.sessions, OPERATOR) as session:
        assert how_it_runs(session, third).failing == [BACKUP]
    copies.with_name("away").rename(copies)
    damaged.unlink()
    assert "written and verified" in run_due(service, third + timedelta(hours=2), JOBS)[BACKUP]
    with reading(service.sessions, OPERATOR) as session:
        assert how_it_runs(session, third + timedelta(hours=2)).failing == []


def alter_the_trail(engine: sa.Engine) -> None:
    """Change an entry behind the back of the service, as somebody would who may change the database itself."""
    change = "UPDATE audit_event SET at = '2020-01-01 00:00:00' WHERE id = 1"
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE audit_event DISABLE TRIGGER USER")
            connection.exec_driver_sql(change)
        return
    with closing(sqlite3.connect(str(engine.url.database))) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(change)
        connection.commit()


def beside(engine: sa.Engine) -> list[str]:
    """Give the databases of the server that are named after this one, to see that none is left behind."""
    with engine.connect() as connection:
        names = connection.scalars(sa.text("SELECT datname FROM pg_database")).all()
    return [name for name in names if name.startswith(f"{engine.url.database}_")]


def test_a_copy_whose_trail_was_altered_is_said_and_kept(service: Service, copies: Path) -> None:
    with writing(service.sessions, OPERATOR) as session:
        tiny_world(session)
    alter_the_trail(service.engine)
    assert "failed" in run_due(service, NOW, JOBS)[BACKUP]
    assert names(copies) == ["meetings-20261123T0230Z.backup"]


@pytest.mark.parametrize("database", ["postgresql"])
def test_on_postgresql_the_copy_is_restored_beside_to_be_verified_where_the_services_user_may(
    service: Service, copies: Path
) -> None:
    file = copies / "by hand.backup"
    assert "written and verified" in run_due(service, NOW, JOBS)[BACKUP]
    assert beside(service.engine) == []
    back_up(service.engine, file)
    role = f"without_databases_{service.engine.url.database}"
    with service.engine.begin() as connection:
        connection.exec_driver_sql(f'CREATE ROLE "{role}" NOCREATEDB')
    try:
        lesser = make_engine(service.engine.url.update_query_dict({"options": f"-c role={role}"}).render_as_string())
        assert verify(lesser, file, not_asked) is False
        lesser.dispose()
    finally:
        with service.engine.begin() as connection:
            connection.exec_driver_sql(f'DROP ROLE "{role}"')


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_server_that_lets_the_services_user_into_its_own_database_alone_verifies_no_copy_and_fails_no_night(
    service: Service, copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_postgresql, "_SERVER_DATABASE", "invented_and_not_there")
    for night in range(3):
        assert UNCHECKED in run_due(service, NOW + night * NIGHT, JOBS)[BACKUP]
    assert len(names(copies)) == 2, "the older ones are removed all the same"


def not_asked(_copy: sa.Engine) -> None:
    raise AssertionError("there is no database to ask it of")


def test_the_timetable_says_how_the_copies_stand(
    app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world: TinyWorld = tiny_world(session)
    email = world.coordinator.email
    session.commit()
    without = browser(app, email).get("/timetable").get_data(as_text=True)
    assert "Nothing is backed up by itself" in without
    assert "Back up the database" not in without
    settings = replace(make_settings(tmp_path), backup_dir=tmp_path)
    monkeypatch.setattr(routes, "settings", lambda: settings)
    page = browser(app, email).get("/timetable").get_data(as_text=True)
    assert "Nothing is backed up by itself" not in page
    assert "Back up the database" in page
