"""Changing and ending a series through the pages: what would happen is shown first, and made as it was shown."""

from datetime import date

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings import arranging
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import Meeting, MeetingSeries, MeetingState
from tests.meetings.test_arranging_pages import hidden, visible
from tests.support.browsing import browser, text_of
from tests.support.children import child_of, put_on_list
from tests.support.meetings import office, series
from tests.support.world import NOW, send, tiny_world

PATH = "/meetings/RMM-NE-2026-W51/series"
WEDNESDAYS = {
    "from_on": "15/12/2026", "weekday": "2", "start_time": "2pm", "minutes": "90", "place": "Room 2",
    "joining_link": "",
}  # fmt: skip


def made(session: Session) -> list[Meeting]:
    tiny_world(session)
    meetings = series(session, count=6)
    session.commit()
    return meetings


def days(session: Session) -> list[str]:
    rows = session.scalars(
        select(Meeting).where(col(Meeting.state) != MeetingState.CANCELLED).order_by(col(Meeting.held_on))
    )
    found = [f"{row.held_on:%a %d %b}" for row in rows]
    session.close()
    return found


def test_the_form_holds_what_the_series_is_and_the_meeting_leads_to_it(app: Flask, session: Session) -> None:
    made(session)
    session.close()
    coordinator = browser(app, "coordinator")
    assert PATH in text_of(coordinator, "/meetings/RMM-NE-2026-W51")
    page = text_of(coordinator, PATH)
    assert 'value="15/12/2026"' in page
    assert '<option value="1" selected>Tuesday' in page


def test_a_change_is_shown_with_its_children_and_then_made(app: Flask, session: Session) -> None:
    made(session)
    child = child_of(session, put_on_list(session, review_on=date(2026, 12, 15))).reference
    session.commit()
    session.close()
    coordinator = browser(app, "coordinator")
    answer = send(coordinator, PATH, WEDNESDAYS)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    before = "RMM-NE-2026-W51 Tuesday 15 December 2026, 10am, 120 minutes, Room 1, Exampleshire House"
    assert f"{before} Wednesday 16 December 2026, 2pm" in visible(page)
    assert "Mail 18 updated invites to 6 people, for 3 announced meetings" in visible(page)
    assert f"{child} RMM-NE-2026-W51 RMM-NE-2026-W50" in visible(page)
    assert days(session)[3:] == ["Tue 15 Dec", "Tue 22 Dec", "Tue 29 Dec"]
    answer = coordinator.post(PATH, data={**hidden(page), "confirmed": "1"})
    assert answer.status_code == 302
    assert days(session)[3:] == ["Wed 16 Dec", "Wed 23 Dec", "Wed 30 Dec"]
    shown = visible(text_of(coordinator, "/meetings"))
    assert "3 meetings are changed. 1 review has another meeting now." in shown
    changed = select(func.count()).where(col(OutboxMail.kind) == "meeting_changed")
    assert session.scalar(changed) == 18


def test_a_meeting_changed_meanwhile_shows_the_dates_again(app: Flask, session: Session) -> None:
    made(session)
    session.close()
    coordinator = browser(app, "coordinator")
    page = send(coordinator, PATH, WEDNESDAYS).get_data(as_text=True)
    meeting = session.scalars(select(Meeting).where(col(Meeting.reference) == "RMM-NE-2026-W52")).one()
    arranging.move_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, held_on=date(2026, 12, 21))
    session.commit()
    session.close()
    answer = coordinator.post(PATH, data={**hidden(page), "confirmed": "1"})
    assert answer.status_code == 409
    again = answer.get_data(as_text=True)
    assert "Stays because it was moved by hand" in visible(again)
    assert coordinator.post(PATH, data={**hidden(again), "confirmed": "1"}).status_code == 302
    assert days(session)[3:] == ["Wed 16 Dec", "Mon 21 Dec", "Wed 30 Dec"]


def test_what_the_rules_refuse_stands_beside_its_field(app: Flask, session: Session) -> None:
    made(session)
    session.close()
    coordinator = browser(app, "coordinator")
    answer = send(coordinator, PATH, {**WEDNESDAYS, "from_on": "1/1/2030"})
    assert answer.status_code == 400
    assert "No meeting of this series is still to be held on or after this date" in answer.get_data(as_text=True)
    answer = send(coordinator, PATH, {**WEDNESDAYS, "weekday": "6"})
    assert answer.status_code == 400


def test_a_series_is_ended_after_its_meetings_were_shown(app: Flask, session: Session) -> None:
    made(session)
    session.close()
    coordinator = browser(app, "coordinator")
    end = {"from_on": "15/12/2026", "reason": "Joined with another area"}
    page = send(coordinator, PATH + "/end", end).get_data(as_text=True)
    assert visible(page).count("Cancelled") >= 3
    assert len(days(session)) == 6
    assert coordinator.post(PATH + "/end", data={**hidden(page), "confirmed": "1"}).status_code == 302
    assert days(session) == ["Tue 24 Nov", "Tue 01 Dec", "Tue 08 Dec"]
    assert session.scalars(select(MeetingSeries)).one().ended_on == date(2026, 12, 15)


def test_an_end_that_leaves_a_child_without_a_meeting_is_refused(app: Flask, session: Session) -> None:
    made(session)
    put_on_list(session)
    session.commit()
    session.close()
    answer = send(browser(app, "coordinator"), PATH + "/end", {"from_on": "23/11/2026", "reason": "No more"})
    assert answer.status_code == 400
    assert "1 child on the list would be without a meeting" in visible(answer.get_data(as_text=True))
    assert len(days(session)) == 6
