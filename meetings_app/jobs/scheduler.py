"""The scheduler process: it only wakes; what is due is worked out from the clock (`jobs.slots`).

A scheduler that slept, froze or was killed makes up the latest missed slot of each job once, when it wakes. Two
schedulers are safe: the slot's row lets one of them do the work.
"""

import logging
import os
import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from meetings_app.clock import LONDON
from meetings_app.errors import MeetingsError
from meetings_app.jobs.running import Running, give_sign_of_life, jobs_of, keep_failure, run_slot
from meetings_app.jobs.slots import latest_slot
from meetings_app.jobs.timetable import Job
from meetings_app.notices.sending import send_waiting
from meetings_app.schedule.mailed_replies import read_replies

log = logging.getLogger("meetings.jobs")

MAIL_EVERY = 60
REPLIES_EVERY = 120
LIFE_EVERY = 30
DUE_EVERY = 60
"""In seconds."""


def run_due(service: Running, now: datetime, jobs: tuple[Job, ...] | None = None) -> dict[str, str]:
    """Do every job whose latest slot is not done yet; gives the results by job. One bad job does not stop the rest.

    Without `jobs`, those of the partnership's timetable.
    """
    results = {}
    for job in jobs_of(service) if jobs is None else jobs:
        slot = latest_slot(job.crontab, now)
        if slot is None:
            continue
        try:
            outcome = run_slot(service, job, slot, now)
        except Exception as problem:  # noqa: BLE001 # The rest of the timetable must run whatever one job does.
            # The text of an exception may quote a row, so only its type is said.
            log.error("the job “%s” failed: %s", job.name, type(problem).__name__)
            results[job.name] = f"failed: {type(problem).__name__}"
            _keep_failure(service, job, slot, now, problem)
        else:
            if outcome.done:
                log.info("the job “%s”: %s", job.name, outcome.result)
                results[job.name] = outcome.result
    return results


def _keep_failure(service: Running, job: Job, slot: datetime, now: datetime, problem: Exception) -> None:
    """Keep the failure for the page, where the database can; the rest of the timetable runs even where it cannot."""
    try:
        # What the service itself refuses says what to do, and names nobody.
        said = problem.message if isinstance(problem, MeetingsError) else type(problem).__name__
        keep_failure(service, job.name, slot, now, said)
    except SQLAlchemyError as another:
        log.error("that the job “%s” failed could not be kept: %s", job.name, type(another).__name__)


def run_scheduler(service: Running, stop_event: threading.Event) -> None:
    """Run the timetable, the mail and the sign of life until `stop_event` is set."""
    from apscheduler.schedulers.background import BackgroundScheduler

    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    clock, holder = service.settings.clock, f"{os.getpid()}-{secrets.token_hex(4)}"
    scheduler = BackgroundScheduler(timezone=LONDON)

    def every(seconds: int, name: str, work: Callable[[], Any]) -> None:
        scheduler.add_job(
            _guarded(name, work), "interval", seconds=seconds, name=name, coalesce=True, max_instances=1,
            misfire_grace_time=None, next_run_time=datetime.now(LONDON),
        )  # fmt: skip

    every(LIFE_EVERY, "sign of life", lambda: give_sign_of_life(service, holder, clock.now()))
    every(DUE_EVERY, "timetable", lambda: run_due(service, clock.now()))
    every(MAIL_EVERY, "mail", lambda: send_waiting(service.sessions, service.settings, clock.now()))
    every(REPLIES_EVERY, "replies", lambda: read_replies(service.sessions, service.settings, clock.now()))
    scheduler.start()
    try:
        stop_event.wait()
    finally:
        scheduler.shutdown(wait=True)


def _guarded(name: str, work: Callable[[], Any]) -> Callable[[], None]:
    """Keep a failure from the log's reach of names: its type is said, its text is not."""

    def run() -> None:
        try:
            work()
        except Exception as problem:  # noqa: BLE001 # The next run tries again.
            log.error("“%s” failed: %s", name, type(problem).__name__)

    return run


class Background:
    """A scheduler beside the pages, in the one process of a small installation."""

    def __init__(self, service: Running) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=run_scheduler, args=(service, self._stop), name="scheduler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop it and wait until what it was doing is done."""
        self._stop.set()
        self._thread.join()


def start_in_background(service: Running) -> Background:
    """Start the scheduler in a thread of this process; call `stop()` on what it gives when the server ends."""
    return Background(service)
