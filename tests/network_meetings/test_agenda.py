"""The agenda of a network meeting drafts itself: everything open, once, under its network, with the reasons."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.app import Service
from meetings_app.cli import RunningProgram, meetings
from meetings_app.config import Settings
from meetings_app.errors import NotFound, RuleBroken
from meetings_app.meetings.arranging import cancel_meeting
from meetings_app.meetings.item_scope import whole_agenda
from meetings_app.network_meetings import publishing
from meetings_app.network_meetings.agenda import Draft, DraftItem
from meetings_app.network_meetings.facts import Code
from meetings_app.network_meetings.items import agenda_of
from meetings_app.network_meetings.page import Row, view_of
from meetings_app.networks import borders, disrupting, linking, suspects
from meetings_app.networks.disrupting import Step
from meetings_app.networks.states import KINDS, ChildTie, DisruptionState, SubjectKind
from meetings_app.networks.young import YOUNG
from meetings_app.partnership import load
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder
from meetings_app.schedule.models import Meeting
from tests.support.children import add_child, agency_id
from tests.support.network_meetings import NetworkDay, network_day, tangled
from tests.support.networks import GROUNDS, open_subject, refer
from tests.support.rmm import OFFICE
from tests.support.world import NOW

TODAY = NOW.date()


def drafted(day: NetworkDay, meeting: Meeting) -> Draft:
    return agenda_of(day.session, OFFICE, meeting, NOW)


def item_of(day: NetworkDay, reference: str, meeting: Meeting | None = None) -> DraftItem:
    found = [each for each in drafted(day, meeting or day.first).items if each.reference == reference]
    assert len(found) == 1, f"{reference} stands {len(found)} times"
    return found[0]


def test_the_agenda_holds_each_thing_once_under_its_network_with_every_reason(session: Session) -> None:
    day = network_day(session)
    known, referral = tangled(session), refer(session)
    alone = open_subject(session, SubjectKind.PLACE, "Invented Garage")
    step = Step(DisruptionState.GRANTED, TODAY, "Served.", TODAY + timedelta(days=30))
    order = disrupting.begin_disruption(
        session, OPERATOR, NOW, known.suspect, "abduction_warning", agency_id(session, "police"), step
    )
    borders.add_authority(
        session, OPERATOR, NOW, known.car, "Invented Borough", borders.Contact("Duty desk", "Invented")
    )
    item, received = item_of(day, known.network.reference), item_of(day, referral.reference)
    assert set(item.parts) == {known.place.key, known.car.key, known.suspect.key}
    assert (item.section, received.section) == ("new_network_referrals", "new_network_referrals")
    assert (received.number, item.number) == ("4.1", "4.2")
    codes = {reason.code for reason in item.reasons}
    assert codes == {
        Code.NEW_REFERRAL, Code.REVIEW_DUE, Code.LINK_FOUND, Code.LINK_SUGGESTED, Code.DISRUPTION, Code.CROSS_BORDER
    }  # fmt: skip
    said = " ".join(reason.text for reason in item.reasons)
    assert order.reference in said
    assert "Invented Borough" in said
    assert "Canary" not in said
    assert item_of(day, alone.reference).section == "network_reviews"


def test_nothing_open_is_lost_between_two_meetings(session: Session) -> None:
    day = network_day(session)
    later = open_subject(session, SubjectKind.PLACE, "Invented later", review_on=day.second.held_on)
    undated = open_subject(session, SubjectKind.PLACE, "Invented undated")
    undated.review_on = None
    session.flush()
    first = drafted(day, day.first)
    assert [each.reference for each in first.absent] == [later.reference]
    assert "at a meeting after" in first.absent[0].why
    assert item_of(day, later.reference, day.second).reasons[0].code is Code.REVIEW_DUE
    assert item_of(day, undated.reference).reasons[0].text == "No date is set for the review"
    linking.link_child(session, OPERATOR, NOW, later, tangled(session).children[0], ChildTie.SEEN_WITH, GROUNDS)
    assert item_of(day, later.reference).reasons[0].code is Code.LINK_FOUND


def rows(day: NetworkDay) -> dict[str, Row]:
    view = view_of(day.session, OFFICE, day.first, NOW)
    return {row.number: row for part in view.parts for row in part.rows}


def test_a_restricted_item_is_a_numbered_stub_and_a_hidden_part_leaves_no_trace(session: Session) -> None:
    day = network_day(session)
    known, referral = tangled(session), refer(session, areas=("NW",))
    lone = open_subject(session, SubjectKind.SUSPECT, "Canarylone")
    publishing.publish(session, day.chair(), NOW, OFFICE, day.first, day.first.version)
    whole = rows(day)
    assert not any(row.stub for row in whole.values())
    day.act(day.people.coordinator)
    seen = rows(day)
    assert seen.keys() == whole.keys()
    said = repr(seen)
    for hidden in (known.suspect.reference, lone.reference, referral.reference, "Canarysuspect", "Canarylone"):
        assert hidden not in said
    assert {row.reference for row in seen.values() if not row.stub} == {known.network.reference}
    assert sum(row.stub for row in seen.values()) == 2
    day.act(day.people.chair_cs)
    assert known.suspect.reference in repr(rows(day))
    day.act(day.people.coordinator_nw)
    assert {row.reference for row in rows(day).values() if not row.stub} == {referral.reference}


def test_a_young_person_alleged_to_have_harmed_a_child_is_called_no_suspect(session: Session) -> None:
    day = network_day(session)
    young, adult = (open_subject(session, SubjectKind.SUSPECT, name) for name in ("Canaryyoung", "Canaryadult"))
    suspects.name_own_record(session, OPERATOR, NOW, young, add_child(session))
    day.chair()
    kinds = {row.reference: row.kind for row in rows(day).values()}
    assert kinds == {young.reference: YOUNG, adult.reference: KINDS[SubjectKind.SUSPECT]}


def test_numbers_freeze_and_what_comes_later_is_a_late_item(session: Session) -> None:
    day = network_day(session)
    known = tangled(session)
    later = open_subject(session, SubjectKind.PLACE, "Invented later", review_on=day.second.held_on)
    with pytest.raises(NotFound):
        publishing.publish(session, day.act(day.people.coordinator), NOW, OFFICE, day.first, day.first.version)
    chair = day.chair()
    publishing.defer_by_hand(session, chair, NOW, OFFICE, day.first, known.car.key, None, "Invented: not ready")
    publishing.publish(session, chair, NOW, OFFICE, day.first, day.first.version)
    with pytest.raises(RuleBroken, match="why it is added"):
        publishing.add_by_hand(session, chair, NOW, OFFICE, day.first, later, " ")
    publishing.add_by_hand(session, chair, NOW, OFFICE, day.first, later, "Invented: asked for")
    referral = refer(session, by=day.act(day.people.police))
    publishing.add_referral_late(session, day.chair(), NOW, OFFICE, day.first, referral)
    agenda = drafted(day, day.first)
    assert [item.number for item in agenda.items] == ["4.1", "11.1", "11.2"]
    assert agenda.items[1].reasons[-1].text == "Invented: asked for"
    with pytest.raises(RuleBroken, match="on the agenda already"):
        publishing.add_by_hand(session, day.chair(), NOW, OFFICE, day.first, later, "Invented")


def test_what_a_cancelled_meeting_would_have_heard_comes_to_the_next_one(session: Session) -> None:
    day = network_day(session)
    later = open_subject(session, SubjectKind.PLACE, "Invented", review_on=day.meetings[2].held_on)
    publishing.add_by_hand(session, day.chair(), NOW, OFFICE, day.first, later, "Invented: asked for")
    publishing.publish(session, day.chair(), NOW, OFFICE, day.first, day.first.version)
    with whole_agenda(session):
        cancel_meeting(session, OPERATOR, NOW, OFFICE, day.first, day.first.version, "Invented storm")
    reasons = item_of(day, later.reference, day.second).reasons
    assert [reason.code for reason in reasons] == [Code.CARRIED_OVER]
    assert day.first.reference in reasons[0].text


def test_the_agenda_as_json_keeps_the_contract(
    session: Session, settings: Settings, sessions: sessionmaker[Session], engines: dict[str, sa.Engine], database: str
) -> None:
    day = network_day(session)
    known, referral = tangled(session), refer(session)
    program = RunningProgram(settings)
    program.__dict__["service"] = Service(settings, load(folder("agendas")), engines[database], sessions)
    program.__dict__["sessions"] = sessions
    answer = CliRunner().invoke(meetings, ["agenda", day.first.reference, "--json"], obj=program)
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.output)
    assert said["meeting"]["type"] == "network"
    assert said["meeting"]["area"] is None
    items = {item["subject"]: item for section in said["sections"] for item in section["items"]}
    assert items.keys() == {known.network.reference, referral.reference}
    assert {"new_network_referrals", "network_reviews"} <= {section["key"] for section in said["sections"]}
    assert "child" not in items[referral.reference]
    assert items[referral.reference]["reasons"][0]["code"] == "new_referral"
