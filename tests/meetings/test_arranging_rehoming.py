"""Nothing falls off: whatever is arranged, each child on the list keeps a real meeting while the area has one."""

from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import take_pending
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.meetings import arranging
from meetings_app.meetings.arranging_series import change_series, end_series
from meetings_app.meetings.consequences import consequences_of, rehearse
from meetings_app.meetings.models import AgendaItem
from meetings_app.permissions import OPERATOR
from meetings_app.schedule import queries
from meetings_app.schedule.models import MeetingSeries, MeetingState, MeetingType
from meetings_app.schedule.rules import home
from meetings_app.schedule.series import SeriesChange
from meetings_app.schedule.service import Arrangement
from tests.support.children import child_of, put_on_list
from tests.support.meetings import TUESDAY, area_id, office, series
from tests.support.world import NOW

TODAY = NOW.date()
Step = tuple[str, int, int]

steps = st.lists(
    st.tuples(
        st.sampled_from(["create", "extra", "move", "cancel", "change", "end"]),
        st.integers(0, 60),
        st.integers(0, 60),
    ),
    min_size=1,
    max_size=8,
)


def take(session: Session, step: Step) -> None:
    """Do one step of a plan; what the rules refuse changes nothing."""
    what, which, days = step
    day = TODAY + timedelta(days=days)
    ahead = queries.upcoming(session, area_id(session))
    place = session.begin_nested()
    try:
        if what == "create":
            arranging.create_series(
                session, OPERATOR, NOW, office(), kind=MeetingType.RMM, area_id=area_id(session), start=day,
                count=1 + which % 3,
            )  # fmt: skip
        elif what == "extra":
            arranging.create_extra(
                session, OPERATOR, NOW, office(), kind=MeetingType.RMM, area_id=area_id(session), held_on=day
            )
        elif ahead:
            meeting = ahead[which % len(ahead)]
            whole = session.get(MeetingSeries, meeting.series_id) if meeting.series_id else None
            if what == "move":
                arranging.move_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, held_on=day)
            elif whole is not None and what == "change":
                change = SeriesChange(day, which % 5, Arrangement(time(10 + which % 4), 120))
                change_series(session, OPERATOR, NOW, office(), whole, change)
            elif whole is not None and what == "end":
                end_series(session, OPERATOR, NOW, office(), whole, day, "Half-term")
            else:
                arranging.cancel_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, "Half-term")
        place.commit()
    except DomainError:
        place.rollback()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=steps, reviews=st.lists(st.integers(-30, 90), min_size=1, max_size=3))
def test_every_child_on_the_list_keeps_the_right_meeting(
    session: Session, plan: list[Step], reviews: list[int]
) -> None:
    whole = session.begin_nested()
    for days in reviews:
        put_on_list(session, review_on=TODAY + timedelta(days=days))
    for step in plan:
        take(session, step)
        session.expire_all()
        ahead = [(meeting.held_on, meeting.key) for meeting in queries.upcoming(session, area_id(session))]
        live = session.scalars(select(ListEntry).where(col(ListEntry.state) != EntryState.CLOSED)).all()
        for entry in live:
            wanted = home(entry.next_review_on, ahead, TODAY)
            assert entry.next_meeting_id == (wanted[1] if wanted else None)
            assert (entry.next_meeting_id is None) == (not ahead)
    whole.rollback()
    take_pending(session)


def test_looking_first_shows_what_then_happens_and_changes_nothing(session: Session) -> None:
    first, second, *_ = series(session)
    child = child_of(session, put_on_list(session, review_on=date(2026, 12, 1)))
    take_pending(session)

    def change() -> arranging.Arranged:
        return arranging.cancel_meeting(session, OPERATOR, NOW, office(), second, second.version, "Half-term")

    shown = rehearse(session, change)
    assert [(one.child, one.before, one.after) for one in shown] == [
        (child.reference, second.reference, first.reference)
    ]
    assert second.state is MeetingState.ANNOUNCED
    assert take_pending(session) == [], "a look leaves nothing in the trail"
    assert consequences_of(session, change()) == shown
    assert {EventKind(entry.kind) for entry in take_pending(session)} == {
        EventKind.MEETING_CANCELLED,
        EventKind.REVIEW_REHOMED,
    }


def test_an_item_of_a_published_agenda_is_shown_to_be_carried_over(session: Session) -> None:
    first, second, *_ = series(session)
    entry = put_on_list(session, review_on=TUESDAY + timedelta(weeks=3))
    child = child_of(session, entry)
    session.add(
        AgendaItem(
            meeting_id=first.key, child_id=child.key, area_id=child.area_id, section="reviews", number="6.1", place=1,
            minutes=10, reasons=[],
        )
    )  # fmt: skip
    first.state = MeetingState.PUBLISHED
    session.flush()
    shown = rehearse(
        session,
        lambda: arranging.cancel_meeting(session, OPERATOR, NOW, office(), first, first.version, "The heating failed"),
    )
    assert [(one.child, one.before, one.after, one.on_agenda) for one in shown] == [
        (child.reference, first.reference, second.reference, True)
    ]


def test_looking_first_says_how_late_a_review_is_heard_also_where_it_stays_with_the_moved_meeting(
    session: Session,
) -> None:
    first, second, *_ = series(session)
    in_time = child_of(session, put_on_list(session, review_on=second.held_on))
    late = child_of(session, put_on_list(session, review_on=first.held_on))

    moved = rehearse(
        session,
        lambda: arranging.move_meeting(
            session, OPERATOR, NOW, office(), first, first.version, held_on=first.held_on + timedelta(days=3)
        ),
    )
    assert [(one.child_id, one.before, one.after, one.days_late) for one in moved] == [
        (late.key, first.reference, first.reference, 3)
    ], "the review keeps its meeting, three days after it is due; the other one is not concerned"

    cancelled = rehearse(
        session,
        lambda: arranging.cancel_meeting(session, OPERATOR, NOW, office(), first, first.version, "The heating failed"),
    )
    assert [(one.child_id, one.after, one.review_on, one.days_late) for one in cancelled] == [
        (late.key, second.reference, first.held_on, 7)
    ]
    assert in_time.key not in {one.child_id for one in cancelled}


def test_the_last_meeting_of_children_on_the_list_is_not_cancelled(session: Session) -> None:
    (last,) = series(session, count=1)
    put_on_list(session)
    with pytest.raises(RuleBroken, match="1 child on the list would be without a meeting") as refused:
        arranging.cancel_meeting(session, OPERATOR, NOW, office(), last, last.version, "The heating failed")
    assert refused.value.field == "reason"
