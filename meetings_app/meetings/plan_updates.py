"""Updates on safety plans that are asked for before an RMM: of whom, who has given none, and asking by mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.accounts.queries import actor_of
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.children.rules import may_for_child
from meetings_app.clock import at_london, london_date
from meetings_app.cse_list.homes_today import hearing_today
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.db.session import unscoped
from meetings_app.errors import DomainError, NotFound
from meetings_app.notices.queries import last_mailed
from meetings_app.notices.service import queue
from meetings_app.notices.templates import NoticeKind
from meetings_app.permissions import Actor, Permission, Role
from meetings_app.plans.models import PlanUpdate, SafetyPlan
from meetings_app.plans.rules import PLANNED, asked_for_days, recent_since, update_asked_on
from meetings_app.preparing.rules import BEFORE
from meetings_app.schedule.checks import lock
from meetings_app.schedule.invites import values_of
from meetings_app.schedule.models import Meeting, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import find_meeting


@dataclass(frozen=True)
class AskedFor:
    """An RMM before which updates are asked for now: since when one says how things are, and whose review it hears."""

    since: datetime
    hears: sa.ColumnElement[bool]


Asking = Mapping[int, AskedFor]
"""The RMMs before which updates are asked for now, by id."""

_COMING: Any = (
    select(col(Meeting.id), col(Meeting.held_on))
    .where(
        col(Meeting.type) == MeetingType.RMM, col(Meeting.state).in_(BEFORE),
        col(Meeting.held_on).in_(bindparam("days", expanding=True)),
    )
    .order_by(col(Meeting.id))
)  # fmt: skip


def asking_now(session: Session, today: date, office: Office) -> Asking:
    """Give the RMMs of the county before which updates are asked for today.

    Read past the actor’s scope: a lead professional is asked before meetings that they need not see.
    """
    rules, calendar = office.partnership.ratings.plans, office.calendar
    days = asked_for_days(today, rules, calendar)
    rows = session.execute(_COMING, {"days": days}, execution_options=unscoped())
    since = {day: at_london(recent_since(update_asked_on(day, rules, calendar), rules), time()) for day in days}
    found = [(row.id, since[row.held_on]) for row in rows]
    hearing = hearing_today(session, today) if found else None
    return {key: AskedFor(moment, hearing.heard_at(key)) for key, moment in found} if hearing else {}


def update_wanted(asking: Asking) -> sa.ColumnElement[bool]:
    """Narrow entries to the children of whose plan an update is asked for and not given.

    They are rated high or medium, have a plan, and one of these meetings hears their review (own).
    """
    told = (
        sa.and_(asked.hears, ~_written(SafetyPlan, asked.since), ~_written(PlanUpdate, asked.since))
        for asked in asking.values()
    )
    planned = col(ListEntry.current_rating).in_(PLANNED)
    return sa.and_(planned, _written(SafetyPlan), sa.or_(sa.false(), *told))


def _written(model: Any, since: datetime | None = None) -> sa.Exists:
    other = aliased(model)
    found = sa.exists().where(other.child_id == col(ListEntry.child_id))
    return found if since is None else found.where(other.written_at >= since)


@dataclass(frozen=True)
class UpdateAsked:
    """One child of whose plan an update is missing. `lead_id` is None where nobody can be asked by mail.

    `page` is where the lead professional finds what is asked: their own children or, for staff of an area, the meeting.
    """

    child_id: int
    reference: str
    name: str
    lead: str
    lead_id: int | None
    page: str = ""
    mailed_at: datetime | None = None


def updates_missing(session: Session, today: date, office: Office, meeting: Meeting) -> list[UpdateAsked]:
    """Give the children of whose plan an update is missing before a meeting, by name; none before it is asked for."""
    asked = asking_now(session, today, office).get(meeting.key)
    return _missing(session, meeting, asked) if asked else []


def _missing(session: Session, meeting: Meeting, asked: AskedFor) -> list[UpdateAsked]:
    statement: Any = (
        select(
            col(Child.id), col(Child.reference), col(Child.name), col(Child.area_id), col(Child.lead_professional_id),
            sa.func.coalesce(col(Account.name), col(Child.lead_professional_name)).label("lead"),
        )
        .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
        .outerjoin(Account, col(Account.id) == col(Child.lead_professional_id))
        .where(is_live(), update_wanted({meeting.key: asked}))
        .order_by(col(Child.name_key), col(Child.id))
    )  # fmt: skip
    rows: Sequence[Any] = session.execute(statement).all()
    people = {row.lead_professional_id for row in rows} - {None}
    actors = {person: actor_of(session, person) for person in sorted(people)}
    mailed = last_mailed(session, NoticeKind.PLAN_UPDATE_ASKED.value, meeting.reference) if people else {}
    return [_asked(row, meeting, actors.get(row.lead_professional_id), mailed) for row in rows]


def _asked(row: Any, meeting: Meeting, lead: Actor | None, mailed: Mapping[int, datetime]) -> UpdateAsked:
    lead_id = row.lead_professional_id
    if lead is None or not may_for_child(lead, Permission.WRITE_PLAN, row.area_id, lead_id):
        return UpdateAsked(row.id, row.reference, row.name, row.lead or "", None)
    own = lead.has(Role.LEAD_PROFESSIONAL)
    page = "/my-children?plan=update" if own else f"/meetings/{meeting.reference}/replies"
    return UpdateAsked(row.id, row.reference, row.name, row.lead or "", lead_id, page, mailed.get(lead_id))


def ask_for_updates(session: Session, by: Actor, now: datetime, office: Office) -> int:
    """Ask for the updates that are due, by mail: each lead professional once for the day an update is asked for.

    Gives how many mails were written; asking again writes none.
    """
    written = 0
    for meeting_id, asked in asking_now(session, london_date(now), office).items():
        meeting = session.get_one(Meeting, meeting_id)
        asked_on = update_asked_on(meeting.held_on, office.partnership.ratings.plans, office.calendar)
        missing = _missing(session, meeting, asked)
        written += _mail(session, by, now, office, meeting, missing, f"due:{asked_on.isoformat()}")
    return written


def chase_updates(session: Session, by: Actor, now: datetime, office: Office, reference: str) -> int:
    """Ask the lead professionals again whose update is missing, once a day; gives how many mails were written.

    For chairs and coordinators of the area. Raises `DomainError` where nobody is left to be asked, `NotFound`.
    """
    meeting = find_meeting(session, reference)
    if meeting is None or meeting.area_id is None or not by.may(Permission.PREPARE_AGENDA, meeting.area_id):
        raise NotFound
    lock(session, meeting)
    today = london_date(now)
    to_ask = [each for each in updates_missing(session, today, office, meeting) if may_be_asked(each, today)]
    written = _mail(session, by, now, office, meeting, to_ask, f"again:{today.isoformat()}")
    if not written:
        raise DomainError("Nobody is left to be asked today: each was asked today, or has no account to write with.")
    return written


def may_be_asked(asked: UpdateAsked, today: date) -> bool:
    """Say whether the lead professional can be asked by mail, and was not yet today."""
    return asked.lead_id is not None and (asked.mailed_at is None or london_date(asked.mailed_at) < today)


def _mail(
    session: Session, by: Actor, now: datetime, office: Office, meeting: Meeting, asked: Sequence[UpdateAsked], why: str
) -> int:
    """Write one mail to each lead professional, and into the trail of each child that its update was asked for."""
    values = values_of(meeting, office)
    told = {name: values[name] for name in ("reference", "meeting_title", "date_text")}
    written = []
    for lead_id, page in sorted({(each.lead_id, each.page) for each in asked if each.lead_id is not None}):
        fresh = queue(
            session, now, kind=NoticeKind.PLAN_UPDATE_ASKED, recipient=session.get_one(Account, lead_id),
            dedupe_key=f"plan-update:{meeting.calendar_uid}:{lead_id}:{why}",
            order_key=f"plan-update:{meeting.calendar_uid}:{lead_id}",
            values={**told, "link": f"{office.base_url}{page}"}, meeting_reference=meeting.reference,
        )  # fmt: skip
        written += [lead_id] if fresh else []
    for each in asked:
        if each.lead_id in written:
            record(session, by, now, EventKind.PLAN_UPDATE_ASKED, each.child_id, meeting=meeting.reference)
    return len(written)
