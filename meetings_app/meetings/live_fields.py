"""Saving one field of an item at a time, while several people have the item open: no text ever gives way unseen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import NotFound
from meetings_app.meetings.deciding import open_for_recording
from meetings_app.meetings.live_models import LiveItem, tables_of
from meetings_app.meetings.live_queries import rows_of
from meetings_app.meetings.live_rows import choose_own, let_stand, put_aside, undecided_of
from meetings_app.meetings.models import AgendaItem
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting

_TOLD_AGAIN_AFTER = timedelta(minutes=5)
"""How long the trail says only once that a person types on an item; our default."""


@dataclass(frozen=True)
class Typed:
    """One field as a browser sends it.

    `seen` is the number of the text that it was typed over, `earlier` the browser's own saves that nobody answered.
    `instead` says that the person read the other text and lets this one stand.
    """

    name: str
    value: str
    seen: int = 0
    save_id: str = ""
    earlier: tuple[str, ...] = ()
    instead: bool = False


@dataclass(frozen=True)
class Kept:
    """What became of one field: the number of the text that stands and, on a conflict, that it is somebody else's."""

    name: str
    number: int
    conflict: bool = False


def save_fields(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: LiveItem, typed: Sequence[Typed]
) -> list[Kept]:
    """Keep each field that nobody else changed since it was read; of two texts the second is set aside, not lost.

    Raises `DomainError` unless the meeting is being held, `NotFound`.
    """
    open_for_recording(session, by, meeting)
    rows = {row.name: row for row in rows_of(session, item)}
    told = _was_told(rows.values(), by, now)
    kept = [_save(session, by, now, item, rows, each) for each in typed]
    session.flush()
    if typed and not told:
        _tell(session, by, now, meeting, item)
    return kept


def _save(session: Session, by: Actor, now: datetime, item: LiveItem, rows: dict[str, Any], typed: Typed) -> Kept:
    row = rows.get(typed.name)
    if row is not None and row.value == typed.value:
        row.save_id = typed.save_id or row.save_id
        return Kept(typed.name, row.number)
    if row is None or row.number == typed.seen or (row.save_id and row.save_id in typed.earlier):
        if typed.instead:
            choose_own(session, now, item, row, by, typed.name, typed.value)
        return Kept(typed.name, let_stand(session, by, now, item, rows, typed.name, typed.value, typed.save_id))
    put_aside(session, now, item, typed.name, typed.value, by.account_id, undecided=True)
    return Kept(typed.name, row.number, conflict=True)


def let_theirs_stand(session: Session, by: Actor, now: datetime, meeting: Meeting, item: LiveItem, name: str) -> None:
    """Note that the person lets somebody else's text stand; their own stays set aside. Raises as `save_fields`."""
    open_for_recording(session, by, meeting)
    for row in undecided_of(session, item, name, by.account_id):
        row.undecided, row.set_aside_at = False, now
    session.flush()


def remove_set_aside(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: LiveItem, aside_id: int
) -> None:
    """Take away a text that was set aside and is not needed. Raises as `save_fields`."""
    open_for_recording(session, by, meeting)
    take_aside(session, by, now, meeting, item, aside_id)


def take_aside(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: LiveItem, aside_id: int
) -> tuple[str, str]:
    """Take away a text that was set aside; gives its field and its words. Raises `NotFound`."""
    row = session.get(tables_of(item).aside, aside_id)
    if row is None or row.item_id != item.key:
        raise NotFound
    name, value = str(row.name), str(row.value)
    session.delete(row)
    session.flush()
    _tell(session, by, now, meeting, item)
    return name, value


def _tell(session: Session, by: Actor, now: datetime, meeting: Meeting, item: LiveItem) -> None:
    """Let the trail say that the person types here; an item of a network meeting is about no single child."""
    child = item.child_id if isinstance(item, AgendaItem) else None
    record(session, by, now, EventKind.ITEM_TYPED, child, number=item.number, meeting=meeting.reference)


def _was_told(rows: Collection[Any], by: Actor, now: datetime) -> bool:
    """Whether the trail said a moment ago that this person types here."""
    return any(row.changed_by_id == by.account_id and now - row.changed_at < _TOLD_AGAIN_AFTER for row in rows)
