"""The item is the authority: what happens to a child between the agenda and the close neither blocks nor is lost."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionState
from meetings_app.child_record.service import edit_details
from meetings_app.children.models import Child
from meetings_app.children.service import ChildDetails
from meetings_app.cse_list.service import live_entry
from meetings_app.meetings.closing import StillOpen, close_meeting
from meetings_app.meetings.closures import waiting_closures
from meetings_app.meetings.deciding import add_action, defer_the_rest
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.drafting import draft_of
from meetings_app.meetings.item_page import item_view
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.meetings.models import Outcome
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind, Referral, ReferralState
from meetings_app.referrals.service import report_change
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.children import add_meeting, agency_id, area_id
from tests.support.rmm import ANSWERS, OFFICE, Rmm, closed, due, rated, rmm
from tests.support.world import NOW

HIGH, MEDIUM, LOW, NONE = RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW, RiskRating.NONE
NOTED = Decided(outcome=Outcome.NOTED, discussion="Noted, as invented.")


def move_away(day: Rmm, child: Child) -> None:
    """Let the coordinator move the child to the North West; nothing read before is remembered."""
    day.session.refresh(child)
    named = ChildDetails.__dataclass_fields__
    details = ChildDetails(**{name: getattr(child, name) for name in named if hasattr(child, name)})
    details = replace(details, area_id=area_id(day.session, "NW"))
    edit_details(day.session, day.act("coordinator"), NOW, child, child.version, details)
    day.session.flush()
    day.session.expunge_all()
    day.meeting = day.session.get_one(Meeting, day.meeting.key)


def close(day: Rmm, now: datetime = NOW, although: str = "") -> None:
    by = day.act("chair_cs")
    close_meeting(day.session, by, now, OFFICE, day.meeting, day.meeting.version, although=although)
    day.operator()


def coming(day: Rmm, meeting: Meeting, now: datetime = NOW) -> dict[str, set[str]]:
    items = draft_of(day.session, meeting, OFFICE.partnership, now).items
    return {item.child: {reason.code.value for reason in item.reasons} for item in items}


def test_a_child_who_moves_area_before_being_heard_is_heard_rated_and_reviewed_in_the_new_area(
    session: Session,
) -> None:
    day = rmm(session)
    child = due(session)
    there = add_meeting(session, date(2026, 12, 22), "NW")
    day.open()
    move_away(day, child)
    day.act("coordinator")
    item = day.item(child)
    view = item_view(session, OFFICE, day.meeting, item)
    assert (view.child.reference, view.case.before) == (child.reference, MEDIUM)
    day.decide(child, rated(session, HIGH))
    add_action(
        session, day.act("coordinator"), NOW, day.meeting, item, what="Check the address",
        agency_id=day.world.coordinator_nw.agency_id, owner_id=day.world.coordinator_nw.key, due_on=date(2026, 12, 1),
    )  # fmt: skip
    close(day)
    entry = live_entry(session, child.key)
    assert entry is not None
    assert (entry.current_rating, entry.area_id) == (HIGH, area_id(session, "NW"))
    assert entry.next_meeting_id == there.key
    assert session.scalars(select(col(Action.state))).all() == [ActionState.OPEN]
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    assert [item["child"] for item in minutes.facts["items"]] == [child.reference]


def test_once_the_meeting_is_closed_nothing_new_of_a_child_who_moved_away_is_read_from_its_item(
    session: Session,
) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    day.decide(child, rated(session, HIGH))
    close(day)
    move_away(day, child)
    day.operator()
    child = session.get_one(Child, child.key)
    report_change(session, day.act("coordinator_nw"), NOW, child, ChangeKind.INCIDENT, date(2026, 11, 22), "News.")
    day.act("coordinator")
    view = item_view(session, OFFICE, day.meeting, day.item(child))
    assert (list(view.changes), list(view.ratings), view.case.before) == ([], [], None)


def test_what_is_left_is_deferred_though_a_child_moved_away(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    move_away(day, child)
    chair = day.act("coordinator")
    assert defer_the_rest(session, chair, NOW, OFFICE, day.meeting, agency_id(session, "police"), "No time") == 1
    close(day, although="No meeting is arranged there yet, as invented.")
    assert day.meeting.state is MeetingState.CLOSED


def test_the_new_area_of_a_child_who_moved_has_the_closure_that_waits_for_signatures(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    day.open()
    day.decide(child, closed(), ANSWERS)
    move_away(day, child)
    close(day)
    day.act("coordinator_nw")
    assert [row.child for row in waiting_closures(session)] == [child.reference]


def test_what_is_reported_after_an_item_was_discussed_is_heard_at_the_next_meeting(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    day.decide(child, rated(session, MEDIUM))
    day.operator()
    later = NOW + timedelta(days=3)
    change = report_change(
        session, day.act("coordinator"), later, child, ChangeKind.DISCLOSURE, date(2026, 11, 26), "As invented."
    )
    close(day, later + timedelta(days=1))
    assert change.heard_at_meeting_id is None
    entry = live_entry(session, child.key)
    assert entry is not None
    assert entry.next_review_on <= day.later[0].held_on
    assert entry.next_meeting_id == day.later[0].key
    assert "change_in_circumstances" in coming(day, day.later[0], later + timedelta(days=1))[child.reference]


def test_no_child_is_closed_past_a_change_that_came_in_after_the_decision(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    day.open()
    day.decide(child, closed(), ANSWERS)
    day.operator()
    later = NOW + timedelta(hours=3)
    report_change(session, day.act("coordinator"), later, child, ChangeKind.DISCLOSURE, date(2026, 11, 23), "Invented.")
    with pytest.raises(StillOpen) as told:
        close(day, later)
    assert "reported after the closure was decided" in told.value.obstacles[0].why
    day.decide(child, rated(session, HIGH))
    close(day, later)
    assert day.meeting.state is MeetingState.CLOSED


def test_what_was_reported_before_the_decision_is_heard_by_it(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    report_change(session, day.act("coordinator"), NOW, child, ChangeKind.DISCLOSURE, date(2026, 11, 22), "Invented.")
    day.decide(child, rated(session, MEDIUM))
    close(day)
    assert session.scalars(select(col(ChangeInCircumstances.heard_at_meeting_id))).all() == [day.meeting.key]
    entry = live_entry(session, child.key)
    assert entry is not None
    assert entry.next_review_on == date(2027, 1, 19)


def test_a_referral_accepted_after_the_decision_waits_for_the_next_meeting(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    day.decide(child, rated(session, MEDIUM))
    day.operator()
    later = NOW + timedelta(hours=30)
    session.add(
        Referral(
            reference="R-LATER", child_id=child.key, area_id=child.area_id, agency_id=agency_id(session, "education"),
            referrer_name="Testy McReferrer", state=ReferralState.ACCEPTED, received_at=NOW - timedelta(days=5),
            decided_at=later, reason="An invented reason.",
        )
    )  # fmt: skip
    session.flush()
    close(day, later + timedelta(hours=1))
    assert session.scalars(select(col(Referral.state))).all() == [ReferralState.ACCEPTED]
