"""The meetings a person has to do something about: those not finished, and the next one of each area."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Area
from meetings_app.clock import london_date
from meetings_app.home.before import BeforeNote, notes_before
from meetings_app.home.minutes import (
    NewestMinutes,
    ToDo,
    about_minutes,
    does,
    newest_minutes,
    reopened_meetings,
    where_to_go_on,
)
from meetings_app.meetings.models import AgendaItem, MinutesStep, StepKind
from meetings_app.minutes.editing import HAVE_MINUTES
from meetings_app.minutes.models import MinutesCorrection
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.schedule.queries import AHEAD
from meetings_app.schedule.rules import agenda_issue_date, cut_off
from meetings_app.web.filters import clock_time, plain_date

NEAR = timedelta(weeks=3)
_UNFINISHED = (*AHEAD, MeetingState.CLOSED)
_MOST = 60
"""How many meetings stand on the page; our default."""
_MOST_READ = 1000


@dataclass(frozen=True)
class MeetingToDo:
    """One meeting: when it is, what is to be done about it, and whether that is late or due today."""

    reference: str
    area: str
    when: str
    on: date
    state: MeetingState
    items: int
    text: str
    href: str
    button: str
    late: bool = False
    pressing: bool = False
    before: BeforeNote | None = None


@dataclass(frozen=True)
class MeetingsToDo:
    """The meetings that stand on the page, and how many more a person has something to do about."""

    shown: list[MeetingToDo]
    more: int


def meetings_to_do(session: Session, by: Actor, now: datetime, office: Office) -> MeetingsToDo:
    """Give the unfinished past meetings and the next one of each area and type, soonest first, in few statements.

    Of many, those that are held now, that come next and whose draft is being answered always stand; then the oldest.
    """
    today = london_date(now)
    chosen, more = _chosen(_unfinished(session, by, today), by, today)
    items = _items(session, [row.id for row in chosen])
    minutes = newest_minutes(session, by, today, [row for row in chosen if row.state in HAVE_MINUTES])
    notes = notes_before(session, by, now, office, chosen)
    found = []
    for row in chosen:
        to_do = _to_do(row, by, today, office, minutes.get(row.id))
        if to_do is not None:
            text, button, late, pressing = to_do
            found.append(
                MeetingToDo(
                    row.reference, row.area or "Network meeting", _when(row), row.held_on, row.state,
                    items.get(row.id, 0), text, where_to_go_on(row, minutes.get(row.id)), button, late, pressing,
                    notes.get(row.id),
                )
            )  # fmt: skip
    return MeetingsToDo(found, more)


def _chosen(rows: Sequence[Any], by: Actor, today: date) -> tuple[list[Any], int]:
    """Give what of the unfinished meetings stands on the page, and how many more do not."""
    always, others, following = set(), [], set()
    for row in rows:
        place = (row.type, row.area_id)
        if row.state is MeetingState.IN_PROGRESS or row.answering or (row.corrected and not does(row, by)):
            always.add(row.id)
        elif row.held_on >= today and row.state in AHEAD:
            if place not in following:
                always.add(row.id)
            following.add(place)
        elif row.state not in HAVE_MINUTES or does(row, by):
            others.append(row.id)
    room = max(_MOST - len(always), 0)
    stands = always | set(others[:room])
    return [row for row in rows if row.id in stands], len(others[room:])


# While corrections are taken, a draft may wait for whoever has nothing else to do about the minutes.
_ANSWERING = sa.exists().where(
    col(MinutesStep.meeting_id) == col(Meeting.id), col(MinutesStep.kind) == StepKind.ISSUED,
    col(MinutesStep.until) >= sa.bindparam("today"),
)  # fmt: skip
# Whoever asked for a correction reads what became of it until the minutes are signed.
_CORRECTED = sa.and_(
    col(Meeting.state) == MeetingState.CLOSED,
    sa.exists().where(
        col(MinutesCorrection.meeting_id) == col(Meeting.id), col(MinutesCorrection.answered).is_not(None),
        col(MinutesCorrection.proposed_by_id) == sa.bindparam("me", type_=sa.Integer),
    ),
)  # fmt: skip


def _unfinished(session: Session, by: Actor, today: date) -> Any:
    return session.execute(
        select(
            col(Meeting.id), col(Meeting.reference), col(Meeting.type), col(Meeting.area_id), col(Meeting.held_on),
            col(Meeting.start_time), col(Meeting.state), col(Area.name).label("area"), _ANSWERING.label("answering"),
            _CORRECTED.label("corrected"),
        )
        .outerjoin(Area, col(Area.id) == col(Meeting.area_id))
        .where(
            sa.or_(col(Meeting.state).in_(_UNFINISHED), col(Meeting.id).in_(reopened_meetings())),
            col(Meeting.held_on) <= today + NEAR,
        )
        .order_by(col(Meeting.held_on), col(Meeting.start_time), col(Meeting.id))
        .limit(_MOST_READ),
        {"today": today, "me": by.account_id},
    ).all()  # fmt: skip


def _items(session: Session, meeting_ids: list[int]) -> dict[int, int]:
    """Count the children of each published agenda that the person may see."""
    rows = session.execute(
        select(col(AgendaItem.meeting_id), sa.func.count())
        .where(col(AgendaItem.meeting_id).in_(meeting_ids))
        .group_by(col(AgendaItem.meeting_id))
    )
    return {row[0]: row[1] for row in rows}


def _when(row: Any) -> str:
    weekday = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[row.held_on.weekday()]
    return f"{weekday} {plain_date(row.held_on)}, {clock_time(row.start_time)}"


def _to_do(row: Any, by: Actor, today: date, office: Office, minutes: NewestMinutes | None) -> ToDo | None:
    """Say what is to be done: words, words of the button, whether it is late, whether it is for today."""
    rmm = row.type is MeetingType.RMM
    records = by.may(Permission.RECORD_MEETING, row.area_id) if rmm else by.may(Permission.DECIDE_NETWORKS)
    if row.state in HAVE_MINUTES:
        return about_minutes(row, by, today, office, minutes)
    days = (today - row.held_on).days
    if records and (days > 0 or row.state is MeetingState.IN_PROGRESS):
        late = f" It was held {days} {'day' if days == 1 else 'days'} ago." if days > 0 else ""
        return f"Record what was decided and close it.{late}", "Record the meeting", days > 0, True
    if days > 0:
        return None
    if row.state is MeetingState.IN_PROGRESS:
        return "It is being held now.", "Open the agenda", False, days == 0
    if row.state is MeetingState.PUBLISHED:
        pressing = days == 0 and records
        return ("Hold it today." if pressing else "The agenda is published."), "Open the agenda", False, pressing
    if not records:
        return "The agenda is not published yet.", "Open the meeting", False, False
    return _before_publishing(row, today, office)


def _before_publishing(row: Any, today: date, office: Office) -> tuple[str, str, bool, bool]:
    rules = office.definition(row.type)
    issue = agenda_issue_date(row.held_on, office.calendar, rules.agenda_issued_working_days)
    day, wall_clock = cut_off(row.held_on, office.calendar, rules.cut_off.working_days, rules.cut_off.time)
    if row.state is MeetingState.PLANNED:
        return "Announce it, so that the invites go out.", "Open the meeting", False, False
    words = f"Cut-off for new items: {plain_date(day)}, {clock_time(wall_clock)}."
    if issue < today:
        return f"Publish the agenda: it was due on {plain_date(issue)}.", "Open the agenda", True, True
    if issue == today:
        return "Publish the agenda today.", "Open the agenda", False, True
    return f"{words} Publish the agenda by {plain_date(issue)}.", "Open the agenda", False, False
