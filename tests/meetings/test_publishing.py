"""Publishing: the numbers freeze, each member is told once, and whoever comes later is a late item."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.meetings import queries
from meetings_app.meetings.adjusting import add_by_hand, defer_by_hand, move_item
from meetings_app.meetings.drafting import draft_of
from meetings_app.meetings.publishing import add_late_item, agenda_of, arrived_since, publish
from meetings_app.notices.models import OutboxMail
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.browsing import browser, text_of
from tests.support.rmm import OFFICE, due, referred, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW, actor_for


def mails(session: Session, kind: str) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).where(col(OutboxMail.kind) == kind)))


def numbers(session: Session, meeting_id: int) -> dict[str, str]:
    return {state.child: state.number for state in queries.item_states(session, meeting_id)}


def test_publishing_freezes_the_draft_and_tells_each_member_once_without_a_name(session: Session) -> None:
    day = rmm(session)
    children = [due(session), due(session, RiskRating.HIGH), referred(session)]
    drafted = {item.child: item.number for item in draft_of(session, day.meeting, OFFICE.partnership, NOW).items}
    day.publish()
    assert day.meeting.state is MeetingState.PUBLISHED
    assert numbers(session, day.meeting.key) == drafted
    assert len(drafted) == 3
    told = mails(session, "agenda_published")
    assert sorted(mail.recipient_address for mail in told) == sorted(
        f"{who}@exampleshire.example"
        for who in ("coordinator", "chair-cs", "chair-fs", "police", "education", "health")
    )
    assert all(mail.invite is None for mail in told)
    assert not any(child.name in mail.body or child.reference in mail.body for mail in told for child in children)


def test_a_child_who_comes_later_is_a_late_item_and_no_number_shifts(session: Session) -> None:
    day = rmm(session)
    due(session)
    day.publish()
    before = numbers(session, day.meeting.key)
    day.operator()
    newcomer = referred(session)
    chair = day.act("chair_fs")
    there = {item.child_id for item in agenda_of(session, day.meeting, OFFICE.partnership, NOW).items}
    arrived = arrived_since(session, day.meeting, there, OFFICE.partnership, NOW)
    assert [item.child for item in arrived] == [newcomer.reference]
    item = add_late_item(session, chair, NOW, OFFICE, day.meeting, newcomer, "Urgent, as invented")
    assert item.number == "13.1"
    assert numbers(session, day.meeting.key) == {**before, newcomer.reference: "13.1"}
    agenda = agenda_of(session, day.meeting, OFFICE.partnership, NOW)
    assert [reason.code.value for reason in agenda.sections[-1].items[0].reasons] == ["new_referral", "added_by_hand"]
    with pytest.raises(DomainError):
        add_late_item(session, chair, NOW, OFFICE, day.meeting, newcomer, "Again")


def test_a_child_is_added_deferred_and_moved_by_hand_until_it_is_published(session: Session) -> None:
    day = rmm(session)
    first, second = due(session), due(session)
    added = referred(session)
    coordinator = day.act("coordinator")

    def order() -> list[str]:
        return [item.child for item in draft_of(session, day.meeting, OFFICE.partnership, NOW).items]

    listed = [child for child in order() if child != added.reference]
    move_item(session, coordinator, NOW, OFFICE.partnership, day.meeting, child(session, listed[1]), up=True)
    assert [reference for reference in order() if reference != added.reference] == listed[::-1]
    defer_by_hand(session, coordinator, NOW, OFFICE.partnership, day.meeting, first, "An invented reason")
    assert first.reference not in order()
    add_by_hand(session, coordinator, NOW, day.meeting, first, "Back after all")
    assert {first.reference, second.reference} < set(order())
    with pytest.raises(RuleBroken, match="Enter why"):
        defer_by_hand(session, coordinator, NOW, OFFICE.partnership, day.meeting, second, " ")
    day.publish()
    with pytest.raises(DomainError):
        defer_by_hand(session, coordinator, NOW, OFFICE.partnership, day.meeting, second, "Too late")


def child(session: Session, reference: str) -> Child:
    return session.scalars(select(Child).where(col(Child.reference) == reference)).one()


def test_a_representative_or_another_area_publishes_nothing_and_an_old_page_is_told(session: Session) -> None:
    day = rmm(session)
    due(session)
    version = day.meeting.version
    for who in (day.world.police, day.world.coordinator_nw):
        with pytest.raises(NotFound):
            publish(session, actor_for(session, who), NOW, OFFICE, day.meeting, version)
    with pytest.raises(Conflict):
        publish(session, day.act("coordinator"), NOW, OFFICE, day.meeting, version - 1)


def test_an_agenda_is_published_before_its_cut_off_only_by_whoever_confirms_it(app: Flask, session: Session) -> None:
    day = rmm(session)
    session.commit()
    at = f"/meetings/{day.later[0].reference}/agenda/publish"
    past, key = f"/meetings/{day.meeting.reference}/agenda/publish", day.later[0].key
    session.close()
    coordinator = browser(app, "coordinator")
    assert "before the cut-off" not in text_of(coordinator, past), "its cut-off has passed"
    form = form_to(text_of(coordinator, at), at)
    refused = coordinator.post(at, data=form.values)
    assert refused.status_code == 400
    assert "before the cut-off, 27 November 2026, 12pm" in refused.get_data(as_text=True)
    assert session.get_one(Meeting, key).state is MeetingState.ANNOUNCED
    session.close()
    form = form_to(refused.get_data(as_text=True), at)
    assert coordinator.post(at, data=form.with_values(early="y")).status_code == 302
    assert session.get_one(Meeting, key).state is MeetingState.PUBLISHED
