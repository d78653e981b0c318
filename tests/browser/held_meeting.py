"""A meeting that is being held in a county of its own, whose server can be killed, and people at one of its items."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import copied
from tests.notices.mail_servers import free_port
from tests.support.journey import ROOT, Installation, answers, wait_until
from tests.support.person import Person

MEETING = "RMM-NE-2026-W48"
expect.set_options(timeout=20_000)


@dataclass
class HeldMeeting:
    """The county, its server, and where its meeting is."""

    place: Installation
    port: int
    process: subprocess.Popen[bytes] | None = None
    items: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self) -> None:
        """Start the server."""
        with (self.place.folder / "running.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "meetings_app.cli", "demo", "--port", str(self.port)],
                cwd=ROOT, env=self.place.environment, stdout=log, stderr=log,
            )  # fmt: skip
        wait_until(lambda: answers(f"{self.base}/healthz"))

    def kill(self) -> None:
        """Kill the server as a power switch would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=30)

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Ask the database itself, or change it behind the service’s back."""
        with closing(sqlite3.connect(self.place.folder / "demo.db", timeout=30)) as database:
            rows = database.execute(statement, values).fetchall()
            database.commit()
            return rows

    def typed(self, number: str, name: str) -> str:
        """Give what the database holds of one field of an item."""
        rows = self.rows(
            "SELECT value FROM live_field JOIN agenda_item ON agenda_item.id = item_id "
            "JOIN meeting ON meeting.id = meeting_id WHERE reference = ? AND agenda_item.number = ? AND name = ?",
            MEETING, number, name,
        )  # fmt: skip
        return str(rows[0][0]) if rows else ""

    def keep_from(self, who: str, number: str) -> tuple[str, str]:
        """Record that a person is kept from the child of an item; gives the child's reference and name."""
        child_id, reference, name = self.rows(
            "SELECT child.id, child.reference, child.name FROM child JOIN agenda_item ON child.id = child_id "
            "JOIN meeting ON meeting.id = meeting_id WHERE meeting.reference = ? AND number = ?", MEETING, number,
        )[0]  # fmt: skip
        self.rows(
            "INSERT INTO conflict_of_interest (account_id, child_id, area_id, meeting_id, reason, declared_at, "
            "ended_reason) SELECT account.id, ?, area_id, meeting.id, 'A neighbour, as invented.', "
            "'2026-11-24 10:00:00.000000', '' FROM account, meeting WHERE email LIKE ? AND reference = ?",
            child_id, f"{who}@%", MEETING,
        )  # fmt: skip
        return str(reference), str(name)

    def sign_everybody_out(self) -> None:
        """Let every session have been idle for too long."""
        self.rows("UPDATE sign_in_session SET last_seen_at = '2026-11-24 08:00:00.000000'")


@contextmanager
def hold(built: Path, folder: Path, chromium: Browser) -> Iterator[HeldMeeting]:
    """Take a county of its own, and let its coordinator publish the agenda and open the meeting."""
    place = copied(built, folder)
    held = HeldMeeting(place, free_port())
    held.serve()
    try:
        _open(held, chromium)
        yield held
    finally:
        held.kill()


def _open(held: HeldMeeting, chromium: Browser) -> None:
    coordinator = at(held, chromium, "coordinator")
    coordinator.visit(f"/meetings/{MEETING}/agenda/publish")
    coordinator.page.get_by_label("Publish it before the cut-off").check()
    coordinator.press("Publish the agenda")
    coordinator.visit(f"/meetings/{MEETING}/record")
    coordinator.fill(read_by="Testy McReader")
    coordinator.choose(early="y")
    coordinator.press("The statement was read: open the meeting")
    numbers = held.rows(
        "SELECT number FROM agenda_item JOIN meeting ON meeting.id = meeting_id "
        "WHERE meeting.reference = ? ORDER BY agenda_item.place",
        MEETING,
    )
    held.items = [row[0] for row in numbers]
    coordinator.context.close()


def at(held: HeldMeeting, chromium: Browser, who: str, *, scripts: bool = True) -> Person:
    """Sign somebody in with a browser of their own."""
    person = Person(chromium, held.base, f"{who}@exampleshire.example", scripts=scripts)
    person.enter()
    return person


def box(person: Person, name: str) -> Locator:
    """Give a box of the page by the name of its field."""
    return person.page.locator(f"textarea[name={name}]")


def type_at_the_end(person: Person, name: str, text: str) -> None:
    """Type at the end of a box, key by key."""
    box(person, name).focus()
    person.page.keyboard.press("Control+End")
    person.page.keyboard.type(text)


def state(person: Person) -> Locator:
    """Give the line that says what is saved."""
    return person.page.locator(".app-live__state")
