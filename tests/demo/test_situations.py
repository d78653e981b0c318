"""A child in each situation of the demonstration, so that whoever tries the service out finds every one of them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.escalating import steps_of
from meetings_app.actions.models import Action, ActionState
from meetings_app.app import Service
from meetings_app.children.ages import TransitionStep, after_months, age_on
from meetings_app.children.models import Child, ChildLink, LinkKind, TransitionRecord
from meetings_app.clock import london_date
from meetings_app.cse_list.models import (
    Closure,
    ClosureState,
    Departure,
    DepartureKind,
    DepartureState,
    EntryState,
    ListEntry,
    LookBack,
)
from meetings_app.db.session import reading
from meetings_app.meetings.models import AgencyView, ItemDecision, Outcome
from meetings_app.permissions import OPERATOR
from meetings_app.plans.models import AimReview
from meetings_app.ratings.models import InformationOwed, Rating, RiskRating
from meetings_app.referrals.models import Referral
from meetings_app.strategy.models import DiscussionState, StrategyDiscussion
from meetings_app.strategy.rules import About
from tests.conftest import NOW
from tests.demo.conftest import keep_key

TODAY = london_date(NOW)
LISTED = col(ListEntry.state) != EntryState.CLOSED


def some(model: Any, *wanted: Any) -> Callable[[Session], bool]:
    """Say whether there is a row."""
    return lambda session: session.scalars(select(model).where(*wanted)).first() is not None


def strategy(*wanted: Any) -> Callable[[Session], bool]:
    return some(StrategyDiscussion, *wanted)


def departure(kind: DepartureKind, state: DepartureState) -> Callable[[Session], bool]:
    return some(Departure, col(Departure.kind) == kind, col(Departure.state) == state)


def born(earliest: date, latest: date) -> Callable[[Session], bool]:
    """Say whether a child on the list without a support package was born in this time, both days included."""
    packages = select(col(TransitionRecord.child_id)).where(col(TransitionRecord.kind) == TransitionStep.PACKAGE)
    listed = select(col(ListEntry.child_id)).where(LISTED)
    in_time = (col(Child.born) >= earliest, col(Child.born) <= latest)
    return some(Child, *in_time, col(Child.id).in_(listed), col(Child.id).not_in(packages))


def aged(months: int, until_months: int) -> Callable[[Session], bool]:
    """Say whether there is one from this age, in months, to just before the other."""
    return born(after_months(TODAY, -until_months) + timedelta(days=1), after_months(TODAY, -months))


def has_had_a_further_review(session: Session) -> bool:
    rated: dict[int, list[RiskRating]] = {}
    for rating in session.scalars(select(Rating).where(~col(Rating.before_service)).order_by(col(Rating.id))):
        rated.setdefault(rating.child_id, []).append(rating.rating)
    return any(RiskRating.HIGH in ratings[:-1] and ratings[-1] is not RiskRating.HIGH for ratings in rated.values())


def is_escalated(service: Service) -> Callable[[Session], bool]:
    rules = service.partnership.ratings.actions
    rows: Any = select(
        col(Action.id), col(Action.area_id), col(Action.due_on), col(Action.what).label("agency")
    ).where(col(Action.state) == ActionState.OPEN)  # fmt: skip
    return lambda session: bool(steps_of(session, session.execute(rows).all(), rules))


def is_young(session: Session) -> bool:
    """Say whether the young person alleged to have harmed another one is under 18."""
    link = select(col(ChildLink.child_id)).where(col(ChildLink.kind) == LinkKind.ALLEGED_HARM)
    return any(age_on(session.get_one(Child, each).born, TODAY) < 18 for each in session.scalars(link))


SITUATIONS: dict[str, Callable[[Session], bool]] = {
    "rated provisionally": some(ListEntry, LISTED, col(ListEntry.provisional)),
    "an agency owes information": some(InformationOwed),
    "deferred": some(ItemDecision, col(ItemDecision.outcome) == Outcome.DEFERRED),
    "an agency dissents": some(AgencyView, col(AgencyView.dissents)),
    "the tool differs": some(Rating, col(Rating.tool_difference_reason) != ""),
    "the floor was asked": some(ItemDecision, col(ItemDecision.behaviours_reason) != ""),
    "two levels down": some(ItemDecision, col(ItemDecision.both_chairs_agree), col(ItemDecision.rules_version) > 0),
    "high, with a further review": has_had_a_further_review,
    "plan late": some(ListEntry, LISTED, col(ListEntry.plan_due_on) < TODAY),
    "plan reviewed": some(AimReview, col(AimReview.took_effect_at).is_not(None)),
    "siblings": some(ChildLink, col(ChildLink.kind) == LinkKind.SIBLING),
    "one network": some(ChildLink, col(ChildLink.kind) == LinkKind.SAME_NETWORK),
    "alleged perpetrator under 18": is_young,
    "discussion of their own": strategy(col(StrategyDiscussion.about) == About.ALLEGED_PERPETRATOR),
    "discussion held": strategy(col(StrategyDiscussion.state) == DiscussionState.HELD),
    "discussion requested": strategy(col(StrategyDiscussion.state) == DiscussionState.REQUESTED),
    "discussion not held": strategy(col(StrategyDiscussion.state) == DiscussionState.NOT_HELD),
    "17 without a package": aged(204, 210),
    "17½ without a package": aged(210, 216),
    "18 without a package": aged(216, 228),
    "closing, one signature": some(
        Closure, col(Closure.state) == ClosureState.CLOSING, col(Closure.first_signed_at).is_not(None),
        col(Closure.second_signed_at).is_(None), col(Closure.second_due_on) >= TODAY,
    ),
    "look-back": some(LookBack, col(LookBack.found_at).is_(None)),
    "repeat within 12 months": some(Referral, col(Referral.repeat)),
    "transfer begun": departure(DepartureKind.TRANSFER, DepartureState.WAITING),
    "transferred": departure(DepartureKind.TRANSFER, DepartureState.LEFT),
    "died": departure(DepartureKind.DEATH, DepartureState.LEFT),
    "one child, two records": some(Child, col(Child.merged_into_id).is_not(None)),
}  # fmt: skip


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_county_has_a_child_in_each_situation(service: Service, situation: str) -> None:
    keep_key()
    with reading(service.sessions, OPERATOR) as session:
        assert SITUATIONS[situation](session)


def test_the_county_has_an_action_that_was_missed_so_often_that_it_is_escalated(service: Service) -> None:
    keep_key()
    with reading(service.sessions, OPERATOR) as session:
        assert is_escalated(service)(session)
