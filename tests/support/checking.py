"""`meetings check` for tests, run as another program runs it."""

import json

import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.app import Service
from meetings_app.cli import RunningProgram, meetings
from meetings_app.config import Settings
from meetings_app.partnership import load
from meetings_app.resources import folder

Named = list[tuple[str, str]]


class Checking:
    """Runs the command and reads what it says, on the screen and as JSON, with its exit code."""

    def __init__(self, settings: Settings, sessions: sessionmaker[Session], engine: sa.Engine) -> None:
        self.program = RunningProgram(settings)
        self.program.__dict__["service"] = Service(settings, load(folder("agendas")), engine, sessions)
        self.program.__dict__["sessions"] = sessions

    def named(self) -> Named:
        """Give code and reference of each breach; the exit code and the lines for people say the same."""
        answer = CliRunner().invoke(meetings, ["check", "--json"], obj=self.program)
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        breaches = json.loads(answer.stdout)["breaches"]
        assert answer.exit_code == (1 if breaches else 0)
        lines = CliRunner().invoke(meetings, ["check"], obj=self.program)
        assert lines.exit_code == answer.exit_code
        for breach in breaches:
            assert f"{breach['reference']}: {breach['problem']}" in lines.stderr
        return [(breach["code"], breach["reference"]) for breach in breaches]
