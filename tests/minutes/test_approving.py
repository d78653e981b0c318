"""The next meeting has the minutes before its first child, and says whether it approves them."""

import io
import re

import pytest
from docx import Document
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.children.models import Child
from meetings_app.errors import DomainError, NotFound
from meetings_app.meetings.agenda_word import agenda_word
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.minutes_earlier import earlier_in_words, earlier_minutes, heard_minutes
from meetings_app.meetings.minutes_texts import NOTES
from meetings_app.meetings.minutes_word import Audience, minutes_word
from meetings_app.meetings.queries import item_states
from meetings_app.minutes import queries
from meetings_app.minutes.approving import approve
from meetings_app.minutes.editing import save_text
from meetings_app.minutes.issuing import issue
from meetings_app.minutes.signing import sign_minutes
from meetings_app.ratings.models import RiskRating
from meetings_app.resources import folder
from meetings_app.text import day_in_words
from tests.support.browsing import browser, text_of
from tests.support.issued import long_issued
from tests.support.rmm import OFFICE, Rmm, rated
from tests.support.sent_forms import form_to
from tests.support.world import NOW


def following(day: Rmm) -> Rmm:
    """Give the meeting after, with the same people."""
    return Rmm(day.session, day.world, day.later[0], day.later[1:])


def signed(day: Rmm) -> None:
    long_issued(day.session, day.meeting)
    for chair in ("chair_cs", "chair_fs"):
        sign_minutes(day.session, day.act(chair), NOW, OFFICE, day.meeting, 1)
    day.operator()


def test_the_next_agenda_has_the_minutes_before_its_first_child(day: Rmm) -> None:
    nearest = following(day)
    day.act("coordinator")
    content = agenda_word(
        day.session, day.act("coordinator"), NOW, OFFICE, nearest.meeting, marking="TEST",
        template=folder("agendas") / "word/agenda.docx", for_chair=False,
    )  # fmt: skip
    said = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)
    line = f"Minutes of {day.meeting.reference}, 24 November 2026, for approval: draft, not signed by both chairs yet."
    assert line in said
    assert said.index(line) < said.index("New referrals")


def test_minutes_that_are_not_signed_come_back_and_signed_ones_are_heard_once(day: Rmm) -> None:
    one, two = following(day), following(following(day))
    one.open()
    for state in item_states(day.session, one.meeting.key):
        child = day.session.get_one(Child, state.child_id)
        one.decide(child, rated(day.session, RiskRating.HIGH, discussion="Again."))
    close_meeting(day.session, one.act("chair_cs"), NOW, OFFICE, one.meeting, one.meeting.version)
    day.operator()
    heard = [(each.meeting, each.signed) for each in earlier_minutes(day.session, two.meeting)]
    assert heard == [(one.meeting.reference, False), (day.meeting.reference, False)]
    signed(day)
    assert [each.meeting for each in earlier_minutes(day.session, two.meeting)] == [one.meeting.reference]
    assert [each.signed for each in earlier_minutes(day.session, one.meeting)] == [True]
    assert earlier_minutes(day.session, day.meeting) == ()


def held_once_more(day: Rmm, one: Rmm) -> None:
    """Decide every item of a meeting under way, and close it."""
    for state in item_states(day.session, one.meeting.key):
        one.decide(day.session.get_one(Child, state.child_id), rated(day.session, RiskRating.HIGH, discussion="Again."))
    close_meeting(day.session, one.act("chair_cs"), NOW, OFFICE, one.meeting, one.meeting.version)


def test_what_a_meeting_approved_is_not_asked_for_again_unless_a_newer_version_was_issued(day: Rmm) -> None:
    session, one, two = day.session, following(day), following(following(day))
    ours, at = f"Minutes of {day.meeting.reference}, 24 November 2026", one.meeting.reference
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    one.open()
    approve(session, day.act("coordinator"), NOW, day.meeting, 1, "")
    brought = f"{ours}, for approval: draft, not signed by both chairs yet"
    assert [each.text for each in earlier_minutes(session, one.meeting)] == [brought], "to the meeting that approved it"
    held_once_more(day, one)
    two.open()
    approved = f"{ours}: approved by {at} on {day_in_words(one.meeting.held_on)}, not signed by both chairs yet"
    for who in ("coordinator", "police"):
        day.act(who)
        said = {each.meeting: each.text for each in earlier_minutes(session, two.meeting)}
        assert said[day.meeting.reference] == approved
        assert "for approval" in said[at]
    day.operator()
    words = earlier_in_words(heard_minutes(session, two.meeting))
    assert f"{day.meeting.reference}, 24 November 2026: version 1 was approved by {at}." in words
    assert f"{at}, {day_in_words(one.meeting.held_on)}: on the agenda, and no approval is recorded." in words
    save_text(session, day.act("coordinator"), NOW, day.meeting, NOTES, 0, "In other words.")
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    said = {each.meeting: each.text for each in earlier_minutes(session, two.meeting)}
    assert said[day.meeting.reference] == brought, "a newer version was issued since"


