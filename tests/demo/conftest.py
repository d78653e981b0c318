"""The demonstration, built once by its command for every test of this folder."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from meetings_app.app import Service, create_app
from meetings_app.audit.trail import use_key
from meetings_app.cli import RunningProgram
from meetings_app.cli import meetings as command_line
from meetings_app.demo.place import demo_settings
from tests.conftest import make_settings

PASSWORD = "plainly-invented-otter-lamp"


@dataclass
class Demonstration:
    """A folder with a demonstration in it, and the commands that work on it."""

    folder: Path

    def run(self, *arguments: str, **values: str) -> Result:
        """Run a command of the demonstration's own settings; `values` are further settings."""
        settings = make_settings(self.folder, **{"MEETINGS_DEMO_PASSWORD": PASSWORD, **values})
        return CliRunner().invoke(command_line, arguments, obj=RunningProgram(settings), catch_exceptions=False)

    def run_on_it(self, *arguments: str) -> Result:
        """Run another command on the demonstration's database."""
        return self.run(*arguments, MEETINGS_DATABASE_URL=f"sqlite:///{self.database}")

    @property
    def database(self) -> Path:
        """Where the demonstration's database is."""
        return self.folder / "demo.db"

    def program(self) -> RunningProgram:
        """Give the program as `meetings demo` runs it."""
        usual = RunningProgram(make_settings(self.folder))
        return usual.with_settings(**demo_settings(usual.settings, 8000))


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The county, built by the command as a person runs it."""
    made = Demonstration(tmp_path_factory.mktemp("demonstration"))
    result = made.run("demo", "--no-serve")
    assert result.exit_code == 0, result.output
    return made


@pytest.fixture(scope="session")
def service(demonstration: Demonstration) -> Iterator[Service]:
    """The running service on the demonstration's database."""
    service = demonstration.program().service
    yield service
    service.engine.dispose()


@pytest.fixture(scope="session")
def demo_app(service: Service) -> Flask:
    """The application on the demonstration's database."""
    return create_app(service.settings, service)


def mode_of(path: Path) -> int:
    """Give the permissions of a file."""
    return stat.S_IMODE(os.stat(path).st_mode)


def keep_key() -> None:
    """Verify with the key of the tests, whatever another test used before."""
    use_key("a" * 40)
