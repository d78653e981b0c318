"""The ways off the list besides the closure gate, and that nothing else takes a child off."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.service import give
from meetings_app.audit.models import AuditEvent
from meetings_app.child_record import leaving
from meetings_app.child_record.leaving_rules import Acknowledgement, Transfer
from meetings_app.children.models import Child
from meetings_app.cse_list.models import Departure, DepartureState, EntryState, ListEntry
from meetings_app.cse_list.service import is_listed, live_entry
from meetings_app.db.session import act_for
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.meetings.adjusting import add_by_hand
from meetings_app.meetings.drafting import draft_of
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.models import ChangeKind, Referral, ReferralState
from meetings_app.referrals.service import report_change
from meetings_app.strategy.models import DiscussionState, StrategyDiscussion
from meetings_app.strategy.service import Asked, request
from tests.support.children import agency_id, put_on_list
from tests.support.referrals import refer
from tests.support.rmm import OFFICE, Rmm, child_of, due, rmm
from tests.support.world import NOW

TRANSFER = Transfer("Invented Borough", "Testy McContact", "The family moves, as invented.")
SAID = Acknowledgement("Testy McReceiver", NOW.date())


@pytest.fixture
def day(session: Session) -> Rmm:
    return rmm(session)


def listed(day: Rmm) -> Child:
    day.operator()
    return due(day.session)


def transfer(day: Rmm, child: Child, transfer: Transfer = TRANSFER) -> Departure:
    return leaving.begin_transfer(day.session, day.act("chair_cs"), NOW, OFFICE, child, transfer)


def acknowledge(day: Rmm, row: Departure, said: Acknowledgement = SAID) -> None:
    leaving.acknowledge(day.session, day.act("chair_fs"), NOW, OFFICE, row, row.version, said)


def died(day: Rmm, child: Child) -> Departure:
    return leaving.begin_death(day.session, day.act("chair_cs"), NOW, OFFICE, child, "Told by the hospital, invented.")


def agree(day: Rmm, row: Departure, who: str = "chair_fs") -> None:
    leaving.agree(day.session, day.act(who), NOW, OFFICE, row, row.version)


def stands_on(day: Rmm, child: Child) -> bool:
    act_for(day.session, OPERATOR)
    return child.key in {item.child_id for item in draft_of(day.session, day.meeting, OFFICE.partnership, NOW).items}


def give_one(day: Rmm, child: Child) -> Action:
    day.operator()
    police = agency_id(day.session, "police")
    owner = day.world.police.key
    return give(day.session, OPERATOR, NOW, child, "Invented.", police, owner, NOW.date() + timedelta(days=9))


def test_a_child_who_is_transferred_stays_listed_until_the_other_authority_acknowledges(day: Rmm) -> None:
    child = listed(day)
    row = transfer(day, child)
    assert is_listed(day.session, child.key)
    assert stands_on(day, child)
    acknowledge(day, row)
    entry = day.session.get_one(ListEntry, row.entry_id)
    assert (entry.state, entry.closed_on, entry.leaving) == (EntryState.CLOSED, NOW.date(), None)
    assert (row.state, row.acknowledged_by, row.left_on) == (DepartureState.LEFT, "Testy McReceiver", NOW.date())
    assert not stands_on(day, child)


@pytest.mark.parametrize("missing", ["authority", "contact", "reason"])
def test_a_transfer_names_the_authority_its_contact_and_why(day: Rmm, missing: str) -> None:
    child = listed(day)
    with pytest.raises(RuleBroken) as refused:
        transfer(day, child, replace(TRANSFER, **{missing: " "}))
    assert refused.value.field == missing


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (replace(SAID, by=" "), "acknowledged_by"),
        (replace(SAID, on=NOW.date() + timedelta(days=1)), "acknowledged_on"),
        (replace(SAID, on=NOW.date() - timedelta(days=1)), "acknowledged_on"),
    ],
)
def test_an_acknowledgement_names_who_and_a_day_since_the_transfer_began(
    day: Rmm, said: Acknowledgement, field: str
) -> None:
    child = listed(day)
    row = transfer(day, child)
    with pytest.raises(RuleBroken) as refused:
        acknowledge(day, row, said)
    assert refused.value.field == field
    assert is_listed(day.session, child.key)


def test_what_waits_goes_to_the_other_authority_with_the_child(day: Rmm) -> None:
    child = listed(day)
    action, referral = give_one(day, child), refer(day.session, child)
    acknowledge(day, transfer(day, child))
    day.operator()
    assert (action.state, action.outcome) == (ActionState.WITHDRAWN, "Transferred to Invented Borough.")
    assert (referral.state, referral.transferred_contact) == (ReferralState.TRANSFERRED, "Testy McContact")


def test_whoever_left_once_and_was_listed_again_is_on_an_agenda_like_anybody_else(day: Rmm) -> None:
    child = listed(day)
    acknowledge(day, transfer(day, child))
    day.operator()
    again = put_on_list(day.session, child)
    again.state, again.closed_on = EntryState.CLOSED, NOW.date()
    day.session.flush()
    assert not stands_on(day, child)
    add_by_hand(day.session, day.act("coordinator"), NOW, day.meeting, child, "An invented call from the school")
    assert stands_on(day, child)


def test_a_transfer_waits_for_an_open_strategy_discussion(day: Rmm) -> None:
    child = listed(day)
    request(day.session, OPERATOR, NOW, OFFICE, child, Asked(["trafficking"]))
    row = transfer(day, child)
    with pytest.raises(DomainError, match="strategy discussion"):
        acknowledge(day, row)


def test_after_a_death_everything_ends_with_the_chairs_words_and_nobody_is_sent_anything(day: Rmm) -> None:
    child = listed(day)
    action = give_one(day, child)
    referral = refer(day.session, child)
    discussion = request(day.session, OPERATOR, NOW, OFFICE, child, Asked(["trafficking"]))
    mails = day.session.scalar(select(func.count()).select_from(OutboxMail))
    row = died(day, child)
    assert is_listed(day.session, child.key)
    agree(day, row)
    day.operator()
    assert not is_listed(day.session, child.key)
    assert (action.state, action.outcome) == (ActionState.WITHDRAWN, "Told by the hospital, invented.")
    assert referral.state is ReferralState.NO_FURTHER_ACTION
    assert day.session.get_one(StrategyDiscussion, discussion.key).state is DiscussionState.NOT_HELD
    assert not stands_on(day, child)
    assert day.session.scalar(select(func.count()).select_from(OutboxMail)) == mails


@pytest.mark.parametrize("who", ["chair_cs", "coordinator", "police", "coordinator_nw"])
def test_two_chairs_of_the_two_agencies_agree_to_a_death_and_nobody_else(day: Rmm, who: str) -> None:
    child = listed(day)
    row = died(day, child)
    with pytest.raises((NotFound, RuleBroken)):
        agree(day, row, who)
    day.operator()
    assert is_listed(day.session, child.key)


@pytest.mark.parametrize("who", ["coordinator", "police", "coordinator_nw"])
def test_nobody_but_a_chair_begins_to_take_a_child_off(day: Rmm, who: str) -> None:
    child = listed(day)
    with pytest.raises(NotFound):
        leaving.begin_death(day.session, day.act(who), NOW, OFFICE, child, "Invented.")


def test_what_was_begun_can_be_taken_back_and_the_child_stays(day: Rmm) -> None:
    child = listed(day)
    row = died(day, child)
    leaving.withdraw(day.session, day.act("chair_fs"), NOW, OFFICE, row, row.version, "A mistake, invented.")
    entry = live_entry(day.session, child.key)
    assert entry is not None
    assert (entry.state, entry.leaving, row.state) == (EntryState.LISTED, None, DepartureState.WITHDRAWN)
    with pytest.raises(Conflict):
        agree(day, row)


def test_a_second_departure_does_not_begin_while_one_waits(day: Rmm) -> None:
    child = listed(day)
    transfer(day, child)
    with pytest.raises(DomainError, match="begun already"):
        died(day, child)


def test_a_child_on_a_published_agenda_leaves_after_that_meeting(day: Rmm) -> None:
    child = listed(day)
    row = transfer(day, child)
    day.publish()
    with pytest.raises(DomainError, match="agenda"):
        acknowledge(day, row)


def test_a_child_who_left_comes_back_only_by_a_new_referral_which_is_a_repeat(day: Rmm) -> None:
    child = listed(day)
    acknowledge(day, transfer(day, child))
    assert not stands_on(day, child)
    referral = refer(day.session, child)
    assert referral.repeat
    assert stands_on(day, child)


def twice(day: Rmm, ratings: tuple[RiskRating, RiskRating] = (RiskRating.MEDIUM, RiskRating.HIGH)) -> tuple[Child, ...]:
    day.operator()
    born = date(2011, 1, 5)
    return tuple(
        child_of(day.session, put_on_list(day.session, None, rating, name="Testy Twice", born=born))
        for rating in ratings
    )


def duplicate(day: Rmm, child: Child, kept: Child) -> Departure:
    by = day.act("chair_cs")
    row = leaving.begin_duplicate(day.session, by, NOW, OFFICE, child, kept, "The same school, invented.")
    agree(day, row)
    day.operator()
    return row


def test_a_duplicate_keeps_both_records_and_undoing_it_restores_what_was_listed(day: Rmm) -> None:
    child, kept = twice(day)
    action, referral = give_one(day, child), refer(day.session, child)
    before = live_entry(day.session, child.key)
    assert before is not None
    row = duplicate(day, child, kept)
    assert (child.merged_into_id, action.child_id, referral.child_id) == (kept.key, kept.key, kept.key)
    assert not is_listed(day.session, child.key)
    assert stands_on(day, kept)
    leaving.undo_duplicate(
        day.session, day.act("chair_fs"), NOW, OFFICE, row, row.version, "Two birth certificates, invented."
    )
    day.operator()
    assert child.merged_into_id is None
    assert (action.child_id, action.child_reference, referral.child_id) == (child.key, child.reference, child.key)
    entry = live_entry(day.session, child.key)
    assert entry is not None
    assert (entry.id, entry.current_rating) == (before.id, RiskRating.MEDIUM)
    assert entry.next_meeting_id == day.meeting.key
    assert is_listed(day.session, kept.key)
    assert row.state is DepartureState.UNDONE


def test_a_merge_lowers_nothing_the_record_with_the_higher_rating_is_kept(day: Rmm) -> None:
    high, medium = twice(day, (RiskRating.HIGH, RiskRating.MEDIUM))
    with pytest.raises(RuleBroken) as refused:
        duplicate(day, high, medium)
    assert refused.value.field == "kept"


def test_the_record_that_is_kept_must_be_listed(day: Rmm) -> None:
    child, kept = twice(day)
    acknowledge(day, transfer(day, kept))
    with pytest.raises(RuleBroken):
        duplicate(day, child, kept)


def change_of_address(day: Rmm, child: Child) -> None:
    report_change(day.session, OPERATOR, NOW, child, ChangeKind.INCIDENT, NOW.date(), "Invented.")


@pytest.mark.parametrize("left_behind", [give_one, change_of_address])
def test_what_a_child_left_behind_brings_nobody_to_an_agenda(
    day: Rmm, left_behind: Callable[[Rmm, Child], object]
) -> None:
    child = listed(day)
    left_behind(day, child)
    agree(day, died(day, child))
    assert not stands_on(day, child)


def test_every_step_stands_in_the_trail(day: Rmm) -> None:
    child, kept = twice(day)
    row = duplicate(day, child, kept)
    leaving.undo_duplicate(day.session, day.act("chair_fs"), NOW, OFFICE, row, row.version, "Invented.")
    day.session.commit()
    day.operator()
    kinds = day.session.scalars(select(col(AuditEvent.kind)).where(col(AuditEvent.child_id) == child.key)).all()
    for kind in ("departure_begun", "entry_left", "merge_undone", "entry_restored"):
        assert kind in kinds


def test_a_referral_heard_for_the_wrong_record_waits_again_for_the_right_one(day: Rmm) -> None:
    child, kept = twice(day)
    referral = refer(day.session, child)
    row = duplicate(day, child, kept)
    moved = day.session.get_one(Referral, referral.key)
    moved.state, moved.heard_at_meeting_id, moved.heard_on = ReferralState.HEARD, day.meeting.key, NOW.date()
    day.meeting.closed_at = NOW
    day.session.flush()
    leaving.undo_duplicate(day.session, day.act("chair_fs"), NOW, OFFICE, row, row.version, "Invented.")
    day.operator()
    assert (moved.child_id, moved.state.value) == (child.key, "accepted")
    assert vars(moved)["heard_on"] is None
