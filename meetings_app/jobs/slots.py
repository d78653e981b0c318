"""When each job is due, worked out from the clock alone: a clock that jumps is followed, and nothing is done twice."""

from datetime import UTC, datetime, timedelta

from meetings_app.clock import LONDON

LOOKED_BACK = timedelta(days=40)
"""Longer than the longest pause between two slots of the timetable."""


def latest_slot(crontab: str, now: datetime) -> datetime | None:
    """Give the latest moment, at or before `now`, at which a job of this crontab was due (London, weekdays by name)."""
    from apscheduler.triggers.cron import CronTrigger

    trigger = CronTrigger.from_crontab(crontab, timezone=LONDON)
    for back in (timedelta(days=2), timedelta(days=9), LOOKED_BACK):
        found: datetime | None = None
        due = trigger.get_next_fire_time(None, (now - back).astimezone(LONDON))
        while due is not None and due <= now:
            found = due
            due = trigger.get_next_fire_time(due, due)
        if found is not None:
            return found.astimezone(UTC)
    return None


def next_slot(crontab: str, now: datetime) -> datetime:
    """Give the first moment after `now` at which a job of this crontab is due."""
    from apscheduler.triggers.cron import CronTrigger

    due: datetime | None = CronTrigger.from_crontab(crontab, timezone=LONDON).get_next_fire_time(
        now, now.astimezone(LONDON)
    )
    if due is None:
        raise ValueError(f"The crontab {crontab} is never due.")
    return due.astimezone(UTC)