def test_only_what_was_issued_is_approved_and_only_while_a_later_meeting_is_held(day: Rmm) -> None:
    session, nearest = day.session, following(day)
    with pytest.raises(DomainError):
        approve(session, day.act("coordinator"), NOW, day.meeting, 1, "")
    nearest.open()
    with pytest.raises(DomainError):
        approve(session, day.act("coordinator"), NOW, day.meeting, 1, "")
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    with pytest.raises(NotFound):
        approve(session, day.act("police"), NOW, day.meeting, 1, "")
    with pytest.raises(DomainError):
        approve(session, day.act("coordinator"), NOW, day.meeting, 2, "")
    step = approve(session, day.act("coordinator"), NOW, day.meeting, 1, "Nothing arising.")
    assert (step.number, step.heard_at_id) == (1, nearest.meeting.key)
    with pytest.raises(DomainError):
        approve(session, day.act("coordinator"), NOW, day.meeting, 1, "")
    assert queries.approved(session, day.meeting.key) == {1}
    for state in item_states(session, nearest.meeting.key):
        nearest.decide(session.get_one(Child, state.child_id), rated(session, RiskRating.HIGH))
    chair = nearest.act("chair_cs")
    minutes = close_meeting(session, chair, NOW, OFFICE, nearest.meeting, nearest.meeting.version)
    content = minutes_word(
        session, chair, NOW, OFFICE, nearest.meeting, minutes, Audience(), marking="TEST",
        template=folder("agendas") / "word/minutes.docx",
    )  # fmt: skip
    said = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)
    assert f"Minutes of the meetings before\n{day.meeting.reference}, 24 November 2026: version 1 approved." in said
    assert said.index("version 1 approved") < said.index("Children considered")
    # A remark may name a child that a reader of this copy may not see.
    assert "Nothing arising" not in said
    signed(day)
    assert queries.last_issued_or_signed(session, day.meeting.key) == 1


def test_the_meeting_finds_the_minutes_and_approves_them_on_a_page(app: Flask, day: Rmm, session: Session) -> None:
    nearest = following(day)
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    nearest.open()
    ours, theirs = f"/meetings/{day.meeting.reference}/minutes", f"/meetings/{nearest.meeting.reference}"
    number = nearest.meeting.reference
    session.commit()
    session.close()
    chair, police = browser(app, "chair-cs"), browser(app, "police")
    for page in (f"{theirs}/agenda", f"{theirs}/record"):
        assert f'href="{ours}"' in text_of(chair, page)
    assert f'href="{ours}"' in text_of(police, f"{theirs}/agenda")
    assert f"{ours}/approve" not in text_of(police, ours)
    form = form_to(text_of(chair, ours), f"{ours}/approve")
    assert chair.post(f"{ours}/approve", data=form.with_values(reason="Canaryremark")).status_code == 302
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text_of(police, ours)))
    assert f"Version 1 was approved at {number}" in said
    # A remark may name a child that the reader may not see.
    assert "Canaryremark" not in said
    assert "Canaryremark" in text_of(chair, ours)
    assert f"{ours}/approve" not in text_of(chair, ours)


def test_the_record_of_the_meeting_under_way_approves_the_minutes_and_says_before_closing_what_is_not(
    app: Flask, day: Rmm, session: Session
) -> None:
    nearest = following(day)
    nearest.open()
    ours, theirs = f"/meetings/{day.meeting.reference}/minutes", f"/meetings/{nearest.meeting.reference}"
    session.commit()
    chair = browser(app, "chair-cs")
    assert "The draft was not issued yet, so there is nothing to approve." in text_of(chair, f"{theirs}/record")
    assert "has not approved the minutes" not in text_of(chair, f"{theirs}/close")
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    session.commit()
    session.close()
    page = text_of(chair, f"{theirs}/record")
    assert page.index("Version 1 is not approved yet.") < page.index(">Items</h2>")
    pointed = text_of(chair, f"{theirs}/close").partition("has not approved the minutes of")[2].partition("</p>")[0]
    assert f'{theirs}/record#minutes">{day.meeting.reference}, version 1</a>' in pointed
    answer = chair.post(f"{ours}/approve", data=form_to(page, f"{ours}/approve").values)
    assert answer.location == f"{theirs}/record#minutes"
    after = text_of(chair, f"{theirs}/record")
    assert "Version 1 is approved." in after
    assert f"{ours}/approve" not in after
    assert "has not approved the minutes" not in text_of(chair, f"{theirs}/close")
