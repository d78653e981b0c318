"""Records of networks: who may open, change and link them, and that nothing recorded goes away."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.db.session import act_for
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.networks import disrupting, ending, linking, queries, subjects, suspects
from meetings_app.networks.disrupting import Step
from meetings_app.networks.models import SubjectChild
from meetings_app.networks.states import ChildTie, DisruptionState, SubjectKind, SubjectState, Tie
from meetings_app.networks.subjects import SubjectSaid
from meetings_app.permissions import OPERATOR, Actor, Role
from tests.support.children import add_child, agency_id, area_id
from tests.support.networks import GROUNDS, listed, open_subject
from tests.support.world import NOW, TinyWorld, actor_for, add_account, tiny_world

TODAY = NOW.date()


@pytest.fixture
def people(session: Session) -> TinyWorld:
    act_for(session, OPERATOR)
    return tiny_world(session)


def acting(session: Session, account: Account) -> Actor:
    actor = actor_for(session, account)
    act_for(session, actor)
    return actor


def network_chair(session: Session) -> Account:
    return add_account(session, "network", Role.NETWORK_CHAIR, "police")


def test_a_record_comes_back_to_the_network_meeting_after_56_days(session: Session, people: TinyWorld) -> None:
    subject = open_subject(session, SubjectKind.PLACE, "Invented Takeaway")
    assert subject.review_on == TODAY + timedelta(days=56)


def test_a_coordinator_opens_what_touches_their_area_and_no_suspect(session: Session, people: TinyWorld) -> None:
    by = acting(session, people.coordinator)
    open_subject(session, SubjectKind.PLACE, "Invented Takeaway", by=by)
    with pytest.raises(RuleBroken, match="at least one area that you work in"):
        open_subject(session, SubjectKind.PLACE, "Invented Garage", ("NW",), by=by)
    with pytest.raises(NotFound):
        open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect", by=by)


def test_an_agency_that_is_not_the_police_records_nothing(session: Session, people: TinyWorld) -> None:
    by = acting(session, people.health)
    with pytest.raises(NotFound):
        open_subject(session, SubjectKind.PLACE, "Invented Takeaway", by=by)


def test_a_suspect_is_read_by_the_police_the_chairs_and_whom_the_police_name(
    session: Session, people: TinyWorld
) -> None:
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect", details="Invented details")
    chair = network_chair(session)
    for account, sees in (
        (people.police, True), (people.chair_cs, True), (chair, True), (people.coordinator, False),
        (people.health, False), (people.coordinator_nw, False),
    ):  # fmt: skip
        acting(session, account)
        assert (queries.find_subject(session, suspect.reference) is not None) is sees, account.email
        assert (queries.suspect_record(session, suspect.key) is not None) is sees, account.email
    act_for(session, OPERATOR)
    reader = suspects.name_reader(session, actor_for(session, people.police), NOW, suspect, people.health, "Invented")
    acting(session, people.health)
    assert queries.suspect_record(session, suspect.key).details == "Invented details"
    act_for(session, OPERATOR)
    suspects.end_reader(session, actor_for(session, people.police), NOW, suspect, reader)
    acting(session, people.health)
    assert queries.find_subject(session, suspect.reference) is None


def test_only_the_police_name_who_reads_about_a_suspect(session: Session, people: TinyWorld) -> None:
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect")
    with pytest.raises(NotFound):
        suspects.name_reader(session, actor_for(session, people.chair_cs), NOW, suspect, people.health, "Invented")
    with pytest.raises(RuleBroken, match="why this person"):
        suspects.name_reader(session, actor_for(session, people.police), NOW, suspect, people.health, " ")


def test_nobody_is_named_who_would_not_open_the_record_all_the_same(session: Session, people: TinyWorld) -> None:
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect")
    lead = add_account(session, "lead", Role.LEAD_PROFESSIONAL, "childrens-services")
    analyst = add_account(session, "analyst", Role.ANALYST, "childrens-services")
    police = acting(session, people.police)
    for account in (lead, analyst):
        with pytest.raises(RuleBroken, match="keeps the record from them") as refused:
            suspects.name_reader(session, police, NOW, suspect, account, "Invented")
        assert refused.value.field == "account"
    assert queries.readers(session, suspect.key) == []


def test_whoever_is_named_to_read_about_a_suspect_sees_no_other_name(session: Session, people: TinyWorld) -> None:
    suspect, chair = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect"), network_chair(session)
    police = actor_for(session, people.police)
    for account in (people.health, people.coordinator):
        suspects.name_reader(session, police, NOW, suspect, account, "Invented")
    both = ["Testy McHealth", people.coordinator.name]
    for account, names in (
        (people.health, both[:1]), (people.coordinator, both[1:]), (people.police, both), (people.chair_cs, both),
        (chair, both), (people.coordinator_nw, []),
    ):  # fmt: skip
        acting(session, account)
        assert [row.name for row in queries.readers(session, suspect.key)] == names, account.email


def test_a_link_with_a_hidden_end_leaves_no_trace(session: Session, people: TinyWorld) -> None:
    network = open_subject(session, SubjectKind.NETWORK, "Invented Amber")
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect")
    far = open_subject(session, SubjectKind.PLACE, "Invented Garage", ("NW",))
    for other in (suspect, far):
        linking.link_subjects(session, OPERATOR, NOW, other, network, Tie.PART_OF, GROUNDS)
    for reference in (listed(session, "Testy McHere"), listed(session, "Testy McThere", "NW")):
        child = session.scalars(select(Child).where(col(Child.reference) == reference)).one().key
        row = SubjectChild(
            subject_id=network.key, child_id=child, tie=ChildTie.TARGETED_BY, recorded_at=NOW, **vars(GROUNDS)
        )  # fmt: skip
        session.add(row)
    session.flush()
    seen: dict[str, tuple[int, int]] = {}
    chair = network_chair(session)
    for account in (people.coordinator, people.chair_cs, people.police, chair):
        acting(session, account)
        links, children = queries.links_of(session, [network.key]), queries.children_of(session, [network.key])
        seen[account.email.partition("@")[0]] = (len(links), len(children))
    assert seen == {"coordinator": (0, 1), "chair-cs": (1, 1), "police": (2, 1), "network": (2, 2)}


def test_a_child_is_linked_once_in_one_way_and_the_end_of_a_link_stays_on_record(
    session: Session, people: TinyWorld
) -> None:
    place, child = open_subject(session, SubjectKind.PLACE, "Invented Takeaway"), add_child(session, "Testy McOne")
    link = linking.link_child(session, OPERATOR, NOW, place, child, ChildTie.TAKEN_TO, GROUNDS)
    with pytest.raises(RuleBroken, match="linked in this way already"):
        linking.link_child(session, OPERATOR, NOW, place, child, ChildTie.TAKEN_TO, GROUNDS)
    linking.end_link(session, OPERATOR, NOW, place, link, "Invented: mistaken")
    with pytest.raises(Conflict):
        linking.end_link(session, OPERATOR, NOW, place, link, "Again")
    linking.link_child(session, OPERATOR, NOW, place, child, ChildTie.TAKEN_TO, GROUNDS)
    assert [row.ended_because for row in queries.children_of(session, [place.key])] == ["", "Invented: mistaken"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"source": " "}, "source"), ({"since": TODAY + timedelta(days=1)}, "since")],
)
def test_a_link_says_who_said_so_and_since_when(
    session: Session, people: TinyWorld, changed: dict[str, Any], field: str
) -> None:
    first, second = (open_subject(session, SubjectKind.PLACE, name) for name in ("Invented One", "Invented Two"))
    with pytest.raises(RuleBroken) as refused:
        linking.link_subjects(
            session, OPERATOR, NOW, first, second, Tie.USES, linking.Grounds(**{**vars(GROUNDS), **changed})
        )
    assert refused.value.field == field


def test_of_two_who_change_a_record_at_once_the_second_is_told(session: Session, people: TinyWorld) -> None:
    place = open_subject(session, SubjectKind.PLACE, "Invented Takeaway")
    areas, opened_at = frozenset({area_id(session, "NE")}), place.version
    first = SubjectSaid(SubjectKind.PLACE, "Invented Takeaway", "First words", areas)
    subjects.change_subject(session, OPERATOR, NOW, place, opened_at, first)
    with pytest.raises(Conflict) as refused:
        subjects.change_subject(
            session, OPERATOR, NOW, place, opened_at, SubjectSaid(SubjectKind.PLACE, "X", "Second words", areas)
        )
    assert (refused.value.theirs, refused.value.ours) == ("First words", "Second words")


def test_a_closed_record_takes_nothing_until_it_is_open_again(session: Session, people: TinyWorld) -> None:
    place = open_subject(session, SubjectKind.PLACE, "Invented Takeaway")
    subjects.close_subject(session, OPERATOR, NOW, place, place.version, "Invented: closed down")
    with pytest.raises(Conflict):
        subjects.add_alias(session, OPERATOR, NOW, place, "Other name", "Invented")
    assert queries.subjects(session, None, "takeaway") == []
    assert len(queries.subjects(session, None, "takeaway", also_closed=True)) == 1
    subjects.reopen_subject(session, OPERATOR, NOW, place, place.version)
    assert (place.state, place.review_on) == (SubjectState.OPEN, TODAY + timedelta(days=56))


def test_a_network_is_closed_by_a_meeting_alone_and_another_record_once_nothing_waits_for_it(
    session: Session, people: TinyWorld
) -> None:
    network = open_subject(session, SubjectKind.NETWORK, "Invented Amber")
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect")
    with pytest.raises(DomainError, match="closed at a network meeting"):
        ending.close_alone(session, OPERATOR, NOW, network, network.version, "Invented")
    police, asked = agency_id(session, "police"), Step(DisruptionState.SOUGHT, TODAY, "Asked for")
    row = disrupting.begin_disruption(session, OPERATOR, NOW, suspect, "abduction_warning", police, asked)
    by = acting(session, people.chair_cs)
    with pytest.raises(RuleBroken, match=f"while {row.reference} is open"):
        ending.close_alone(session, by, NOW, suspect, suspect.version, "Invented")
    refused = Step(DisruptionState.REFUSED, TODAY, "Refused")
    disrupting.take_step(session, by, NOW, suspect, row, row.version, refused)
    ending.close_alone(session, by, NOW, suspect, suspect.version, "Invented: moved away")
    assert (network.state, suspect.state) == (SubjectState.OPEN, SubjectState.CLOSED)


def test_a_record_is_found_by_another_name(session: Session, people: TinyWorld) -> None:
    place = open_subject(session, SubjectKind.PLACE, "Invented Takeaway")
    subjects.add_alias(session, OPERATOR, NOW, place, "The Golden Pretend", "Invented")
    assert [row.reference for row in queries.subjects(session, None, "gold")] == [place.reference]
    assert [row.reference for row in queries.subjects(session, SubjectKind.NETWORK, "gold")] == []


def test_each_step_of_an_order_is_kept(session: Session, people: TinyWorld) -> None:
    suspect, police = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect"), agency_id(session, "police")
    row = disrupting.begin_disruption(
        session, OPERATOR, NOW, suspect, "abduction_warning", police, Step(DisruptionState.SOUGHT, TODAY, "Asked for")
    )
    granted = Step(DisruptionState.GRANTED, TODAY, "Granted", date(2027, 5, 1), "Keeps away")
    disrupting.take_step(session, OPERATOR, NOW, suspect, row, row.version, granted)
    with pytest.raises(RuleBroken, match="cannot go"):
        disrupting.take_step(
            session, OPERATOR, NOW, suspect, row, row.version, Step(DisruptionState.REFUSED, TODAY, "No")
        )
    assert [step.text for step in queries.steps_of(session, row.key)] == ["Asked for", "Granted"]
    assert (row.state, row.expires_on, row.conditions) == (DisruptionState.GRANTED, date(2027, 5, 1), "Keeps away")
    with pytest.raises(DatabaseError):
        session.execute(sa.text("UPDATE disruption_step SET text = 'x'"))


def test_an_order_that_has_run_out_is_recorded_as_expired_and_all_that_is_wrong_is_said_at_once(
    session: Session, people: TinyWorld
) -> None:
    place, police = open_subject(session, SubjectKind.PLACE, "Invented Takeaway"), agency_id(session, "police")

    def begin(step: Step) -> None:
        disrupting.begin_disruption(session, OPERATOR, NOW, place, "licence_review", police, step)

    past, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    with pytest.raises(RuleBroken, match="This day is past: choose “Ended or expired”") as refused:
        begin(Step(DisruptionState.GRANTED, TODAY - timedelta(days=60), "Served", past))
    assert refused.value.field == "expires_on"
    with pytest.raises(RuleBroken) as refused:
        begin(Step(DisruptionState.GRANTED, tomorrow, " ", past))
    assert [each.field for each in (refused.value, *refused.value.more)] == ["happened_on", "text", "expires_on"]
    assert queries.disruption_of(session, [place.key]) == []
    begin(Step(DisruptionState.GRANTED, past, "Served", TODAY))
    begin(Step(DisruptionState.ENDED, past, "Ran out"))
    assert len(queries.disruption_of(session, [place.key])) == 2


def test_the_trail_names_no_suspect_and_no_child(session: Session, people: TinyWorld) -> None:
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect")
    child = add_child(session, "Testy McOne")
    linking.link_child(session, OPERATOR, NOW, suspect, child, ChildTie.TARGETED_BY, GROUNDS)
    session.commit()
    facts = [str(event.facts) for event in session.scalars(select(AuditEvent).where(col(AuditEvent.id) > 0))]
    assert any(suspect.reference in fact for fact in facts)
    assert not [fact for fact in facts if "McSuspect" in fact or child.reference in fact]
