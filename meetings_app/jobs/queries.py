"""Whether the scheduler lives, for the pages that must not let its silence go unnoticed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.jobs.models import JobRun, SchedulerLife

SILENT_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Silence:
    """No scheduler has given a sign of life for a while; `since` is the last one, None where there never was one."""

    since: datetime | None


def scheduler_silent_since(session: Session, now: datetime) -> Silence | None:
    """Say that no scheduler is running, or None while one is."""
    seen_at = session.scalars(select(col(SchedulerLife.seen_at)).where(col(SchedulerLife.id) == 1)).first()
    if seen_at is None or now - seen_at > SILENT_AFTER:
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
