"""The home page says what a representative's agency has still to answer, and to the area's staff who has not."""

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.preparing import service
from meetings_app.preparing.rules import Answer, Attendance, Attending, Information
from tests.support.browsing import browser, text_of
from tests.support.rmm import due, rmm
from tests.support.world import NOW


def test_the_home_page_counts_the_children_answered_and_the_agencies_that_are_silent(
    app: Flask, session: Session
) -> None:
    day = rmm(session)
    one, _two = due(session), due(session)
    day.publish()
    police = day.act("police")
    service.send(session, police, NOW, day.meeting, one.key, Information(Answer.NOTHING_KNOWN))
    service.send_attendance(session, police, NOW, day.meeting, Attendance(Attending.COMING), ())
    session.commit()
    reference = day.meeting.reference
    session.close()
    told = text_of(browser(app, "police"), "/")
    assert f"Before {reference}: 1 of 2 children answered. Due by " in told
    assert f'href="/meetings/{reference}/before"' in told
    assert f"Before {reference}: 0 of 2 children answered. Say who comes." in text_of(browser(app, "health"), "/")
    for staff in ("coordinator", "chair-cs"):
        page = text_of(browser(app, staff), "/")
        assert "5 of 5 agencies have not said everything." in page
        assert f'href="/meetings/{reference}/replies"' in page
    assert reference not in text_of(browser(app, "coordinator-nw"), "/")
