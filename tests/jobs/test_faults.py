"""Real scheduler processes, two at a time: every fault of a mail server, kills at random, a clock that jumps.

Nothing is lost: every mail that can be delivered is accepted in the end. Nothing is done twice: each slot of each job
has one effect, and every copy of a mail is the same, byte for byte. What cannot be delivered is set aside and says why.
"""

import os
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.audit.trail import use_key, verify
from meetings_app.db.session import reading, writing
from meetings_app.jobs.models import JobRun
from meetings_app.jobs.queries import standings
from meetings_app.jobs.timetable import TIMETABLE
from meetings_app.meetings import arranging
from meetings_app.notices.models import MailState, MailTry, OutboxMail, TryOutcome
from meetings_app.permissions import OPERATOR
from tests.jobs.processes import address_of, scheduler
from tests.jobs.without_guards import GUARDS
from tests.notices.mail_servers import Mailroom, drip, free_port, hang, hang_up, scripted_server, smtp_server, talk
from tests.support.meetings import office, series
from tests.support.own_database import own_database
from tests.support.world import NOW, add_account, tiny_world

ROUNDS = int(os.environ.get("MEETINGS_FAULT_ROUNDS", "0"))
"""How often all faults are gone through, each time in another order and with other kills. Without it, once some."""

SOME = 3

STEP = timedelta(hours=3)
"""From one fault to the next: longer than a mail is ever put off for."""


