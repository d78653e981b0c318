"""A tangled case, from three RMMs’ items through two network meetings to the closure of the network.

Three children of two areas, another authority, two suspects of whom one is 17, a takeaway, a car and an online name.
"""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.rules import ActionAnswer, AnswerKind
from meetings_app.errors import RuleBroken
from meetings_app.meetings.drafting import draft_of as rmm_draft_of
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.network_models import MatterKind, NetworkAction, NetworkItem, NetworkOutcome
from meetings_app.network_meetings import actions, closing, matters, minutes, settling
from meetings_app.network_meetings.checks import network_breaches
from meetings_app.network_meetings.deciding import Decided, record_decision
from meetings_app.network_meetings.drafting import draft_of
from meetings_app.network_meetings.facts import Code
from meetings_app.network_meetings.items import decision_of, read_reason
from meetings_app.networks import disrupting
from meetings_app.networks.disrupting import Step
from meetings_app.networks.models import NetworkReferral
from meetings_app.networks.states import DisruptionState, ReferralState, SubjectState
from meetings_app.networks.still_open import Kind, still_open
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.children import agency_id
from tests.support.network_meetings import DURING, NetworkDay, settle_all
from tests.support.rmm import OFFICE
from tests.support.tangled_case import ADULT, CAR, LATER, Case, from_three_rmms, opened


def decide(day: NetworkDay, meeting: Meeting, at: datetime, item: NetworkItem, said: Decided) -> None:
    version = decision_of(day.session, item).version
    record_decision(day.session, day.chair(), at, OFFICE, meeting, item, version, said)


def test_from_three_rmms_through_two_network_meetings_to_the_closure_of_the_network(session: Session) -> None:
    case = from_three_rmms(session)
    day, network = case.day, case.network
    items = opened(day, day.first, DURING)
    second, third = case.referrals[1:]
    assert set(items) == {network.reference, second.reference, third.reference}
    item = items[network.reference]
    assert set(item.parts) == {subject.key for subject in case.known.values()}
    codes = {read_reason(each).code for each in item.reasons}
    assert {Code.NEW_REFERRAL, Code.LINK_FOUND, Code.LINK_SUGGESTED, Code.CROSS_BORDER} <= codes
    adds = Decided(NetworkOutcome.TAKEN_UP, known_id=network.key, rationale="Invented: the same car.")
    for each in (second, third):
        decide(day, day.first, DURING, items[each.reference], adds)
    goes_on = Decided(NetworkOutcome.CONTINUES, "Invented talk.", "Invented: of suspects.", "Invented: not safe yet.")
    decide(day, day.first, DURING, item, goes_on)
    adult, due = case.known[ADULT], day.second.held_on
    actions.propose(
        session, day.chair(), DURING, day.first, item,
        actions.Proposal("Invented: serve the notice", day.chair_account.key, due, adult.key),
    )  # fmt: skip
    sought = Step(DisruptionState.SOUGHT, DURING.date(), "Invented: asked for at the meeting")
    order = disrupting.begin_disruption(
        session, day.chair(), DURING, adult, "abduction_warning", agency_id(session, "police"), sought
    )  # fmt: skip
    passed = matters.MatterSaid(MatterKind.ITEM, "Invented: seen near the school")
    matters.pass_on(session, day.chair(), DURING, day.first, item, case.children[0].reference, passed)
    closing.close_meeting(session, day.chair(), DURING, OFFICE, day.first, day.first.version)
    minutes.issue(session, day.chair(), DURING, OFFICE, day.first, 1)
    minutes.sign(session, day.chair(), DURING, OFFICE, day.first, 1, "Invented: all agree.")
    day.operator()
    assert {row.state for row in session.scalars(select(NetworkReferral))} == {ReferralState.ACCEPTED}
    assert network_breaches(session, DURING.date()) == []
    _the_rmm_hears_it(case)
    _closed_eight_weeks_on(case, order.reference)


