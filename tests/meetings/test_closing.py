"""Closing a meeting: it refuses while an item is undecided, then everything takes effect at once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionState
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.cse_list.models import ClosureState, EntryState, ListEntry
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.meetings import arranging
from meetings_app.meetings.closing import StillOpen, close_meeting
from meetings_app.meetings.closures import closure_of, sign
from meetings_app.meetings.deciding import add_action
from meetings_app.meetings.drafting import draft_of
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.meetings.minutes_facts import digest_of
from meetings_app.minutes.signing import sign_minutes
from meetings_app.notices.models import OutboxMail
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind, Referral, ReferralOutcome, ReferralState
from meetings_app.schedule.models import MeetingState
from tests.support.children import agency_id
from tests.support.issued import long_issued
from tests.support.rmm import ANSWERS, OFFICE, Rmm, closed, deferred, due, rated, referred, rmm
from tests.support.world import NOW

HIGH, MEDIUM, LOW, NONE = RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW, RiskRating.NONE


def close(day: Rmm, who: str = "chair_cs", despite: str = "", although: str = "") -> None:
    close_meeting(day.session, day.act(who), NOW, OFFICE, day.meeting, day.meeting.version, despite, although)
    day.operator()


def last_rating(session: Session, child: Child) -> Rating | None:
    return session.scalars(
        select(Rating).where(col(Rating.child_id) == child.key).order_by(col(Rating.id).desc())
    ).first()


def test_it_refuses_while_an_item_is_undecided_and_changes_nothing(session: Session) -> None:
    day = rmm(session)
    decided, undecided = due(session), referred(session)
    day.open()
    day.decide(decided, rated(session, HIGH))
    with pytest.raises(StillOpen) as told:
        close(day)
    assert [obstacle.number for obstacle in told.value.obstacles] == [day.item(undecided).number]
    assert day.meeting.state is MeetingState.IN_PROGRESS
    entry = live_entry(session, decided.key)
    assert entry is not None
    assert entry.current_rating is MEDIUM


def test_a_whole_meeting_of_eight_items_takes_effect(session: Session) -> None:
    day = rmm(session)
    raised, kept, lowered, closing = (
        due(session, leaving=True),
        due(session, HIGH, leaving=True),
        due(session, MEDIUM, leaving=True),
        due(session, leaving=True),
    )
    listed, no_risk, put_off = referred(session, day.world.education.key), referred(session), referred(session)
    noted = due_only_by_a_change(session)
    day.open()
    day.decide(raised, rated(session, HIGH))
    day.decide(kept, rated(session, HIGH))
    day.decide(lowered, rated(session, LOW))
    day.decide(closing, closed(), ANSWERS)
    day.decide(listed, rated(session, MEDIUM))
    day.decide(no_risk, rated(session, NONE, exploitation_status=None, lead_agency_id=None))
    day.decide(put_off, deferred(session))
    day.decide(noted, rated(session, MEDIUM))
    add_action(
        session, day.act("coordinator"), NOW, day.meeting, day.item(raised), what="Check the address",
        agency_id=agency_id(session, "police"), owner_id=day.world.police.key, due_on=date(2026, 12, 1),
    )  # fmt: skip
    close(day)

    assert day.meeting.state is MeetingState.CLOSED
    assert ratings_on_list(session) == {
        raised.key: HIGH, kept.key: HIGH, lowered.key: LOW, closing.key: MEDIUM, listed.key: MEDIUM,
        noted.key: MEDIUM,
    }  # fmt: skip
    new = live_entry(session, listed.key)
    assert new is not None
    assert (new.listed_on, new.next_review_on) == (date(2026, 11, 24), date(2027, 1, 19))
    assert new.next_meeting_id == day.later[-1].key
    up = live_entry(session, raised.key)
    assert up is not None
    assert up.next_review_on == date(2026, 12, 22)
    assert live_entry(session, no_risk.key) is None
    states = {row.child_id: (row.state, row.outcome) for row in session.scalars(select(Referral))}
    assert states == {
        listed.key: (ReferralState.HEARD, ReferralOutcome.LISTED),
        no_risk.key: (ReferralState.HEARD, ReferralOutcome.NO_RISK_IDENTIFIED),
        put_off.key: (ReferralState.ACCEPTED, None),
    }
    assert session.scalars(select(col(Action.state))).all() == [ActionState.OPEN]
    assert session.scalars(select(col(ChangeInCircumstances.heard_at_meeting_id))).all() == [day.meeting.key]
    told = sorted(
        (mail.kind, mail.recipient_address)
        for mail in session.scalars(select(OutboxMail))
        if mail.kind in ("minutes_ready", "referral_outcome")
    )
    # Those who attended hear of the minutes when the draft is issued to them, and not before.
    assert told == [("referral_outcome", "education@exampleshire.example")]


def due_only_by_a_change(session: Session) -> Child:
    child = due(session)
    entry = live_entry(session, child.key)
    assert entry is not None
    entry.next_review_on = date(2027, 2, 1)
    session.add(
        ChangeInCircumstances(
            child_id=child.key, kind=ChangeKind.INCIDENT, happened_on=date(2026, 11, 18),
            reported_at=NOW - timedelta(days=4), text="An invented change.",
        )
    )  # fmt: skip
    session.flush()
    return child


def ratings_on_list(session: Session) -> dict[int, RiskRating]:
    live = session.scalars(select(ListEntry).where(col(ListEntry.state) != EntryState.CLOSED))
    return {entry.child_id: entry.current_rating for entry in live}


def test_what_was_deferred_is_on_the_agenda_of_the_next_meeting_with_its_reason(session: Session) -> None:
    day = rmm(session)
    child = referred(session)
    day.open()
    day.decide(child, deferred(session, reason="The school’s report is missing"))
    close(day)
    items = draft_of(session, day.later[0], OFFICE.partnership, NOW).items
    assert [item.child for item in items] == [child.reference]
    texts = {reason.code.value: reason.text for reason in items[0].reasons}
    assert texts["carried_over"] == f"Deferred at {day.meeting.reference}: The school’s report is missing"


def test_without_quorum_a_rating_is_provisional_and_nothing_is_lowered_or_closed(session: Session) -> None:
    day = rmm(session)
    raised, lowered = due(session), due(session, HIGH)
    day.open(present=())
    day.decide(raised, rated(session, HIGH))
    day.decide(lowered, rated(session, MEDIUM))
    with pytest.raises(StillOpen) as told:
        close(day)
    assert [obstacle.number for obstacle in told.value.obstacles] == [day.item(lowered).number]
    day.decide(lowered, rated(session, HIGH))
    close(day, despite="Nobody came, as invented.", although="Rung afterwards, as invented.")
    rating = last_rating(session, raised)
    entry = live_entry(session, raised.key)
    assert rating is not None
    assert entry is not None
    assert rating.provisional
    assert entry.provisional
    drafted = draft_of(session, day.later[0], OFFICE.partnership, NOW)
    assert {item.child for item in drafted.items} == {raised.reference, lowered.reference}


def test_two_different_chairs_sign_a_closure_and_until_then_the_child_stays_listed(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    day.open()
    day.decide(child, closed(), ANSWERS)
    close(day)
    closure = closure_of(session, day.meeting.key, child.key)
    entry = live_entry(session, child.key)
    assert closure is not None
    assert entry is not None
    assert (entry.state, closure.state) == (EntryState.CLOSING, ClosureState.CLOSING)
    with pytest.raises(NotFound):
        sign(session, day.act("coordinator"), NOW, OFFICE, closure)
    assert not sign(session, day.act("chair_cs"), NOW, OFFICE, closure)
    with pytest.raises(DomainError):
        sign(session, day.act("chair_cs"), NOW, OFFICE, closure)
    assert sign(session, day.act("chair_fs"), NOW, OFFICE, closure)
    day.operator()
    assert live_entry(session, child.key) is None
    assert entry.closed_on == date(2026, 11, 23)
    rating = last_rating(session, child)
    assert rating is not None
    assert rating.rating is NONE


def test_a_second_signature_that_comes_too_late_brings_the_closure_back(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    day.open()
    day.decide(child, closed(), ANSWERS)
    close(day)
    closure = closure_of(session, day.meeting.key, child.key)
    assert closure is not None
    sign(session, day.act("chair_cs"), NOW, OFFICE, closure)
    with pytest.raises(DomainError, match="goes to the next RMM"):
        sign(session, day.act("chair_fs"), NOW + timedelta(days=4), OFFICE, closure)
    day.operator()
    assert [item.child for item in draft_of(session, day.later[0], OFFICE.partnership, NOW).items] == [child.reference]


def test_an_adult_still_at_risk_is_handed_over_and_keeps_the_rating(session: Session) -> None:
    day = rmm(session)
    child = due(session, HIGH, born=date(2008, 1, 5), leaving=True)
    day.open()
    answers = replace(
        ANSWERS, still_at_risk=YesNoUnknown.YES, package_service="Invented service", package_contact="Testy McContact",
        package_starts_on=date(2026, 12, 1), package_agreed_by="Testy McAgreed", adult_at_risk=YesNoUnknown.YES,
        adult_at_risk_reason="An invented reason",
    )  # fmt: skip
    day.decide(child, closed(), answers)
    close(day)
    closure = closure_of(session, day.meeting.key, child.key)
    assert closure is not None
    for who in ("chair_cs", "chair_fs"):
        sign(session, day.act(who), NOW, OFFICE, closure)
    day.operator()
    assert live_entry(session, child.key) is None
    rating = last_rating(session, child)
    minutes = latest_minutes(session, day.meeting.key)
    assert rating is not None
    assert minutes is not None
    assert rating.rating is HIGH
    assert minutes.facts["items"][0]["rating"] == "high"


def test_a_review_that_was_still_to_come_is_not_put_off_by_raising_the_rating(session: Session) -> None:
    day = rmm(session)
    child = due_only_by_a_change(session)
    entry = live_entry(session, child.key)
    assert entry is not None
    entry.next_review_on = date(2026, 12, 10)
    day.open()
    day.decide(child, rated(session, HIGH))
    close(day)
    assert entry.next_review_on == date(2026, 12, 10)


def test_the_minutes_are_locked_by_two_chairs_of_the_two_agencies(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    day.decide(child, rated(session, HIGH))
    close(day)
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    assert minutes.sha256 == digest_of(minutes.facts)
    assert minutes.facts["items"][0]["rationale"] == "An invented rationale."
    long_issued(session, day.meeting)
    with pytest.raises(NotFound):
        sign_minutes(session, day.act("coordinator"), NOW, OFFICE, day.meeting, 1)
    sign_minutes(session, day.act("chair_fs"), NOW, OFFICE, day.meeting, 1)
    with pytest.raises(DomainError):
        sign_minutes(session, day.act("chair_fs"), NOW, OFFICE, day.meeting, 1)
    assert day.meeting.signed_at is None
    sign_minutes(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, 1)
    assert day.meeting.state is MeetingState.SIGNED


def test_after_two_deferrals_the_meeting_rates_provisionally_instead(session: Session) -> None:
    day = rmm(session)
    child = referred(session)
    for meeting in (day.later[0], day.later[1], day.later[2]):
        day.open()
        if meeting is day.later[2]:
            with pytest.raises(RuleBroken, match="deferred 2 times"):
                day.decide(child, deferred(session))
            return
        day.decide(child, deferred(session))
        close(day)
        day.meeting = meeting


def test_the_items_of_a_cancelled_meeting_are_on_the_next_agenda(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.publish()
    arranging.cancel_meeting(
        session, day.act("coordinator"), NOW, OFFICE, day.meeting, day.meeting.version, "Snow, as invented"
    )
    items = draft_of(session, day.later[0], OFFICE.partnership, NOW).items
    assert [item.child for item in items] == [child.reference]
    texts = {reason.code.value: reason.text for reason in items[0].reasons}
    assert texts["carried_over"] == f"Not reached at {day.meeting.reference}"


def test_a_closed_meeting_breaks_no_promise_of_the_service(session: Session) -> None:
    day = rmm(session)
    raised, closing, listed = due(session, leaving=True), due(session, leaving=True), referred(session)
    day.open()
    day.decide(raised, rated(session, HIGH))
    day.decide(closing, closed(), ANSWERS)
    day.decide(listed, rated(session, MEDIUM))
    close(day)
    live = session.scalars(select(ListEntry).where(col(ListEntry.state) != EntryState.CLOSED)).all()
    homes = {meeting.key for meeting in day.later}
    assert len(live) == 3
    assert all(entry.next_meeting_id in homes for entry in live)
