"""`meetings demo`: built once, left alone afterwards, and never in the place of real data."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from meetings_app.errors import ConfigurationError
from tests.demo.conftest import PASSWORD, Demonstration, mode_of

CONTRACT = (
    "coordinator", "chair-cs", "chair-fs", "police", "education", "health", "school", "lead", "analyst", "admin",
    "auditor", "chair-police", "specialist",
)  # fmt: skip


@pytest.fixture
def copy(demonstration: Demonstration, tmp_path: Path) -> Demonstration:
    """A demonstration that a test may spoil."""
    copy_database(demonstration.database, tmp_path / "demo.db")
    return Demonstration(tmp_path)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database whole: the file alone would miss what still stands in its write-ahead log."""
    with closing(sqlite3.connect(source)) as opened, closing(sqlite3.connect(target)) as copied:
        opened.backup(copied)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def everything_in(path: Path) -> list[str]:
    """Every table, trigger and row, also what SQLite has not moved into the file itself yet."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_the_address_the_password_and_every_account_are_printed(copy: Demonstration) -> None:
    printed = copy.run("demo", "--no-serve").output
    assert "Exampleshire is built. meetings demo serves it at http://127.0.0.1:8000" in printed
    assert PASSWORD in printed
    for account in CONTRACT:
        assert f"  {account}@exampleshire.example  " in printed


def test_the_address_has_the_port_that_was_asked_for(copy: Demonstration) -> None:
    assert "http://127.0.0.1:8123" in copy.run("demo", "--no-serve", "--port", "8123").output


def test_an_existing_county_is_left_as_it_is(copy: Demonstration) -> None:
    before = digest(copy.database)
    result = copy.run("demo", "--no-serve")
    assert result.exit_code == 0
    assert "left as it is" in result.output
    assert digest(copy.database) == before


def test_a_password_is_made_once_and_kept_where_only_its_owner_reads_it(copy: Demonstration) -> None:
    first = password_line(copy.run("demo", "--no-serve", MEETINGS_DEMO_PASSWORD=""))
    assert password_line(copy.run("demo", "--no-serve", MEETINGS_DEMO_PASSWORD="")) == first
    assert mode_of(copy.folder / "demo_password") == 0o600
    assert first.split()[-1] == (copy.folder / "demo_password").read_text()


def password_line(result: Result) -> str:
    return next(line for line in result.output.splitlines() if "Password" in line)


def test_a_database_that_is_something_else_is_refused_even_when_asked_for_afresh(tmp_path: Path) -> None:
    real = Demonstration(tmp_path)
    url = f"sqlite:///{tmp_path / 'real.db'}"
    assert real.run("init", MEETINGS_DATABASE_URL=url).exit_code == 0
    before = everything_in(tmp_path / "real.db")
    for arguments in (["demo", "--no-serve"], ["demo", "--no-serve", "--fresh"]):
        with pytest.raises(ConfigurationError, match="not a demonstration"):
            real.run(*arguments, MEETINGS_DATABASE_URL=url)
    assert everything_in(tmp_path / "real.db") == before


def test_the_usual_database_is_never_used(tmp_path: Path, demonstration: Demonstration) -> None:
    place = Demonstration(tmp_path)
    assert place.run("init").exit_code == 0
    before = digest(tmp_path / "meetings.db")
    copy_database(demonstration.database, tmp_path / "demo.db")
    assert place.run("demo", "--no-serve").exit_code == 0
    assert digest(tmp_path / "meetings.db") == before


def test_production_refuses_the_demonstration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="production"):
        Demonstration(tmp_path).run(
            "demo", MEETINGS_ENV="production", MEETINGS_NOW="", MEETINGS_BASE_URL="https://meetings.example.org"
        )
    assert not (tmp_path / "demo.db").exists()
