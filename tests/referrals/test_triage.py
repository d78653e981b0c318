"""Triage: every way out of a referral, with its reason, told to the referrer and recorded; nothing falls off."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child, PossibleDuplicate, Resolution
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.db.session import act_for, unscoped
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import Actor
from meetings_app.referrals import identity, queries, rules, service
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind, Referral, ReferralOutcome, ReferralState
from meetings_app.referrals.service import Decision
from tests.support.children import add_child, add_meeting, put_on_list
from tests.support.meetings import office
from tests.support.referrals import CONCERN, refer
from tests.support.world import NOW, TinyWorld, actor_for, tiny_world

A = ReferralState
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class People:
    """Those of the North East who act in these tests."""

    coordinator: Actor
    chair: Actor
    police: Actor
    coordinator_nw: Actor


@pytest.fixture
def people(session: Session) -> People:
    """The people of the North East's RMM, as those who act."""
    world: TinyWorld = tiny_world(session)
    return People(*(actor_for(session, account) for account in (
        world.coordinator, world.chair_cs, world.police, world.coordinator_nw
    )))  # fmt: skip


def decide(
    session: Session, by: Actor, referral: Referral, outcome: ReferralState, reason: str = "", **more: str
) -> None:
    """Decide as a page would: in the person's own scope, at the version they see."""
    act_for(session, by)
    service.decide(session, by, NOW, office(), referral, referral.version, Decision(outcome, reason, **more))


def mails(session: Session) -> list[OutboxMail]:
    """Give what waits in the outbox."""
    return list(session.scalars(select(OutboxMail).order_by(col(OutboxMail.id))))


def left_the_list(session: Session, child: Child, closed_on: date) -> ListEntry:
    """Let a child have left the list on a day."""
    entry = put_on_list(session, child, listed_on=closed_on - WEEK)
    entry.state, entry.closed_on, entry.closed_because = EntryState.CLOSED, closed_on, "The risk was reduced."
    entry.next_meeting_id = None
    session.flush()
    return entry


@pytest.mark.parametrize(
    ("outcome", "more"),
    [
        (A.ACCEPTED, {}),
        (A.RETURNED, {}),
        (A.TRANSFERRED, {"transferred_to": "Otherplace", "transferred_contact": "Somebody Invented"}),
        (A.NO_FURTHER_ACTION, {}),
    ],
)
def test_every_way_out_is_recorded_with_its_reason_and_told_to_the_referrer(
    session: Session, people: People, outcome: ReferralState, more: dict[str, str]
) -> None:
    referral = refer(session, by=people.police)
    decide(session, people.chair, referral, outcome, "Because of <this> & that", **more)
    session.commit()
    assert (referral.state, referral.decision_reason) == (outcome, "Because of <this> & that")
    assert (referral.decided_at, referral.decided_by_id) == (NOW, people.chair.account_id)
    assert (referral.transferred_to, referral.transferred_contact) == (
        more.get("transferred_to", ""),
        more.get("transferred_contact", ""),
    )
    (mail,) = mails(session)
    assert mail.account_id == people.police.account_id
    assert referral.reference in mail.subject
    assert f"https://meetings.example.org/referrals/{referral.reference}" in mail.body
    for private in (referral.child_name, CONCERN, "Because of"):
        assert private not in mail.subject + mail.body
    kinds = session.scalars(select(col(AuditEvent.kind)).where(col(AuditEvent.child_id) == referral.child_id)).all()
    assert [kind for kind in kinds if "referral" in kind] == [EventKind.REFERRAL_MADE, EventKind.REFERRAL_DECIDED]


def test_nobody_is_told_of_their_own_decision(session: Session, people: People) -> None:
    decide(session, people.coordinator, refer(session, by=people.coordinator), A.ACCEPTED)
    assert mails(session) == []


def test_no_further_action_needs_a_chair(session: Session, people: People) -> None:
    referral = refer(session, by=people.police)
    with pytest.raises(RuleBroken, match="Only a chair"):
        decide(session, people.coordinator, referral, A.NO_FURTHER_ACTION, "Nothing in it")
    assert referral.state is A.RECEIVED


