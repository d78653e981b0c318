"""How often something was deferred in a row, by hand and in the room together: an RMM’s limit holds here, too (own)."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.meetings.item_scope import whole_agenda
from meetings_app.meetings.models import AdjustmentKind
from meetings_app.meetings.network_models import NetworkOutcome
from meetings_app.network_meetings import fact_queries as fetch
from meetings_app.schedule.models import Meeting, MeetingState


def deferred_in_a_row(session: Session, meeting: Meeting, subject_id: int | None, referral_id: int | None) -> int:
    """Count the meetings before this one that deferred a subject or a referral, since one last heard it.

    A meeting that did not reach it, or was cancelled, neither counts nor ends the count.
    """
    key, by_day = (subject_id, referral_id), dict[tuple[date, str], bool]()
    with whole_agenda(session):
        changes = [row for row in fetch.adjustments(session) if (row.subject_id, row.referral_id) == key]
        heard = [row for row in fetch.earlier_items(session) if (row.subject_id, row.referral_id) == key]
        if subject_id is not None:
            heard += [row for row in fetch.earlier_items(session) if row.became_id == subject_id]
    for row in (each for each in changes if _counts(each, meeting) and each.kind is not AdjustmentKind.MOVED):
        by_day.pop((row.held_on, row.reference), None)  # It may have been put back after it was deferred.
        if row.kind is AdjustmentKind.DEFERRED:
            by_day[row.held_on, row.reference] = True
    for row in (each for each in heard if _counts(each, meeting)):
        if row.outcome not in (None, NetworkOutcome.NOT_REACHED):
            by_day[row.held_on, row.reference] = row.outcome is NetworkOutcome.DEFERRED
    return _last_run([by_day[when] for when in sorted(by_day, reverse=True)])


def _counts(row: Any, meeting: Meeting) -> bool:
    return row.held_on < meeting.held_on and row.state is not MeetingState.CANCELLED


def _last_run(deferred: list[bool]) -> int:
    """Count the deferrals at the beginning of a list that begins with the last meeting."""
    return next((number for number, each in enumerate(deferred) if not each), len(deferred))
