"""What the chair changes by hand on a draft agenda: the order within a section, and what is deferred, each with why."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.meetings.network_models import NetworkOutcome
from meetings_app.meetings.running import start
from meetings_app.network_meetings import closing, publishing
from meetings_app.network_meetings.agenda import DraftItem
from meetings_app.network_meetings.deciding import Decided, record_decision
from meetings_app.network_meetings.drafting import draft_of
from meetings_app.network_meetings.items import decision_of, items_of
from meetings_app.networks.states import SubjectKind
from meetings_app.schedule.models import Meeting
from tests.support.browsing import browser
from tests.support.network_meetings import NetworkDay, network_day
from tests.support.networks import open_subject, refer
from tests.support.rmm import OFFICE
from tests.support.world import NOW, send


def places(day: NetworkDay, meeting: Meeting) -> list[DraftItem]:
    """Give the reviews on a draft, in their order."""
    agenda = draft_of(day.session, OFFICE, meeting, NOW)
    return [item for item in agenda.items if item.number.startswith("5.")]


@pytest.fixture
def day(session: Session) -> NetworkDay:
    """Three places have their review at the first of several meetings."""
    made = network_day(session, 4)
    for name in ("Invented A", "Invented B", "Invented C"):
        open_subject(session, SubjectKind.PLACE, name, review_on=made.first.held_on)
    return made


def test_an_item_takes_another_place_in_its_section_with_a_reason_and_the_others_give_way(day: NetworkDay) -> None:
    session, chair = day.session, day.chair()
    first, second, third = places(day, day.first)

    def move(item: DraftItem, place: int, reason: str = "Invented: the witness comes early") -> list[str]:
        publishing.move(session, chair, NOW, OFFICE, day.first, item, place, reason)
        return [each.reference for each in places(day, day.first)]

    with pytest.raises(RuleBroken, match="why it is moved"):
        move(third, 1, " ")
    for nowhere in (0, 3, 4):
        with pytest.raises(RuleBroken, match="another place"):
            move(third, nowhere)
    assert move(third, 1) == [third.reference, first.reference, second.reference]
    assert move(second, 1) == [second.reference, third.reference, first.reference]
    assert move(second, 3, "Invented: later after all") == [third.reference, first.reference, second.reference]
    assert [item.moved and item.moved.reason for item in places(day, day.first)] == [
        "Invented: the witness comes early", "", "Invented: later after all",
    ]  # fmt: skip
    day.operator()
    session.commit()
    said = [facts for facts in session.scalars(select(col(AuditEvent.facts))) if facts.get("adjustment") == "moved"]
    assert len(said) == 3
    assert "witness" not in repr(said)
    with pytest.raises(NotFound):
        publishing.move(session, day.act(day.people.coordinator), NOW, OFFICE, day.first, first, 1, "Invented")
    chair = day.chair()
    publishing.publish(session, chair, NOW, OFFICE, day.first, day.first.version)
    assert [item.subject_id for item in items_of(session, day.first)] == [
        each.subject_id for each in (third, first, second)
    ]
    with pytest.raises(DomainError, match="published"):
        move(first, 1)


def test_a_place_by_hand_holds_for_one_agenda_alone(day: NetworkDay) -> None:
    before = [item.reference for item in places(day, day.first)]
    last = places(day, day.first)[-1]
    publishing.move(day.session, day.chair(), NOW, OFFICE, day.first, last, 1, "Invented")
    assert [item.reference for item in places(day, day.second)] == before


def test_the_chair_moves_an_item_on_the_page(app: Flask, day: NetworkDay) -> None:
    second = places(day, day.first)[1].reference
    here, session = f"/networks/meetings/{day.first.reference}", day.session
    session.commit()
    chair = browser(app, "chair-police")
    assert f"{here}/move/{second}" in chair.get(here).text
    empty = send(chair, f"{here}/move/{second}", {"place": "", "reason": ""})
    assert empty.status_code == 400
    assert "Choose which number it takes" in empty.text
    assert "Enter why it is moved" in empty.text
    assert send(chair, f"{here}/move/{second}", {"place": "1", "reason": "Invented: first"}).status_code == 302
    said = chair.get(here).text
    assert "Moved by hand: Invented: first" in said
    assert "Moved by hand" not in browser(app, "coordinator").get(here).text
    assert chair.get(f"{here}/move/NR-XXXXX").status_code == 404


def hold(day: NetworkDay, meeting: Meeting, outcome: NetworkOutcome) -> None:
    """Hold a meeting that decides the same on everything that is on its agenda."""
    session, chair = day.session, day.chair()
    publishing.publish(session, chair, NOW, OFFICE, meeting, meeting.version)
    start(session, chair, NOW, meeting, meeting.version, "Testy McChair")
    for item in items_of(session, meeting):
        said = Decided(outcome, rationale="Invented.", put_off_reason="Invented: not ready")
        version = decision_of(session, item).version
        record_decision(session, chair, NOW, OFFICE, meeting, item, version, said)
    closing.close_meeting(session, chair, NOW, OFFICE, meeting, meeting.version, "Invented.")


def test_nothing_is_deferred_more_than_twice_in_a_row_by_hand_or_in_the_room(session: Session) -> None:
    day = network_day(session, 5)
    subject = open_subject(session, SubjectKind.PLACE, "Invented", review_on=day.first.held_on)
    referral = refer(session)
    chair = day.chair()
    for meeting in day.meetings[2:]:
        meeting.state = day.first.state

    def defer(meeting: Meeting, subject_id: int | None = subject.key, referral_id: int | None = None) -> None:
        publishing.defer_by_hand(session, chair, NOW, OFFICE, meeting, subject_id, referral_id, "Invented: not ready")

    defer(day.first)
    defer(day.first, None, referral.key)
    hold(day, day.first, NetworkOutcome.CONTINUES)
    hold(day, day.second, NetworkOutcome.DEFERRED)
    third, fourth, last = day.meetings[2:]
    for subject_id, referral_id in ((subject.key, None), (None, referral.key)):
        with pytest.raises(RuleBroken, match="deferred from 2 meetings in a row"):
            defer(third, subject_id, referral_id)
    with pytest.raises(RuleBroken, match="Decide on it, or say that it was not reached") as refused:
        hold(day, third, NetworkOutcome.DEFERRED)
    assert refused.value.field == "outcome"
    for item in items_of(session, third):
        said = Decided(NetworkOutcome.NOT_REACHED)
        record_decision(session, chair, NOW, OFFICE, third, item, decision_of(session, item).version, said)
    closing.close_meeting(session, chair, NOW, OFFICE, third, third.version, "Invented.")
    with pytest.raises(RuleBroken, match="deferred from 2 meetings in a row"):
        defer(fourth)
    publishing.publish(session, chair, NOW, OFFICE, fourth, fourth.version)
    start(session, chair, NOW, fourth, fourth.version, "Testy McChair")
    for item in items_of(session, fourth):
        outcome = NetworkOutcome.CONTINUES if item.subject_id else NetworkOutcome.RETURNED
        said = Decided(outcome, rationale="Invented.")
        record_decision(session, chair, NOW, OFFICE, fourth, item, decision_of(session, item).version, said)
    closing.close_meeting(session, chair, NOW, OFFICE, fourth, fourth.version, "Invented.")
    defer(last)
