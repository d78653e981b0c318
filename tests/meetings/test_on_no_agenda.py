"""What waits for an RMM and is on no coming agenda is named by its reference; what an agenda holds is not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from meetings_app.children.models import Child
from meetings_app.cse_list.models import Closure, ClosureState, Departure, DepartureKind, DepartureState
from meetings_app.cse_list.service import live_entry
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.unheard import on_no_agenda
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import MeetingState
from meetings_app.strategy.service import Asked, request
from tests.support.checking import Checking
from tests.support.children import put_on_list
from tests.support.referrals import refer
from tests.support.rmm import OFFICE, Rmm, child_of, deferred, due, referred, rmm
from tests.support.world import NOW

CANCELLED = "UPDATE meeting SET state = 'cancelled' WHERE state <> 'closed'"


def found(session: Session, later: timedelta = timedelta()) -> list[tuple[str, str]]:
    session.flush()
    session.expire_all()
    today = (NOW + later).date()
    return [(breach.code, breach.reference) for breach in on_no_agenda(session, today, OFFICE.partnership)]


def accepted(day: Rmm) -> str:
    return f"R-{referred(day.session).key:05}"


def passed_on(day: Rmm) -> str:
    child = due(day.session)
    day.open()
    day.decide(child, deferred(day.session))
    close_meeting(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    return child.reference


def provisional(day: Rmm) -> str:
    return child_of(day.session, put_on_list(day.session, provisional=True)).reference


def discussion(day: Rmm) -> str:
    child = child_of(day.session, put_on_list(day.session))
    asked = Asked(("significant_harm",), why="Invented.")
    return request(day.session, OPERATOR, NOW, OFFICE, child, asked).reference


def unsigned(day: Rmm) -> str:
    child = due(day.session)
    entry = live_entry(day.session, child.key)
    assert entry is not None
    day.session.add(
        Closure(
            entry_id=entry.key, child_id=child.key, meeting_id=day.meeting.key, state=ClosureState.CLOSING,
            second_due_on=NOW.date() - timedelta(days=1),
        )
    )  # fmt: skip
    return child.reference


WAITS = [
    (accepted, "referral_without_meeting"), (passed_on, "passed_on_to_nobody"), (provisional, "provisional_unheard"),
    (discussion, "strategy_unheard"), (unsigned, "closing_unheard"),
]  # fmt: skip


@pytest.mark.parametrize(("waits", "code"), WAITS)
def test_what_waits_is_named_once_no_meeting_will_hear_it(
    session: Session, checking: Checking, waits: Callable[[Rmm], str], code: str
) -> None:
    reference = waits(rmm(session))
    assert found(session) == []
    session.execute(sa.text(CANCELLED))
    assert found(session) == [(code, reference)]
    session.commit()
    assert (code, reference) in checking.named()


def test_what_came_after_the_last_agenda_was_published_is_named_and_a_meeting_after_it_puts_that_right(
    session: Session,
) -> None:
    day = rmm(session)
    due(session)
    day.publish()
    day.operator()
    for meeting in day.later[1:]:
        meeting.state = MeetingState.CANCELLED
    reference = accepted(day)
    assert found(session) == []
    day.later[0].state = MeetingState.CANCELLED
    assert found(session) == [("referral_without_meeting", reference)]


def test_a_closure_whose_time_passed_after_the_agenda_was_published_comes_to_the_one_after(session: Session) -> None:
    day = rmm(session)
    due(session)
    day.publish()
    day.operator()
    unsigned(day)
    assert found(session) == []


def test_a_referral_whose_child_lives_in_another_area_than_it_says_is_named(session: Session) -> None:
    day = rmm(session)
    referral = refer(session, due(session))
    referral.state = referral.state.ACCEPTED
    assert found(session) == []
    session.execute(sa.text("UPDATE referral SET area_id = (SELECT id FROM area WHERE code = 'NW')"))
    session.execute(sa.text("UPDATE list_entry SET next_review_on = '2027-03-01'"))
    assert found(session) == [("referral_without_meeting", referral.reference)]
    assert day.meeting.area_id != referral.area_id


@pytest.mark.parametrize(("waits", "code"), WAITS[:2])
def test_what_a_child_left_behind_who_moved_to_another_authority_is_no_breach_but_a_referral_is(
    session: Session, waits: Callable[[Rmm], str], code: str
) -> None:
    day = rmm(session)
    waits(day)
    child = session.scalars(sa.select(Child)).one()
    entry = live_entry(session, child.key) or put_on_list(session, child)
    # Whoever else came on the list since says nothing of this child.
    put_on_list(session)
    entry.state, entry.closed_on, entry.next_meeting_id = entry.state.CLOSED, NOW.date(), None
    session.add(
        Departure(
            entry_id=entry.key, child_id=child.key, kind=DepartureKind.TRANSFER, state=DepartureState.LEFT,
            left_on=NOW.date(), reason="Invented.", begun_at=NOW, agreed_at=NOW,
        )
    )  # fmt: skip
    session.execute(sa.text(CANCELLED))
    assert [named for named, _ in found(session)] == ([code] if waits is accepted else [])
