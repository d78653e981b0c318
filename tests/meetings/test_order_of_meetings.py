"""Meetings held out of order, records that were merged, children who left: what one meeting may decide of another."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import AccountState
from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.service import withdraw
from meetings_app.child_record.service import edit_details
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.children.service import ChildDetails
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.meetings import queries
from meetings_app.meetings.adjusting import add_by_hand
from meetings_app.meetings.closing import StillOpen, close_meeting
from meetings_app.meetings.closures import closure_of, sign
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.drafting import draft_of
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.meetings.minutes_word import Audience, facts_for
from meetings_app.meetings.models import Outcome, Presence
from meetings_app.meetings.publishing import publish
from meetings_app.meetings.running import AttendanceLine, set_attendance, start
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.referrals.models import Referral, ReferralState
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.children import agency_id, area_id
from tests.support.rmm import ANSWERS, OFFICE, PRESENT, Rmm, closed, deferred, due, rated, referred, rmm
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


def close(day: Rmm, now: datetime = NOW) -> None:
    close_meeting(day.session, day.act("chair_cs"), now, OFFICE, day.meeting, day.meeting.version)
    day.operator()


def coming(day: Rmm, meeting: Meeting, now: datetime = NOW) -> dict[str, set[str]]:
    items = draft_of(day.session, meeting, OFFICE.partnership, now).items
    return {item.child: {reason.code.value for reason in item.reasons} for item in items}


def next_day(day: Rmm, *children: Child) -> Rmm:
    """Publish the agenda of the meeting after this one, with these children added by hand."""
    following = Rmm(day.session, day.world, day.later[0], day.later[1:])
    coordinator = following.act("coordinator")
    for child in children:
        add_by_hand(day.session, coordinator, NOW, following.meeting, child, "The chair asks, as invented")
    publish(day.session, coordinator, NOW, OFFICE, following.meeting, following.meeting.version)
    return following


def begin(day: Rmm) -> None:
    start(day.session, day.act("chair_cs"), NOW, day.meeting, day.meeting.version, "Testy McChair")
    people = [getattr(day.world, who) for who in PRESENT]
    lines = [AttendanceLine(one.agency_id, one.name, Presence.PRESENT, one.key) for one in people]
    set_attendance(day.session, day.act("coordinator"), NOW, day.meeting, lines)


def test_no_meeting_starts_while_an_earlier_one_of_the_area_is_in_progress(session: Session) -> None:
    day = rmm(session)
    due(session)
    day.open()
    following = next_day(day)
    with pytest.raises(DomainError, match=f"{day.meeting.reference} is still in progress"):
        begin(following)
    assert following.meeting.state is MeetingState.PUBLISHED


def test_a_meeting_held_late_overwrites_no_decision_of_a_later_one(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.publish()
    following = next_day(day, child)
    begin(following)
    following.decide(child, rated(session, HIGH))
    close(following)
    begin(day)
    with pytest.raises(RuleBroken, match="held later has decided"):
        day.decide(child, rated(session, MEDIUM))
    day.decide(child, NOTED)
    close(day)
    entry = live_entry(session, child.key)
    assert entry is not None
    assert entry.current_rating is HIGH


def test_a_decision_that_a_later_meeting_overtook_keeps_the_meeting_open(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.publish()
    following = next_day(day, child)
    begin(following)
    following.decide(child, rated(session, HIGH))
    # The earlier meeting began first on another machine: only closing can tell.
    following.meeting.state = MeetingState.PUBLISHED
    session.flush()
    begin(day)
    day.decide(child, rated(session, MEDIUM))
    day.operator()
    following.meeting.state = MeetingState.IN_PROGRESS
    day.meeting.state = MeetingState.PUBLISHED
    session.flush()
    close(following)
    day.meeting.state = MeetingState.IN_PROGRESS
    session.flush()
    with pytest.raises(StillOpen) as told:
        close(day)
    assert [(one.number, "held later" in one.why) for one in told.value.obstacles] == [(day.item(child).number, True)]


def test_a_record_that_points_to_another_is_deferred_or_noted_and_never_rated(session: Session) -> None:
    day = rmm(session)
    child, other = referred(session), due(session)
    day.open()
    child.merged_into_id = other.key
    session.flush()
    with pytest.raises(RuleBroken, match="has another record"):
        day.decide(child, rated(session, HIGH))
    day.decide(child, NOTED)
    day.decide(child, deferred(session))


def test_a_child_who_left_the_list_since_is_noted_and_returns_only_by_a_referral(session: Session) -> None:
    day = rmm(session)
    child = due(session, LOW)
    day.publish()
    day.operator()
    entry = session.scalars(select(ListEntry).where(col(ListEntry.child_id) == child.key)).one()
    entry.state, entry.closed_on, entry.next_meeting_id = EntryState.CLOSED, date(2026, 11, 23), None
    session.flush()
    begin(day)
    with pytest.raises(RuleBroken, match="make a referral"):
        day.decide(child, rated(session, LOW))
    day.decide(child, NOTED)
    session.add(
        Referral(
            reference="R-AGAIN", child_id=child.key, area_id=child.area_id, agency_id=agency_id(session, "education"),
            referrer_name="Testy McReferrer", state=ReferralState.ACCEPTED, received_at=NOW, decided_at=NOW,
            reason="An invented reason.",
        )
    )  # fmt: skip
    session.flush()
    with pytest.raises(RuleBroken, match="asks for a decision"):
        day.decide(child, NOTED)
    day.decide(child, rated(session, LOW))


@pytest.mark.parametrize(("born", "left_with"), [(date(2008, 11, 25), NONE), (date(2008, 11, 24), MEDIUM)])
def test_still_at_risk_counts_at_18_or_over_only(session: Session, born: date, left_with: RiskRating) -> None:
    day = rmm(session)
    child = due(session, born=born, leaving=True)
    day.open()
    answers = replace(
        ANSWERS, still_at_risk=YesNoUnknown.YES, package_service="Invented service", package_contact="Testy McContact",
        package_starts_on=date(2026, 12, 1), package_agreed_by="Testy McAgreed", adult_at_risk=YesNoUnknown.NO,
        adult_at_risk_reason="An invented reason",
    )  # fmt: skip
    day.decide(child, closed(), answers)
    close(day)
    closure = closure_of(session, day.meeting.key, child.key)
    assert closure is not None
    for who in ("chair_cs", "chair_fs"):
        sign(session, day.act(who), NOW, OFFICE, closure)
    day.operator()
    decided = session.scalars(select(col(Rating.rating)).where(col(Rating.child_id) == child.key)).all()
    assert (decided[-1], live_entry(session, child.key)) == (left_with, None)
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    copy = facts_for(session, OPERATOR, NOW, OFFICE, day.meeting, minutes, Audience(), marking="TEST")
    assert [change.change for change in copy.list_changes] == ["Leaves the list; both chairs have signed the closure"]
    assert copy.children[0].closure is not None
    assert copy.children[0].closure.support_package == (
        "Invented service, contact Testy McContact, from 1 December 2026, agreed by Testy McAgreed"
    )


def test_the_minutes_hold_what_was_withdrawn_with_its_reason_and_who_leads_a_child_that_was_noted(
    session: Session,
) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    action = Action(
        reference="A-OLDER", child_id=child.key, child_reference=child.reference, area_id=child.area_id,
        what="An older action", agency_id=day.world.police.agency_id, owner_id=day.world.police.key,
        due_on=date(2026, 11, 16), first_due_on=date(2026, 11, 16), state=ActionState.OPEN, created_at=NOW,
    )  # fmt: skip
    session.add(action)
    session.flush()
    withdraw(session, day.act("coordinator"), NOW, day.meeting, action, action.version, "Invented: not needed")
    item = day.item(child)
    item.reasons = [{"code": "added_by_hand", "text": "Added by hand", "late": False}]
    day.decide(child, replace(NOTED, lead_professional_name="Testy McLead"))
    close(day)
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    copy = facts_for(session, OPERATOR, NOW, OFFICE, day.meeting, minutes, Audience(), marking="TEST")
    assert copy.children[0].discussion == NOTED.discussion, "nothing stands among what was discussed that nobody said"
    assert copy.children[0].beside == (
        "Lead professional: Testy McLead",
        "Action A-OLDER is withdrawn: An older action\nWhy: Invented: not needed",
    )


def test_a_disabled_account_chairs_nothing(session: Session) -> None:
    day = rmm(session)
    assert day.world.chair_cs.key in {chair.account_id for chair in queries.chairs_of(session, day.meeting.area_id)}
    day.world.chair_cs.state = AccountState.DISABLED
    session.flush()
    assert day.world.chair_cs.key not in {chair.account_id for chair in queries.chairs_of(session, day.meeting.area_id)}
