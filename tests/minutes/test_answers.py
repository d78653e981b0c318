"""Who attended answers a draft: nothing to correct, or a correction; once all have, a chair signs."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.errors import DomainError, NotFound, RuleBroken
from meetings_app.meetings.models import Attendance, Presence
from meetings_app.minutes.answering import all_answered, answers_to, say_nothing_to_correct
from meetings_app.minutes.editing import make_version, save_text
from meetings_app.minutes.issuing import issue, propose, refuse
from meetings_app.minutes.models import NoCorrection
from meetings_app.minutes.signing import sign_minutes
from meetings_app.permissions import Role
from tests.support.browsing import browser, text_of
from tests.support.rmm import OFFICE, Rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW, actor_for, add_account

WHY = "Told in the meeting."


def sent(day: Rmm) -> None:
    issue(day.session, day.act("coordinator"), NOW, OFFICE, day.meeting, WHY)


def nothing(day: Rmm, who: str, number: int = 1, days: int = 0) -> NoCorrection:
    return say_nothing_to_correct(day.session, day.act(who), NOW + timedelta(days=days), day.meeting, number)


def sign(day: Rmm, number: int = 1, despite: str = "") -> str:
    return sign_minutes(
        day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, number, despite
    ).early_reason  # fmt: skip


def complete(day: Rmm, number: int = 1) -> bool:
    day.act("chair_cs")
    return all_answered(answers_to(day.session, day.meeting, number))


def test_once_all_in_the_room_have_answered_a_chair_signs_without_a_reason(day: Rmm) -> None:
    sent(day)
    nothing(day, "police")
    assert not complete(day), "health has not answered; the chairs answer by signing"
    with pytest.raises(RuleBroken, match="before the time for corrections is over"):
        sign(day)
    nothing(day, "health")
    assert complete(day)
    assert sign(day) == ""


def test_a_correction_is_an_answer_and_waits_for_the_chair_before_anybody_signs(day: Rmm) -> None:
    sent(day)
    nothing(day, "police")
    asked = propose(day.session, day.act("health"), NOW, day.meeting, "", "The time is wrong.", frozenset())
    with pytest.raises(DomainError, match="A correction is not answered"):
        sign(day)
    refuse(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, asked, "It is right.")
    assert sign(day) == ""


def test_a_deputy_beside_the_chairs_answers_as_every_member_does(app: Flask, day: Rmm) -> None:
    session = day.session
    deputy = add_account(session, "deputy", Role.DEPUTY_CHAIR, "childrens-services", ["NE"])
    session.add(
        Attendance(
            meeting_id=day.meeting.key, agency_id=deputy.agency_id, name=deputy.name,
            account_id=deputy.key, presence=Presence.PRESENT,
        )
    )  # fmt: skip
    session.flush()
    sent(day)
    for who in ("police", "health"):
        nothing(day, who)
    assert not complete(day), "the deputy has not answered"
    at, form = f"/meetings/{day.meeting.reference}/minutes", "I have no correction"
    session.commit()
    assert form in text_of(browser(app, "deputy"), at)
    assert form not in text_of(browser(app, "chair-cs"), at), "a chair answers by signing"
    say_nothing_to_correct(session, actor_for(session, deputy), NOW, day.meeting, 1)
    assert complete(day)


def test_an_answer_is_kept_once_with_its_time_and_ends_with_the_next_issue(day: Rmm) -> None:
    session = day.session
    for number in (0, 1):
        with pytest.raises(DomainError, match="Read that one"):
            nothing(day, "police", number)
    sent(day)
    first = nothing(day, "police")
    assert nothing(day, "police", days=1).key == first.key
    assert (first.said_at, first.number) == (NOW, 1)
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(sa.text("DELETE FROM no_correction"))
    save_text(session, day.act("coordinator"), NOW, day.meeting, "", 0, "Rewritten notes.")
    make_version(session, day.act("coordinator"), NOW, day.meeting)
    sent(day)
    with pytest.raises(DomainError, match="Read that one"):
        nothing(day, "police", 1)
    nothing(day, "health", 2)
    assert not complete(day, 2), "what the police said was about another text"
    with pytest.raises(DomainError, match="is over"):
        nothing(day, "police", 2, days=15)


def test_only_who_attended_answers_and_who_cannot_is_not_passed_over(day: Rmm) -> None:
    session = day.session
    sent(day)
    for who in ("education", "coordinator", "coordinator_nw"):
        with pytest.raises(NotFound):
            nothing(day, who)
    day.operator()
    agency = day.world.education.agency_id
    visitor = Attendance(
        meeting_id=day.meeting.key, agency_id=agency, name="Testy McVisitor", presence=Presence.PRESENT
    )  # fmt: skip
    session.add(visitor)
    session.flush()
    nothing(day, "police")
    nothing(day, "health")
    assert not complete(day), "somebody without an account was there, and has to be asked"
    assert sign(day, despite="The visitor was rung.") == "The visitor was rung."


def test_the_page_has_one_button_and_shows_who_has_answered_to_those_who_record(day: Rmm, app: Flask) -> None:
    sent(day)
    day.session.commit()
    day.session.close()
    at = f"/meetings/{day.meeting.reference}/minutes"
    police, coordinator, chair = (browser(app, who) for who in ("police", "coordinator", "chair-cs"))
    before = text_of(coordinator, at)
    assert before.count("not answered</strong>") == 2
    assert "Answers to version 1" not in text_of(police, at), "what others answer is for who records the meeting"
    assert "I have no correction" not in text_of(chair, at), "a chair answers by signing"
    for who in ("police", "health"):
        client = browser(app, who)
        form = form_to(text_of(client, at), f"{at}/nothing-to-correct")
        assert client.post(f"{at}/nothing-to-correct", data=form.values).status_code == 302
    day.operator()
    said = sa.select(col(AuditEvent.facts)).where(col(AuditEvent.kind) == EventKind.NOTHING_TO_CORRECT.value)
    reference = day.meeting.reference
    assert day.session.scalars(said).all() == [{"meeting": reference, "version": 1}] * 2
    day.session.close()
    own = text_of(police, at)
    assert "You said on" in own
    assert "I have no correction" not in own
    after = text_of(coordinator, at)
    assert after.count("no correction, 23 November 2026") == 2
    assert "can be signed without waiting longer" in after
    signing = text_of(chair, at)
    assert "Why do you sign before" not in signing
    assert chair.post(f"{at}/sign", data=form_to(signing, f"{at}/sign").values).status_code == 302
