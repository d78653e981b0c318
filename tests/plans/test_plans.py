"""A safety plan is written for high and medium, in versions of which none is lost."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.child_record.service import write_plan
from meetings_app.cse_list.models import ListEntry
from meetings_app.db.session import act_for
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.permissions import OPERATOR
from meetings_app.plans.models import SafetyPlan
from meetings_app.plans.queries import versions_of
from meetings_app.plans.service import PlanText, write_version
from meetings_app.ratings.models import RiskRating
from tests.support.children import add_child, put_on_list, rate
from tests.support.world import actor_for, tiny_world

TEXT = PlanText("Aims", "Contingency", "The child’s view", "Not sought: unsafe", "Intelligence")


def test_each_plan_is_a_version_and_the_list_shows_none_as_due(session: Session, now: datetime) -> None:
    entry = put_on_list(session)
    entry.plan_due_on = date(2026, 11, 30)
    first = write_plan(session, OPERATOR, now, entry.child_id, TEXT)
    second = write_plan(session, OPERATOR, now, entry.child_id, PlanText("Later", "B", "C", "D"), opened_at=1)
    assert (first.number, second.number) == (1, 2)
    assert session.scalars(select(col(ListEntry.plan_due_on))).all() == [None]
    assert [plan.aims for plan in versions_of(session, entry.child_id, with_intelligence=True)] == ["Later", "Aims"]


def test_police_intelligence_is_not_even_read_for_a_school(session: Session, now: datetime) -> None:
    entry = put_on_list(session)
    write_version(session, OPERATOR, now, entry.child_id, TEXT)
    (plan,) = versions_of(session, entry.child_id, with_intelligence=False)
    assert plan.police_intelligence == ""


@pytest.mark.parametrize("rating", [RiskRating.LOW, RiskRating.NONE, None])
def test_no_plan_is_written_for_a_child_who_is_not_rated_high_or_medium(
    session: Session, now: datetime, rating: RiskRating | None
) -> None:
    child = add_child(session)
    if rating:
        rate(session, child, rating)
    with pytest.raises(DomainError, match="rated high or medium"):
        write_version(session, OPERATOR, now, child.key, TEXT)


@pytest.mark.parametrize("field", ["aims", "contingency", "child_view", "parents_view"])
def test_a_plan_is_whole_or_says_what_is_missing(session: Session, now: datetime, field: str) -> None:
    entry = put_on_list(session)
    with pytest.raises(RuleBroken) as refused:
        write_version(session, OPERATOR, now, entry.child_id, PlanText(**{**vars(TEXT), field: "\n "}))
    assert refused.value.field == field


def test_of_two_who_began_from_one_version_the_second_is_told(session: Session, now: datetime) -> None:
    entry = put_on_list(session)
    write_version(session, OPERATOR, now, entry.child_id, TEXT, opened_at=0)
    with pytest.raises(Conflict) as told:
        write_version(session, OPERATOR, now, entry.child_id, PlanText("Mine", "B", "C", "D"), opened_at=0)
    assert told.value.ours == "Mine"


def test_whoever_sees_the_child_and_may_not_write_plans_is_refused(session: Session, now: datetime) -> None:
    world = tiny_world(session)
    entry = put_on_list(session)
    act_for(session, actor_for(session, world.police))
    with pytest.raises(NotFound):
        write_version(session, actor_for(session, world.police), now, entry.child_id, TEXT)
    stranger = actor_for(session, world.coordinator_nw)
    act_for(session, stranger)
    with pytest.raises(NotFound):
        write_version(session, stranger, now, entry.child_id, TEXT)


@pytest.mark.parametrize("harm", ["UPDATE safety_plan SET aims = 'Other'", "DELETE FROM safety_plan"])
def test_a_plan_once_written_stays_as_it_is(session: Session, now: datetime, harm: str) -> None:
    entry = put_on_list(session)
    write_version(session, OPERATOR, now, entry.child_id, TEXT)
    with pytest.raises(sa.exc.DatabaseError), session.begin_nested():
        session.execute(sa.text(harm))
    assert session.scalars(select(col(SafetyPlan.aims))).one() == "Aims"
