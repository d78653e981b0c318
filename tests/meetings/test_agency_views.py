"""What each agency thinks about an item: written while the meeting is held, kept, printed, and a dissent shown."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.child_record.chronology import chronology
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.meetings.agency_views import ViewShown, record_view, remove_view, views_of
from meetings_app.meetings.closing import close_meeting
from meetings_app.ratings.models import RiskRating
from tests.support.children import agency_id
from tests.support.meeting_day import Day
from tests.support.rmm import OFFICE, due, rated, rmm
from tests.support.world import NOW, send

POLICE = ViewShown("police", "Police", "Invented: high is right.", True)


def test_one_view_an_agency_the_later_in_place_of_the_earlier_until_the_meeting_closes(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    chair, item, police = day.act("chair_cs"), day.item(child), agency_id(session, "police")
    record_view(session, chair, NOW, day.meeting, item, police, "Invented: at first.", dissents=False)
    record_view(session, chair, NOW, day.meeting, item, police, " Invented: high is right. ", dissents=True)
    record_view(session, chair, NOW, day.meeting, item, agency_id(session, "health"), "Agrees.", dissents=False)
    assert views_of(session, item.key)[:1] == [POLICE]
    remove_view(session, chair, NOW, day.meeting, item, "health")
    assert views_of(session, item.key) == [POLICE]
    day.decide(child, rated(session, RiskRating.MEDIUM))
    minutes = close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    assert minutes.facts["items"][0]["views"] == [
        {"agency_code": "police", "agency": "Police", "text": "Invented: high is right.", "dissents": True}
    ]
    for change in (
        lambda: record_view(session, chair, NOW, day.meeting, item, police, "Later", dissents=False),
        lambda: remove_view(session, chair, NOW, day.meeting, item, "police"),
    ):
        with pytest.raises(DomainError, match="while the meeting is held"):
            change()
    day.operator()
    told = [one.text for one in chronology(session, child.key)[0] if one.title.startswith("Heard at the RMM")]
    assert told == ["An invented discussion.\n\nPolice disagreed: Invented: high is right."]
    session.commit()
    recorded = select(AuditEvent).where(col(AuditEvent.kind) == EventKind.AGENCY_VIEW_RECORDED.value)
    assert len(session.scalars(recorded).all()) == 4
    day.act("health")
    assert views_of(session, item.key) == [], "a representative reads them in the minutes"


@pytest.mark.parametrize(("field", "agency", "text"), [("view_text", "police", "  "), ("view_agency", None, "Said")])
def test_a_view_says_whose_it_is_and_what(session: Session, field: str, agency: str | None, text: str) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    named = agency_id(session, agency) if agency else 0
    with pytest.raises(RuleBroken) as refused:
        record_view(session, day.act("chair_cs"), NOW, day.meeting, day.item(child), named, text, dissents=True)
    assert refused.value.field == field


@pytest.mark.parametrize("who", ["police", "coordinator_nw"])
def test_only_who_records_the_meeting_writes_them_down(session: Session, who: str) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    item, police = day.item(child), agency_id(session, "police")
    with pytest.raises(NotFound):
        record_view(session, day.act(who), NOW, day.meeting, item, police, "Said", dissents=False)


def test_the_page_keeps_the_view_with_whatever_else_is_typed(app: Flask, sessions: sessionmaker[Session]) -> None:
    day = Day(app, sessions)
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    child = day.children[0]
    at = f"{day.at}/items/{day.number(chair, child)}"

    def version() -> str:
        found = re.search(r'name="version"[^>]*value="(\d+)"', chair.get(at).get_data(as_text=True))
        assert found
        return found.group(1)

    typed = {"discussion": "So far, as invented.", "view_text": "Invented: <b>not yet</b>", "view_dissents": "y"}
    refused = send(chair, f"{at}/views", {**typed, "version": version()}, page=at)
    assert refused.status_code == 400
    assert "Choose the agency whose view it is" in refused.get_data(as_text=True)
    whole = {**typed, "view_agency": day.agencies["police"]}
    stale = version()
    assert send(chair, f"{at}/views", {**whole, "version": stale}, page=at).status_code == 302
    page = chair.get(at).get_data(as_text=True)
    assert "So far, as invented." in page
    assert "Invented: &lt;b&gt;not yet&lt;/b&gt;" in page
    assert "Disagrees" in page
    assert page.index(">Save item ") < page.index(">Remove<"), "the Enter key presses the first button: it saves"
    told = send(coordinator, f"{at}/views", {**whole, "view_text": "Theirs", "version": stale}, page=at)
    assert told.status_code == 409, "the second saver is told, and what was typed is still there"
    assert "Theirs" in told.get_data(as_text=True)
    kept = {"discussion": "Still kept.", "version": version()}
    assert send(chair, f"{at}/views/police/remove", kept, page=at).status_code == 302
    page = chair.get(at).get_data(as_text=True)
    assert "Still kept." in page
    assert "Disagrees" not in page
