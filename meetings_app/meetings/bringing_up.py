"""Bringing an item before the room: from then on it is the one on the big screen, and its time runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.meetings.item_scope import whole_agenda
from meetings_app.meetings.item_times import ItemTime, Opening, item_time
from meetings_app.meetings.live_models import ItemOpening
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import check_in_progress, check_may_record
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting

# Built once: every open page of an item sends it every few seconds.
_OPENINGS: Any = (
    select(col(ItemOpening.item_id), col(AgendaItem.number), col(ItemOpening.opened_at))
    .join(AgendaItem, col(AgendaItem.id) == col(ItemOpening.item_id))
    .where(col(AgendaItem.meeting_id) == bindparam("meeting"))
    .order_by(col(ItemOpening.id))
)


def openings_of(session: Session, meeting_id: int) -> list[Opening]:
    """Give when the room came to which item, in that order; the numbers of all, for they say nothing of a child."""
    with whole_agenda(session):
        return [Opening(*row) for row in session.execute(_OPENINGS, {"meeting": meeting_id})]


def time_at(openings: list[Opening], meeting: Meeting, item: AgendaItem, now: datetime) -> ItemTime:
    """Give how long the room has been at an item, or was until the meeting closed."""
    return item_time(openings, item.key, item.minutes, meeting.closed_at or now)


def bring_up(session: Session, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem) -> None:
    """Note that the room comes to an item; where it is there already nothing changes.

    Raises `DomainError` unless the meeting is held, `NotFound`.
    """
    check_may_record(by, meeting)
    lock(session, meeting)
    check_in_progress(meeting)
    openings = openings_of(session, meeting.key)
    if openings and openings[-1].item_id == item.key:
        return
    session.add(ItemOpening(item_id=item.key, opened_at=now, opened_by_id=by.account_id))
    session.flush()
    record(session, by, now, EventKind.ITEM_BROUGHT_UP, item.child_id, number=item.number, meeting=meeting.reference)
