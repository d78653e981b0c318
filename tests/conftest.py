"""Real databases for every test of data: SQLite and PostgreSQL, made once, rolled back after each test."""

import gc
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import settings as hypothesis_settings
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from meetings_app import access, tables  # noqa: F401
from meetings_app.accounts.reference import prepare_reference_data
from meetings_app.app import Service, create_app
from meetings_app.audit.trail import use_key
from meetings_app.clock import FixedClock
from meetings_app.config import Settings, load
from meetings_app.db.engine import make_engine
from meetings_app.db.migrate import upgrade
from meetings_app.db.session import act_for, make_sessions
from meetings_app.partnership import load as load_partnership
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder
from tests.support.checking import Checking
from tests.support.remembered import MEMORY, Memory, counts
from tests.support.sharing_out import ByFile, long_ones_first

# No test is judged by the clock, and a busy machine fails none.
hypothesis_settings.register_profile("without_clock", deadline=None)
hypothesis_settings.load_profile("without_clock")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Monday morning: the moment at which every test takes place unless it says otherwise."""

POSTGRESQL_URL = os.environ.get("MEETINGS_TEST_POSTGRESQL_URL", "postgresql+psycopg:///postgres")


def make_settings(tmp_path: Path, **values: str) -> Settings:
    """Give the settings of a test."""
    base = {
        "MEETINGS_ENV": "test", "MEETINGS_SECRET_KEY": "s" * 40, "MEETINGS_AUDIT_KEY": "a" * 40,
        "MEETINGS_INSTANCE": str(tmp_path), "MEETINGS_NOW": NOW.isoformat(),
    }  # fmt: skip
    return load({**base, **values})


def prepared(engine: sa.Engine) -> None:
    """Bring a new database to the present version, with the shipped reference data in it."""
    use_key("a" * 40)
    upgrade(engine)
    with make_sessions(engine, access.criteria).begin() as session:
        act_for(session, OPERATOR)
        prepare_reference_data(session, load_partnership(folder("agendas")), folder("agendas"), OPERATOR, NOW)


def make_postgresql_database(name: str, template: str = "template0") -> str:
    """Make a PostgreSQL database called `name` (an old one goes), empty or like `template`, and give its address."""
    server = sa.create_engine(POSTGRESQL_URL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\''))
    server.dispose()
    return make_url(POSTGRESQL_URL).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def worker() -> str:
    """The name of the process that runs these tests, so that two never share a database."""
    return f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"


@pytest.fixture(scope="session")
def engines(worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, sa.Engine]]:
    """One prepared database of each kind for the whole run."""
    made: dict[str, sa.Engine] = {}

    class Lazily(dict[str, sa.Engine]):
        def __missing__(self, kind: str) -> sa.Engine:
            if kind == "sqlite":
                url = f"sqlite:///{tmp_path_factory.mktemp('database') / 'meetings.db'}"
            else:
                url = make_postgresql_database(f"meetings_test_{worker}")
            engine = made[kind] = self[kind] = make_engine(url)
            prepared(engine)
            return engine

    yield Lazily()
    for engine in made.values():
        engine.dispose()
    if "postgresql" in made:
        server = sa.create_engine(POSTGRESQL_URL, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE IF EXISTS "meetings_test_{worker}" WITH (FORCE)'))
        server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Runs the test once on each database."""
    return str(request.param)


@pytest.fixture(scope="session")
def memories() -> dict[str, Memory]:
    """What the builders of the tests made on each database, so that they make it once."""
    return {}


@pytest.fixture
def sessions(
    database: str, engines: dict[str, sa.Engine], memories: dict[str, Memory]
) -> Iterator[sessionmaker[Session]]:
    """Sessions on one connection whose outer transaction is rolled back after the test."""
    engine = engines[database]
    # Another test may have run a service of its own, with its own key, in this process.
    use_key("a" * 40)
    with engine.connect() as connection:
        outer = connection.begin()
        maker = make_sessions(engines[database], access.criteria)
        maker.configure(bind=connection, join_transaction_mode="create_savepoint")
        if database not in memories:
            memories[database] = Memory(counts(connection))
        maker.kw["info"][MEMORY] = memories[database]
        yield maker
        outer.rollback()


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session that acts for the operator of the machine. Close it before a client's request reads its changes."""
    with sessions() as opened:
        act_for(opened, OPERATOR)
        yield opened


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a test, the clock standing at `NOW`."""
    return make_settings(tmp_path)


@pytest.fixture
def now() -> datetime:
    """The moment at which the test takes place."""
    return NOW


@pytest.fixture(scope="session")
def built_apps() -> dict[str, Flask]:
    """The application by environment, built once: its addresses and templates are the same for every test."""
    return {}


@pytest.fixture
def app(
    settings: Settings,
    sessions: sessionmaker[Session],
    database: str,
    engines: dict[str, sa.Engine],
    built_apps: dict[str, Flask],
) -> Iterator[Flask]:
    """The whole application on the test's database."""
    assert isinstance(settings.clock, FixedClock)
    service = Service(settings, load_partnership(folder("agendas")), engines[database], sessions)
    if settings.environment not in built_apps:
        built_apps[settings.environment] = create_app(settings, service)
    application = built_apps[settings.environment]
    application.extensions["meetings"] = service
    kept = dict(application.config)
    yield application
    application.config.clear()
    application.config.update(kept)


@pytest.fixture
def checking(
    settings: Settings, sessions: sessionmaker[Session], engines: dict[str, sa.Engine], database: str
) -> Checking:
    """`meetings check` on the database of the test."""
    return Checking(settings, sessions, engines[database])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long."""
    long_ones_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Let one process more than there are processors run tests: at any time one waits for a server or a browser."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """Share the tests out by file."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_finish() -> None:
    """Look no more for garbage in what the reading of every test left for good, and seldom in what comes after."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
