"""An item that was not reached: no agency, no count, and the child comes back to the next meeting."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.child_record.chronology import chronology
from meetings_app.errors import RuleBroken
from meetings_app.meetings import deciding
from meetings_app.meetings.cases import case_of
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.deciding import leave_the_rest
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.drafting import draft_of
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.meetings.models import Outcome
from meetings_app.meetings.publishing import add_late_item
from meetings_app.meetings.rest_read import RestChanged
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import Meeting
from tests.support.children import agency_id, put_on_list
from tests.support.meeting_day import Day
from tests.support.rmm import OFFICE, Rmm, child_of, deferred, due, rated, referred, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW, send

NOT_REACHED = Decided(outcome=Outcome.NOT_REACHED, discussion="Said so far, as invented.")


def close(day: Rmm) -> None:
    close_meeting(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()


def go_on(day: Rmm) -> None:
    close(day)
    day.meeting, *day.later = day.later


def carried(day: Rmm, child: int) -> list[str]:
    drafted = draft_of(day.session, day.meeting, OFFICE.partnership, NOW)
    item = next(item for item in drafted.items if item.child_id == child)
    return [reason.text for reason in item.reasons if reason.code == "carried_over"]


@pytest.mark.parametrize("reason", ["", "The room was needed"])
def test_it_asks_for_nothing_and_the_child_comes_back(session: Session, reason: str) -> None:
    day = rmm(session)
    child, other = due(session), referred(session)
    first = day.meeting.reference
    day.open()
    day.decide(other, rated(session, RiskRating.NONE))
    assert leave_the_rest(session, day.act("coordinator"), NOW, OFFICE, day.meeting, reason) == 1
    assert day.decision(child).information_agency_id is None
    go_on(day)
    assert carried(day, child.key) == [f"Not reached at {first}" + (f": {reason}" if reason else "")]


@pytest.mark.parametrize("deferring", [False, True])
def test_an_item_that_is_added_while_the_list_is_confirmed_is_not_passed_on_unread(
    session: Session, monkeypatch: pytest.MonkeyPatch, deferring: bool
) -> None:
    day = rmm(session)
    child, late = due(session), child_of(session, put_on_list(session, review_on=date(2027, 1, 20)))
    day.open()
    police = agency_id(session, "police")

    def pass_on(listed: str) -> int:
        by, of = day.act("coordinator"), (OFFICE, day.meeting)
        if deferring:
            return deciding.defer_the_rest(session, by, NOW, *of, police, "A report is missing", listed)
        return deciding.leave_the_rest(session, by, NOW, *of, "No time", listed)

    def somebody_was_first(session: Session, meeting: Meeting) -> None:
        add_late_item(session, day.act("coordinator"), NOW, OFFICE, meeting, late, "An invented late call")

    listed = day.item(child).number
    with monkeypatch.context() as patched:
        patched.setattr(deciding, "lock", somebody_was_first)
        with pytest.raises(RestChanged):
            pass_on(listed)
    assert {day.decision(each).outcome for each in (child, late)} == {None}
    assert pass_on(f"{listed} {day.item(late).number}") == 2


def test_it_neither_counts_as_a_deferral_nor_ends_the_count(session: Session) -> None:
    day = rmm(session)
    child = referred(session)
    for decided in (deferred(session), NOT_REACHED, deferred(session)):
        day.open()
        day.decide(child, decided)
        go_on(day)
    day.open()
    assert case_of(session, OFFICE, day.meeting, day.item(child)).deferrals == 2
    with pytest.raises(RuleBroken, match="deferred 2 times"):
        day.decide(child, deferred(session))
    day.decide(child, NOT_REACHED, who="coordinator")


def test_the_minutes_and_the_child_s_page_say_it_and_name_no_agency(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    day.decide(
        child, Decided(outcome=Outcome.NOT_REACHED, deferred_reason="Typed before", not_reached_reason="No time")
    )
    close(day)
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    item = minutes.facts["items"][0]
    assert (item["outcome"], item["not_reached"]) == ("not_reached", {"reason": "No time"})
    assert "deferred" not in item
    told = [(one.title, one.text) for one in chronology(session, child.key)[0] if one.meeting_id == day.meeting.key]
    assert told == [("Not reached at the RMM", "No time")]


def test_the_closing_page_says_not_reached_unless_told_otherwise(app: Flask, sessions: sessionmaker[Session]) -> None:
    day = Day(app, sessions)
    coordinator = day.browser("coordinator")
    day.publish_and_open(coordinator)
    page = coordinator.get(f"{day.at}/close").get_data(as_text=True)
    assert 'value="not_reached" checked' in page
    refused = send(coordinator, f"{day.at}/defer-the-rest", {"outcome": "deferred"}, page=f"{day.at}/close")
    assert refused.status_code == 400
    assert "Select the agency that supplies what is missing" in refused.get_data(as_text=True)
    asked = send(coordinator, f"{day.at}/defer-the-rest", {"outcome": "not_reached"}, page=f"{day.at}/close")
    assert asked.status_code == 200
    listing = asked.get_data(as_text=True)
    for child in day.children:
        assert child.reference in listing, "whoever passes items on reads which first"
    assert "Not reached" not in coordinator.get(f"{day.at}/record").get_data(as_text=True)
    form = form_to(listing, f"{day.at}/defer-the-rest")
    older = coordinator.post(form.action, data=form.with_values(listed="4.1", form_id="older"))
    assert "have changed since you saw them" in older.get_data(as_text=True)
    assert coordinator.post(form.action, data=form.values).status_code == 302
    said = coordinator.get(f"{day.at}/record").get_data(as_text=True)
    assert said.count("Not reached") == len(day.children)
    chair = day.browser("chair-cs")
    closing = chair.get(f"{day.at}/close").get_data(as_text=True)
    version = closing.split('name="version"')[1].split('value="')[1].split('"')[0]
    assert send(chair, f"{day.at}/close", {"version": version}).status_code == 302
    minutes = chair.get(f"{day.at}/minutes").get_data(as_text=True)
    assert minutes.count("<strong>Not reached</strong>") == len(day.children)
    assert "To be supplied by" not in minutes
