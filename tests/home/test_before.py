"""The home page says what a representative's agency has still to answer, and to the area's staff who has not."""

import re
from datetime import date

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.meetings import adjusting
from meetings_app.preparing import service
from meetings_app.preparing.rules import Answer, Attendance, Attending, Information
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser, text_of
from tests.support.children import put_on_list
from tests.support.rmm import OFFICE, child_of, due, rmm
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


def test_before_the_agenda_the_home_page_and_the_agency_s_page_count_the_same_children_in_the_same_words(
    app: Flask, session: Session
) -> None:
    day = rmm(session)
    one, two, put_off = due(session), due(session), due(session)
    late = child_of(session, put_on_list(session, name="Testy McLate", review_on=date(2027, 1, 12)))
    give_action(session, past_meeting(session), late, day.world.police, date(2026, 11, 16))
    coordinator = day.act("coordinator")
    adjusting.defer_by_hand(session, coordinator, NOW, OFFICE.partnership, day.meeting, put_off, "Canarydeferral.")
    for child in (one, late):
        service.send(session, day.act("police"), NOW, day.meeting, child.key, Information(Answer.NOTHING_KNOWN))
    session.commit()
    at, counted = f"/meetings/{day.meeting.reference}/before", "1 of 2 children due for review answered"
    rows, others = [one.reference, two.reference], [late.reference]
    session.close()
    police = browser(app, "police")
    assert counted in text_of(police, "/")
    page = text_of(police, at)
    due_here, also, draft = page.partition("Also on the list and on this draft")
    assert counted in due_here
    assert sorted(re.findall(r'<section class="app-box"[^>]* id="([^"]+)"', due_here)) == sorted(rows)
    assert also
    assert "1 of 1 answered" in draft
    assert re.findall(r'<section class="app-box"[^>]* id="([^"]+)"', draft) == others
    assert "Canary" not in page


def test_the_home_page_and_who_has_answered_count_the_same_agencies_in_the_same_words(
    app: Flask, session: Session
) -> None:
    day = rmm(session)
    one = due(session)
    late = child_of(session, put_on_list(session, name="Testy McLate", review_on=date(2027, 1, 12)))
    give_action(session, past_meeting(session), late, day.world.police, date(2026, 11, 16))
    police = day.act("police")
    service.send(session, police, NOW, day.meeting, one.key, Information(Answer.NOTHING_KNOWN))
    service.send_attendance(session, police, NOW, day.meeting, Attendance(Attending.COMING), ())
    session.commit()
    at = f"/meetings/{day.meeting.reference}/replies"
    coordinator = browser(app, "coordinator")
    # The police have answered about whoever is due, and not about whom the draft hears besides.
    counted = "4 of 5 agencies have not said who comes and answered about every child due for review."
    assert counted in text_of(coordinator, "/")
    page = text_of(coordinator, at)
    assert counted in page
    assert late.reference in page
    day.publish()
    session.commit()
    session.close()
    counted = "5 of 5 agencies have not said everything."
    assert counted in text_of(coordinator, "/")
    assert counted in text_of(coordinator, at)


def test_once_the_agenda_is_published_both_pages_count_every_child_of_it(app: Flask, session: Session) -> None:
    day = rmm(session)
    due(session)
    late = child_of(session, put_on_list(session, name="Testy McLate", review_on=date(2027, 1, 12)))
    give_action(session, past_meeting(session), late, day.world.police, date(2026, 11, 16))
    day.publish()
    service.send(session, day.act("police"), NOW, day.meeting, late.key, Information(Answer.NOTHING_KNOWN))
    session.commit()
    at = f"/meetings/{day.meeting.reference}/before"
    session.close()
    police = browser(app, "police")
    assert "1 of 2 children answered" in text_of(police, "/")
    page = text_of(police, at)
    assert "1 of 2 children answered" in page
    assert "Also on the list" not in page
