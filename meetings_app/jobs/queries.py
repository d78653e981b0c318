"""Whether the scheduler lives, for the pages that must not let its silence go unnoticed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.jobs.models import JobFailure, JobRun, SchedulerLife
from meetings_app.jobs.slots import latest_slot, next_slot
from meetings_app.jobs.timetable import Job
from meetings_app.jobs.words import DOES

SILENT_AFTER = timedelta(minutes=5)
_FAILING_SINCE = timedelta(days=8)
"""Longer than a week, so that a weekly job that failed is said until its next time."""
_CHECKED_EVERY = timedelta(hours=25)
"""The check runs once a day; an hour more, so that one that takes longer is not called missing."""


@dataclass(frozen=True)
class Silence:
    """No scheduler has given a sign of life for a while; `since` is the last one, None where there never was one."""

    since: datetime | None


def scheduler_silent_since(session: Session, now: datetime) -> Silence | None:
    """Say that no scheduler is running, or None while one is."""
    return _silence(session.scalars(select(col(SchedulerLife.seen_at)).where(col(SchedulerLife.id) == 1)).first(), now)


def _silence(seen_at: datetime | None, now: datetime) -> Silence | None:
    # A sign of life from the future was given by a clock that had jumped, and says nothing about now.
    if seen_at is None or abs(now - seen_at) > SILENT_AFTER:
        return Silence(seen_at)
    return None


def last_run(session: Session, job: str) -> tuple[datetime, str] | None:
    """Give when a job of the timetable was last done, and its result, or None."""
    row = session.execute(
        select(col(JobRun.finished_at), col(JobRun.result))
        .where(col(JobRun.job) == job)
        .order_by(col(JobRun.slot).desc())
        .limit(1)
    ).first()
    return (row.finished_at, row.result) if row else None


@dataclass(frozen=True)
class LastCheck:
    """When the promises were last checked, None where never; `late` says that a day has passed without a check."""

    at: datetime | None
    late: bool


def last_check(session: Session, job: str, now: datetime) -> LastCheck:
    """Give when the job that checks the promises was last done."""
    last = last_run(session, job)
    return LastCheck(last[0], now - last[0] > _CHECKED_EVERY) if last else LastCheck(None, True)


@dataclass(frozen=True)
class Standing:
    """How one job of the timetable stands. `late`: its latest slot is not done; `failure` is what hindered it.

    `does` says what it looks after.
    """

    name: str
    does: str
    last_at: datetime | None
    result: str
    next_at: datetime
    late: bool
    failure: JobFailure | None


def standings(session: Session, jobs: tuple[Job, ...], now: datetime) -> list[Standing]:
    """Give how each job stands, in the order of the timetable. No result and no problem names anybody."""
    return [_standing(session, job, now) for job in jobs]


def _standing(session: Session, job: Job, now: datetime) -> Standing:
    slot, last = latest_slot(job.crontab, now), last_run(session, job.name)
    done = slot is None or session.get(JobRun, (job.name, slot)) is not None
    failed = None if done else session.get(JobFailure, (job.name, slot))
    at, result = last or (None, "")
    return Standing(job.name, DOES.get(job.name, ""), at, result, next_slot(job.crontab, now), not done, failed)


@dataclass(frozen=True)
class Running:
    """What the home page of whoever looks after the service says of the clock."""

    silence: Silence | None
    failing: list[str]


def how_it_runs(session: Session, now: datetime) -> Running:
    """Give whether a scheduler lives, and the jobs whose last failed slot is not done yet, by name; one statement.

    A slot that failed and that a later one was done after is left behind.
    """
    done = select(col(JobRun.job)).where(
        col(JobRun.job) == col(JobFailure.job), col(JobRun.slot) >= col(JobFailure.slot)
    )
    failed = select(col(JobFailure.job), col(JobFailure.last_at)).where(
        col(JobFailure.last_at) > now - _FAILING_SINCE, ~done.exists()
    )
    life = select(sa.literal("").label("job"), col(SchedulerLife.seen_at)).where(col(SchedulerLife.id) == 1)
    found = {row.job: row.seen_at for row in session.execute(life.union_all(failed))}
    return Running(_silence(found.pop("", None), now), sorted(found))


def former_failures(session: Session) -> list[JobFailure]:
    """Give the latest twenty-five slots that failed, newest first, also those that were done after all."""
    return list(session.scalars(select(JobFailure).order_by(col(JobFailure.last_at).desc()).limit(25)))
