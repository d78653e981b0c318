"""A safety plan is written for high and medium, in versions of which none is lost."""

from dataclasses import replace
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
from meetings_app.plans.models import PlanAim, SafetyPlan
from meetings_app.plans.queries import aims_of, versions_of
from meetings_app.plans.service import write_version
from meetings_app.ratings.models import RiskRating
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind
from tests.support.children import add_child, put_on_list, rate
from tests.support.plans import an_aim, plan_text
from tests.support.world import actor_for, tiny_world

TEXT = plan_text()


def test_each_plan_is_a_version_and_the_list_shows_none_as_due(session: Session, now: datetime) -> None:
    entry = put_on_list(session)
    entry.plan_due_on = date(2026, 11, 30)
    first = write_plan(session, OPERATOR, now, entry.child_id, TEXT)
    second = write_plan(session, OPERATOR, now, entry.child_id, plan_text("Later"), opened_at=1)
    assert (first.number, second.number) == (1, 2)
    assert session.scalars(select(col(ListEntry.plan_due_on))).all() == [None]
    plans = versions_of(session, entry.child_id, with_intelligence=True)
    assert [aim.aim for plan in plans for aim in aims_of(session, plan.id)] == ["Later", "Aims"]


def test_saving_the_present_version_again_meets_nothing_that_is_due(session: Session, now: datetime) -> None:
    entry = put_on_list(session)
    write_plan(session, OPERATOR, now, entry.child_id, TEXT)
    entry.plan_due_on = date(2026, 11, 30)
    as_it_stands = replace(TEXT, aims=tuple(replace(aim, number=number) for number, aim in enumerate(TEXT.aims, 1)))
    with pytest.raises(RuleBroken, match="nothing in it is different"):
        write_plan(session, OPERATOR, now, entry.child_id, as_it_stands)
    assert entry.plan_due_on == date(2026, 11, 30)
    write_plan(session, OPERATOR, now, entry.child_id, replace(as_it_stands, contingency="Invented: another way."))
    assert entry.plan_due_on is None


def test_an_aim_that_goes_on_keeps_its_number_and_a_number_is_never_given_twice(
    session: Session, now: datetime
) -> None:
    child = put_on_list(session).child_id
    first = write_version(session, OPERATOR, now, child, plan_text("One", "Two", "Three"))
    second = write_version(
        session, OPERATOR, now, child,
        plan_text(an_aim("New"), an_aim("Three, changed", number=3), an_aim("A copy", number=3), an_aim("x", number=9)),
    )  # fmt: skip
    third = write_version(session, OPERATOR, now, child, plan_text(an_aim("Two again", number=2)))
    numbers = [[aim.number for aim in aims_of(session, plan.key)] for plan in (first, second, third)]
    assert numbers == [[1, 2, 3], [4, 3, 5, 6], [7]]


def test_police_intelligence_is_not_even_read_for_a_school(session: Session, now: datetime) -> None:
    entry = put_on_list(session)
    write_version(session, OPERATOR, now, entry.child_id, TEXT)
    (plan,) = versions_of(session, entry.child_id, with_intelligence=False)
    assert plan.police_intelligence == ""


@pytest.mark.parametrize("rating", [RiskRating.LOW, RiskRating.NONE, None])
def test_no_plan_is_begun_for_a_child_who_is_not_rated_high_or_medium(
    session: Session, now: datetime, rating: RiskRating | None
) -> None:
    child = add_child(session)
    if rating:
        rate(session, child, rating)
    with pytest.raises(DomainError, match="rated high or medium"):
        write_version(session, OPERATOR, now, child.key, TEXT)


def test_a_plan_that_is_there_goes_on_when_the_child_is_rated_low(session: Session, now: datetime) -> None:
    child = add_child(session)
    rate(session, child, RiskRating.MEDIUM)
    write_version(session, OPERATOR, now, child.key, TEXT)
    rate(session, child, RiskRating.LOW)
    bare = replace(plan_text(an_aim(actions="", due_on=None)), contingency="", child_view_kind=None, school_copy=None)
    assert write_version(session, OPERATOR, now, child.key, bare).number == 2


@pytest.mark.parametrize("known", [True, False])
def test_whoever_went_missing_lately_has_in_the_plan_what_is_done_then(
    session: Session, now: datetime, known: bool
) -> None:
    entry = put_on_list(session)
    session.add(
        ChangeInCircumstances(
            child_id=entry.child_id, kind=ChangeKind.MISSING_EPISODE, text="Invented", reported_at=now,
            happened_on=date(2026, 8, 25) if known else date(2026, 8, 24),
        )
    )  # fmt: skip
    session.flush()
    plan = replace(TEXT, missing_plan="")
    if not known:
        write_plan(session, OPERATOR, now, entry.child_id, plan)
        return
    with pytest.raises(RuleBroken) as refused:
        write_plan(session, OPERATOR, now, entry.child_id, plan)
    assert refused.value.field == "missing_plan"


def test_of_two_who_began_from_one_version_the_second_is_told(session: Session, now: datetime) -> None:
    entry = put_on_list(session)
    write_version(session, OPERATOR, now, entry.child_id, TEXT, opened_at=0)
    with pytest.raises(Conflict) as told:
        write_version(session, OPERATOR, now, entry.child_id, plan_text("Mine"), opened_at=0)
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


@pytest.mark.parametrize("change", ["UPDATE safety_plan SET contingency = ''", "UPDATE plan_aim SET aim = ''",
                                    "DELETE FROM plan_aim"])  # fmt: skip
def test_the_database_itself_refuses_to_change_a_plan(session: Session, now: datetime, change: str) -> None:
    entry = put_on_list(session)
    write_version(session, OPERATOR, now, entry.child_id, TEXT)
    with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
        session.execute(sa.text(change))
    assert session.scalars(select(col(PlanAim.aim))).one() == "Aims"
    assert session.scalars(select(col(SafetyPlan.contingency))).one() == "Contingency"
