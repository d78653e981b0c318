"""A later meeting of the area hears the minutes and approves them: said beside the version, and in the trail."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import DomainError
from meetings_app.meetings.publishing import lock
from meetings_app.meetings.running import check_may_record
from meetings_app.minutes import queries
from meetings_app.minutes.editing import found_minutes
from meetings_app.minutes.models import MinutesStep, StepKind
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting, MeetingState


def hearing_now(session: Session, meeting: Meeting) -> Meeting | None:
    """Give the later meeting of the area that is being held now, where its minutes can be approved."""
    return session.scalars(
        select(Meeting)
        .where(
            col(Meeting.area_id) == meeting.area_id, col(Meeting.type) == meeting.type,
            col(Meeting.held_on) > meeting.held_on, col(Meeting.state) == MeetingState.IN_PROGRESS,
        )
        .order_by(col(Meeting.held_on), col(Meeting.id))
    ).first()  # fmt: skip


def version_to_approve(session: Session, meeting: Meeting) -> int | None:
    """Give the version that everybody may read by now, unless a meeting has approved it; None where there is none."""
    version = queries.last_issued_or_signed(session, meeting.key)
    return None if version in queries.approved(session, meeting.key) else version


def approve(session: Session, by: Actor, now: datetime, meeting: Meeting, number: int, remark: str) -> MinutesStep:
    """Record that the meeting that is being held approves version `number` of these minutes.

    For whoever records meetings of the area. It is no signature: the chairs sign as well. Raises `DomainError` where no
    later meeting is being held, or the version is not the one that was issued or signed last or is approved already,
    `NotFound`.
    """
    check_may_record(by, meeting)
    lock(session, meeting)
    found_minutes(session, meeting)
    hearing = hearing_now(session, meeting)
    if hearing is None:
        raise DomainError("Minutes are approved while a later meeting of the area is being held.")
    if version_to_approve(session, meeting) != number:
        raise DomainError("Another version was issued or signed since, or this one is approved. Read it again.")
    step = MinutesStep(
        meeting_id=meeting.key, number=number, kind=StepKind.APPROVED, at=now, by_id=by.account_id,
        reason=remark.strip(), heard_at_id=hearing.key,
    )  # fmt: skip
    session.add(step)
    session.flush()
    record(
        session, by, now, EventKind.MINUTES_APPROVED, meeting=meeting.reference, heard_at=hearing.reference,
        version=number,
    )  # fmt: skip
    return step
