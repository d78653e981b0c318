"""Scheduler processes as a machine runs them, for tests that kill them."""

import importlib
import multiprocessing
import os
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.cli import run
from meetings_app.db.session import reading
from meetings_app.permissions import OPERATOR
from tests.jobs.without_guards import GUARDS
from tests.support.world import NOW

FROM_A_SEED = multiprocessing.get_context("forkserver")
"""Each scheduler is a process of its own, born of a clean one that has read the program: reading it takes longest."""

FROM_A_SEED.set_forkserver_preload(["tests.jobs.processes"])
for needed in ("meetings_app.app", "meetings_app.jobs.commands", "meetings_app.jobs.scheduler", "psycopg",
               "apscheduler.schedulers.background"):  # fmt: skip
    importlib.import_module(needed)


class SchedulerProcess:
    """`meetings scheduler` as a process, which can be killed, asked to stop, and waited for."""

    def __init__(self, settings: dict[str, str], without: str) -> None:
        self._process = FROM_A_SEED.Process(target=_meetings_scheduler, args=(settings, str(Path.cwd()), without))
        self._process.start()

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self._process.kill()

    def terminate(self) -> None:
        """Ask it to stop."""
        self._process.terminate()

    def wait(self, timeout: float | None = None) -> int | None:
        """Give its exit code once it has ended; None where it has not in that time."""
        self._process.join(timeout)
        return self._process.exitcode


def _meetings_scheduler(settings: dict[str, str], folder: str, without: str) -> None:
    os.chdir(folder)
    os.environ.update(settings)
    for name in [name for name in os.environ if name.startswith("MEETINGS_") and name not in settings]:
        del os.environ[name]
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if without:
        GUARDS[without]()
    sys.exit(run(["scheduler"]))


def address_of(sessions: sessionmaker[Session]) -> str:
    """Give the address of the database, for another process."""
    with reading(sessions, OPERATOR) as session:
        url = make_url(str(session.get_bind().engine.url.render_as_string(hide_password=False)))
    return url.render_as_string(hide_password=False)


def scheduler(
    url: str, port: int, folder: Path, now: datetime = NOW, timeout: int = 5, without: str = ""
) -> SchedulerProcess:
    """Start `meetings scheduler` on a database, at a moment, with the mail server at `port`.

    `without` names one of the guards that is taken away (`without_guards`), for the control.
    """
    return SchedulerProcess(
        {
            "MEETINGS_ENV": "test", "MEETINGS_INSTANCE": str(folder), "MEETINGS_NOW": now.isoformat(),
            "MEETINGS_DATABASE_URL": url, "MEETINGS_SMTP_URL": f"smtp://127.0.0.1:{port}?timeout={timeout}",
            "MEETINGS_SECRET_KEY": "s" * 40, "MEETINGS_AUDIT_KEY": "a" * 40, "MEETINGS_BACKUP_DIR": str(folder),
        },
        without,
    )  # fmt: skip