@pytest.mark.parametrize("closed", [date(2025, 11, 23), date(2026, 11, 20)])
def test_a_referral_within_twelve_months_of_closure_is_a_repeat_and_never_ends_without_the_rmm(
    session: Session, people: People, closed: date
) -> None:
    child = add_child(session)
    left_the_list(session, child, closed)
    act_for(session, people.police)
    referral = refer(session, child, by=people.police)
    assert referral.repeat
    with pytest.raises(RuleBroken, match="repeat"):
        decide(session, people.chair, referral, A.NO_FURTHER_ACTION, "Heard before")
    with pytest.raises(RuleBroken, match="Accept the referral"):
        decide(session, people.chair, referral, A.ALREADY_KNOWN, "Heard before")


def test_a_referral_later_than_that_is_no_repeat(session: Session, people: People) -> None:
    child = add_child(session)
    left_the_list(session, child, date(2025, 11, 22))
    assert not refer(session, child, by=people.police).repeat


def test_already_known_becomes_an_update_and_pulls_the_review_forward(session: Session, people: People) -> None:
    soon, later = add_meeting(session, date(2026, 11, 24)), add_meeting(session, date(2026, 12, 29))
    entry = put_on_list(session, review_on=date(2026, 12, 29))
    assert entry.next_meeting_id == later.key
    referral = refer(session, session.get_one(Child, entry.child_id), by=people.police)
    decide(session, people.coordinator, referral, A.ALREADY_KNOWN, "A new address was named")
    (change,) = session.scalars(select(ChangeInCircumstances)).all()
    assert (change.child_id, change.kind, change.happened_on) == (
        entry.child_id, ChangeKind.REPEAT_REFERRAL, date(2026, 11, 23)
    )  # fmt: skip
    assert "A new address was named" in change.text
    assert CONCERN in change.text
    assert (entry.next_review_on, entry.next_meeting_id) == (date(2026, 11, 24), soon.key)
    assert len(mails(session)) == 1


def test_a_change_never_puts_a_review_off(session: Session, people: People) -> None:
    add_meeting(session, date(2026, 12, 29))
    entry = put_on_list(session, review_on=date(2026, 12, 1))
    child = session.get_one(Child, entry.child_id)
    act_for(session, people.police)
    service.report_change(
        session, people.police, NOW, child, ChangeKind.MISSING_EPISODE, date(2026, 11, 22), "Missing overnight"
    )  # fmt: skip
    assert entry.next_review_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("on", "text", "field"),
    [
        (date(2026, 11, 24), "Ahead", "happened_on"),
        (date(2001, 1, 1), "Before the birth", "happened_on"),
        (date(2026, 11, 23), " ", "text"),
    ],
)
def test_a_change_lies_in_the_past_and_says_something(
    session: Session, people: People, on: date, text: str, field: str
) -> None:
    child = session.get_one(Child, put_on_list(session).child_id)
    with pytest.raises(RuleBroken) as refused:
        service.report_change(session, people.coordinator, NOW, child, ChangeKind.INCIDENT, on, text)
    assert refused.value.field == field


def test_a_returned_referral_keeps_its_age_and_its_questions(session: Session, people: People) -> None:
    referral = refer(session, by=people.police)
    for question, answer in (("Who saw it?", "A neighbour & a friend"), ("When?", "Last <week>")):
        decide(session, people.coordinator, referral, A.RETURNED, question)
        with pytest.raises(RuleBroken, match="with the referrer already"):
            decide(session, people.coordinator, referral, A.RETURNED, "Again")
        act_for(session, people.police)
        service.answer_returned(session, people.police, NOW + WEEK, referral, referral.version, answer)
        assert (referral.state, referral.received_at) == (A.RECEIVED, NOW)
    for said in ("Who saw it?", "A neighbour & a friend", "When?", "Last <week>", "30 November 2026"):
        assert said in referral.information_given
    assert referral.answered_at == NOW + WEEK
    decide(session, people.coordinator, referral, A.RETURNED, "And never answered?")
    decide(session, people.coordinator, referral, A.ACCEPTED, "Accepted all the same.")
    assert "And never answered?" in referral.information_given


