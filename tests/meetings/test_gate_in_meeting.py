"""The closure gate where it is met: on the item, when a closure is recorded, and when the meeting closes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from meetings_app.accounts.models import Account
from meetings_app.actions.models import ActionState
from meetings_app.actions.service import withdraw
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.cse_list.models import EntryState, WarningCode
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import RuleBroken
from meetings_app.meetings.closing import StillOpen, close_meeting, obstacles_to_closing
from meetings_app.meetings.closures import closure_of, reasons_of, sign, warnings_kept
from meetings_app.meetings.deciding import add_action
from meetings_app.meetings.gate_queries import gate_facts
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind
from tests.support.actions import give_action, past_meeting
from tests.support.children import agency_id, put_on_list, rate
from tests.support.meeting_day import Day
from tests.support.rmm import ANSWERS, OFFICE, Rmm, closed, due, ready_to_close, rmm
from tests.support.world import NOW

DUE_ON = date(2026, 12, 20)
MISSING = WarningCode.MISSING


def went_missing(session: Session, child: Child, day: date) -> None:
    session.add(
        ChangeInCircumstances(
            child_id=child.key, kind=ChangeKind.MISSING_EPISODE, happened_on=day,
            reported_at=NOW - timedelta(days=3), text="An invented missing episode.",
        )
    )  # fmt: skip
    session.flush()


def close(day: Rmm) -> None:
    close_meeting(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()


def test_a_child_is_closed_once_the_meeting_has_withdrawn_what_is_open(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    action = give_action(session, past_meeting(session), child, day.world.police, DUE_ON, "An invented action")
    day.open()
    with pytest.raises(RuleBroken, match=f"1 action is open: {action.reference}"):
        day.decide(child, closed(), ANSWERS)
    withdraw(session, day.act("chair_cs"), NOW, day.meeting, action, action.version, "An invented reason")
    assert action.state is ActionState.WITHDRAWN
    day.decide(child, closed(), ANSWERS)


def test_an_action_that_this_meeting_gives_follows_the_closure_and_does_not_block_it(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    day.open()
    add_action(
        session, day.act("chair_cs"), NOW, day.meeting, day.item(child), what="Write to the family, as invented",
        agency_id=agency_id(session, "police"), owner_id=day.world.police.key, due_on=DUE_ON,
    )  # fmt: skip
    day.decide(child, closed(), ANSWERS)
    close(day)
    closure = closure_of(session, day.meeting.key, child.key)
    assert closure is not None


def test_the_gate_is_asked_again_when_the_meeting_closes(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    day.open()
    day.decide(child, closed(), ANSWERS)
    assert obstacles_to_closing(session, OFFICE, day.meeting) == []
    day.operator()
    give_action(session, past_meeting(session), child, day.world.police, DUE_ON, "An invented action")
    with pytest.raises(StillOpen) as still_open:
        close(day)
    assert still_open.value.obstacles[0].why.startswith("1 action is open")
    day.operator()
    entry = live_entry(session, child.key)
    assert entry is not None
    assert entry.state is EntryState.LISTED


def test_the_record_is_read_for_this_child_alone(session: Session) -> None:
    day = rmm(session)
    child, other = due(session), due(session)
    ready_to_close(session, other)
    went_missing(session, other, date(2026, 11, 20))
    give_action(session, past_meeting(session), other, day.world.police, DUE_ON, "An invented action")
    facts = gate_facts(session, child.key, day.meeting.held_on)
    assert (facts.open_actions, facts.assessed_on, facts.missing_on, facts.left_list_on) == ((), None, None, ())
    assert gate_facts(session, other.key, day.meeting.held_on).missing_on == date(2026, 11, 20)


def test_a_rating_of_high_holds_until_the_next_one(session: Session) -> None:
    held_on = date(2026, 11, 24)
    entry = put_on_list(session, None, RiskRating.HIGH)
    child = session.get_one(Child, entry.child_id)
    assert gate_facts(session, child.key, held_on).high_on == held_on
    rate(session, child, RiskRating.MEDIUM, decided_on=date(2026, 11, 10))
    rate(session, child, RiskRating.LOW, decided_on=date(2026, 11, 17))
    assert gate_facts(session, child.key, held_on).high_on == date(2026, 11, 10)
    assert gate_facts(session, put_on_list(session, None, RiskRating.LOW).child_id, held_on).high_on is None


def test_a_warning_takes_a_reason_that_stays_beside_the_decision(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    went_missing(session, child, date(2026, 11, 20))
    day.open()
    with pytest.raises(RuleBroken) as refused:
        day.decide(child, closed(), replace(ANSWERS, reasons={}))
    assert refused.value.field == "missing_reason"
    for reason in ("A first invented reason", "A second invented reason"):
        day.decide(child, closed(), replace(ANSWERS, reasons={MISSING: reason}))
    closure = closure_of(session, day.meeting.key, child.key)
    assert closure is not None
    assert reasons_of(session, closure) == {MISSING: "A second invented reason"}
    close(day)
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    lines = {line["label"]: line["text"] for line in minutes.facts["items"][0]["closure"]["lines"]}
    said = "The child was missing in the last 90 days, on 20 November 2026"
    assert lines[said] == "A second invented reason"
    assert lines["Open section 47 enquiry"] == "No"


def test_a_reason_that_changes_has_to_be_signed_again(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    day.open()
    dissenting = replace(ANSWERS, agency_dissents=YesNoUnknown.YES)
    day.decide(child, closed(), dissenting)
    closure = closure_of(session, day.meeting.key, child.key)
    assert closure is not None
    sign(session, day.act("chair_cs"), NOW, OFFICE, closure)
    altered = replace(dissenting, reasons={WarningCode.DISSENT: "Altered, as invented"})
    with pytest.raises(RuleBroken, match="A chair has signed"):
        day.decide(child, closed(), altered, who="coordinator")
    day.decide(child, closed(), altered)
    session.refresh(closure)
    assert closure.first_signed_at is None
    day.decide(child, closed(), ANSWERS)
    assert warnings_kept(session, closure.key) == [], "no warning holds any more, so no reason is printed"


CLOSED = {
    "outcome": "closed", "rationale": "What changed, as invented", "good_practice": "Invented good practice",
    "no_onward_need": "y", "child_view": "Invented view", "parents_view": "Not sought: invented",
    "section_47": "no", "seen_since_review": "no", "not_seen_reason": "Away at sea, as invented",
    "non_engagement_only": "no", "live_investigation": "no", "agency_dissents": "no",
    "step_down_reason": "Perpetrator in custody, as invented", "both_chairs_agree": "y",
}  # fmt: skip


def test_the_item_says_what_keeps_the_child_before_the_chair_chooses(day: Day) -> None:
    child, ready = day.children[0], day.children[3]
    with day.open() as session:
        kept, police = session.get_one(Child, child.key), session.get_one(Account, day.police)
        given = give_action(session, past_meeting(session), kept, police, DUE_ON, "An invented action").reference
        went_missing(session, kept, date(2026, 11, 20))
        session.commit()
    day.publish_and_open(day.browser("coordinator"))
    chair = day.browser("chair-cs")
    page = chair.get(f"{day.at}/items/{day.number(chair, child)}").get_data(as_text=True)
    gate = page[page.index("Before this child can leave the list") : page.index(">Outcome<")]
    assert f"1 action is open: {given}." in gate
    assert "A closure asks for an assessment within 42 days before: there is none here" in gate
    assert "Find out whether a section 47 enquiry is open, and answer" in gate
    assert "although the child was missing in the last 90 days, on 20 November 2026" in gate
    assert f"/withdraw/{given}" in page
    day.decide(chair, ready, **CLOSED)
    page = chair.get(f"{day.at}/items/{day.number(chair, ready)}").get_data(as_text=True)
    assert "Before this child can leave the list: nothing is missing" in page
    assert "Away at sea, as invented" in page
    coordinator = day.browser("coordinator")
    hidden = coordinator.get(f"{day.at}/items/{day.number(coordinator, child)}").get_data(as_text=True)
    assert "Before this child can leave the list" not in hidden, "whoever is no chair decides no closure"
