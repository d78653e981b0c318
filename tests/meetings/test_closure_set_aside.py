"""What was typed about a closure stays where something else is decided, and stands there again for the closure."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import YesNoUnknown
from meetings_app.cse_list.models import Closure, ClosureState, EntryState, WarningCode
from meetings_app.cse_list.service import live_entry
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.closures import closure_of, sign, waiting_closures
from meetings_app.meetings.deciding import leave_the_rest, stored_answers
from meetings_app.meetings.decisions import Decided
from meetings_app.ratings.models import RiskRating
from tests.meetings.test_running_pages import CLOSURE
from tests.support.meeting_day import Day
from tests.support.rmm import ANSWERS, OFFICE, closed, due, rated, rmm
from tests.support.world import NOW

TYPED = replace(ANSWERS, agency_dissents=YesNoUnknown.UNKNOWN, reasons={WarningCode.DISSENT: "Typed too early"})
"""A reason whose warning does not hold yet."""


@pytest.mark.parametrize("first", [closed(), Decided(discussion="Only talked about.")], ids=["closed", "undecided"])
@pytest.mark.parametrize("then", ["medium", "undecided", "not reached"])
def test_the_answers_stay_whatever_is_decided_instead(session: Session, first: Decided, then: str) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    day.open()
    answers = ANSWERS if first.outcome else TYPED
    day.decide(child, first, answers)
    kept = stored_answers(session, day.meeting, day.item(child))
    assert kept.good_practice == ANSWERS.good_practice
    if then == "medium":
        day.decide(child, rated(session, RiskRating.MEDIUM), kept)
    elif then == "undecided":
        day.decide(child, Decided(discussion="Talked about anew."), kept)
    else:
        day.decide(child, Decided(), kept)
        leave_the_rest(session, day.act("chair_cs"), NOW, OFFICE, day.meeting)
    day.operator()
    assert stored_answers(session, day.meeting, day.item(child)) == kept
    assert waiting_closures(session) == []
    assert closure_of(session, day.meeting.key, child.key) is None
    day.decide(child, closed(), replace(kept, agency_dissents=YesNoUnknown.NO))
    again = stored_answers(session, day.meeting, day.item(child))
    assert (again.good_practice, again.reasons) == (ANSWERS.good_practice, {}), "no reason of a warning without it"
    rows = session.scalars(select(Closure).where(col(Closure.child_id) == child.key)).all()
    assert [row.state for row in rows] == [ClosureState.DRAFTED]


def test_what_is_set_aside_carries_no_signature_and_closes_nobody(session: Session) -> None:
    day = rmm(session)
    child = due(session, leaving=True)
    day.open()
    day.decide(child, closed(), ANSWERS)
    closure = closure_of(session, day.meeting.key, child.key)
    assert closure is not None
    sign(session, day.act("chair_cs"), NOW, OFFICE, closure)
    day.decide(child, rated(session, RiskRating.MEDIUM), ANSWERS)
    session.refresh(closure)
    assert (closure.state, closure.first_signed_at) == (ClosureState.RETURNED, None)
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    entry = live_entry(session, child.key)
    assert entry is not None
    assert entry.state is EntryState.LISTED


def test_a_rating_without_a_word_about_closing_keeps_no_closure(day: Day) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    child = day.children[0]
    rating = {
        "outcome": "rated", "rating": "medium", "exploitation_status": "suspected", "rationale": "Invented",
        "lead_agency": day.agencies["police"],
    }  # fmt: skip
    day.decide(chair, child, **rating)
    with day.open() as session:
        assert session.scalars(select(Closure).where(col(Closure.child_id) == child.key)).all() == []


def test_the_page_shows_again_what_was_typed_for_a_closure(day: Day) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    child = day.children[3]
    day.decide(chair, child, **{**CLOSURE, "outcome": "", "agency_dissents": "", "dissent_reason": "Typed too early"})
    address = f"{day.at}/items/{day.number(chair, child)}"
    page = chair.get(address).get_data(as_text=True)
    assert "If closed: what was typed before is kept here" in page
    for words in ("Invented good practice", "Invented view", "Not sought: invented", "Typed too early"):
        assert words in page
    assert "Sign the closure" not in page
    day.decide(coordinator, child, discussion="Written down later", outcome="")
    assert "Invented good practice" in chair.get(address).get_data(as_text=True)
    day.decide(chair, child, **CLOSURE)
    page = chair.get(address).get_data(as_text=True)
    assert "Sign the closure" in page
    assert "what was typed before is kept here" not in page
