"""Runs one slot of one job exactly once, whoever tries: the slot's row and the effect are one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import SQLModel, col

from meetings_app.accounts.reference import NEWEST
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.config import Settings
from meetings_app.db.session import reading, writing
from meetings_app.jobs.models import JobFailure, JobRun, SchedulerLife
from meetings_app.jobs.timetable import Job, timetable
from meetings_app.partnership import Partnership
from meetings_app.permissions import SCHEDULER
from meetings_app.schedule.office import Office


class Running(Protocol):
    """What the jobs need of the running service (`app.Service`)."""

    @property
    def settings(self) -> Settings:
        """The settings."""
        ...  # pragma: no cover

    def rules(self, session: Session, newest: int) -> Partnership:
        """Give the definitions that rule, read again where `newest` is another version."""
        ...  # pragma: no cover

    @property
    def sessions(self) -> sessionmaker[Session]:
        """The maker of sessions."""
        ...  # pragma: no cover


@dataclass(frozen=True)
class Outcome:
    """What one try did: `done` is False where the slot had been done before."""

    done: bool
    result: str = ""


def run_slot(service: Running, job: Job, slot: datetime, now: datetime) -> Outcome:
    """Do one slot of a job, unless it is done. Raises what the job raises; then nothing is changed."""
    with reading(service.sessions, SCHEDULER) as session:
        if session.get(JobRun, (job.name, slot)) is not None or _failed_just_now(session, job, slot, now):
            return Outcome(done=False)
        office = Office.of(service.settings, _rules(service, session))
        engine = session.get_bind().engine
    done_beforehand = job.beforehand(engine, service.settings, slot) if job.beforehand else ""
    with writing(service.sessions, SCHEDULER) as session:
        if not _take(session, job.name, slot, now):
            return Outcome(done=False)
        result = job.work(session, now, office) or done_beforehand
        run = session.get_one(JobRun, (job.name, slot))
        run.result = result
        record(session, SCHEDULER, now, EventKind.JOB_RUN, job=job.name, result=result)
    return Outcome(done=True, result=result)


def jobs_of(service: Running) -> tuple[Job, ...]:
    """Give the timetable as the rules in force and the settings have it."""
    with reading(service.sessions, SCHEDULER) as session:
        clock = _rules(service, session).clock
    return timetable(clock, backs_up=service.settings.backup_dir is not None)


def _rules(service: Running, session: Session) -> Partnership:
    return service.rules(session, session.execute(select(NEWEST)).scalar_one() or 0)


def _failed_just_now(session: Session, job: Job, slot: datetime, now: datetime) -> bool:
    """Say whether a job that is not tried again at once failed a moment ago, by whichever way a clock has jumped."""
    failed = session.get(JobFailure, (job.name, slot)) if job.again_after > timedelta() else None
    return failed is not None and abs(now - failed.last_at) < job.again_after


def keep_failure(service: Running, job: str, slot: datetime, now: datetime, problem: str) -> None:
    """Keep that a try of a slot failed; the try itself left nothing. `problem` is a type, never a text with names."""
    with writing(service.sessions, SCHEDULER) as session:
        written = _insert(session, JobFailure).values(job=job, slot=slot, times=1, last_at=now, problem=problem)
        again = {"times": col(JobFailure.times) + 1, "last_at": now, "problem": problem}
        session.execute(written.on_conflict_do_update(index_elements=["job", "slot"], set_=again))


def _take(session: Session, job: str, slot: datetime, now: datetime) -> bool:
    """Write the row of the slot. Of two who try at once the second waits for the first, and then finds it taken."""
    written = _insert(session, JobRun).values(job=job, slot=slot, finished_at=now, result="")
    statement = written.on_conflict_do_nothing(index_elements=["job", "slot"])
    return session.execute(statement.returning(col(JobRun.job))).first() is not None


def _insert(session: Session, model: type[SQLModel]) -> Any:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(model)


def give_sign_of_life(service: Running, holder: str, now: datetime) -> None:
    """Say that a scheduler lives."""
    with writing(service.sessions, SCHEDULER) as session:
        life = session.get(SchedulerLife, 1)
        if life is None:
            session.add(SchedulerLife(id=1, holder=holder, seen_at=now))
        else:
            life.holder, life.seen_at = holder, now
