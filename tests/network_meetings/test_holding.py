"""A network meeting is held: decided item by item, closed in one transaction, and nothing falls off by it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, ConflictOfInterest
from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.rules import ActionAnswer, AnswerKind
from meetings_app.audit.models import AuditEvent
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.meetings.arranging import cancel_meeting, move_meeting
from meetings_app.meetings.closing import NOT_READY, Obstacle, StillOpen
from meetings_app.meetings.drafting import draft_of as rmm_draft_of
from meetings_app.meetings.network_models import (
    MatterKind,
    NetworkAction,
    NetworkItem,
    NetworkOutcome,
    SubjectConflict,
)
from meetings_app.meetings.running import remove_attendant, set_attendance
from meetings_app.network_meetings import actions, deciding, matters, presence, settling
from meetings_app.network_meetings.checks import network_breaches
from meetings_app.network_meetings.closing import obstacles_to_closing
from meetings_app.network_meetings.deciding import Decided
from meetings_app.network_meetings.items import decision_of, find_item
from meetings_app.networks import linking
from meetings_app.networks.homing import home_of, meetings_ahead
from meetings_app.networks.models import NetworkReferral, Subject, SubjectLink
from meetings_app.networks.queries import find_subject
from meetings_app.networks.states import ReferralState, SubjectKind, SubjectState
from meetings_app.networks.still_open import Kind
from meetings_app.permissions import OPERATOR, Role
from tests.support.meetings import series
from tests.support.network_meetings import (
    DURING,
    close,
    decide,
    item_at,
    line_of,
    network_day,
    opened,
    settle_all,
    tangled,
)
from tests.support.networks import open_subject, refer
from tests.support.rmm import OFFICE
from tests.support.world import NOW, add_account

TODAY = NOW.date()


def test_what_continues_comes_back_at_the_next_network_meeting_with_all_its_parts(session: Session) -> None:
    day = network_day(session)
    known, referral = tangled(session), refer(session)
    opened(day)
    with pytest.raises(RuleBroken, match="why the meeting decides"):
        decide(day, "4.2", Decided(NetworkOutcome.CONTINUES))
    decide(day, "4.2")
    with pytest.raises(StillOpen):
        close(day)
    taken_up = Decided(NetworkOutcome.TAKEN_UP, network_name="Invented Amber", rationale="Invented.")
    decide(day, "4.1", taken_up)
    close(day)
    for each in (known.network, known.place, known.car, known.suspect):
        session.refresh(each)
        assert each.review_on == day.second.held_on
    session.refresh(referral)
    assert referral.state is ReferralState.ACCEPTED
    became = session.get_one(Subject, referral.subject_id)
    assert (became.name, became.review_on) == ("Invented Amber", day.second.held_on)
    day.operator()
    assert network_breaches(session, DURING.date()) == []


def test_a_network_is_closed_by_a_quorate_meeting_whose_actions_are_answered(session: Session) -> None:
    day = network_day(session)
    known = tangled(session)
    opened(day, present=("chair",))
    ends = Decided(NetworkOutcome.CLOSED, rationale="Invented: the takeaway has shut.")
    with pytest.raises(RuleBroken, match="without a quorum: nobody from Children"):
        decide(day, "4.1", ends)
    set_attendance(session, day.chair(), DURING, day.first, [line_of(day.people.coordinator)])
    settle_all(day, day.first, DURING, item_at(day, "4.1"))
    decide(day, "4.1", ends)
    row, room = item_at(day, "4.1"), presence.room_of(session, day.first, item_at(day, "4.1"))
    away = [person.attendance_id for person in room.people if person.agency_code == "childrens-services"]
    presence.set_room(session, day.chair(), DURING, day.first, row, away, room.seen)
    with pytest.raises(StillOpen):
        close(day)
    presence.set_room(session, day.chair(), DURING, day.first, row, [], presence.room_of(session, day.first, row).seen)
    close(day)
    session.refresh(known.network)
    assert (known.network.state, known.network.closed_because) == (SubjectState.CLOSED, ends.rationale)
    session.refresh(known.place)
    assert known.place.state is SubjectState.OPEN


def test_somebody_who_left_for_an_item_can_be_taken_off_the_attendance(session: Session) -> None:
    day = network_day(session)
    tangled(session)
    opened(day)
    row, wrong = item_at(day, "4.1"), line_of(day.people.coordinator)
    room = presence.room_of(session, day.first, row)
    away = [person.attendance_id for person in room.people if person.account_id == wrong.account_id]
    presence.set_room(session, day.chair(), DURING, day.first, row, away, room.seen)
    remove_attendant(session, day.chair(), DURING, day.first, wrong.agency_id, wrong.name)
    assert wrong.name not in [person.name for person in presence.room_of(session, day.first, row).people]


def test_of_what_was_over_before_the_closure_the_minutes_do_not_say_that_it_goes_on(session: Session) -> None:
    day = network_day(session)
    known = tangled(session)
    opened(day)
    item = item_at(day, "4.1")
    settle_all(day, day.first, DURING, item)
    decide(day, "4.1", Decided(NetworkOutcome.CLOSED, rationale="Invented: the takeaway has shut."))
    things = settling.open_things(session, item)
    over = next(each for each in things if each.kind is Kind.LINK)
    link = session.get_one(SubjectLink, over.id)
    linking.end_link(session, day.chair(), DURING, known.network, link, "Invented: mistaken.")
    said = {each["words"] for each in close(day).facts["items"][0]["settled"]}
    assert said == {each.words for each in things} - {over.words}


def test_an_action_goes_to_who_may_see_what_it_is_about_and_blocks_the_closure(session: Session) -> None:
    day = network_day(session)
    known = tangled(session)
    opened(day)
    row, due = item_at(day, "4.1"), day.first.held_on + timedelta(days=14)

    def propose(owner: Account, about: Subject) -> None:
        said = actions.Proposal("Canarydo: visit", owner.key, due, about.key)
        actions.propose(session, day.chair(), DURING, day.first, row, said)

    with pytest.raises(RuleBroken, match="may not see the record"):
        propose(day.people.coordinator, known.suspect)
    propose(day.people.coordinator, known.place)
    mistaken = session.scalars(select(NetworkAction)).one()
    reference = mistaken.reference
    actions.take_back(session, day.chair(), DURING, day.first, row, mistaken)
    assert session.scalars(select(NetworkAction)).all() == []
    propose(day.people.coordinator, known.place)
    propose(day.people.police, known.suspect)
    session.commit()
    taken_back = session.scalars(select(AuditEvent).where(col(AuditEvent.kind) == "action_taken_back")).one()
    assert taken_back.facts == {"action": reference, "number": "4.1", "meeting": day.first.reference}
    decide(day, "4.1")
    close(day)
    day.act(day.people.coordinator)
    (own,) = session.scalars(select(NetworkAction)).all()
    assert (own.subject_id, own.state) == (known.place.key, ActionState.OPEN)
    day.act(day.people.health)
    assert session.scalars(select(NetworkAction)).all() == []
    done = ActionAnswer(AnswerKind.DONE, "Invented: visited.")
    rules = OFFICE.partnership.ratings.actions
    with pytest.raises(NotFound):
        actions.answer(session, day.act(day.people.police), DURING, own, own.version, done, rules)
    moved = [ActionAnswer(AnswerKind.NEW_DATE, "Invented: away.", due + timedelta(days=week * 7)) for week in (1, 2, 3)]
    for said in moved[:2]:
        actions.answer(session, day.act(day.people.coordinator), DURING, own, own.version, said, rules)
    with pytest.raises(RuleBroken, match="Ask the network chair"):
        actions.answer(session, day.act(day.people.coordinator), DURING, own, own.version, moved[2], rules)
    actions.answer(session, day.chair(), DURING, own, own.version, moved[2], rules)
    actions.answer(session, day.act(day.people.coordinator), DURING, own, own.version, done, rules)
    assert own.state is ActionState.DONE
    assert [each.reference for each in actions.open_about(session, row)] == []
    day.chair()
    assert len(actions.open_about(session, row)) == 1


def test_a_decision_about_a_child_goes_on_to_the_rmm_in_the_same_transaction(session: Session) -> None:
    day = network_day(session)
    known, rmms = tangled(session), series(session)
    first, second = known.children
    opened(day)
    row, due = item_at(day, "4.1"), day.first.held_on + timedelta(days=14)
    heard = matters.MatterSaid(MatterKind.ITEM, "Invented: the car was seen at the school.")
    done = matters.MatterSaid(MatterKind.ACTION, "Invented: safety at home", day.people.coordinator.key, due)
    with pytest.raises(NotFound):
        matters.pass_on(session, day.chair(), DURING, day.first, row, "C-NONE", heard)
    matters.pass_on(session, day.chair(), DURING, day.first, row, first.reference, heard)
    matters.pass_on(session, day.chair(), DURING, day.first, row, second.reference, done)
    decide(day, "4.1")
    day.operator()
    assert session.scalars(select(Action)).all() == []
    day.people.coordinator.state = AccountState.DISABLED
    (obstacle,) = obstacles_to_closing(session, OFFICE, day.first, DURING.date())
    assert f"who was to act for {second.reference} may not see" in obstacle.why
    conflict = ConflictOfInterest(
        account_id=day.chair_account.key, child_id=second.key, area_id=second.area_id, meeting_id=day.first.key,
        reason="A neighbour.", declared_at=NOW,
    )  # fmt: skip
    session.add(conflict)
    session.flush()
    day.chair()
    (obstacle,) = obstacles_to_closing(session, OFFICE, day.first, DURING.date())
    assert obstacle.why == NOT_READY, "whoever is kept from a child is not told of the child"
    day.operator()
    session.delete(conflict)
    session.flush()
    day.people.coordinator.state = AccountState.ACTIVE
    close(day)
    day.operator()
    rmm = rmms[2]
    assert rmm.held_on >= DURING.date()
    wanted = next(each for each in rmms if each.held_on >= DURING.date())
    agenda = rmm_draft_of(session, wanted, OFFICE.partnership, DURING)
    (reason,) = [
        reason.text for each in agenda.items if each.child_id == first.key for reason in each.reasons
        if reason.code.value == "added_by_hand"
    ]  # fmt: skip
    assert day.first.reference in reason
    assert "the car was seen" in reason
    (action,) = session.scalars(select(Action)).all()
    assert (action.child_id, action.state) == (second.key, ActionState.OPEN)
    assert network_breaches(session, DURING.date()) == []


def test_whoever_has_a_conflict_of_interest_finds_no_trace_of_the_network(session: Session) -> None:
    day = network_day(session)
    known = tangled(session)
    opened(day)
    row = item_at(day, "4.1")
    presence.declare(session, day.chair(), DURING, day.first, row, day.people.coordinator.key, "Invented: a cousin")
    day.act(day.people.coordinator)
    assert obstacles_to_closing(session, OFFICE, day.first, DURING.date()) == [Obstacle("4.1", NOT_READY)]
    assert find_subject(session, known.network.reference) is None
    assert find_item(session, day.first, "4.1") is None
    day.chair()
    assert presence.missing_of(session, OFFICE, presence.room_of(session, day.first, row)) != ()
    (conflict,) = presence.conflicts_at(session, day.first)
    presence.end_conflict(session, day.chair(), DURING, day.first, conflict.id, "Invented: mistaken")
    day.act(day.people.coordinator)
    assert find_subject(session, known.network.reference) is not None


@pytest.mark.parametrize("deputy", [False, True])
def test_a_chair_with_a_conflict_about_a_part_closes_the_network_and_learns_nothing_of_the_part(
    session: Session, *, deputy: bool
) -> None:
    day = network_day(session)
    known = tangled(session)
    opened(day)
    item = item_at(day, "4.1")
    about_place = SubjectConflict(
        subject_id=known.place.key, account_id=day.chair_account.key, meeting_id=day.first.key, reason="A cousin.",
        declared_at=NOW,
    )  # fmt: skip
    session.add(about_place)
    held = actions.Proposal("Invented: visit", day.people.coordinator.key, day.first.held_on, known.place.key)
    day.operator()
    actions.propose(session, OPERATOR, DURING, day.first, item, held)
    session.scalars(select(NetworkAction)).one().state = ActionState.OPEN
    settle_all(day, day.first, DURING, item)
    if deputy:
        day.chair_account, own = add_account(session, "second-police", Role.NETWORK_CHAIR, "police"), day.chair_account
        settle_all(day, day.first, DURING, item, frozenset({known.car.reference}))
        day.chair_account = own
    day.chair()
    assert known.place.reference not in " ".join(each.words for each in settling.open_things(session, item))
    decide(day, "4.1", Decided(NetworkOutcome.CLOSED, rationale="Invented: the takeaway has shut."))
    assert obstacles_to_closing(session, OFFICE, day.first, DURING.date()) == []
    told = close(day).facts["items"][0]["settled"]
    for each in (known.network, known.place, known.car):
        session.refresh(each)
    assert (known.network.state, known.place.state) == (SubjectState.CLOSED, SubjectState.OPEN)
    assert known.place.review_on == day.second.held_on
    assert (known.car.state is SubjectState.CLOSED) is deputy
    of_place = next(each for each in told if each["words"] == known.place.reference)
    assert (of_place["ends"], "Nothing was said" in of_place["why"]) == (False, not deputy)
    day.chair()
    assert find_subject(session, known.place.reference) is None


def test_two_who_record_the_same_item_lose_nothing(session: Session) -> None:
    day = network_day(session)
    tangled(session)
    opened(day)
    row = item_at(day, "4.1")
    before = decision_of(session, row).version
    decide(day, "4.1")
    with pytest.raises(Conflict) as refused:
        deciding.record_decision(
            session, day.chair(), DURING, OFFICE, day.first, row, before, Decided(None, "Invented: other words.")
        )
    assert "Invented: discussed." in refused.value.theirs
    assert "Invented: other words." in refused.value.ours
    day.act(day.people.health)
    with pytest.raises(RuleBroken, match="on its record"):
        cancel_meeting(session, OPERATOR, DURING, OFFICE, day.first, day.first.version, "Invented")


def test_a_subject_goes_with_the_meetings_and_a_breach_is_named(session: Session) -> None:
    day = network_day(session, count=2)
    subject = open_subject(session, SubjectKind.PLACE, "Invented", review_on=day.second.held_on)

    def home() -> str:
        found = home_of(subject.review_on, meetings_ahead(session, TODAY), TODAY)
        return found.reference if found else ""

    assert home() == day.second.reference
    later = day.second.held_on + timedelta(days=7)
    move_meeting(session, OPERATOR, NOW, OFFICE, day.first, day.first.version, held_on=TODAY + timedelta(days=3))
    move_meeting(session, OPERATOR, NOW, OFFICE, day.second, day.second.version, held_on=later)
    assert home() == day.first.reference
    cancel_meeting(session, OPERATOR, NOW, OFFICE, day.second, day.second.version, "Invented storm")
    assert home() == day.first.reference
    assert network_breaches(session, TODAY) == []
    cancel_meeting(session, OPERATOR, NOW, OFFICE, day.first, day.first.version, "Invented storm")
    (breach,) = network_breaches(session, TODAY)
    assert (breach.code, breach.reference) == ("network_without_meeting", subject.reference)
    subject.review_on = None
    session.flush()
    assert {each.code for each in network_breaches(session, TODAY)} == {
        "network_without_meeting", "network_without_review"
    }  # fmt: skip


def test_what_a_held_meeting_did_not_hear_is_a_breach(session: Session) -> None:
    day = network_day(session)
    referral = refer(session, now=NOW - timedelta(days=14))
    opened(day)
    decide(day, "4.1", Decided(NetworkOutcome.DEFERRED, put_off_reason="Invented: more is asked for"))
    close(day)
    day.operator()
    assert network_breaches(session, DURING.date()) == []
    late = open_subject(session, SubjectKind.PLACE, "Invented")
    late.review_on, late.opened_at = TODAY, NOW - timedelta(days=30)
    session.flush()
    breach = next(each for each in network_breaches(session, DURING.date()) if each.code == "network_unheard")
    assert breach.reference == late.reference
    assert session.get_one(NetworkReferral, referral.key).state is ReferralState.RECEIVED
    assert session.scalar(select(col(NetworkItem.number)).where(col(NetworkItem.referral_id) == referral.key)) == "4.1"
