"""What an assessment recommends becomes an action once, or is declined with the reason; the meeting may do it too."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action, ActionEvent, ActionEventKind, ActionState, RecommendationTakenUp
from meetings_app.actions.queries import possible_owners
from meetings_app.actions.recommended_queries import Fate, assessment_of_action, offered_actions, recommended_actions
from meetings_app.actions.taking_up import Asked, decline, take_up
from meetings_app.assessments.models import Assessment
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.deciding import remove_action
from meetings_app.meetings.recommending import decline_recommended, offered_on_item, propose_recommended
from meetings_app.permissions import Actor, Role
from meetings_app.ratings.models import RiskRating
from tests.meetings.test_item_authority import move_away
from tests.support.assessments import SERAF, TOOLS, codes_of, finished, ticked
from tests.support.children import add_child, agency_id
from tests.support.rmm import OFFICE, Rmm, due, rated, rmm
from tests.support.world import NOW, TinyWorld, actor_for, add_account, tiny_world

TODAY = NOW.date()
SIGNIFICANT = codes_of(SERAF, "significant")
HIGH = ticked(SIGNIFICANT[:4])
FIRST = SERAF.category(4).actions[0]


@pytest.fixture
def world(session: Session) -> TinyWorld:
    return tiny_world(session)


@pytest.fixture
def by(session: Session, world: TinyWorld) -> Actor:
    return actor_for(session, world.coordinator)


@pytest.fixture
def assessment(session: Session, by: Actor) -> Assessment:
    """A SERAF of category 4, which recommends seven actions."""
    return finished(session, by, add_child(session), ticks=HIGH)


def asked_of(world: TinyWorld, days: int = 3) -> Asked:
    agency = world.chair_cs.agency_id
    assert agency is not None
    return Asked("Tell the social worker.", agency, world.chair_cs.key, TODAY + timedelta(days=days))


def fates(session: Session, assessment: Assessment) -> list[Fate]:
    return [each.fate for each in recommended_actions(session, [assessment], TODAY)]


def test_what_is_recommended_is_offered_with_agency_and_a_date_that_is_not_past(
    session: Session, by: Actor, assessment: Assessment
) -> None:
    offered = offered_actions(session, assessment.child_id, TODAY)
    assert [each.text for each in offered] == [action.text for action in SERAF.category(4).actions]
    assert (offered[0].agency, offered[0].number, offered[0].tool) == ("Children’s Services", 1, SERAF.name)
    assert offered[0].due_on == assessment.assessed_on + timedelta(days=FIRST.days)
    later = TODAY + timedelta(days=60)
    assert {each.due_on for each in offered_actions(session, assessment.child_id, later)} == {later}


def test_taken_up_it_is_an_open_action_with_its_event_and_in_the_trail(
    session: Session, by: Actor, world: TinyWorld, assessment: Assessment
) -> None:
    action = take_up(session, by, NOW, assessment, 2, asked_of(world))
    assert (action.state, action.meeting_id, action.due_on) == (ActionState.OPEN, None, TODAY + timedelta(days=3))
    events = session.scalars(select(ActionEvent).where(col(ActionEvent.action_id) == action.key)).all()
    assert [event.kind for event in events] == [ActionEventKind.GIVEN]
    session.commit()
    [seen] = session.scalars(select(AuditEvent).where(col(AuditEvent.kind) == "action_given")).all()
    assert seen.facts == {"action": action.reference, "assessment": assessment.reference}
    rows = recommended_actions(session, [assessment], TODAY)
    assert (rows[1].fate, rows[1].action, rows[1].action_state) == (Fate.TAKEN_UP, action.reference, ActionState.OPEN)
    assert rows[0].fate is Fate.OFFERED
    assert assessment_of_action(session, action.key) == assessment.reference


def test_the_same_is_never_taken_up_twice_nor_after_it_was_declined(
    session: Session, by: Actor, world: TinyWorld, assessment: Assessment
) -> None:
    take_up(session, by, NOW, assessment, 1, asked_of(world))
    with pytest.raises(DomainError, match="taken up already"):
        take_up(session, by, NOW, assessment, 1, asked_of(world))
    with pytest.raises(DomainError, match="taken up already"):
        decline(session, by, NOW, assessment, 1, "The plan covers it.")
    decline(session, by, NOW, assessment, 2, "The plan covers it.")
    with pytest.raises(DomainError, match="declined already"):
        take_up(session, by, NOW, assessment, 2, asked_of(world))
    with pytest.raises(NotFound):
        take_up(session, by, NOW, assessment, 8, asked_of(world))
    assert len(session.scalars(select(Action)).all()) == 1
    declined = recommended_actions(session, [assessment], TODAY)[1]
    assert (declined.fate, declined.declined_by, declined.reason) == (
        Fate.DECLINED, world.coordinator.name, "The plan covers it.",
    )  # fmt: skip


@pytest.mark.parametrize("field", ["what", "owner", "due_on"])
def test_what_is_wrong_is_said_and_nothing_is_given(
    session: Session, by: Actor, world: TinyWorld, assessment: Assessment, field: str
) -> None:
    right = asked_of(world)
    wrong = {
        "what": replace(right, what=" "),
        "owner": replace(right, owner_id=world.police.key),
        "due_on": replace(right, due_on=TODAY - timedelta(days=1)),
    }[field]
    with pytest.raises(RuleBroken) as broken:
        take_up(session, by, NOW, assessment, 1, wrong)
    assert broken.value.field == field
    assert session.scalars(select(Action)).all() == []
    take_up(session, by, NOW, assessment, 1, replace(right, due_on=TODAY))


def test_an_owner_must_be_one_who_may_see_the_child(
    session: Session, by: Actor, world: TinyWorld, assessment: Assessment
) -> None:
    elsewhere = add_account(session, "police-nw", Role.REPRESENTATIVE, "police", ["NW"])
    police = agency_id(session, "police")
    with pytest.raises(RuleBroken, match="may see the child"):
        take_up(session, by, NOW, assessment, 4, Asked("Share it.", police, elsewhere.key, TODAY))
    assert elsewhere.key not in {row.id for row in possible_owners(session, assessment.child_id)}


def test_who_may_take_up_what(session: Session, by: Actor, world: TinyWorld) -> None:
    lead = add_account(session, "lead", Role.LEAD_PROFESSIONAL, "health", ["NE"])
    child = add_child(session, lead_professional_id=lead.key)
    assessment = finished(session, by, child, ticks=HIGH)
    for account in (world.police, world.coordinator_nw):
        actor = actor_for(session, account)
        with pytest.raises(NotFound):
            take_up(session, actor, NOW, assessment, 1, asked_of(world))
        with pytest.raises(NotFound):
            decline(session, actor, NOW, assessment, 1, "Not needed.")
    take_up(session, actor_for(session, world.chair_fs), NOW, assessment, 1, asked_of(world))
    take_up(session, actor_for(session, lead), NOW, assessment, 2, asked_of(world))


def test_only_the_last_assessment_with_a_tool_offers_and_the_earlier_shows_what_became_of_it(
    session: Session, by: Actor, world: TinyWorld, assessment: Assessment
) -> None:
    child = session.get_one(Child, assessment.child_id)
    take_up(session, by, NOW, assessment, 1, asked_of(world))
    other = finished(session, by, child, "kent-medway", ticked(codes_of(TOOLS["kent-medway"], "low")[:1]))
    again = finished(session, by, child, ticks=ticked(SIGNIFICANT[:4]), now=NOW + timedelta(days=30))
    assert {each.assessment for each in offered_actions(session, child.key, TODAY)} == {
        again.reference, other.reference,
    }  # fmt: skip
    assert fates(session, assessment) == [Fate.TAKEN_UP, *[Fate.SUPERSEDED] * 6]
    with pytest.raises(DomainError, match=f"what {again.reference} recommends"):
        take_up(session, by, NOW, assessment, 2, asked_of(world))


@pytest.fixture
def day(session: Session) -> Rmm:
    return rmm(session)


@pytest.fixture
def heard(session: Session, day: Rmm) -> tuple[Child, Assessment]:
    """A child on the agenda of a meeting that is being held, assessed before it."""
    child = due(session)
    assessment = finished(session, day.act("coordinator"), child, ticks=HIGH)
    day.operator()
    day.open()
    day.operator()
    return child, assessment


def proposed(day: Rmm, child: Child, assessment: Assessment, number: int = 1) -> Action:
    asked = replace(asked_of(day.world), due_on=day.meeting.held_on + timedelta(days=2))
    coordinator = day.act("coordinator")
    return propose_recommended(
        day.session, coordinator, NOW, day.meeting, day.item(child), assessment.reference, number, asked
    )


def test_a_meeting_proposes_it_and_gives_it_when_it_closes(
    session: Session, day: Rmm, heard: tuple[Child, Assessment]
) -> None:
    child, assessment = heard
    action = proposed(day, child, assessment)
    assert (action.state, action.meeting_id) == (ActionState.PROPOSED, day.meeting.key)
    assert fates(session, assessment)[0] is Fate.TAKEN_UP
    with pytest.raises(DomainError, match="taken up already"):
        proposed(day, child, assessment)
    day.decide(child, rated(session, RiskRating.MEDIUM, tool_difference_reason="Invented: more is known."))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    session.refresh(action)
    assert action.state is ActionState.OPEN
    assert fates(session, assessment)[0] is Fate.TAKEN_UP


def test_a_proposal_that_is_taken_back_is_offered_again(
    session: Session, day: Rmm, heard: tuple[Child, Assessment]
) -> None:
    child, assessment = heard
    action = proposed(day, child, assessment)
    item, reference = day.item(child), action.reference
    remove_action(session, day.act("coordinator"), NOW, day.meeting, item, action)
    session.commit()
    taken_back = session.scalars(select(AuditEvent).where(col(AuditEvent.kind) == "action_taken_back")).one()
    assert (taken_back.child_id, taken_back.actor_id) == (child.key, day.world.coordinator.key)
    assert taken_back.facts == {"action": reference, "number": item.number, "meeting": day.meeting.reference}
    assert session.scalars(select(RecommendationTakenUp)).all() == []
    assert offered_on_item(session, day.meeting, day.item(child), assessment.reference, 1, TODAY) is not None
    assert proposed(day, child, assessment).key is not None


def test_the_meeting_declines_it_with_a_reason(session: Session, day: Rmm, heard: tuple[Child, Assessment]) -> None:
    child, assessment = heard
    chair, item = day.act("chair_cs"), day.item(child)
    with pytest.raises(RuleBroken):
        decline_recommended(session, chair, NOW, day.meeting, item, assessment.reference, 3, " ")
    decline_recommended(session, chair, NOW, day.meeting, item, assessment.reference, 3, "On the list already.")
    assert fates(session, assessment)[2] is Fate.DECLINED


def test_nobody_else_proposes_and_no_other_childs_assessment_is_found(
    session: Session, day: Rmm, heard: tuple[Child, Assessment]
) -> None:
    child, assessment = heard
    item = day.item(child)
    asked = replace(asked_of(day.world), due_on=date(2026, 12, 20))
    for who in ("police", "coordinator_nw"):
        with pytest.raises(NotFound):
            propose_recommended(session, day.act(who), NOW, day.meeting, item, assessment.reference, 1, asked)
    day.operator()
    other = finished(session, day.act("coordinator"), add_child(session), ticks=HIGH)
    with pytest.raises(NotFound):
        propose_recommended(session, day.act("coordinator"), NOW, day.meeting, item, other.reference, 1, asked)


def test_a_meeting_still_hears_a_child_who_moved_and_takes_the_proposal_back(
    session: Session, day: Rmm, heard: tuple[Child, Assessment]
) -> None:
    child, assessment = heard
    action = proposed(day, child, assessment)
    day.operator()
    move_away(day, child)
    coordinator, item = day.act("coordinator"), day.item(child)
    action = session.merge(action, load=False)
    remove_action(session, coordinator, NOW, day.meeting, item, action)
    day.operator()
    assert session.scalars(select(RecommendationTakenUp)).all() == []
