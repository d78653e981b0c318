"""Each slot of each job is done exactly once, whoever tries; what was missed is made up once."""

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.clock import FixedClock
from meetings_app.config import Settings
from meetings_app.db.session import reading, writing
from meetings_app.jobs.models import JobRun
from meetings_app.jobs.queries import Silence, scheduler_silent_since
from meetings_app.jobs.running import Running, give_sign_of_life, run_slot
from meetings_app.jobs.scheduler import run_due, start_in_background
from meetings_app.jobs.slots import latest_slot
from meetings_app.jobs.timetable import TIMETABLE, Job
from meetings_app.notices.models import OutboxMail
from meetings_app.partnership import Partnership
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.office import Office
from tests.support.meetings import office, series
from tests.support.own_database import own_database
from tests.support.world import NOW, add_account, tiny_world

SLOT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@dataclass
class Standing:
    """A running service for the jobs."""

    settings: Settings
    sessions: sessionmaker[Session]

    def rules(self, session: Session, newest: int) -> Partnership:
        return office().partnership


@pytest.fixture
def service(settings: Settings, sessions: sessionmaker[Session]) -> Standing:
    return Standing(settings, sessions)


def count(sessions: sessionmaker[Session], model: type) -> int:
    with reading(sessions, OPERATOR) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def invite_one(session: Session, now: datetime, office: Office) -> str:
    """A job whose doing twice would show: each run adds a mail."""
    number = session.scalar(select(func.count()).select_from(OutboxMail)) or 0
    session.add(
        OutboxMail(
            dedupe_key=f"{now} {number} {threading.get_ident()}", message_id=f"<{number}-{threading.get_ident()}@x>",
            order_key="x", kind="x", recipient_address="testy@exampleshire.example", recipient_name="Testy McExample",
            subject="x", body="x", created_at=now, not_before=now,
        )
    )  # fmt: skip
    session.flush()
    return "one mail"


WRITES = Job("writes one mail", "0 5 * * *", invite_one)


