"""A real server process that can be killed, and people at it who keep a list of what it said was saved."""

import multiprocessing
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

import pyotp
import requests

from tests.support.journey import ROOT, answers, wait_until
from tests.support.sent_forms import SentForm, form_to
from tests.support.world import NOW, PASSWORD, SECRET

TIMEOUT = 20
_STARTS = multiprocessing.get_context("forkserver")
"""Starts processes of their own from one that has read the program already: a start takes a moment, not seconds."""
_STARTS.set_forkserver_preload(
    [
        "meetings_app.app", "meetings_app.blueprints", "meetings_app.running", "meetings_app.tables",
        "meetings_app.db.migrate", "meetings_app.jobs.scheduler", "meetings_app.jobs.timetable", "waitress", "alembic",
        "alembic.command", "apscheduler.schedulers.background", "psycopg", __name__,
    ]
)  # fmt: skip


def _serve(environment: dict[str, str], port: int, log: Path) -> None:
    """Be `meetings serve` in a process of its own."""
    from meetings_app.cli import main

    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.environ.clear()
    os.environ.update(environment)
    main(["serve", "--workers", "1", "--port", str(port)])


@dataclass
class RealServer:
    """`meetings serve` of one database, on a port of its own. The clock of its installation stands still at `now`."""

    url: str
    folder: Path
    port: int
    now: datetime = NOW

    @property
    def base(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a process of this installation."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MEETINGS_")}
        own = {
            "MEETINGS_ENV": "test", "MEETINGS_INSTANCE": str(self.folder), "MEETINGS_NOW": self.now.isoformat(),
            "MEETINGS_DATABASE_URL": self.url, "MEETINGS_SECRET_KEY": "s" * 40, "MEETINGS_AUDIT_KEY": "a" * 40,
            "MEETINGS_BASE_URL": self.base,
        }  # fmt: skip
        return {**kept, **own}

    @contextmanager
    def running(self) -> Iterator[BaseProcess]:
        """Start the server, and kill it at the end as a power switch would: nothing is said to it before."""
        process = _STARTS.Process(target=_serve, args=(self.environment, self.port, self.folder / "server.log"))
        process.start()
        try:
            wait_until(lambda: not process.is_alive() or answers(f"{self.base}/healthz"))
            assert process.is_alive(), (self.folder / "server.log").read_text()
            yield process
        finally:
            process.kill()
            process.join()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the service on the same database."""
        return subprocess.run(
            [sys.executable, "-m", "meetings_app.cli", *arguments], cwd=ROOT, env=self.environment,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip


@dataclass
class Sent:
    """A form on its way: where to, what, and what it says is saved once the server has answered."""

    address: str
    values: dict[str, str]
    promise: str


@dataclass
class Worker:
    """A person at a browser. `acknowledged` is what the server said was saved; `in_flight` what it never answered."""

    server: RealServer
    name: str
    work: Callable[["Worker", int], None]
    acknowledged: list[str] = field(default_factory=list)
    in_flight: list[Sent] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    turn: int = 0
    browser: requests.Session = field(default_factory=requests.Session)

    def sign_in(self) -> None:
        """Sign in through the real pages, with the second factor."""
        form = form_to(self.read("/sign-in"), "/sign-in")
        email = f"{self.name}@exampleshire.example"
        answer = self._post("/sign-in", form.with_values(email=email, password=PASSWORD))
        assert answer.status_code == 302, answer.text
        form = form_to(self.read("/sign-in/code"), "/sign-in/code")
        answer = self._post("/sign-in/code", form.with_values(code=pyotp.TOTP(SECRET).at(NOW)))
        assert answer.status_code == 302, answer.text

    def read(self, path: str) -> str:
        """Open a page that is there."""
        answer = self.browser.get(f"{self.server.base}{path}", timeout=TIMEOUT, allow_redirects=False)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def go_on(self, address: str, form: SentForm, **values: str) -> str:
        """Send a step that saves nothing, and give the next page."""
        answer = self._post(address, form.with_values(**values))
        assert answer.status_code == 200, (address, answer.status_code, errors_of(answer.text))
        return answer.text

    def save(self, address: str, form: SentForm, promise: str, **values: str) -> str:
        """Send a form that saves something; gives where it led. What was promised counts from the answer on."""
        sent = Sent(address, form.with_values(**values), promise)
        self.in_flight.append(sent)
        return self._settle(sent)

    def send_again(self) -> None:
        """Send what was never answered once more, as a person does whose page did not load."""
        for sent in list(self.in_flight):
            self._settle(sent)

    def _settle(self, sent: Sent) -> str:
        answer = self._post(sent.address, sent.values)
        assert answer.status_code == 302, (sent.address, answer.status_code, errors_of(answer.text))
        self.in_flight.remove(sent)
        self.acknowledged.append(sent.promise)
        return str(answer.headers["Location"])

    def _post(self, address: str, values: dict[str, str]) -> requests.Response:
        return self.browser.post(f"{self.server.base}{address}", data=values, timeout=TIMEOUT, allow_redirects=False)

    def work_until_killed(self) -> None:
        """Work, turn after turn, until the server is gone."""
        try:
            while True:
                self.turn += 1
                self.work(self, self.turn)
        except requests.RequestException:
            return
        except AssertionError as trouble:
            self.troubles.append(str(trouble))


def errors_of(page: str) -> list[str]:
    """Give what a page says is wrong."""
    return [
        " ".join(said.split()) for said in re.findall(r"<p[^>]*govuk-error-message[^>]*>(.*?)</p>", page, re.DOTALL)
    ]


def under_load(workers: list[Worker]) -> list[threading.Thread]:
    """Let everybody begin to work."""
    threads = [threading.Thread(target=worker.work_until_killed, name=worker.name) for worker in workers]
    for thread in threads:
        thread.start()
    return threads
