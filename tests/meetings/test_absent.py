"""Who is not on the agenda is named with the whole reason: where the review is heard, and what else waits."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.cse_list.homing import rehome_area
from meetings_app.cse_list.models import ListEntry
from meetings_app.meetings.absent import absent_page
from meetings_app.permissions import OPERATOR
from tests.support.meetings import office
from tests.support.referrals import refer
from tests.support.rmm import due, rmm
from tests.support.world import NOW


def test_a_listed_child_with_a_referral_in_triage_reads_where_the_review_is_and_what_waits(session: Session) -> None:
    world = rmm(session)
    child = due(session)
    entry = session.scalars(select(ListEntry).where(col(ListEntry.child_id) == child.key)).one()
    entry.next_review_on = date(2026, 12, 16)
    rehome_area(session, OPERATOR, NOW, child.area_id)
    refer(session, child)
    session.flush()

    rows = absent_page(session, world.meeting, office().partnership, NOW).rows

    assert [row.why for row in rows if row.child_id == child.key] == [
        "review due 16 December 2026, at RMM-NE-2026-W51; referral received 23 November 2026, waits for triage"
    ]
