"""Whatever was held stays within reach: the list of past meetings goes back to the first one, page by page."""

import re
from datetime import time, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from meetings_app.schedule.models import Meeting, MeetingState, MeetingType
from tests.support.browsing import browser, text_of
from tests.support.children import area_id
from tests.support.world import NOW, tiny_world

HELD, TODAY = 230, NOW.date()


def held(session: Session, area: str, count: int) -> list[str]:
    """Make meetings that were held, two on each of many days; gives their references, the latest first."""
    meetings = [
        Meeting(
            reference=f"RMM-{area}-X{number:03}", type=MeetingType.RMM, area_id=area_id(session, area),
            planned=TODAY - timedelta(days=1 + number // 2), held_on=TODAY - timedelta(days=1 + number // 2),
            start_time=time(10), minutes=120, state=MeetingState.SIGNED, calendar_uid=f"x-{area}-{number}",
            calendar_changed_at=NOW,
        )
        for number in range(count)
    ]  # fmt: skip
    session.add_all(meetings)
    session.commit()
    ordered = sorted(meetings, key=lambda each: (each.held_on, each.reference), reverse=True)
    return [each.reference for each in ordered]


def walked(client: FlaskClient, address: str) -> list[str]:
    """Follow “Earlier meetings” to the end; gives every past meeting on the way."""
    found: list[str] = []
    while address:
        page = text_of(client, address)
        past = page.partition('id="past"')[2]
        found += re.findall(r'href="/meetings/(RMM-\w+-X\d+)"', past)
        further = re.search(r'href="([^"]+before=[^"]+)">Earlier meetings', past)
        address = further[1].replace("&amp;", "&") if further else ""
    return found


def test_every_meeting_that_was_held_is_found_once_going_back(app: Flask, session: Session) -> None:
    tiny_world(session)
    ours, theirs = held(session, "NE", HELD), held(session, "NW", 3)
    client = browser(app, "coordinator")
    for address in ("/meetings", "/meetings?all=1", "/meetings?area=NE"):
        assert walked(client, address) == ours, address
    assert walked(browser(app, "coordinator-nw"), "/meetings") == theirs


def test_a_page_before_a_meeting_that_is_not_there_is_the_latest(app: Flask, session: Session) -> None:
    tiny_world(session)
    ours, theirs = held(session, "NE", 3), held(session, "NW", 1)
    for before in ("RMM-NE-NONE", theirs[0]):
        assert walked(browser(app, "coordinator"), f"/meetings?before={before}") == ours
    earlier = text_of(browser(app, "coordinator"), f"/meetings?before={ours[-1]}")
    assert "There is none before it." in earlier
    assert "Upcoming meetings" not in earlier
    assert "Back to the latest meetings" in earlier
