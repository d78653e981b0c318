"""A chair who declared a conflict of interest reads in what agencies sent about others no word of the child."""

import re
from datetime import date

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.meetings.arranging import cancel_meeting
from meetings_app.preparing.rules import Answer, Attendance, Attending, Information
from meetings_app.preparing.service import send, send_attendance
from tests.support.actions import give_action, past_meeting
from tests.support.browsing import browser
from tests.support.documents import every_word_of
from tests.support.rmm import OFFICE, Rmm, due, rmm
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
