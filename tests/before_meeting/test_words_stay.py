"""No word is lost where the meeting, or the agenda, changes while somebody types; restricted items stay stubs."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.cse_list.models import ListEntry
from meetings_app.meetings.running import start
from meetings_app.schedule.models import Meeting, MeetingState
from tests.before_meeting.test_pages import FACTS, children, relevant
from tests.support.browsing import browser, text_of
from tests.support.children import area_id
from tests.support.rmm import Rmm, due, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW


@pytest.fixture
def day(session: Session) -> Rmm:
    return rmm(session)


@pytest.mark.parametrize("state", [MeetingState.CANCELLED, MeetingState.CLOSED])
def test_whoever_types_when_the_meeting_ends_gets_every_word_back(app: Flask, day: Rmm, state: MeetingState) -> None:
    (child,) = children(day, 1)
    key, at = day.meeting.key, f"/meetings/{day.meeting.reference}/before"
    reference = child.reference
    day.session.close()
    police = browser(app, "police")
    form = form_to(text_of(police, at), "")
    day.session.get_one(Meeting, key).state = state
    day.session.commit()
    day.session.close()
    answer = police.post(at, data=form.with_values(do="send", **relevant(reference)))
    assert answer.status_code == 409
    html = answer.get_data(as_text=True)
    assert FACTS in html
    assert "The meeting takes no more information." in html
    quiet = police.post(f"{at}/draft", data=form.with_values(form_id="another", **relevant(reference)))
    assert quiet.status_code == 409
    assert "Not saved" in quiet.get_json()["problem"]


def test_words_about_a_child_who_left_the_page_are_shown_back_and_not_dropped(app: Flask, day: Rmm) -> None:
    one, two = due(day.session, name="Testy McLeaves"), due(day.session, name="Testy McStays")
    day.session.commit()
    at = f"/meetings/{day.meeting.reference}/before"
    leaves, stays, key, later = one.reference, two.reference, one.key, day.later[1].key
    held_on = day.later[1].held_on
    day.session.close()
    police = browser(app, "police")
    form = form_to(text_of(police, at), "")
    entry = day.session.scalars(select(ListEntry).where(col(ListEntry.child_id) == key)).one()
    entry.next_meeting_id, entry.next_review_on = later, held_on
    day.session.commit()
    day.session.close()
    answer = police.post(at, data=form.with_values(do="draft", **relevant(leaves), **{f"{stays}-facts": "Kept."}))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert FACTS in html
    assert f"{leaves}: What is known" in html
    again = form_to(html, "").with_values(do="draft")
    assert police.post(at, data=again).status_code == 302
    assert "Kept." in text_of(police, at)


def test_a_restricted_item_is_a_numbered_stub_on_the_page_before_the_meeting(app: Flask, day: Rmm) -> None:
    shown, hidden = children(day, 2)
    item = day.item(hidden)
    item.area_id = area_id(day.session, "NW")
    day.session.commit()
    number, at = item.number, f"/meetings/{day.meeting.reference}/before"
    there, reference, name = shown.reference, hidden.reference, hidden.name
    day.session.close()
    html = text_of(browser(app, "police"), at)
    assert f'{number} <span class="app-quiet">Restricted item</span>' in html
    assert f"{there}-answer" in html
    assert reference not in html
    assert name not in html


def test_words_typed_before_the_meeting_began_are_taken_as_late(app: Flask, day: Rmm) -> None:
    (child,) = children(day, 1)
    at, reference = f"/meetings/{day.meeting.reference}", child.reference
    key = day.meeting.key
    day.session.close()
    police = browser(app, "police")
    form = form_to(text_of(police, f"{at}/before"), "")
    chair = day.act("chair_cs")
    meeting = day.session.get_one(Meeting, key)
    start(day.session, chair, NOW, meeting, meeting.version, "Testy McChair")
    day.session.commit()
    day.session.close()
    answer = police.post(f"{at}/before", data=form.with_values(do="send", **relevant(reference)))
    assert answer.status_code == 302
    assert "Late" in text_of(browser(app, "chair-cs"), f"{at}/pack")