def test_only_the_referrer_and_triage_answer_and_only_what_was_returned(session: Session, people: People) -> None:
    referral = refer(session, by=people.police)
    with pytest.raises(Conflict):
        service.answer_returned(session, people.police, NOW, referral, referral.version, "Too early")
    decide(session, people.coordinator, referral, A.RETURNED, "Who saw it?")
    with pytest.raises(NotFound):
        service.answer_returned(session, people.coordinator_nw, NOW, referral, referral.version, "Not mine")
    with pytest.raises(RuleBroken):
        service.answer_returned(session, people.police, NOW, referral, referral.version, "  ")


@pytest.mark.parametrize("working_days", range(9))
def test_a_returned_referral_without_an_answer_is_counted_after_five_working_days(
    session: Session, people: People, working_days: int
) -> None:
    referral = refer(session, by=people.police)
    decide(session, people.coordinator, referral, A.RETURNED, "Who saw it?")
    later = NOW + (office().calendar.add_working_days(NOW.date(), working_days) - NOW.date())
    counts = queries.waiting_counts(session, people.coordinator, later, office())
    assert (counts.waiting, counts.returned, counts.unanswered) == (1, 1, int(working_days > 5))
    assert queries.waiting_counts(session, people.police, later, office()).to_answer == 1


def test_the_second_coordinator_is_told_and_sees_both_texts(session: Session, people: People) -> None:
    referral = refer(session, by=people.police)
    opened_at = referral.version
    decide(session, people.coordinator, referral, A.RETURNED, "Who saw it?")
    for version in (opened_at, referral.version + 1):
        act_for(session, people.chair)
        with pytest.raises(Conflict) as told:
            service.decide(
                session, people.chair, NOW, office(), referral, version, Decision(A.NO_FURTHER_ACTION, "Nothing in it")
            )  # fmt: skip
        assert "Who saw it?" in told.value.theirs
        assert told.value.ours == "Nothing in it"
    assert referral.state is A.RETURNED


def test_nobody_of_another_area_decides(session: Session, people: People) -> None:
    referral = refer(session, by=people.police)
    for stranger in (people.coordinator_nw, people.police):
        with pytest.raises(NotFound):
            decide(session, stranger, referral, A.ACCEPTED)


def test_what_the_rmm_made_of_it_is_told_to_the_referrer(session: Session, people: People) -> None:
    referral, meeting = refer(session, by=people.police), add_meeting(session, date(2026, 11, 24))
    decide(session, people.coordinator, referral, A.ACCEPTED)
    service.hear(session, people.chair, NOW, office(), referral, meeting, ReferralOutcome.NO_RISK_IDENTIFIED)
    assert (referral.state, referral.heard_at_meeting_id) == (A.HEARD, meeting.key)
    assert len(mails(session)) == 2
    with pytest.raises(DomainError):
        service.hear(session, people.chair, NOW, office(), referral, meeting, ReferralOutcome.LISTED)


def test_a_referral_of_a_child_known_elsewhere_moves_to_that_record_and_both_are_kept(
    session: Session, people: People
) -> None:
    known = add_child(session, "Testy Specimen", area="NW")
    left_the_list(session, known, date(2026, 6, 1))
    new = add_child(session, "Testie Specimen")
    first, second = refer(session, new, by=people.police), refer(session, new, by=people.police)
    assert not first.repeat
    act_for(session, people.coordinator)
    kept = identity.say_same_child(
        session, people.coordinator, NOW, office(), first, first.version, known.reference, "Same mother"
    )  # fmt: skip
    assert kept.key == known.key
    assert new.merged_into_id == known.key
    for referral in (first, second):
        assert (referral.child_id, referral.area_id, referral.repeat) == (known.key, known.area_id, True)
        assert referral.child_name == "Testie Specimen"
    pair = session.scalars(select(PossibleDuplicate).execution_options(**unscoped())).one()
    assert (pair.resolution, pair.resolution_reason) == (Resolution.SAME, "Same mother")
    assert queries.find_referral(session, first.reference) is None
    act_for(session, people.coordinator_nw)
    assert queries.find_referral(session, first.reference) is first


