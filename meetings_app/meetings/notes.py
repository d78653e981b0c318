"""The notes of a meeting: what concerns no single item, and what they said before other words were saved over them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.errors import Conflict
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.models import NotesBefore
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import check_may_record
from meetings_app.meetings.two_texts import goes_on, holds_whole
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting, MeetingState


def write_notes(session: Session, by: Actor, now: datetime, meeting: Meeting, version: int, notes: str) -> None:
    """Keep what concerns no single item, such as matters arising. What it takes the place of stays with the meeting.

    Words that go on where they stood took the place of nothing. Raises `Conflict` with both texts, also where the
    meeting is not held any more, and `RuleBroken` for `notes` where the person cannot read all of them (`kept_apart`).
    """
    check_may_record(by, meeting)
    lock(session, meeting)
    if meeting.state is not MeetingState.IN_PROGRESS:
        raise Conflict("The meeting is not held any more.", field="notes", theirs=meeting.notes, ours=notes)
    apart_at(session, by, meeting).check("notes", meeting.notes)
    written = notes.strip()
    if meeting.version != version and meeting.notes != written:
        raise Conflict("Somebody else saved the notes first.", field="notes", theirs=meeting.notes, ours=notes)
    if meeting.notes and not goes_on(written, meeting.notes) and not holds_whole(written, meeting.notes):
        session.add(
            NotesBefore(
                meeting_id=meeting.key, area_id=meeting.area_id, notes=meeting.notes, until=now,
                replaced_by_id=by.account_id,
            )
        )  # fmt: skip
    meeting.notes = written
    session.flush()


def notes_before(session: Session, meeting: Meeting) -> Sequence[Any]:
    """Give what the notes said before, the newest first: `notes`, `until` and `name` of who saved other words.

    For whoever records the meeting; the texts are not masked for whoever is kept apart from a child.
    """
    return session.execute(
        select(col(NotesBefore.notes), col(NotesBefore.until), col(Account.name))
        .outerjoin(Account, col(Account.id) == col(NotesBefore.replaced_by_id))
        .where(col(NotesBefore.meeting_id) == meeting.key)
        .order_by(col(NotesBefore.id).desc())
    ).all()