@pytest.mark.parametrize(
    ("crontab", "now", "slot"),
    [
        ("0 5 * * *", datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 23, 5, tzinfo=UTC)),
        ("0 5 * * *", datetime(2026, 11, 23, 5, tzinfo=UTC), datetime(2026, 11, 23, 5, tzinfo=UTC)),
        ("0 5 * * *", datetime(2026, 11, 23, 4, 59, tzinfo=UTC), datetime(2026, 11, 22, 5, tzinfo=UTC)),
        # In summer the clocks of London are an hour ahead.
        ("0 5 * * *", datetime(2026, 7, 1, 9, tzinfo=UTC), datetime(2026, 7, 1, 4, tzinfo=UTC)),
        # Monday is Monday: 23 November 2026 is one.
        ("0 6 * * mon", datetime(2026, 11, 29, 12, tzinfo=UTC), datetime(2026, 11, 23, 6, tzinfo=UTC)),
        ("0 6 * * mon", datetime(2026, 11, 23, 5, 59, tzinfo=UTC), datetime(2026, 11, 16, 6, tzinfo=UTC)),
        ("0 6 1 * *", datetime(2026, 11, 30, 12, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ],
)
def test_the_latest_slot(crontab: str, now: datetime, slot: datetime) -> None:
    assert latest_slot(crontab, now) == slot


def test_every_job_of_the_timetable_has_a_slot_and_a_name_of_its_own() -> None:
    assert all(latest_slot(job.crontab, NOW) is not None for job in TIMETABLE)
    assert len({job.name for job in TIMETABLE}) == len(TIMETABLE)


def test_a_slot_is_done_once(service: Standing, sessions: sessionmaker[Session]) -> None:
    assert [run_slot(service, WRITES, SLOT, NOW).done for _ in range(3)] == [True, False, False]
    assert count(sessions, OutboxMail) == 1


def test_what_was_missed_is_made_up_once(service: Standing, sessions: sessionmaker[Session]) -> None:
    run_due(service, NOW, (WRITES,))
    after_a_week = NOW + timedelta(days=7)
    for _ in range(2):
        run_due(service, after_a_week, (WRITES,))
    assert count(sessions, OutboxMail) == 2


def test_a_job_that_fails_changes_nothing_and_is_tried_again(
    service: Standing, sessions: sessionmaker[Session], caplog: pytest.LogCaptureFixture
) -> None:
    broken = [True]

    def work(session: Session, now: datetime, office: Office) -> str:
        done = invite_one(session, now, office)
        if broken[0]:
            raise RuntimeError("Testy McExample")
        return done

    job = Job("sometimes fails", "0 5 * * *", work)
    assert run_due(service, NOW, (job, WRITES)) == {
        "sometimes fails": "failed: RuntimeError",
        "writes one mail": "one mail",
    }
    assert count(sessions, OutboxMail) == 1, "the other job ran, and nothing of the broken one stayed"
    assert "Testy" not in caplog.text
    broken[0] = False
    assert run_due(service, NOW, (job, WRITES)) == {"sometimes fails": "one mail"}


def test_two_schedulers_at_once_do_each_slot_once(database: str, settings: Settings, tmp_path: Path) -> None:
    with own_database(database, tmp_path) as sessions:
        service = Standing(settings, sessions)
        together = threading.Barrier(2)

        def live() -> None:
            together.wait()
            for day in range(10):
                run_due(service, NOW + timedelta(days=day), (WRITES,))

        schedulers = [threading.Thread(target=live) for _ in range(2)]
        for scheduler in schedulers:
            scheduler.start()
        for scheduler in schedulers:
            scheduler.join()
        assert (count(sessions, JobRun), count(sessions, OutboxMail)) == (10, 10)


def test_a_meeting_that_comes_near_is_announced_by_the_timetable(
    service: Standing, sessions: sessionmaker[Session]
) -> None:
    with writing(sessions, OPERATOR) as session:
        tiny_world(session)
    with writing(sessions, OPERATOR) as session:
        series(session, count=20)
    run_due(service, NOW + timedelta(weeks=4))
    with reading(sessions, OPERATOR) as session:
        horizon = (NOW + timedelta(weeks=4 + 12)).date()
        planned = select(func.min(col(Meeting.held_on))).where(col(Meeting.state) == MeetingState.PLANNED)
        assert (session.scalar(planned) or horizon) > horizon
        assert session.scalar(select(func.count()).select_from(Meeting)) == 56


def test_a_newcomer_is_invited_by_the_timetable(service: Standing, sessions: sessionmaker[Session]) -> None:
    with writing(sessions, OPERATOR) as session:
        series(session, count=2)
    with writing(sessions, OPERATOR) as session:
        add_account(session, "newcomer", "representative", "health", ["NE"])
    before = count(sessions, OutboxMail)
    run_due(service, NOW)
    assert count(sessions, OutboxMail) - before >= 2


def test_silence_is_noticed(service: Running, sessions: sessionmaker[Session]) -> None:
    def silence(at: datetime) -> Silence | None:
        with reading(sessions, OPERATOR) as session:
            return scheduler_silent_since(session, at)

    assert silence(NOW) == Silence(None)
    give_sign_of_life(service, "one", NOW)
    assert silence(NOW + timedelta(minutes=4)) is None
    assert silence(NOW + timedelta(minutes=6)) == Silence(NOW)
    give_sign_of_life(service, "another", NOW + timedelta(minutes=6))
    assert silence(NOW + timedelta(minutes=6)) is None


def test_the_scheduler_beside_the_pages_lives_works_and_stops(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    with own_database(database, tmp_path) as sessions:
        service = Standing(replace(settings, backup_dir=tmp_path), sessions)
        assert isinstance(settings.clock, FixedClock)
        background = start_in_background(service)
        done = threading.Event()
        try:
            for _ in range(900):
                if count(sessions, JobRun) == len(TIMETABLE):
                    break
                done.wait(0.1)
        finally:
            background.stop()
        assert count(sessions, JobRun) == len(TIMETABLE)
        with reading(sessions, OPERATOR) as session:
            assert scheduler_silent_since(session, NOW) is None
