"""Keeping both of two texts that were written at once: the one set aside is added below the one that stands."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.errors import DomainError, NotFound
from meetings_app.meetings.deciding import open_for_recording
from meetings_app.meetings.live_fields import take_aside
from meetings_app.meetings.live_models import LiveItem
from meetings_app.meetings.live_queries import rows_of
from meetings_app.meetings.live_rows import let_stand
from meetings_app.meetings.two_texts import both_texts
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting


def keep_both(
    session: Session, by: Actor, now: datetime, meeting: Meeting, item: LiveItem, aside_id: int,
    standing: Mapping[str, str], longest: int,
) -> str:  # fmt: skip
    """Add a text that was set aside to the one that stands in its field; gives the name of the field.

    `standing` holds by name the fields of several lines that the person fills in. The decision holds both once the item
    is saved. Raises `DomainError` where both are longer than `longest`, and as `save_fields`, `NotFound`.
    """
    open_for_recording(session, by, meeting)
    name, text = take_aside(session, by, now, meeting, item, aside_id)
    if name not in standing:
        raise NotFound
    both = both_texts(standing[name], text)
    if len(both) > longest:
        raise DomainError(f"Both texts together are longer than {longest:,} characters. Copy what belongs there.")
    let_stand(session, by, now, item, {row.name: row for row in rows_of(session, item)}, name, both)
    session.flush()
    return name
