"""The whole timetable on one screen. Each job is a plain function that may run again without doing anything twice."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from meetings_app.clock import london_date
from meetings_app.config import Settings
from meetings_app.cse_list import homing
from meetings_app.jobs import backups, meeting_week, minutes_week, network_week, people_week
from meetings_app.jobs.breaches import keep_breaches
from meetings_app.meetings import arranging, plan_updates
from meetings_app.meetings.checks import every_breach
from meetings_app.network_meetings.checks import network_breaches
from meetings_app.partnership import ClockRules
from meetings_app.permissions import SCHEDULER
from meetings_app.resources import folder
from meetings_app.schedule.office import Office
from meetings_app.weekly_list.rules import is_taken_from
from meetings_app.weekly_list.taking import take_list

log = logging.getLogger("meetings.jobs")

Work = Callable[[Session, datetime, Office], str]
Beforehand = Callable[[sa.Engine, Settings, datetime], str]


@dataclass(frozen=True)
class Job:
    """One job: its name for ever, when it is due (crontab, London; weekdays by name), and what it does.

    The function gets a session that acts for the scheduler; what it writes and the row that says the slot is done
    are one transaction. It gives a short result without any personal data.

    `beforehand` is for what takes long and must hold up nobody: it is done first, outside any transaction, is given
    the slot, and does no harm when it is done twice. A slot that failed is tried again after `again_after`.
    """

    name: str
    crontab: str
    work: Work
    beforehand: Beforehand | None = None
    again_after: timedelta = timedelta()


def tie_reviews(session: Session, now: datetime, _office: Office) -> str:
    """Tie every review to a meeting that is still ahead, for those of yesterday are past."""
    return f"reviews tied again: {len(homing.rehome_all(session, SCHEDULER, now))}"


def extend_series(session: Session, now: datetime, office: Office) -> str:
    """Let every series stand a year ahead again."""
    return f"meetings added: {arranging.extend_all(session, SCHEDULER, now, office)}"


def announce_meetings(session: Session, now: datetime, office: Office) -> str:
    """Announce the meetings that have come within the horizon."""
    return f"meetings announced: {arranging.announce_due(session, SCHEDULER, now, office)}"


def invite_newcomers(session: Session, now: datetime, office: Office) -> str:
    """Invite people who were given a member's role after a meeting was announced."""
    return f"people invited or taken off: {arranging.keep_members(session, SCHEDULER, now, office)}"


def ask_for_updates(session: Session, now: datetime, office: Office) -> str:
    """Ask lead professionals for an update on their safety plans before the meetings that come near."""
    return f"lead professionals asked: {plan_updates.ask_for_updates(session, SCHEDULER, now, office)}"


def check_promises(session: Session, now: datetime, office: Office) -> str:
    """Check everything that `meetings check` checks, and keep it for the home pages.

    The log says how many breaches there are, and names none.
    """
    today = london_date(now)
    found = every_breach(session, today, office.agendas or folder("agendas"), office.partnership)
    found += network_breaches(session, today)
    keep_breaches(session, now, found)
    if found:
        log.warning("%d promises of the service do not hold: run meetings check", len(found))
    return f"breaches: {len(found)}"


def take_weekly_list(session: Session, now: datetime, office: Office) -> str:
    """Take the county’s list of this week and tell those it is for; a list that a week missed is not made up."""
    weekday = office.partnership.clock.weekly_list_weekday
    if not is_taken_from(weekday, london_date(now)):
        return f"the list of this week is taken on {weekday.capitalize()}"
    taken = take_list(session, SCHEDULER, now, office)
    return f"list {taken.number} with {taken.children} children" if taken else "the list of this week is taken"


def nothing_more(_session: Session, _now: datetime, _office: Office) -> str:
    """Add nothing to what was done beforehand; the result of that is the job's."""
    return ""


CHECK = "check the promises"
BACKUP = "back up the database"
TAKE_LIST = "take the weekly list"

_JOBS: tuple[Job, ...] = (
    Job("tie reviews to meetings ahead", "5 0 * * *", tie_reviews),
    Job("extend the series", "0 4 * * mon", extend_series),
    Job("announce meetings", "0 5 * * *", announce_meetings),
    Job("invite newcomers", "30 5 * * *", invite_newcomers),
    Job(TAKE_LIST, "{list_time} * * {list_day}", take_weekly_list),
    Job("ask for updates on safety plans", "0 6 * * *", ask_for_updates),
    Job("ask agencies before meetings", "0 8 * * *", meeting_week.ask_agencies),
    Job("remind of agendas to publish", "30 8 * * *", meeting_week.remind_of_agendas),
    Job("say that agendas are drafted", "5 12 * * *", meeting_week.say_agendas_are_drafted),
    Job("send action lists after meetings", "15 8 * * *", meeting_week.send_action_lists),
    Job("remind of minutes to issue", "20 8 * * *", minutes_week.remind_to_issue),
    Job("remind of minutes to sign", "25 8 * * *", minutes_week.remind_to_sign),
    Job("remind of orders that expire", "35 8 * * *", network_week.remind_of_expiry),
    Job("send action digests", "0 7 * * {mail_day}", people_week.send_action_digests),
    Job("send action digests of network meetings", "5 7 * * {mail_day}", network_week.send_action_digests),
    Job("escalate actions missed at meetings", "10 7 * * {mail_day}", people_week.escalate_actions),
    Job("escalate actions missed at network meetings", "15 7 * * {mail_day}", network_week.escalate_actions),
    Job("say what waits in each area", "20 7 * * {mail_day}", people_week.say_what_waits),
    Job("remind of second signatures", "45 8 * * *", people_week.remind_of_signatures),
    Job(CHECK, "0 3 * * *", check_promises),
    Job(BACKUP, "30 2 * * *", nothing_more, backups.back_up_slot, again_after=timedelta(minutes=30)),
)
"""In the order in which missed ones are made up. Mail goes out every minute, beside this table (`jobs.scheduler`)."""


def timetable(rules: ClockRules, *, backs_up: bool = True) -> tuple[Job, ...]:
    """Give the jobs at the days and times of a partnership's `clock.toml`; without a folder for them, no backup."""
    at = rules.weekly_list_time
    said = {
        "list_time": f"{at.minute} {at.hour}", "list_day": rules.weekly_list_weekday[:3],
        "mail_day": rules.weekly_mails_weekday[:3],
    }  # fmt: skip
    jobs = (replace(job, crontab=job.crontab.format(**said)) for job in _JOBS)
    return tuple(job for job in jobs if backs_up or job.name != BACKUP)


TIMETABLE = timetable(ClockRules())
"""Every job, on the days of the shipped file."""