class LostAnswer(Mailroom):
    """Takes the mail, and is gone before it can say so: whoever sent it has to send it again."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await super().handle_DATA(server, session, envelope)
        server.transport.abort()
        return "250 OK"


FAULTS = (
    "away", "slow", "dripping", "busy: sender", "busy: recipient", "busy: content", "breaks off at the greeting",
    "breaks off in the middle", "breaks off before the answer", "hangs in the middle", "takes it and is gone",
    "clock ahead",
)  # fmt: skip
_BUSY = {"busy: sender": "sender", "busy: recipient": "recipient", "busy: content": "content"}
_BREAKS_OFF = {"greeting": "EHLO", "middle": "CONTENT", "answer": "ANSWER"}


@contextmanager
def faulty(fault: str, room: Mailroom) -> Iterator[int]:
    """Give the port of a server with one fault; what it takes in spite of it stands in `room`."""
    if fault in ("away", "clock ahead"):
        yield free_port()
    elif fault in _BUSY:
        with smtp_server(Mailroom(**{_BUSY[fault]: "451 4.3.0 later"})) as server:
            yield server.port
    elif fault == "takes it and is gone":
        lost = LostAnswer()
        lost.accepted = room.accepted
        with smtp_server(lost) as server:
            yield server.port
    elif fault in ("slow", "dripping"):
        with scripted_server(hang if fault == "slow" else drip) as port:
            yield port
    elif fault == "hangs in the middle":
        with scripted_server(lambda peer: talk(peer, until="CONTENT", then=hang)) as port:
            yield port
    else:
        with scripted_server(lambda peer: talk(peer, until=_BREAKS_OFF[fault.split()[-1]], then=hang_up)) as port:
            yield port


def tries(sessions: sessionmaker[Session]) -> int:
    with reading(sessions, OPERATOR) as session:
        return session.scalar(select(func.coalesce(func.sum(col(MailTry.times)), 0))) or 0


def killed_at_work(
    sessions: sessionmaker[Session], port: int, now: datetime, folder: Path, moments: random.Random, without: str
) -> None:
    """Run two schedulers until one of them has tried to send, and kill both a moment later."""
    pause, before = threading.Event(), tries(sessions)
    pair = [scheduler(address_of(sessions), port, folder, now, timeout=1, without=without) for _ in range(2)]
    try:
        for _ in range(1200):
            if tries(sessions) > before:
                break
            pause.wait(0.05)
        assert tries(sessions) > before, "they were at work when they were killed"
        pause.wait(moments.random())
    finally:
        for process in pair:
            process.kill()
            process.wait()


def nothing_waits(session: Session, _now: datetime) -> bool:
    return session.scalar(select(func.count()).where(col(OutboxMail.state) == MailState.WAITING)) == 0


def every_job_is_done(session: Session, now: datetime) -> bool:
    return not any(job.late for job in standings(session, TIMETABLE, now))


def end_well(
    sessions: sessionmaker[Session], port: int, now: datetime, folder: Path, enough: Callable[[Session, datetime], bool]
) -> None:
    """Run two schedulers with an honest server until it is enough, and ask them to stop."""
    pause = threading.Event()
    with reading(sessions, OPERATOR) as session:
        if enough(session, now):
            return
    pair = [scheduler(address_of(sessions), port, folder, now, timeout=30) for _ in range(2)]
    try:
        for _ in range(1800):
            with reading(sessions, OPERATOR) as session:
                if enough(session, now):
                    break
            pause.wait(0.1)
    finally:
        for process in pair:
            process.terminate()
        assert [process.wait(timeout=60) for process in pair] == [0, 0], "schedulers that are asked to stop stop well"


@pytest.mark.parametrize("seed", range(ROUNDS or 1))
def test_under_every_fault_nothing_is_lost_and_nothing_done_twice(database: str, tmp_path: Path, seed: int) -> None:
    moments = random.Random(f"{seed} {database}")
    order = moments.sample(FAULTS, len(FAULTS) if ROUNDS else SOME)
    with own_database(database, tmp_path) as sessions:
        _judge(sessions, gone_through(sessions, order, tmp_path, moments))


if ROUNDS:
    # The kill has to fall into the moment that the guard is for: gone through by `make faults`, which takes its time.

    @pytest.mark.parametrize("database", ["sqlite"])
    @pytest.mark.parametrize("guard", GUARDS)
    def test_without_a_guard_the_same_faults_do_harm_and_are_found(database: str, tmp_path: Path, guard: str) -> None:
        """The control: where this does not fail, the test above proves nothing."""
        with own_database(database, tmp_path) as sessions:
            room = gone_through(sessions, ["hangs in the middle"] * 6, tmp_path, random.Random(guard), without=guard)
            with pytest.raises(AssertionError):
                _judge(sessions, room)


def gone_through(
    sessions: sessionmaker[Session], order: Sequence[str], folder: Path, moments: random.Random, without: str = ""
) -> Mailroom:
    """Go through faults with two schedulers each time, killed at work, and end well; gives what was accepted."""
    room = Mailroom()
    with writing(sessions, OPERATOR) as session:
        tiny_world(session)
    with writing(sessions, OPERATOR) as session:
        add_account(session, "unknown", "representative", "health", ["NE"])
        meetings = series(session, count=2)
        series(session, "NW", date(2026, 11, 25), count=2)
    for number, fault in enumerate(order):
        ahead = timedelta(days=2) if fault == "clock ahead" else timedelta()
        with faulty(fault, room) as port:
            killed_at_work(sessions, port, NOW + number * STEP + ahead, folder, moments, without)
    with writing(sessions, OPERATOR) as session:
        meeting = session.merge(meetings[1])
        arranging.cancel_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, "Half-term")
    with smtp_server(room) as server:
        # What the last jobs wrote leaves when the next schedulers begin, which is sooner than a minute.
        for enough in (every_job_is_done, nothing_waits):
            end_well(sessions, server.port, NOW + len(order) * STEP, folder, enough)
    return room


def _judge(sessions: sessionmaker[Session], room: Mailroom) -> None:
    copies = defaultdict(set)
    for _, recipients, content in room.accepted:
        copies[str(message_from_bytes(content)["Message-ID"])].add((tuple(recipients), content))
    assert all(len(same) == 1 for same in copies.values()), "every copy of a mail is the same"
    with reading(sessions, OPERATOR) as session:
        mails = session.scalars(select(OutboxMail)).all()
        assert {mail.message_id for mail in mails if mail.state is MailState.SENT} == set(copies)
        given_up = [mail for mail in mails if mail.state is MailState.GIVEN_UP]
        assert {mail.recipient_address.split("@")[0] for mail in given_up} == {"unknown"}
        assert {mail.state for mail in mails} <= {MailState.SENT, MailState.GIVEN_UP, MailState.SUPERSEDED}
        for mail in given_up:
            last = select(MailTry).where(col(MailTry.mail_id) == mail.key).order_by(col(MailTry.id).desc())
            kept = session.scalars(last).first()
            assert kept is not None
            assert kept.outcome is TryOutcome.GIVEN_UP
            assert "550" in kept.problem
        ran = select(func.count()).where(col(AuditEvent.kind) == EventKind.JOB_RUN.value)
        assert session.scalar(ran) == session.scalar(select(func.count()).select_from(JobRun))
        assert max(Counter(mail.dedupe_key for mail in mails).values()) == 1
        use_key("a" * 40)
        assert verify(session)[1] is None
