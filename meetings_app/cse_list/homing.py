"""Nothing falls off: the next review of every child on the list is tied to a meeting that will be held."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Area
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.cse_list.rules import Homes
from meetings_app.db.session import unscoped
from meetings_app.permissions import Actor
from meetings_app.schedule.checks import lock_dates
from meetings_app.schedule.models import Meeting, MeetingState, MeetingType

HOMES = (MeetingState.PLANNED, MeetingState.ANNOUNCED, MeetingState.PUBLISHED, MeetingState.IN_PROGRESS)
"""States of a meeting that will still be held, or is being held now."""

NO_MEETING = "no meeting"
_AT_ONCE = 500


@dataclass(frozen=True)
class Rehomed:
    """A child whose next review moved from one meeting to another; references, None where there was no meeting."""

    child_id: int
    before: str | None
    after: str | None


def lock_homes(session: Session, area_ids: Iterable[int]) -> None:
    """Let one person at a time tie reviews to the meetings of these areas, or take one of those meetings away.

    To be called before the first change to an entry or a date, so that nobody waits for somebody who waits for them.
    Whoever waited reads the meetings as the one before left them. Held until the transaction ends.
    """
    with session.no_autoflush:
        for area_id in sorted(set(area_ids)):
            lock_dates(session, area_id)


# Built once, for every page beside a child sends it.
_NEXT_MEETINGS = (
    select(col(Meeting.area_id), func.min(col(Meeting.held_on)).label("held_on"))
    .where(
        col(Meeting.type) == MeetingType.RMM, col(Meeting.state).in_(HOMES),
        col(Meeting.held_on) >= bindparam("today"), col(Meeting.area_id).is_not(None),
    )
    .group_by(col(Meeting.area_id))
    .execution_options(**unscoped())
)  # fmt: skip


def next_meetings(session: Session, today: date) -> dict[int, date]:
    """Give by area the day of the next RMM. Looked up past the actor's scope: the day of a meeting is no secret."""
    rows = session.execute(_NEXT_MEETINGS, {"today": today})
    return {row.area_id: row.held_on for row in rows if row.area_id is not None}


def homes_of_area(session: Session, area_id: int, today: date) -> Homes:
    """Read the RMMs of an area that are still to be held. Of two on one day the later made counts."""
    rows = session.execute(
        select(col(Meeting.held_on), col(Meeting.id), col(Meeting.reference))
        .where(
            col(Meeting.area_id) == area_id,
            col(Meeting.type) == MeetingType.RMM,
            col(Meeting.state).in_(HOMES),
            col(Meeting.held_on) >= today,
        )
        .order_by(col(Meeting.held_on), col(Meeting.id))
        .execution_options(**unscoped())
    ).all()
    return Homes([row.held_on for row in rows], [(row.id or 0, row.reference) for row in rows])


# Built once, for every home page sends it.
_PAST_TIES: Any = (
    select(col(Meeting.area_id), col(Meeting.id))
    .where(
        col(Meeting.type) == MeetingType.RMM, col(Meeting.held_on) < bindparam("today"),
        select(col(ListEntry.id)).where(col(ListEntry.next_meeting_id) == col(Meeting.id), is_live()).exists(),
    )
    .order_by(col(Meeting.area_id), col(Meeting.id))
    .execution_options(**unscoped())
)  # fmt: skip


def past_ties(session: Session, today: date) -> Sequence[Any]:
    """Give the area and the id of each meeting that is past and to which a review is still tied.

    Read past the actor’s scope, for which meeting hears a review is the same whoever asks.
    """
    return session.execute(_PAST_TIES, {"today": today}).all()


def rehome_area(session: Session, by: Actor, now: datetime, area_id: int) -> list[Rehomed]:
    """Tie every live entry of the area to its right meeting, and record each one that moved.

    To be called in the same transaction after meetings were created, moved, cancelled or closed and after entries
    were opened or changed. Reads and writes past the actor's scope, for the promise holds for every child.
    """
    lock_homes(session, [area_id])
    session.flush()
    homes = homes_of_area(session, area_id, london_date(now))
    entries = session.execute(
        select(
            col(ListEntry.id), col(ListEntry.child_id), col(ListEntry.next_review_on), col(ListEntry.next_meeting_id)
        )
        .where(col(ListEntry.area_id) == area_id, is_live())
        .order_by(col(ListEntry.id))
        .execution_options(**unscoped())
    ).all()
    moves = []
    for entry in entries:
        home = homes.of(entry.next_review_on)
        if (home[0] if home else None) != entry.next_meeting_id:
            moves.append((entry, home))
    _write(session, [(entry.id or 0, home[0] if home else None) for entry, home in moves])
    left = _references(session, {entry.next_meeting_id for entry, _ in moves if entry.next_meeting_id is not None})
    rehomed = []
    for entry, home in moves:
        before = left.get(entry.next_meeting_id) if entry.next_meeting_id is not None else None
        rehomed.append(Rehomed(entry.child_id, before, home[1] if home else None))
    for move in rehomed:
        record(
            session, by, now, EventKind.REVIEW_REHOMED, move.child_id,
            meeting=move.after or NO_MEETING, before=move.before or NO_MEETING,
        )  # fmt: skip
    return rehomed


def rehome_all(session: Session, by: Actor, now: datetime) -> list[Rehomed]:
    """Do the same for every area: for the start of each day, when meetings of yesterday are past."""
    areas = session.scalars(select(col(Area.id)).order_by(col(Area.id))).all()
    return [move for area_id in areas if area_id is not None for move in rehome_area(session, by, now, area_id)]


def _write(session: Session, moves: list[tuple[int, int | None]]) -> None:
    """Write only what differs, a meeting at a time. The version stays: nobody edits this fact, it is derived."""
    by_meeting: defaultdict[int | None, list[int]] = defaultdict(list)
    for entry_id, meeting_id in moves:
        by_meeting[meeting_id].append(entry_id)
    for meeting_id, entry_ids in by_meeting.items():
        for start in range(0, len(entry_ids), _AT_ONCE):
            session.execute(
                update(ListEntry)
                .where(col(ListEntry.id).in_(entry_ids[start : start + _AT_ONCE]))
                .values(next_meeting_id=meeting_id)
                .execution_options(**unscoped())
            )


def _references(session: Session, meeting_ids: set[int]) -> dict[int, str]:
    if not meeting_ids:
        return {}
    rows = session.execute(
        select(col(Meeting.id), col(Meeting.reference))
        .where(col(Meeting.id).in_(meeting_ids))
        .execution_options(**unscoped())
    )
    return {row.id or 0: row.reference for row in rows}
