"""Which meeting hears a review is worked out when a page is read, and is what tying the reviews again would give."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.cse_list.homes_today import hearing_today
from meetings_app.cse_list.homing import rehome_all
from meetings_app.cse_list.models import ListEntry
from meetings_app.permissions import OPERATOR
from tests.support.children import add_meeting, put_on_list

TODAY = date(2026, 11, 23)
LATER = TODAY + timedelta(days=12)
"""Two meetings of the North East are past by then, and no job has tied anything again."""


def heard(session: Session, today: date, meeting_ids: list[int]) -> dict[int, set[int]]:
    """Give by meeting the entries whose review it hears, one meeting at a time and all of them at once."""
    hearing = hearing_today(session, today)
    found = {
        meeting_id: {key or 0 for key in session.scalars(select(col(ListEntry.id)).where(hearing.heard_at(meeting_id)))}
        for meeting_id in meeting_ids
    }
    together: dict[int, set[int]] = {meeting_id: set() for meeting_id in meeting_ids}
    rows: Any = session.execute(select(col(ListEntry.id), hearing.meeting_of(meeting_ids)))
    for entry_id, meeting_id in rows:
        if meeting_id is not None:
            together[meeting_id].add(entry_id)
    assert together == found
    return found


def test_what_no_job_has_tied_again_is_heard_where_tying_it_would_put_it(session: Session, now: datetime) -> None:
    days = [TODAY + timedelta(days=number) for number in (2, 9, 16, 23, 23, 30)]
    meetings = [add_meeting(session, day).key for day in days]
    elsewhere = add_meeting(session, TODAY + timedelta(days=16), "NW").key
    for number in range(0, 40, 2):
        put_on_list(session, review_on=TODAY + timedelta(days=number))
    put_on_list(session, review_on=TODAY - timedelta(days=9), area="NW")
    ahead = [*meetings, elsewhere]
    before = heard(session, LATER, ahead)
    rehome_all(session, OPERATOR, now + (LATER - TODAY))
    session.expire_all()
    tied = {
        each: set(session.scalars(select(col(ListEntry.id)).where(col(ListEntry.next_meeting_id) == each)))
        for each in ahead
    }
    assert before == tied
    assert tied[meetings[0]] == tied[meetings[1]] == set()
    assert len(tied[meetings[2]]) > len(tied[meetings[3]]), "those of the past meetings went to the next one"
    assert heard(session, LATER, ahead) == tied
