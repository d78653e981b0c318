"""The fictional county holds what it promises, keeps every promise of the service, and names nobody."""

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, Area, School
from meetings_app.actions.models import Action, ActionState, RecommendationTakenUp
from meetings_app.actions.recommended_queries import offered_actions
from meetings_app.app import Service
from meetings_app.assessments.models import (
    Assessment,
    AssessmentDecision,
    AssessmentFlag,
    AssessmentState,
    DeclinedRecommendation,
)
from meetings_app.audit.trail import verify
from meetings_app.children.models import Child, PossibleDuplicate
from meetings_app.clock import london_date
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.db.session import reading
from meetings_app.demo.names import UNUSUAL
from meetings_app.meetings.models import Minutes
from meetings_app.network_meetings.items import agenda_of
from meetings_app.networks.models import Subject
from meetings_app.networks.states import SubjectKind
from meetings_app.permissions import OPERATOR
from meetings_app.plans.models import AimReview, PlanUpdate, SafetyPlan
from meetings_app.plans.rules import Effect
from meetings_app.ratings.models import Rating
from meetings_app.referrals.models import ChangeInCircumstances, Referral, ReferralAssessment, ReferralState
from meetings_app.schedule.models import Meeting, MeetingMember, MeetingState, MeetingType
from meetings_app.schedule.office import Office
from meetings_app.weekly_list.models import WeeklyList, WeeklyRow
from meetings_app.weekly_list.queries import copies_of
from tests.conftest import NOW
from tests.demo.conftest import Demonstration, keep_key

TODAY = london_date(NOW)


@pytest.fixture
def county(service: Service) -> Any:
    keep_key()
    with reading(service.sessions, OPERATOR) as session:
        yield session


def how_many(session: Session, model: Any, *wanted: Any) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*wanted)) or 0


def test_160_children_are_on_the_list_or_in_its_history(county: Session) -> None:
    assert how_many(county, Child, col(Child.merged_into_id).is_(None)) == 160
    live = how_many(county, ListEntry, col(ListEntry.state) != EntryState.CLOSED)
    closed = how_many(county, ListEntry, col(ListEntry.state) == EntryState.CLOSED)
    assert live >= 90
    assert closed >= 8
    assert how_many(county, Rating) > 200
    assert how_many(county, SafetyPlan) >= 20


def test_names_that_software_likes_to_break_are_among_them(county: Session) -> None:
    held = set(county.scalars(select(col(Child.name))))
    assert set(UNUSUAL) <= held


def test_what_the_coordinator_finds_this_week(county: Session) -> None:
    received = col(Referral.state) == ReferralState.RECEIVED
    assert how_many(county, Referral, received) == 14
    assert how_many(county, Referral, received, col(Referral.urgent)) == 1
    assert how_many(county, Referral, received, col(Referral.repeat)) == 1
    assert how_many(county, Referral, received, col(Referral.received_at) < NOW - timedelta(days=7)) == 0
    assert how_many(county, Referral, col(Referral.state) == ReferralState.RETURNED) == 2
    assert how_many(county, PossibleDuplicate, col(PossibleDuplicate.resolution).is_(None)) == 1
    assert how_many(county, ChangeInCircumstances) > 5


def test_actions_are_open_overdue_and_done(county: Session) -> None:
    is_open = col(Action.state) == ActionState.OPEN
    assert how_many(county, Action, is_open) > 20
    assert how_many(county, Action, is_open, col(Action.due_on) < TODAY) >= 3
    assert how_many(county, Action, col(Action.state) == ActionState.DONE) > 40


@pytest.mark.parametrize("area", ["NE", "NW", "SE", "SW"])
def test_each_area_has_met_weekly_and_meets_again_in_a_few_days(county: Session, area: str) -> None:
    area_id = county.scalars(select(col(Area.id)).where(col(Area.code) == area)).one()
    of_area = (col(Meeting.area_id) == area_id, col(Meeting.type) == MeetingType.RMM)
    assert how_many(county, Meeting, *of_area, col(Meeting.state) == MeetingState.SIGNED) >= 3
    past = county.scalars(select(col(Meeting.state)).where(*of_area, col(Meeting.held_on) < TODAY)).all()
    assert set(past) <= {MeetingState.CLOSED, MeetingState.SIGNED}
    ahead = county.scalars(
        select(Meeting).where(*of_area, col(Meeting.held_on) >= TODAY).order_by(col(Meeting.held_on))
    ).all()
    assert ahead[0].state is MeetingState.ANNOUNCED
    assert timedelta(2) < ahead[0].held_on - TODAY < timedelta(8)
    assert len(ahead) >= 52
    assert how_many(county, MeetingMember, col(MeetingMember.meeting_id) == ahead[0].key) >= 10


def test_every_held_meeting_has_its_minutes(county: Session) -> None:
    held = how_many(county, Meeting, col(Meeting.state).in_([MeetingState.CLOSED, MeetingState.SIGNED]))
    assert how_many(county, Minutes) == held >= 16


def test_the_network_meets_every_eight_weeks(county: Session) -> None:
    days = county.scalars(
        select(col(Meeting.planned)).where(col(Meeting.type) == MeetingType.NETWORK).order_by(col(Meeting.planned))
    ).all()
    assert len(days) >= 6
    assert {(later - earlier).days for earlier, later in pairwise(days)} == {56}


