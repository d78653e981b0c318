"""Two scheduler processes, killed again and again: no job is done twice, no mail is lost, every copy is the same."""

import random
import threading
from collections import Counter, defaultdict
from datetime import date
from email import message_from_bytes
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.audit.trail import use_key, verify
from meetings_app.db.session import reading, writing
from meetings_app.jobs.models import JobRun
from meetings_app.jobs.timetable import TIMETABLE
from meetings_app.notices.models import MailState, OutboxMail
from meetings_app.permissions import OPERATOR
from tests.jobs.processes import address_of, scheduler
from tests.notices.mail_servers import Mailroom, smtp_server
from tests.support.meetings import series
from tests.support.own_database import own_database
from tests.support.world import NOW, tiny_world

ROUNDS = 2


def test_schedulers_that_are_killed_do_nothing_twice_and_lose_nothing(database: str, tmp_path: Path) -> None:
    moments, pause = random.Random(1), threading.Event()  # The moments of the kills, the same each run.
    room = Mailroom()
    with own_database(database, tmp_path) as sessions, smtp_server(room) as server:
        with writing(sessions, OPERATOR) as session:
            tiny_world(session)
        with writing(sessions, OPERATOR) as session:
            # The mail of twenty-five meetings: enough that every kill comes in the middle.
            series(session, count=13)
            series(session, "NW", date(2026, 11, 25), count=13)
        with reading(sessions, OPERATOR) as session:
            wanted = set(session.scalars(select(col(OutboxMail.message_id))))
        address = address_of(sessions)
        for _ in range(ROUNDS):
            pair = [scheduler(address, server.port, tmp_path) for _ in range(2)]
            enough = len(room.accepted) + moments.randint(1, 12)
            for _ in range(3000):
                if len(room.accepted) >= enough:
                    break
                pause.wait(0.02)
            assert len(room.accepted) >= enough, "they were at work when they were killed"
            pause.wait(moments.random() / 50)
            for process in pair:
                process.kill()
                process.wait()
        # What a kill left behind has a lease that ends; the clock of this test stands still, so it is ended here.
        with writing(sessions, OPERATOR) as session:
            for mail in session.scalars(select(OutboxMail).where(col(OutboxMail.leased_until).is_not(None))):
                mail.leased_until = NOW.replace(year=2025)
        last = scheduler(address, server.port, tmp_path)
        try:
            for _ in range(900):
                with reading(sessions, OPERATOR) as session:
                    waiting = select(func.count()).where(col(OutboxMail.state) == MailState.WAITING)
                    jobs = session.scalar(select(func.count()).select_from(JobRun))
                    if session.scalar(waiting) == 0 and jobs == len(TIMETABLE):
                        break
                pause.wait(0.1)
        finally:
            last.terminate()
            assert last.wait(timeout=60) == 0, "a scheduler that is asked to stop stops well"
        with reading(sessions, OPERATOR) as session:
            states = Counter(session.scalars(select(col(OutboxMail.state))))
            runs = session.scalars(select(col(AuditEvent.facts)).where(col(AuditEvent.kind) == EventKind.JOB_RUN)).all()
            use_key("a" * 40)
            assert verify(session)[1] is None
    assert set(states) == {MailState.SENT}
    assert Counter(facts["job"] for facts in runs) == {job.name: 1 for job in TIMETABLE}
    copies = defaultdict(set)
    for _, recipients, content in room.accepted:
        copies[str(message_from_bytes(content)["Message-ID"])].add((tuple(recipients), content))
    assert wanted <= set(copies)
    assert all(len(same) == 1 for same in copies.values()), "every copy of a mail is the same"