def test_two_children_who_look_alike_stay_two(session: Session, people: People) -> None:
    known, new = add_child(session, "Testy Specimen", area="NW"), add_child(session, "Testie Specimen")
    referral = refer(session, new, by=people.police)
    act_for(session, people.coordinator)
    identity.say_different_child(
        session, people.coordinator, NOW, referral, referral.version, known.reference, "Another school"
    )  # fmt: skip
    assert (new.merged_into_id, referral.child_id) == (None, new.key)
    assert queries.pairs_of(session, new.key) == []


def test_a_child_on_the_list_is_never_merged_away(session: Session, people: People) -> None:
    known, new = add_child(session, "Testy Specimen", area="NW"), add_child(session, "Testie Specimen")
    put_on_list(session, new)
    referral = refer(session, new, by=people.police)
    with pytest.raises(DomainError, match="Only an RMM"):
        identity.say_same_child(
            session, people.coordinator, NOW, office(), referral, referral.version, known.reference, "Same"
        )  # fmt: skip
    assert new.merged_into_id is None


def test_only_the_coordinator_of_the_area_says_who_is_the_same(session: Session, people: People) -> None:
    known, new = add_child(session, "Testy Specimen", area="NW"), add_child(session, "Testie Specimen")
    referral = refer(session, new, by=people.police)
    stranger = add_child(session, "Quite Different", born=date(2012, 2, 2))
    for by, other in ((people.coordinator_nw, known), (people.police, known), (people.coordinator, stranger)):
        with pytest.raises(NotFound):
            identity.say_same_child(session, by, NOW, office(), referral, referral.version, other.reference, "Same")


def test_the_queue_stands_urgent_first_then_oldest_and_pages_lose_nobody(session: Session, people: People) -> None:
    made = []
    for number in range(2 * queries.PAGE + 20):
        child = add_child(session, born=date(2011, 1, 1) + timedelta(days=3 * number))
        at = NOW - timedelta(hours=number % 11)
        made.append(refer(session, child, by=people.police, urgent=number % 3 == 0, received_at=at))
    refer(session, add_child(session, area="NW", born=date(2009, 1, 1)), by=people.police)
    expected = [each.reference for each in sorted(made, key=lambda each: (not each.urgent, each.received_at, each.key))]
    act_for(session, people.coordinator)
    view, late = queries.QueueFilter(), queries.moments(office(), NOW)
    pages = [queries.page_of(session, people.coordinator, view, late)]
    while pages[-1].later:
        last = pages[-1].rows[-1].reference
        pages.append(queries.page_of(session, people.coordinator, view, late, after=last))
    assert [row.reference for page in pages for row in page.rows] == expected
    back = queries.page_of(session, people.coordinator, view, late, before=pages[-1].rows[0].reference)
    assert [row.reference for row in back.rows] == [row.reference for row in pages[-2].rows]
    assert back.later
    counts = queries.waiting_counts(session, people.coordinator, NOW + timedelta(days=1), office())
    assert counts.urgent == sum(each.urgent for each in made)
    assert counts.waiting == len(made)
    assert counts.late == sum(each.received_at < NOW for each in made)


def test_the_referrer_sees_their_own_newest_first(session: Session, people: People) -> None:
    made = [refer(session, by=people.police, received_at=NOW - timedelta(days=day)) for day in (3, 1, 2)]
    refer(session, by=people.coordinator)
    act_for(session, people.police)
    page = queries.page_of(
        session, people.police, queries.QueueFilter(queries.View.MINE), queries.moments(office(), NOW)
    )  # fmt: skip
    assert [row.reference for row in page.rows] == [made[1].reference, made[2].reference, made[0].reference]
    assert page.rows[0].child_name == made[1].child_name
    assert page.rows[0].child_reference is None, "the record itself stays hidden"


def test_a_person_refers_for_their_own_agency_only(session: Session, people: People) -> None:
    health = session.scalars(select(Account).where(col(Account.email) == "health@exampleshire.example")).one()
    with pytest.raises(RuleBroken) as refused:
        refer(session, by=people.police, agency_id=health.agency_id)
    assert refused.value.field == "agency"
    assert refer(session, by=people.coordinator, agency_id=health.agency_id).agency_id == health.agency_id
    assert rules.OPEN == (A.RECEIVED, A.RETURNED)
