"""The command `meetings`: finds the command a person names, and turns what goes wrong into one line and a number.

Exit codes: 0 done, 1 refused (one line a problem, on stderr), 2 wrong usage.
"""

import importlib
import logging
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from meetings_app.errors import MeetingsError

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.orm import Session, sessionmaker

    from meetings_app.app import Service
    from meetings_app.config import Settings

COMMANDS: dict[str, tuple[str, str]] = {
    "agendas": ("meetings_app.running:agendas", "Let changed files of agendas/ rule."),
    "init": ("meetings_app.running:init", "Create the database, or bring it up to this version."),
    "serve": ("meetings_app.running:serve", "Serve the pages."),
    "import": ("meetings_app.imports.commands:import_spreadsheet", "Bring in the list or referrals from a file."),
    "referrals": ("meetings_app.referrals.commands:referrals", "List referrals, and accept them."),
    "demo": ("meetings_app.demo.commands:demo", "Build the fictional county and serve it."),
    "users": ("meetings_app.handing_over.commands:users", "Invite, list, disable and reset accounts."),
    "list": ("meetings_app.cse_list.commands:show_list", "Print the CSE list, or write it to a file."),
    "tools": ("meetings_app.assessments.commands:tools", "List the assessment tools, and show one."),
    "assess": ("meetings_app.assessments.commands:assess", "Say what a tool makes of the answers in a file."),
    "check": ("meetings_app.checking:check", "Check every promise of the service and name each breach."),
    "agenda": ("meetings_app.network_meetings.commands:agenda", "Print an agenda as it stands, or write it as Word."),
    "minutes": ("meetings_app.network_meetings.commands:minutes", "Write the minutes of a meeting as Word."),
    "audit": ("meetings_app.audit.commands:audit", "Verify the audit trail."),
    "invites": ("meetings_app.meetings.commands_arranging:invites", "Write what each member of a meeting would get."),
    "schedule": ("meetings_app.meetings.commands_series:schedule", "Show, make, change and end series of meetings."),
    "scheduler": ("meetings_app.jobs.commands:scheduler", "Run the jobs: mail, announcements, series."),
    "backup": ("meetings_app.db.commands:backup", "Copy the database, consistent, while the service runs."),
    "restore": ("meetings_app.db.commands:restore", "Put a verified copy in the place of the database."),
}
"""Every command: where it is (imported only when it is run) and what `meetings --help` says of it."""


class Commands(click.Group):
    """A group whose commands are imported when they are named, so that `meetings --help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 # The signature is click’s.
        """Give the names of the commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command of this name, or give None."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


class RunningProgram:
    """The program as `program.Program` describes it; everything is read when first asked for."""

    def __init__(self, settings: "Settings | None" = None) -> None:
        self._given = settings

    @cached_property
    def settings(self) -> "Settings":
        """Give the settings, checked."""
        from meetings_app.config import load

        return self._given or load()

    @cached_property
    def service(self) -> "Service":
        """Give what the service is made of; the database may have any version."""
        from meetings_app.app import make_service

        return make_service(self.settings)

    @property
    def partnership(self) -> Any:
        """Give the partnership's configuration, as it rules when the program starts."""
        return self.service.partnership

    def rules(self, session: "Session", newest: int) -> Any:
        """Give the definitions that rule, read again where `newest` is another version."""
        return self.service.rules(session, newest)

    @property
    def engine(self) -> "sa.Engine":
        """Give the database, whatever version it has."""
        return self.service.engine

    @cached_property
    def sessions(self) -> "sessionmaker[Session]":
        """Give the maker of sessions, after checking that the database has this program's version."""
        from meetings_app.db.migrate import check_version

        check_version(self.engine)
        return self.service.sessions

    def now(self) -> datetime:
        """Give the present moment, UTC."""
        return self.settings.clock.now()

    @contextmanager
    def reading(self, command: str) -> "Iterator[Session]":
        """Open a session for the operator that only reads; afterwards the trail says that `command` was run."""
        from meetings_app.db.session import reading
        from meetings_app.permissions import OPERATOR

        with reading(self.sessions, OPERATOR) as session:
            yield session
        with self.writing(command):
            pass

    @contextmanager
    def writing(self, command: str) -> "Iterator[Session]":
        """Open a session for the operator, record that `command` was run, and commit at the end of the block."""
        from meetings_app.audit.events import EventKind
        from meetings_app.audit.trail import record
        from meetings_app.db.session import writing
        from meetings_app.permissions import OPERATOR

        with writing(self.sessions, OPERATOR) as session:
            record(session, OPERATOR, self.now(), EventKind.COMMAND_RUN, command=command)
            yield session
            self._follow_roles(session)

    def _follow_roles(self, session: "Session") -> None:
        from meetings_app.meetings.following_roles import follow_changes, is_touched
        from meetings_app.schedule.office import Office

        session.flush()
        if is_touched(session):
            follow_changes(session, self.now(), Office.of(self.settings, self.partnership))

    def check_copy(self, engine: "sa.Engine") -> None:
        """Raise `DomainError` unless a copy of the database has this version and an unbroken audit trail."""
        from meetings_app.jobs.backups import check_copy

        check_copy(engine, self.settings.audit_key)

    def with_settings(self, **changes: Any) -> "RunningProgram":
        """Give a program like this one with some settings changed (the demonstration has a database of its own)."""
        return RunningProgram(replace(self.settings, **changes))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def meetings(context: click.Context) -> None:
    """Risk Management Meetings: the list, the agenda, the decisions, the record."""
    # What this program writes holds personal data: files it makes are for its own user alone.
    os.umask(0o077)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if context.obj is None:
        context.obj = RunningProgram()


def main(arguments: list[str] | None = None) -> None:
    """Run the command a person typed, and end the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run a command and give its exit code; what is refused is said on stderr, one line a problem."""
    try:
        code = meetings.main(arguments, prog_name="meetings", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        return 1
    except MeetingsError as problem:
        click.echo(problem.message, err=True)
        return 1
    except Exception as problem:  # noqa: BLE001 # Whatever else it is, the person gets one line and no personal data.
        click.echo(_unexpected(problem), err=True)
        return 1
    return code if isinstance(code, int) else 0


def _unexpected(problem: Exception) -> str:
    """Say what happened without quoting the error, for a database may put a name into it."""
    from sqlalchemy.exc import InterfaceError, OperationalError

    if isinstance(problem, (OperationalError, InterfaceError)):
        return "The database cannot be reached or used. Check MEETINGS_DATABASE_URL, and that its server is running."
    if isinstance(problem, OSError):
        return f"{problem.strerror or type(problem).__name__}: {problem.filename or 'a file this command needs'}"
    places = traceback.extract_tb(problem.__traceback__)[-4:]
    where = " < ".join(f"{place.name}:{place.lineno}" for place in reversed(places))
    return f"Something went wrong that should not ({type(problem).__name__} at {where}). Nothing was changed."


if __name__ == "__main__":
    main()
