"""Changes by hand to an agenda that drafts itself, until it is published: each says why."""

from datetime import datetime

from sqlalchemy.orm import Session

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.meetings.deferrals import deferrals_by_hand, deferrals_of
from meetings_app.meetings.drafting import draft_of
from meetings_app.meetings.models import AdjustmentKind, AgendaAdjustment
from meetings_app.meetings.publishing import BEFORE_PUBLISHING, check_may_prepare, lock
from meetings_app.partnership.definitions import Partnership
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting


def add_by_hand(session: Session, by: Actor, now: datetime, meeting: Meeting, child: Child, reason: str) -> None:
    """Put a child on the draft, or back on it after a deferral. Raises `RuleBroken` for `reason` or `child`."""
    if child.area_id != meeting.area_id:
        raise RuleBroken("child", "This child belongs to another area’s meeting")
    _adjust(session, by, now, meeting, child.key, AdjustmentKind.ADDED, reason, "Enter why the child is added")


def add_as_decided(session: Session, by: Actor, now: datetime, meeting: Meeting, child: Child, reason: str) -> None:
    """Put a child on the draft because a meeting decided so; whether `by` might decide it was asked there.

    Raises `DomainError` once the agenda is published.
    """
    _check_open(session, meeting)
    _store(session, by, now, meeting, child.key, AdjustmentKind.ADDED, reason=reason)
    record(session, by, now, EventKind.AGENDA_ADJUSTED, child.key, meeting=meeting.reference, adjustment="added")


def defer_by_hand(
    session: Session, by: Actor, now: datetime, configuration: Partnership, meeting: Meeting, child: Child, reason: str
) -> None:
    """Take a child off this draft; the next RMM of the area hears of it.

    Not more often than the RMM may defer, by hand and in the room together (our default): after that the RMM hears
    the child and may rate provisionally. Raises `RuleBroken` for `reason`.
    """
    check_may_prepare(by, meeting)
    deferred = deferrals_by_hand(session, child.key, meeting) + deferrals_of(session, child.key, meeting.key).count
    if deferred >= configuration.ratings.deferral.maximum:
        raise RuleBroken(
            "reason", f"This child was deferred from {deferred} meetings in a row. The RMM hears the child now"
        )
    _adjust(session, by, now, meeting, child.key, AdjustmentKind.DEFERRED, reason, "Enter why the child is deferred")


def move_item(
    session: Session, by: Actor, now: datetime, configuration: Partnership, meeting: Meeting, child: Child, up: bool
) -> None:
    """Move a child one place up or down within the section of the draft. At its end nothing changes."""
    check_may_prepare(by, meeting)
    _check_open(session, meeting)
    for section in draft_of(session, meeting, configuration, now).sections:
        ids = [item.child_id for item in section.items]
        if child.key not in ids:
            continue
        place = ids.index(child.key) + 1
        other = place - 1 if up else place + 1
        if 1 <= other <= len(ids):
            _store(session, by, now, meeting, child.key, AdjustmentKind.MOVED, place=other)
            _store(session, by, now, meeting, ids[other - 1], AdjustmentKind.MOVED, place=place)
            record(
                session, by, now, EventKind.AGENDA_ADJUSTED, child.key,
                meeting=meeting.reference, adjustment="moved up" if up else "moved down",
            )  # fmt: skip


def _adjust(
    session: Session,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    child_id: int,
    kind: AdjustmentKind,
    reason: str,
    missing: str,
) -> None:
    check_may_prepare(by, meeting)
    _check_open(session, meeting)
    if not reason.strip():
        raise RuleBroken("reason", missing)
    _store(session, by, now, meeting, child_id, kind, reason=reason.strip())
    record(session, by, now, EventKind.AGENDA_ADJUSTED, child_id, meeting=meeting.reference, adjustment=kind.value)


def _check_open(session: Session, meeting: Meeting) -> None:
    """Wait for whoever publishes the agenda at this moment, so that nothing is adjusted unseen."""
    lock(session, meeting)
    if meeting.state not in BEFORE_PUBLISHING:
        raise DomainError("The agenda is published: its items and their numbers no longer change.")


def _store(
    session: Session,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    child_id: int,
    kind: AdjustmentKind,
    *,
    reason: str = "",
    place: int | None = None,
) -> None:
    session.add(
        AgendaAdjustment(
            meeting_id=meeting.key, child_id=child_id, kind=kind, reason=reason, place=place, made_at=now,
            made_by_id=by.account_id,
        )
    )  # fmt: skip
    session.flush()
