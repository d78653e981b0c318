"""Whose review a meeting hears whose agenda is not published yet: what is counted without drafting the agenda.

The home page and an agency's own page count by it, so that both say the same.
"""

from collections import defaultdict
from collections.abc import Sequence, Sized
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.cse_list.homes_today import hearing_today
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.db.session import unscoped
from meetings_app.meetings.models import AdjustmentKind, AgendaAdjustment

_BY_HAND = (AdjustmentKind.ADDED, AdjustmentKind.DEFERRED)


def reviews_heard(session: Session, meeting_ids: Sequence[int], today: date) -> dict[int, set[int]]:
    """Give by meeting the children, as far as the person may see them, whose review it hears as things stand today.

    Whom staff deferred from the draft by hand is not among them: nobody can be asked about them there (our default).
    """
    found: dict[int, set[int]] = defaultdict(set)
    if not meeting_ids:
        return found
    hearing = hearing_today(session, today)
    here = (sa.and_(hearing.heard_at(each), sa.not_(_deferred_from(each))) for each in meeting_ids)
    # A member does not see what staff changed on a draft: only that the child is not asked about follows from it.
    rows: Any = session.execute(
        select(hearing.meeting_of(meeting_ids), col(ListEntry.child_id)).where(sa.or_(*here), is_live()),
        execution_options=unscoped(AgendaAdjustment.__tablename__),
    )
    for meeting_id, child_id in rows:
        found[meeting_id].add(child_id)
    return found


def answered_in_words(about: Sized, answered: int, *, published: bool) -> str:
    """Say about how many children of a meeting an agency has answered; before the agenda of whom that counts."""
    return f"{answered} of {len(about)} children{'' if published else ' due for review'} answered"


def _deferred_from(meeting_id: int) -> sa.ColumnElement[bool]:
    """Say, in SQL, that a child is deferred from a draft by hand, and was not added to it again since."""
    last = (
        select(col(AgendaAdjustment.kind))
        .where(
            col(AgendaAdjustment.meeting_id) == meeting_id, col(AgendaAdjustment.child_id) == col(ListEntry.child_id),
            col(AgendaAdjustment.kind).in_(_BY_HAND),
        )
        .order_by(col(AgendaAdjustment.id).desc())
        .limit(1)
        .scalar_subquery()
    )  # fmt: skip
    return sa.func.coalesce(last == AdjustmentKind.DEFERRED, sa.false())
