"""The whole job from outside: an installation of its own, its people, and what the spreadsheet alone says is due."""

import io
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import openpyxl

_PRELOADED = [
    "__main__",
    "tests.support.journey",
    "meetings_app.cli",
    "meetings_app.app",
    "meetings_app.db.migrate",
    "meetings_app.imports.commands",
    "meetings_app.meetings.commands",
    "meetings_app.cse_list.commands",
    "meetings_app.checking",
]
_COMPILED = Path(gettempdir()) / f"meetings_compiled_{os.getuid()}"
ROOT = Path(__file__).parents[2]
PREPARING = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
"""Monday: the list and the referrals come in, and the agenda of the week after is prepared."""
HOLDING = datetime.fromisoformat("2026-12-01T10:05:00+00:00")
"""Tuesday of the week after: the meeting is held."""
TODAY = PREPARING.date()
FIRST_MEETING = HOLDING.date()
MEETING = "RMM-NE-2026-W49"
AREAS = ("NE", "NW", "SE", "SW")

PEOPLE: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "coordinator": ("Testy McCoordinator", "coordinator", "childrens-services", AREAS),
    "chair-cs": ("Testy O’Chair", "chair", "childrens-services", ("NE",)),
    "chair-fs": ("Sample Chairson", "chair", "family-services", ("NE",)),
    "deputy-cs": ("Zoë Deputová", "deputy-chair", "childrens-services", ("NE",)),
    "deputy-fs": ("Mock Deputy", "deputy-chair", "family-services", ("NE",)),
    "police": ("Pretend Sergeant", "representative", "police", ("NE",)),
    "education": ("Invented Teacher", "representative", "education", ("NE",)),
    "health": ("Fictional Nurse", "representative", "health", ("NE",)),
    "family": ("Madeup Worker", "representative", "family-services", ("NE",)),
    "specialist": ("Imagined Specialist", "specialist", "specialist-service", ("NE",)),
}
"""The ten members of the RMM in the North East: name, role, agency, areas."""


def address(person: str) -> str:
    """Give a person's mail address."""
    return f"{person}@exampleshire.example"


@dataclass
class Installation:
    """One installation with its own database and keys, run as other programs run it: by its command line."""

    folder: Path
    database_url: str
    moment: datetime = PREPARING
    more: dict[str, str] = field(default_factory=dict)
    forks: bool = True

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a process of this installation, and none that a developer may have set."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MEETINGS_")}
        own = {
            "MEETINGS_ENV": "test", "MEETINGS_INSTANCE": str(self.folder), "MEETINGS_DATABASE_URL": self.database_url,
            "MEETINGS_NOW": self.moment.isoformat(), "PYTHONPATH": str(ROOT),
            # Compiled once for all the processes of a journey, whatever the machine keeps of it.
            "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(_COMPILED),
        }  # fmt: skip
        return {**inherited, **own, **self.more}

    def run(self, *arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command of the service in a process of its own; it must end with `code`."""
        words = [str(argument) for argument in arguments]
        done = self._forked(words) if self.forks else self._started(words)
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done

    def _started(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        """Start the command as a person's shell does."""
        return subprocess.run(
            [sys.executable, "-m", "meetings_app.cli", *words],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, encoding="utf-8", timeout=120,
        )  # fmt: skip

    def _forked(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        """Fork the command from a process that has imported the program already: the same, in a tenth of the time."""
        processes = multiprocessing.get_context("forkserver")
        processes.set_forkserver_preload(_PRELOADED)
        child = processes.Process(target=run_here, args=(words, self.environment, self.folder))
        child.start()
        child.join(600)
        child.kill()
        child.join()
        code = -1 if child.exitcode is None else child.exitcode
        child.close()
        return subprocess.CompletedProcess(words, code, *map(self._said, ("stdout", "stderr")))

    def _said(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")

    @contextmanager
    def running(self, *arguments: object) -> Iterator[subprocess.Popen[str]]:
        """Run a command that goes on until it is stopped; it must end without trouble when it is told to."""
        with (self.folder / "running.log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "meetings_app.cli", *map(str, arguments)],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, text=True,
            )  # fmt: skip
            try:
                yield process
            finally:
                process.terminate()
                process.wait(timeout=30)

    @contextmanager
    def served(self, port: int) -> Iterator[str]:
        """Serve the pages at `port`, and give their address once they answer."""
        base = f"http://127.0.0.1:{port}"
        self.more["MEETINGS_BASE_URL"] = base
        with self.running("serve", "--port", port) as process:
            wait_until(lambda: process.poll() is None and answers(f"{base}/healthz"))
            yield base


def run_here(words: list[str], environment: dict[str, str], folder: Path) -> None:
    """Run a command in a folder and this process, with what it prints written to files there, and end the process."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, path in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    from meetings_app.cli import main

    main(words)


def answers(url: str) -> bool:
    """Say whether a page is there."""
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def wait_until(happened: Any, seconds: float = 60) -> None:
    """Wait until something is so; fail when it never is."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def invite(place: Installation, person: str) -> str:
    """Invite one of the people by command, and give the link that is printed."""
    name, role, agency, areas = PEOPLE[person]
    named = [argument for area in areas for argument in ("--area", area)]
    return place.run(
        "users", "add", address(person), "--name", name, "--role", role, "--agency", agency, *named
    ).stdout.strip()


@dataclass(frozen=True)
class Row:
    """What one row of a spreadsheet says, read here without any of the service's own readers of rows."""

    number: int
    name: str
    area: str
    day: date
    born: date


def rows_of(content: bytes, day_column: str) -> list[Row]:
    """Read name, area and a date of each row of a mended spreadsheet, with openpyxl."""
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content)).active
    table = list(sheet.iter_rows(values_only=True))
    headings = [str(text).strip().lower().replace("-", " ").replace("_", " ") for text in table[0]]
    rows = []
    for number, values in enumerate(table[1:], 2):
        cells = dict(zip(headings, values, strict=True))
        name = " ".join(str(cells["name"]).split())
        rows.append(
            Row(number, name, area_of(cells["area"]), day_of(cells[day_column]), day_of(cells["date of birth"]))
        )
    return rows


def area_of(cell: Any) -> str:
    """Give the code of an area as somebody wrote it: NE, north east, North-East."""
    words = str(cell).strip().upper().replace("-", " ")
    return words if len(words) == 2 else "".join(word[0] for word in words.split())


def day_of(cell: Any) -> date:
    """Give the date that a cell holds: a real one, Excel's count of days, or one of the manners of `messy`."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, int):
        return date(1899, 12, 30) + timedelta(days=cell)
    for manner in ("%d/%m/%Y", "%d %b %Y", "%Y-%m-%d", "%d.%m.%Y", "%d %B %Y"):
        with suppress(ValueError):
            return datetime.strptime(str(cell).strip(), manner).date()  # noqa: DTZ007 # A date has no time zone.
    raise AssertionError(f"{cell!r} is no date")


def due_rows(rows: list[Row], area: str, following: date) -> list[Row]:
    """Give the rows of an area whose review falls before the meeting after: what has to be on the agenda."""
    return [row for row in rows if row.area == area and row.day < following]


def in_words(day: date) -> str:
    """Give a date as the pages write it."""
    return f"{day.day} {day:%B %Y}"
