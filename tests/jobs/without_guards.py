"""The scheduler with one of its guards taken away, to see that the faults then do harm and that the tests find it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.db.session import writing
from meetings_app.jobs import running, scheduler
from meetings_app.jobs.models import JobRun
from meetings_app.jobs.timetable import Job
from meetings_app.notices import sending
from meetings_app.notices.models import MailState, OutboxMail
from meetings_app.permissions import SCHEDULER
from meetings_app.schedule.office import Office

_claim = sending._claim


def mark_before_sending() -> None:
    """Mark a mail as sent when it is taken up, as a loop over a table of mails does that nobody thought through."""

    def claim(sessions: sessionmaker[Session], now: datetime, lease_for: timedelta) -> Any:
        mail = _claim(sessions, now, lease_for)
        if mail is not None:
            with writing(sessions, SCHEDULER) as session:
                session.execute(update(OutboxMail).where(col(OutboxMail.id) == mail.id).values(state=MailState.SENT))
        return mail

    sending._claim = claim


def ask_no_slot() -> None:
    """Do every job that is due whenever a scheduler looks, and keep afterwards that it was done."""

    def run_slot(service: running.Running, job: Job, slot: datetime, now: datetime) -> running.Outcome:
        with writing(service.sessions, SCHEDULER) as session:
            office = Office.of(service.settings, running._rules(service, session))
            result = job.work(session, now, office)
            session.merge(JobRun(job=job.name, slot=slot, finished_at=now, result=result))
            record(session, SCHEDULER, now, EventKind.JOB_RUN, job=job.name, result=result)
        return running.Outcome(done=True, result=result)

    vars(scheduler)["run_slot"] = run_slot


GUARDS: dict[str, Callable[[], None]] = {
    "mail is marked after it is sent": mark_before_sending, "a slot is done once": ask_no_slot,
}  # fmt: skip
"""What guards against harm, and how it is taken away."""