def test_the_tangled_network_stands_on_two_network_agendas_eight_weeks_apart(county: Session, service: Service) -> None:
    of_network = (col(Meeting.type) == MeetingType.NETWORK, col(Meeting.state) != MeetingState.CANCELLED)
    held, ahead = county.scalars(select(Meeting).where(*of_network).order_by(col(Meeting.held_on)).limit(2)).all()
    assert (held.state, ahead.state) == (MeetingState.SIGNED, MeetingState.ANNOUNCED)
    assert (ahead.planned - held.planned).days == 56
    office = Office.of(service.settings, service.partnership)
    (amber,) = county.scalars(select(Subject).where(col(Subject.kind) == SubjectKind.NETWORK)).all()
    for meeting in (held, ahead):
        items = agenda_of(county, office, meeting, NOW).items
        (item,) = (each for each in items if each.subject_id == amber.key)
        assert {each.code for each in item.reasons}
        kinds = county.scalars(select(col(Subject.kind)).where(col(Subject.id).in_(item.parts))).all()
        assert kinds.count(SubjectKind.SUSPECT) == 2
        assert {SubjectKind.PLACE, SubjectKind.VEHICLE, SubjectKind.ONLINE} <= {*kinds}


def test_the_school_account_is_at_a_school_with_listed_pupils(county: Session) -> None:
    account = county.scalars(select(Account).where(col(Account.email) == "school@exampleshire.example")).one()
    assert county.get_one(School, account.school_id).name == "Exampleford Academy"
    pupils = select(col(Child.id)).where(col(Child.school_id) == account.school_id)
    assert how_many(county, ListEntry, col(ListEntry.child_id).in_(pupils)) >= 3


def test_children_were_assessed_with_every_tool_and_some_of_them_again_and_again(county: Session) -> None:
    done = col(Assessment.state) == AssessmentState.FINISHED
    of_child: dict[int, list[Assessment]] = {}
    for each in county.scalars(select(Assessment).where(done)):
        of_child.setdefault(each.child_id, []).append(each)
    assert len(of_child) >= 40
    assert {each.tool_code for made in of_child.values() for each in made} == {"seraf", "kent-medway", "cse1", "surrey"}
    histories = [len([each for each in made if each.tool_code == "seraf"]) for made in of_child.values()]
    assert len([points for points in histories if points >= 2]) >= 10
    assert len([points for points in histories if points >= 3]) >= 5
    levels = [each.level for made in of_child.values() for each in made]
    assert min(levels.count(level) for level in ("low", "medium", "high")) >= 5
    assert how_many(county, Assessment, done, col(Assessment.assessed_on) > TODAY) == 0


def test_what_waits_after_an_assessment(county: Session) -> None:
    decided = select(col(AssessmentDecision.assessment_id))
    clock = county.scalars(select(Assessment).where(col(Assessment.concern_received_at).is_not(None))).one()
    assert clock.concern_received_at is not None
    assert timedelta(0) < NOW - clock.concern_received_at < timedelta(hours=24)
    assert how_many(county, AssessmentDecision, col(AssessmentDecision.assessment_id) == clock.key) == 0
    undecided = (col(Assessment.state) == AssessmentState.FINISHED, col(Assessment.id).not_in(decided))
    assert how_many(county, Assessment, *undecided) == 1
    assert how_many(county, Assessment, col(Assessment.state) == AssessmentState.DRAFT) == 1
    assert how_many(county, AssessmentFlag, col(AssessmentFlag.answered_at).is_(None)) >= 3
    assert how_many(county, AssessmentFlag, col(AssessmentFlag.answered_at).is_not(None)) >= 10
    carried = county.scalars(select(Referral).join(ReferralAssessment)).one()
    assert carried.state is ReferralState.RECEIVED


def test_what_assessments_recommend_is_taken_up_declined_and_offered(county: Session) -> None:
    assert how_many(county, RecommendationTakenUp) >= 20
    assert how_many(county, DeclinedRecommendation) >= 8
    clock = county.scalars(select(Assessment).where(col(Assessment.concern_received_at).is_not(None))).one()
    offered = offered_actions(county, clock.child_id, TODAY)
    assert {row.assessment for row in offered} == {clock.reference}


def test_every_promise_of_the_service_holds(demonstration: Demonstration) -> None:
    result = demonstration.run_on_it("check", "--json")
    assert json.loads(result.stdout)["breaches"] == []
    assert result.exit_code == 0


def test_the_trail_is_whole(county: Session) -> None:
    count, broken = verify(county)
    assert broken is None
    assert count > 1000


def test_plans_were_reviewed_and_updated_and_some_are_late_or_wait_for_an_update(county: Session) -> None:
    reviewed = set(county.scalars(select(col(AimReview.effect)).where(col(AimReview.took_effect_at).is_not(None))))
    assert reviewed == set(Effect)
    assert how_many(county, PlanUpdate) >= 5
    assert how_many(county, ListEntry, col(ListEntry.plan_due_on) < TODAY, col(ListEntry.state) != EntryState.CLOSED)


def test_the_list_of_each_week_was_sent_to_two_of_whom_one_has_not_opened_the_newest(county: Session) -> None:
    taken = county.scalars(select(WeeklyList).order_by(col(WeeklyList.number))).all()
    assert len(taken) >= 6
    opened = [[copy.opened_at is not None for copy in copies_of(county, each)] for each in taken]
    assert opened == [[True, True]] * (len(taken) - 1) + [[True, False]]
    assert taken[-1].children == how_many(county, WeeklyRow, col(WeeklyRow.list_id) == taken[-1].key) > 90
