"""An RMM that is held or closed, of one child, on a real server with a database of its own, and people at it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Browser

from meetings_app.db.session import act_for
from meetings_app.meetings.closing import close_meeting
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from tests.notices.mail_servers import free_port
from tests.support.own_database import own_database
from tests.support.person import Person
from tests.support.real_server import RealServer
from tests.support.rmm import OFFICE, due, rated, rmm
from tests.support.world import NOW, SECRET

NAME = "Testy O'Minuted"


@dataclass(frozen=True)
class RealRmm:
    """Where the meeting is, and the server of it."""

    server: RealServer
    meeting: str
    number: str
    process: BaseProcess

    @property
    def item(self) -> str:
        """Where its item is."""
        return f"{self.meeting}/items/{self.number}"

    @property
    def minutes(self) -> str:
        """Where its minutes are."""
        return f"{self.meeting}/minutes"

    def person(self, chromium: Browser, who: str, *, base: str = "", scripts: bool = True) -> Person:
        """Sign a person in with the second step."""
        self.forget_codes()
        one = Person(chromium, base or self.server.base, f"{who}@exampleshire.example", [NAME], scripts=scripts)
        one.key = SECRET
        one.sign_in(NOW)
        return one

    def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Ask the database itself, or change it behind the service’s back."""
        engine = sa.create_engine(self.server.url)
        marks = statement if engine.dialect.name == "sqlite" else statement.replace("?", "%s")
        with closing(engine.raw_connection()) as database:
            cursor = database.cursor()
            cursor.execute(marks, values)
            rows = cursor.fetchall() if cursor.description else []
            database.commit()
        engine.dispose()
        return [tuple(row) for row in rows]

    def sign_everybody_out(self) -> None:
        """Let every session have been idle for too long."""
        self.idle_for(minutes=120)
        self.forget_codes()

    def kill(self) -> None:
        """Kill the server as a power switch would."""
        self.process.kill()
        self.process.join()

    def idle_for(self, *, minutes: int) -> None:
        """Let nothing have been heard of anybody for so long; the clock of the server stands still."""
        heard = f"{NOW - timedelta(minutes=minutes):%Y-%m-%d %H:%M:%S.%f}"
        self.rows("UPDATE sign_in_session SET last_seen_at = ?", heard)

    def forget_codes(self) -> None:
        """Let the codes of the second step work once more, for the clock stands still."""
        self.rows("UPDATE account SET totp_last_step = 0 WHERE totp_last_step IS NOT NULL")


@contextmanager
def real_rmm(folder: Path, kind: str = "sqlite", *, closed: bool = False, another: str = "") -> Iterator[RealRmm]:
    """Give the meeting on a database of this kind, its server running; `another` is a second child of its agenda."""
    with own_database(kind, folder) as sessions, sessions() as session:
        act_for(session, OPERATOR)
        day = rmm(session)
        child = due(session, name=NAME)
        if another:
            due(session, name=another)
        day.open()
        if closed:
            day.decide(child, rated(session, RiskRating.HIGH, discussion="A van was seen."))
            close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
        meeting, number = f"/meetings/{day.meeting.reference}", day.item(child).number
        session.commit()
        session.close()
        server = RealServer(session.get_bind().engine.url.render_as_string(hide_password=False), folder, free_port())
        with server.running() as process:
            yield RealRmm(server, meeting, number, process)
