"""Whoever declared a conflict of interest reads in what agencies sent about others no word of the child."""

import re
from datetime import date

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.meetings.arranging import cancel_meeting
from meetings_app.meetings.kept_apart import LEAVE_OUT, NOT_YOURS
from meetings_app.preparing.models import InformationDraft
from meetings_app.preparing.rules import Answer, Attendance, Attending, Information
from meetings_app.preparing.service import save_attendance_draft, save_draft, send, send_attendance
from meetings_app.schedule.models import MeetingState
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser
from tests.support.documents import every_word_of
from tests.support.rmm import OFFICE, Rmm, due, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW


def test_the_pack_and_who_has_answered_name_no_child_from_whom_the_chair_is_kept(app: Flask, session: Session) -> None:
    first = rmm(session)
    hidden, shown = due(session, name="Canaryhidden Canarylast"), due(session, name="Testy McShown")
    names = f"Canaryhidden, Canarylast, {hidden.reference.lower()}"
    said = Information(Answer.RELEVANT, f"Seen with {names}.", f"Close to {names}.", f"A visit to {names}.")
    update = Attendance(Attending.APOLOGIES, None, f"An update on {names}.")
    send_attendance(session, first.act("police"), NOW, first.meeting, update, ())
    by = first.act("coordinator")
    cancel_meeting(session, by, NOW, OFFICE, first.meeting, first.meeting.version, "A storm, invented.")
    day = Rmm(session, first.world, first.later[0], first.later[1:])
    day.publish()
    send(session, day.act("police"), NOW, day.meeting, shown.key, said)
    unsaid = Information(Answer.NOT_SHARED, reason=f"It is about {names}.")
    send(session, day.act("health"), NOW, day.meeting, shown.key, unsaid)
    send_attendance(session, day.act("health"), NOW, day.meeting, update, ())
    day.operator()
    give_action(session, past_meeting(session), shown, day.world.police, date(2026, 11, 2), f"Ask {names}.")
    day.keep_apart("chair_cs", hidden.key)
    session.commit()
    at, reference = f"/meetings/{day.meeting.reference}", hidden.reference
    secret = re.compile(rf"Canary\w+|(?i:{reference})")
    apart, other = browser(app, "chair-cs"), browser(app, "chair-fs")
    for page, whole in (("pack", 13), ("pack.docx", 13), ("replies", 2)):
        words = every_word_of(apart.get(f"{at}/{page}").get_data())
        assert secret.findall(words) == [], page
        assert len(secret.findall(every_word_of(other.get(f"{at}/{page}").get_data()))) > whole, page
        assert words.count("[another child]") > whole, page
    assert "Testy McShown" in every_word_of(apart.get(f"{at}/pack").get_data())


def drafted(session: Session) -> tuple[Rmm, Child, Child, str]:
    """A meeting before which the police typed what names another child, and then were kept from that child."""
    day = rmm(session)
    hidden, shown = due(session, name="Canaryhidden Canarylast"), due(session, name="Testy McShown")
    names = f"Canaryhidden, Canarylast, {hidden.reference}"
    said = Information(Answer.RELEVANT, f"Seen with {names}.", "An opinion, as invented.", "A visit.")
    day.publish()
    police = day.act("police")
    save_draft(session, police, NOW, day.meeting, shown.key, 0, said)
    send(session, police, NOW, day.meeting, shown.key, said)
    save_attendance_draft(
        session, police, NOW, day.meeting, 0, Attendance(Attending.APOLOGIES, None, f"An update on {names}.")
    )
    day.operator()
    give_action(session, past_meeting(session), shown, day.world.police, date(2026, 11, 2), f"Ask {names}.")
    session.commit()
    return day, hidden, shown, names


def test_an_agency_s_page_names_no_child_from_whom_its_person_is_kept_and_loses_no_word(
    app: Flask, session: Session
) -> None:
    day, hidden, shown, names = drafted(session)
    at, police = f"/meetings/{day.meeting.reference}/before", browser(app, "police")
    open_before = form_to(police.get(at).get_data(as_text=True), "")
    day.keep_apart("police", hidden.key)
    session.commit()
    page = police.get(at).get_data(as_text=True)
    assert re.findall(rf"Canary\w+|(?i:{hidden.reference})", page) == []
    assert page.count("[another child]") > 6
    assert page.count(NOT_YOURS) == 2
    facts, opinion, update = f"{shown.reference}-facts", f"{shown.reference}-opinion", "attendance-update_text"
    # The rest of the part is theirs, and what is not stays as it is.
    sent = form_to(page, "").with_values(**{opinion: "Another opinion.", "do": "draft"})
    assert police.post(at, data=sent).status_code == 302
    draft = session.scalars(select(InformationDraft).execution_options(populate_existing=True)).one()
    assert (draft.facts, draft.opinion) == (f"Seen with {names}.", "Another opinion.")
    # What was typed over it on a page that was open before is shown to be copied.
    typed = open_before.with_values(**{facts: "Typed over it.", update: "Typed over that.", "do": "send"})
    answer = police.post(at, data=typed)
    assert (answer.status_code, "Nothing was saved." in answer.text) == (409, True)
    for word in ("Typed over it.", "Typed over that."):
        assert word in answer.text
    assert re.findall(r"Canary\w+", answer.text) == []
    naming = form_to(police.get(at).text, "").with_values(**{opinion: "Close to Canaryhidden.", "do": "draft"})
    refused = police.post(at, data=naming)
    assert (refused.status_code, LEAVE_OUT in refused.text) == (400, True)
    script = police.post(f"{at}/draft", data=naming)
    assert script.status_code == 400
    assert session.scalars(select(col(InformationDraft.opinion))).all() == ["Another opinion."]


def test_once_the_meeting_is_closed_only_what_the_person_typed_is_shown_to_be_copied(
    app: Flask, session: Session
) -> None:
    day, hidden, shown, _names = drafted(session)
    at, police = f"/meetings/{day.meeting.reference}/before", browser(app, "police")
    day.keep_apart("police", hidden.key)
    session.commit()
    sent = form_to(police.get(at).text, "").with_values(
        **{f"{shown.reference}-opinion": "Another opinion.", "do": "draft"}
    )
    day.operator()
    day.meeting.state = MeetingState.CLOSED
    session.commit()
    answer = police.post(at, data=sent)
    assert (answer.status_code, "Another opinion." in answer.text) == (409, True)
    assert re.findall(r"Canary\w+", answer.text) == []


def test_what_was_typed_of_a_child_who_is_kept_apart_since_is_shown_without_the_name(
    app: Flask, session: Session
) -> None:
    day, hidden, _shown, _names = drafted(session)
    at, police = f"/meetings/{day.meeting.reference}/before", browser(app, "police")
    open_before, key = form_to(police.get(at).text, ""), hidden.reference
    day.keep_apart("police", hidden.key)
    session.commit()
    typed = {f"{key}-facts": "Canaryhidden was seen at noon.", f"{key}-answer": "relevant", "do": "draft"}
    answer = police.post(at, data=open_before.with_values(**typed))
    assert (answer.status_code, "[another child] was seen at noon." in answer.text) == (409, True)
    assert re.findall(rf"Canary\w+|{key}", answer.text) == []