def _the_rmm_hears_it(case: Case) -> None:
    session, child = case.day.session, case.children[0]
    ahead = select(Meeting).where(
        col(Meeting.area_id) == child.area_id, col(Meeting.state) == MeetingState.ANNOUNCED,
        col(Meeting.held_on) >= DURING.date(),
    )  # fmt: skip
    rmm = session.scalars(ahead.order_by(col(Meeting.held_on)).limit(1)).one()
    said = [
        reason.text
        for item in rmm_draft_of(session, rmm, OFFICE.partnership, DURING).items
        if item.child_id == child.key
        for reason in item.reasons
    ]
    assert any("Invented: seen near the school" in text and case.day.first.reference in text for text in said)


def _closed_eight_weeks_on(case: Case, order: str) -> None:
    day, session, network = case.day, case.day.session, case.network
    items = opened(day, day.second, LATER)
    item = items[network.reference]
    said = " ".join(read_reason(each).text for each in item.reasons)
    (action,) = session.scalars(select(NetworkAction)).all()
    assert order in said
    assert action.reference in said
    done = ActionAnswer(AnswerKind.DONE, "Invented: served.")
    rules = OFFICE.partnership.ratings.actions
    actions.answer(session, day.chair(), LATER, action, action.version, done, rules)
    ends = Decided(NetworkOutcome.CLOSED, "Invented talk.", rationale="Invented: the takeaway has shut.")
    with pytest.raises(RuleBroken, match=r"still open\. Say of each"):
        decide(day, day.second, LATER, item, ends)
    told = _said_of_each(case, item)
    decide(day, day.second, LATER, item, ends)
    closing.close_meeting(session, day.chair(), LATER, OFFICE, day.second, day.second.version)
    session.refresh(network)
    assert (network.state, network.closed_because) == (SubjectState.CLOSED, ends.rationale)
    third = day.meetings[2]
    left = draft_of(session, OFFICE, third, LATER + timedelta(days=1))
    day.operator()
    car = case.known[CAR]
    assert {each.reference for each in left.items} == {each.reference for each in case.known.values()} - {car.reference}
    _nothing_is_left_open(case, told)
    assert network_breaches(session, LATER.date()) == []


def _said_of_each(case: Case, item: NetworkItem) -> list[str]:
    """The car and every link end, an order of the network itself goes on; all else is heard next time."""
    day, session = case.day, case.day.session
    step = Step(DisruptionState.GRANTED, LATER.date(), "Invented: the licence is under review")
    police = agency_id(session, "police")
    disrupting.begin_disruption(session, day.chair(), LATER, case.network, "licensing", police, step)
    things = settling.open_things(session, item)
    adult = next(each for each in things if each.words == case.known[ADULT].reference)
    with pytest.raises(RuleBroken, match="cannot end while ND-"):
        settle_all(day, day.second, LATER, item, frozenset({adult.words}))
    car = case.known[CAR].reference
    links = [each.words for each in things if each.kind in (Kind.LINK, Kind.CHILD)]
    settle_all(day, day.second, LATER, item, frozenset({car, *links}))
    counted = settling.counted(things)
    assert counted[:2] == ["5 records that belong to it", "1 order or tactic"]
    return links


def _nothing_is_left_open(case: Case, links: list[str]) -> None:
    session = case.day.session
    for name, subject in case.known.items():
        session.refresh(subject)
        open_still = subject.state is SubjectState.OPEN and subject.review_on == case.day.meetings[2].held_on
        assert open_still is (name != CAR), name
    assert case.known[CAR].closed_because == "Invented: over."
    left = still_open(session, case.network, [])
    assert [each.kind for each in left] == [Kind.ORDER]
    latest = session.scalars(select(Minutes).order_by(col(Minutes.id).desc()).limit(1)).one()
    kept = next(each for each in latest.facts["items"] if each["reference"] == case.network.reference)
    assert {each["words"] for each in kept["settled"] if each["ends"]} >= set(links)
    assert len(kept["settled"]) == len(links) + 6
