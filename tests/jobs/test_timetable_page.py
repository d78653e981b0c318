"""The page of the timetable: what ran, what is late, what failed, and how long mail has waited."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.app import Service
from meetings_app.db.session import reading
from meetings_app.jobs import routes
from meetings_app.jobs.models import JobFailure, JobRun
from meetings_app.jobs.running import give_sign_of_life
from meetings_app.jobs.scheduler import run_due
from meetings_app.jobs.slots import next_slot
from meetings_app.jobs.timetable import TIMETABLE, Job
from meetings_app.jobs.words import DOES
from meetings_app.permissions import OPERATOR
from tests.support.browsing import browser
from tests.support.meetings import series
from tests.support.world import NOW, TinyWorld, tiny_world


@pytest.fixture
def world(session: Session) -> TinyWorld:
    return tiny_world(session)


def failing(_session: Session, _now: datetime, _office: Any) -> str:
    raise RuntimeError("Testy McExample")


def working(_session: Session, _now: datetime, _office: Any) -> str:
    return "nothing to do"


BROKEN, WHOLE = Job("a job that fails", "0 5 * * *", failing), Job("a job that works", "0 5 * * *", working)


def shown(app: Flask, who: str) -> str:
    return " ".join(browser(app, who).get("/timetable").get_data(as_text=True).split())


def test_the_page_says_what_is_late_and_that_no_scheduler_runs(app: Flask, session: Session, world: TinyWorld) -> None:
    series(session, count=1)
    session.commit()
    page = shown(app, world.coordinator.email)
    assert "No scheduler is running" in page
    assert "Not done yet" in page
    assert "Never" in page
    assert "Oldest waits since" in page
    assert "No mail waits" not in page


def test_each_job_says_what_it_looks_after(app: Flask, session: Session, world: TinyWorld) -> None:
    session.commit()
    page = re.sub(r"<[^>]+>", "", shown(app, world.coordinator.email))
    assert set(DOES) == {job.name for job in TIMETABLE}
    for job, due in (
        ("Remind of minutes to sign", "Corrections close"), ("Say what waits in each area", "Reassessments"),
        ("Say what waits in each area", "transition"), ("Say what waits in each area", "look-backs"),
        ("Remind of second signatures", "second signature"),
    ):  # fmt: skip
        assert re.search(f"{job}[^.]*{due}", page), due


def test_a_failure_is_counted_shown_without_names_and_stays_when_the_job_is_mended(
    app: Flask, session: Session, world: TinyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.commit()
    service: Service = app.extensions["meetings"]
    monkeypatch.setattr(routes, "timetable", lambda _rules, **_facts: (BROKEN, WHOLE))
    for _ in range(2):
        run_due(service, NOW, (BROKEN, WHOLE))
    give_sign_of_life(service, "one", NOW)
    page = shown(app, world.coordinator.email)
    assert "No scheduler is running" not in page
    assert "Failed</strong> 2 times" in page
    assert "nothing to do" in page
    assert "RuntimeError" in page
    assert "McExample" not in page
    home = browser(app, world.coordinator.email).get("/").get_data(as_text=True)
    assert "A job of the timetable has failed" in home
    assert "A job that fails." in home
    mended = Job(BROKEN.name, BROKEN.crontab, working)
    run_due(service, NOW, (mended,))
    assert "has failed" not in browser(app, world.coordinator.email).get("/").get_data(as_text=True)
    after = shown(app, world.coordinator.email)
    assert "Failed</strong>" not in after, "the job is done"
    assert "failed 2 times" in after, "that it had failed is still told"


def test_a_clock_that_jumps_ahead_and_back_does_no_slot_twice(
    app: Flask, session: Session, sessions: sessionmaker[Session], world: TinyWorld
) -> None:
    session.commit()
    service: Service = app.extensions["meetings"]
    done = [
        bool(run_due(service, NOW + timedelta(days=days), (WHOLE,))) for days in (0, 30, 0, 1, 1, 30, 29, 29)
    ]  # fmt: skip
    assert done == [True, True, False, True, False, False, True, False]
    with reading(sessions, OPERATOR) as after:
        assert after.scalar(select(func.count()).select_from(JobRun).where(col(JobRun.job) == WHOLE.name)) == 4
        assert after.scalar(select(func.count()).select_from(JobFailure)) == 0


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (datetime(2026, 11, 23, 4, 59, tzinfo=UTC), datetime(2026, 11, 23, 5, tzinfo=UTC)),
        (datetime(2026, 11, 23, 5, 0, 1, tzinfo=UTC), datetime(2026, 11, 24, 5, tzinfo=UTC)),
        # The clocks went back in the night to 25 October 2026.
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 5, tzinfo=UTC)),
        (datetime(2026, 10, 23, 12, tzinfo=UTC), datetime(2026, 10, 24, 4, tzinfo=UTC)),
    ],
)
def test_the_next_slot(now: datetime, slot: datetime) -> None:
    assert next_slot("0 5 * * *", now) == slot
