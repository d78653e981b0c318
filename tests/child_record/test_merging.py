"""Making one record of two loses nothing that a meeting needs to know, and never in the middle of one."""

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.assessments.queries import assessments_of
from meetings_app.child_record.merging import say_same_or_different
from meetings_app.children.models import Child, PossibleDuplicate, Resolution
from meetings_app.cse_list.models import EntryState
from meetings_app.errors import DomainError
from meetings_app.meetings.arranging import cancel_meeting
from meetings_app.meetings.closing import close_meeting
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.identity import say_same_child
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind, Referral
from meetings_app.referrals.service import report_change
from meetings_app.strategy.service import Asked, request
from tests.support.assessments import fill_in, finished
from tests.support.browsing import browser, text_of
from tests.support.browsing import fill_in as send_form
from tests.support.children import add_child, put_on_list
from tests.support.meetings import office
from tests.support.referrals import refer
from tests.support.rmm import OFFICE, deferred, due, referred, rmm
from tests.support.world import tiny_world

BORN = date(2011, 1, 5)


def left_the_list(session: Session, child: Child, on: date = date(2026, 11, 10)) -> None:
    entry = put_on_list(session, child, RiskRating.LOW)
    entry.state, entry.closed_on, entry.next_meeting_id = EntryState.CLOSED, on, None
    session.flush()


def one_child(session: Session, now: datetime) -> None:
    pair = session.scalars(select(PossibleDuplicate)).one()
    say_same_or_different(session, OPERATOR, now, office(), pair, Resolution.SAME, "The school says so.")
    session.flush()


def twins(session: Session) -> tuple[Child, Child]:
    """Give an older and a newer record that look alike."""
    return add_child(session, "Testy Twin", born=BORN), add_child(session, "Testy Twin", born=BORN)


def test_a_repeat_stays_a_repeat_when_its_record_becomes_another(session: Session, now: datetime) -> None:
    kept, merged = twins(session)
    left_the_list(session, merged)
    referral = refer(session, merged)
    one_child(session, now)
    assert (referral.child_id, referral.repeat) == (kept.key, True)


def test_strategy_discussions_go_with_the_record_that_is_merged(session: Session, now: datetime) -> None:
    kept, merged = twins(session)
    moved = request(session, OPERATOR, now, OFFICE, merged, Asked(["trafficking"]))
    one_child(session, now)
    assert moved.child_id == kept.key


def test_assessments_go_with_the_record_that_is_merged(session: Session, now: datetime) -> None:
    kept, merged = twins(session)
    moved = finished(session, OPERATOR, merged)
    started = fill_in(session, OPERATOR, merged)
    one_child(session, now)
    assert (moved.child_id, started.child_id) == (kept.key, kept.key)
    assert list(assessments_of(session, merged.key)) == []


def test_what_was_closed_on_one_record_makes_a_repeat_of_what_waits_on_the_other(
    session: Session, now: datetime
) -> None:
    kept, merged = twins(session)
    left_the_list(session, merged)
    waiting = refer(session, kept)
    before = waiting.repeat
    one_child(session, now)
    assert (before, waiting.repeat) == (False, True)
    assert refer(session, kept).repeat, "a later referral is a repeat for the same reason"


def test_a_closure_longer_ago_makes_no_repeat_of_a_merged_record(session: Session, now: datetime) -> None:
    kept, merged = twins(session)
    left_the_list(session, merged, on=date(2025, 11, 1))
    waiting = refer(session, kept)
    one_child(session, now)
    assert not waiting.repeat


@pytest.mark.parametrize("which", ["merged", "kept"])
def test_nobody_makes_one_record_of_two_while_a_published_agenda_holds_either(
    session: Session, now: datetime, which: str
) -> None:
    day = rmm(session)
    if which == "kept":
        due(session, name="Testy Twin", born=BORN)
        merged = add_child(session, "Testy Twin", born=BORN)
    else:
        merged = referred(session, name="Testy Twin", born=BORN)
        put_on_list(session, name="Testy Twin", born=BORN, review_on=date(2027, 1, 20))
    day.publish()
    day.operator()
    with pytest.raises(DomainError, match=f"on the agenda of {day.meeting.reference}, which is not closed yet"):
        one_child(session, now)
    assert merged.merged_into_id is None
    assert session.scalars(select(PossibleDuplicate)).one().resolution is None


@pytest.mark.parametrize("end", ["closed", "cancelled"])
def test_after_the_meeting_the_two_can_become_one(session: Session, now: datetime, end: str) -> None:
    day = rmm(session)
    child = due(session, name="Testy Twin", born=BORN)
    twin = add_child(session, "Testy Twin", born=BORN)
    day.open()
    if end == "closed":
        day.decide(child, deferred(session))
        close_meeting(session, day.act("chair_cs"), now, OFFICE, day.meeting, day.meeting.version)
    else:
        cancel_meeting(session, day.act("coordinator"), now, OFFICE, day.meeting, day.meeting.version, "Invented.")
    day.operator()
    one_child(session, now)
    assert twin.merged_into_id == child.key


def test_a_referral_s_record_is_not_moved_while_an_agenda_holds_the_child(session: Session, now: datetime) -> None:
    day = rmm(session)
    listed = due(session, name="Testy Twin", born=BORN)
    referral = refer(session, add_child(session, "Testy Twin", born=BORN))
    day.publish()
    day.operator()
    with pytest.raises(DomainError, match="not closed yet"):
        say_same_child(
            session, OPERATOR, now, office(), referral, referral.version, listed.reference, "The school says so."
        )
    assert session.get_one(Referral, referral.key).child_id != listed.key


def test_a_change_is_reported_on_the_record_that_counts(app: Flask, session: Session, now: datetime) -> None:
    tiny_world(session)
    kept, merged = twins(session)
    one_child(session, now)
    with pytest.raises(DomainError, match="Report the change on that one"):
        report_change(session, OPERATOR, now, merged, ChangeKind.INCIDENT, now.date(), "Invented.")
    assert session.scalars(select(ChangeInCircumstances)).all() == []
    address, other = f"/children/{merged.reference}/change", f"/children/{kept.reference}/change"
    session.commit()
    client = browser(app, "coordinator")
    assert f'href="{address}"' not in text_of(client, f"/children/{merged.reference}")
    said = send_form(client, address, {"kind": "incident", "happened_on": "22/11/2026", "text": "Typed and kept."})
    assert said.status_code == 400
    for words in ("Report the change on that one", f'href="{other}"', "Typed and kept."):
        assert words in said.text
