"""What a rating needs where it differs from the tool (SG), and where information is missing."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.cse_list.service import live_entry
from meetings_app.errors import RuleBroken
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.closures import closure_of, sign
from meetings_app.meetings.decisions import Case, offered_level
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import InformationOwed, RiskRating
from meetings_app.ratings.queries import last_rating
from tests.support.assessed import HIGH as TICKS
from tests.support.assessments import finished
from tests.support.browsing import browser, text_of
from tests.support.children import agency_id
from tests.support.meeting_day import Day
from tests.support.rmm import ANSWERS, OFFICE, Rmm, closed, deferred, due, rated, referred, rmm
from tests.support.world import NOW, send

HIGH, MEDIUM, LOW, NONE = RiskRating.HIGH, RiskRating.MEDIUM, RiskRating.LOW, RiskRating.NONE
CASE = Case(
    held_on=NOW.date(), age=15, learning_disability=False, listed=False, before=None, review_on=None, reasons=(),
    quorate=True, both_chairs=True, deferrals=2, reviews_since_high=None, merged=False, referral_waits=True,
    decided_later=False,
)  # fmt: skip
HANDED_OVER: dict[str, Any] = {
    "still_at_risk": YesNoUnknown.YES, "package_service": "Invented", "package_contact": "Invented",
    "package_starts_on": date(2026, 12, 1), "package_agreed_by": "Invented", "adult_at_risk": YesNoUnknown.NO,
    "adult_at_risk_reason": "Invented",
}  # fmt: skip
WHY = "Why the rating differs from the assessment tool"


def close(day: Rmm) -> None:
    close_meeting(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()


def item_of(day: Rmm, child: Child) -> dict[str, object]:
    minutes = latest_minutes(day.session, day.meeting.key)
    assert minutes is not None
    return next(item for item in minutes.facts["items"] if item["child_id"] == child.key)


@pytest.mark.parametrize(
    ("assessed", "rating", "asked"),
    [(None, LOW, False), (TICKS, HIGH, False), (TICKS, MEDIUM, True), ({}, NONE, False), ({}, HIGH, True)],
    ids=["no tool", "as the tool", "below the tool", "none as the tool", "above the tool"],
)
def test_the_reason_is_asked_where_the_rating_differs(
    session: Session, assessed: object, rating: RiskRating, *, asked: bool
) -> None:
    day = rmm(session)
    child = referred(session)
    if assessed is not None:
        finished(session, OPERATOR, child, ticks=assessed)  # type: ignore[arg-type]
    day.open()
    if asked:
        with pytest.raises(RuleBroken) as refused:
            day.decide(child, rated(session, rating, tool_difference_reason=""))
        assert refused.value.field == "tool_difference_reason"
        day.decide(child, rated(session, rating, tool_difference_reason=" Invented: more is known. "))
    else:
        day.decide(child, rated(session, rating, tool_difference_reason="Typed in vain"))
    close(day)
    kept = last_rating(session, child.key)
    assert kept is not None
    assert kept.tool_difference_reason == ("Invented: more is known." if asked else "")
    lines = [line for line in item_of(day, child)["further"] if line["label"] == WHY]  # type: ignore[attr-defined]
    assert [line["text"] for line in lines] == (["Invented: more is known."] if asked else [])


def test_a_new_assessment_before_the_end_keeps_the_meeting_open_until_the_reason_is_there(session: Session) -> None:
    day = rmm(session)
    child = referred(session)
    day.open()
    day.decide(child, rated(session, LOW, tool_difference_reason=""))
    day.operator()
    finished(session, OPERATOR, child, ticks=TICKS)
    with pytest.raises(Exception, match="Every item") as refused:
        close(day)
    assert "differs from the assessment tool" in refused.value.obstacles[0].why  # type: ignore[attr-defined]


def deferred_twice(session: Session, child: Child, day: Rmm) -> None:
    for _ in range(2):
        day.open()
        day.decide(child, deferred(session))
        close(day)
        day.meeting, *day.later = day.later


@pytest.mark.parametrize(
    ("supplied", "rating", "provisional"),
    [(False, MEDIUM, True), (True, MEDIUM, False), (True, NONE, False)],
    ids=["still missing", "supplied", "supplied, no risk"],
)
def test_after_two_deferrals_the_rating_is_provisional_and_the_agency_escalated(
    session: Session, rating: RiskRating, *, supplied: bool, provisional: bool
) -> None:
    day = rmm(session)
    child = referred(session)
    deferred_twice(session, child, day)
    day.open()
    day.decide(child, rated(session, rating, information_supplied=supplied))
    close(day)
    kept = last_rating(session, child.key)
    assert kept is not None
    assert kept.provisional is provisional
    owed = session.scalars(select(InformationOwed).where(col(InformationOwed.child_id) == child.key)).all()
    assert [one.agency_id for one in owed] == ([agency_id(session, "police")] if provisional else [])
    entry = live_entry(session, child.key)
    assert (entry is not None and entry.provisional) is provisional
    item = item_of(day, child)
    assert item["provisional"] is provisional
    assert ("Police has not supplied" in str(item["further"])) is provisional


def test_a_child_never_rated_is_not_found_without_risk_while_the_information_is_missing(session: Session) -> None:
    day = rmm(session)
    child = referred(session)
    deferred_twice(session, child, day)
    day.open()
    with pytest.raises(RuleBroken, match="while the information is still missing") as refused:
        day.decide(child, rated(session, NONE, information_supplied=False))
    assert refused.value.field == "rating"


@pytest.mark.parametrize(("supplied", "refused"), [(False, True), (True, False)])
def test_a_rating_is_not_lowered_while_the_information_is_missing(
    session: Session, *, supplied: bool, refused: bool
) -> None:
    day = rmm(session)
    child = due(session, HIGH)
    deferred_twice(session, child, day)
    day.open()
    decided = rated(session, MEDIUM, information_supplied=supplied)
    if refused:
        with pytest.raises(RuleBroken, match="while the information is still missing"):
            day.decide(child, decided)
    day.decide(child, decided if not refused else rated(session, HIGH))


@pytest.mark.parametrize("handed_over", [False, True])
def test_a_child_does_not_leave_the_list_while_the_information_is_missing(session: Session, handed_over: bool) -> None:
    day = rmm(session)
    child = due(session, MEDIUM, leaving=True, **({"born": date(2008, 1, 5)} if handed_over else {}))
    deferred_twice(session, child, day)
    day.open()
    answers = replace(ANSWERS, **HANDED_OVER) if handed_over else ANSWERS
    with pytest.raises(RuleBroken, match="while the information is still missing") as refused:
        day.decide(child, closed(tool_difference_reason="Invented"), answers)
    assert refused.value.field == "information_supplied"
    day.decide(child, closed(tool_difference_reason="Invented", information_supplied=True), answers)


def test_the_item_page_shows_the_level_keeps_the_reason_and_loses_none_of_the_chair_s_words(
    app: Flask, sessions: sessionmaker[Session]
) -> None:
    day = Day(app, sessions)
    child = day.children[4]
    with day.open() as session:
        finished(session, OPERATOR, session.get_one(Child, child.key), ticks=TICKS)
        session.commit()
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    at = f"{day.at}/items/{day.number(chair, child)}"
    page = chair.get(at).get_data(as_text=True)
    assert "The last assessment with a level reads as high." in page
    decision = {
        "outcome": "rated", "rating": "medium", "exploitation_status": "suspected", "rationale": "Invented",
        "lead_agency": day.agencies["police"], "version": "1",
    }  # fmt: skip
    refused = send(chair, at, decision)
    assert refused.status_code == 400
    assert "Enter why the rating differs from the assessment tool" in refused.get_data(as_text=True)
    assert send(chair, at, {**decision, "tool_difference_reason": "Invented: more is known"}).status_code == 302
    day.decide(
        coordinator, child, discussion="Written down later", outcome="rated", rationale="Invented",
    )  # fmt: skip
    assert "Invented: more is known" in chair.get(at).get_data(as_text=True)


def test_the_child_s_page_says_why_the_present_rating_differs(app: Flask, session: Session) -> None:
    day = rmm(session)
    child = due(session)
    finished(session, OPERATOR, child, ticks=TICKS)
    day.open()
    day.decide(child, rated(session, MEDIUM, tool_difference_reason="Invented: <more> is known."))
    close(day)
    session.commit()
    page = text_of(browser(app, "coordinator"), f"/children/{child.reference}")
    assert "Invented: &lt;more&gt; is known." in page
    assert "Why it differs from the assessment tool" in page


@pytest.mark.parametrize(("assessed", "asked"), [(TICKS, True), ({}, False)], ids=["tool reads high", "as the tool"])
def test_a_closure_too_says_why_no_risk_is_left_though_the_tool_reads_another(
    session: Session, assessed: object, *, asked: bool
) -> None:
    day = rmm(session)
    child = due(session, LOW)
    finished(session, OPERATOR, child, ticks=assessed)  # type: ignore[arg-type]
    day.open()
    if asked:
        with pytest.raises(RuleBroken) as refused:
            day.decide(child, closed(), ANSWERS)
        assert [refused.value.field, *refused.value.more] == ["tool_difference_reason"]
    day.decide(child, closed(tool_difference_reason="Invented: the tool looks back."), ANSWERS)
    closure = closure_of(session, day.meeting.key, child.key)
    assert closure is not None
    close(day)
    for chair in ("chair_cs", "chair_fs"):
        sign(session, day.act(chair), NOW, OFFICE, closure)
    day.operator()
    kept = last_rating(session, child.key)
    assert kept is not None
    said = "Invented: the tool looks back." if asked else ""
    assert (kept.rating, kept.tool_difference_reason) == (NONE, said)
    lines = [line for line in item_of(day, child)["closure"]["lines"] if line["label"] == WHY]  # type: ignore[index]
    assert [line["text"] for line in lines] == ([said] if asked else [])


def test_who_is_handed_over_keeps_the_rating_so_no_difference_is_asked(session: Session) -> None:
    day = rmm(session)
    child = due(session, HIGH, born=date(2008, 11, 24))
    finished(session, OPERATOR, child, ticks={})
    day.open()
    handed_over = replace(
        ANSWERS, still_at_risk=YesNoUnknown.YES, package_service="Invented", package_contact="Testy McContact",
        package_starts_on=date(2026, 12, 1), package_agreed_by="Testy McAgreed", adult_at_risk=YesNoUnknown.NO,
        adult_at_risk_reason="Invented",
    )  # fmt: skip
    day.decide(child, closed(), handed_over)


@pytest.mark.parametrize(
    ("level", "before", "age", "offered"),
    [
        (HIGH, None, 15, HIGH), (NONE, None, 15, None), (NONE, HIGH, 15, None), (HIGH, LOW, 15, HIGH),
        (LOW, None, 15, LOW), (LOW, None, 12, None), (None, None, 15, None),
    ],
    ids=["high", "none", "lowers", "raises", "low", "below the floor", "no tool"],
)  # fmt: skip
def test_after_two_deferrals_the_tool_s_level_is_offered_where_no_rule_refuses_it(
    level: RiskRating | None, before: RiskRating | None, age: int, offered: RiskRating | None
) -> None:
    case = replace(CASE, tool_level=level, before=before, age=age, listed=before is not None)
    assert offered_level(case, OFFICE.partnership.ratings) is offered
    assert offered_level(replace(case, deferrals=1), OFFICE.partnership.ratings) is None
