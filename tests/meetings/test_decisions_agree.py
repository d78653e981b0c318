"""What is saved on an item does not contradict itself: the rating of a closure, and what both chairs agreed to."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from meetings_app.children.models import YesNoUnknown
from meetings_app.errors import RuleBroken
from meetings_app.meetings.closures import answered_of
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.models import Outcome
from meetings_app.ratings.models import RiskRating
from tests.support.rmm import ANSWERS, closed, deferred, due, rated, rmm

YES, NO = YesNoUnknown.YES, YesNoUnknown.NO
HIGH, MEDIUM, LOW, NONE = RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW, RiskRating.NONE
ADULT = replace(
    ANSWERS, package_service="Invented service", package_contact="Testy", package_starts_on=date(2026, 12, 1),
    package_agreed_by="Testy McAgreed", adult_at_risk=NO, adult_at_risk_reason="Invented.",
)  # fmt: skip


@pytest.mark.parametrize(("rating", "at_risk"), [(NONE, YES), (MEDIUM, NO), (HIGH, NO)])
def test_at_18_no_closure_says_another_rating_than_the_answer_on_risk(
    session: Session, rating: RiskRating, at_risk: YesNoUnknown
) -> None:
    day = rmm(session)
    child = due(session, born=date(2008, 1, 5), leaving=True)
    day.open()
    with pytest.raises(RuleBroken) as broken:
        day.decide(child, closed(rating=rating), replace(ADULT, still_at_risk=at_risk))
    assert (broken.value.field, broken.value.more) == ("still_at_risk", ())
    assert answered_of(session, day.meeting.key, child.key) is None, "bad input changes nothing"


@pytest.mark.parametrize(("rating", "at_risk"), [(None, YES), (MEDIUM, YES), (None, NO), (NONE, NO)])
def test_at_18_a_closure_that_agrees_with_itself_is_kept(
    session: Session, rating: RiskRating | None, at_risk: YesNoUnknown
) -> None:
    day = rmm(session)
    child = due(session, born=date(2008, 1, 5), leaving=True)
    day.open()
    day.decide(child, closed(rating=rating), replace(ADULT, still_at_risk=at_risk))
    kept = answered_of(session, day.meeting.key, child.key)
    assert kept is not None
    assert kept.still_at_risk is at_risk


def test_at_18_no_package_of_a_closure_starts_before_the_17th_birthday(session: Session) -> None:
    day = rmm(session)
    child = due(session, born=date(2008, 1, 5), leaving=True)
    day.open()
    answers = replace(ADULT, still_at_risk=YES)
    with pytest.raises(RuleBroken) as broken:
        day.decide(child, closed(), replace(answers, package_starts_on=date(2025, 1, 4)))
    assert broken.value.field == "package_starts_on"
    day.decide(child, closed(), replace(answers, package_starts_on=date(2025, 1, 5)))


def test_what_both_chairs_agreed_to_is_kept_only_beside_a_rating_lowered_so_far(session: Session) -> None:
    day = rmm(session)
    child, adult = due(session, HIGH, leaving=True), due(session, MEDIUM, born=date(2008, 1, 5), leaving=True)
    day.open()
    agreed = {"both_chairs_agree": True, "step_down_reason": "An invented reason."}

    def said(decided: Decided) -> tuple[bool, str]:
        kept = day.decide(child, decided)
        return kept.both_chairs_agree, kept.step_down_reason

    assert said(rated(session, LOW, **agreed)) == (True, "An invented reason.")
    assert said(rated(session, HIGH, outcome=None, **agreed)) == (True, "An invented reason."), "nothing decided yet"
    for decided in (
        rated(session, MEDIUM, **agreed),
        replace(rated(session, LOW, **agreed), outcome=Outcome.NOT_REACHED),
        replace(deferred(session), rating=LOW, both_chairs_agree=True, step_down_reason="An invented reason."),
    ):
        assert said(decided) == (False, "")
    handed_over = day.decide(adult, closed(), replace(ADULT, still_at_risk=YES))
    assert (handed_over.both_chairs_agree, handed_over.step_down_reason) == (False, "")
    left = day.decide(adult, closed(), replace(ADULT, still_at_risk=NO))
    assert left.both_chairs_agree
