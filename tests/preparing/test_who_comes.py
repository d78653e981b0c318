"""An agency answers on its page and its people answer their invites: it is one answer, and the later counts."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings import arranging
from meetings_app.permissions import OPERATOR
from meetings_app.preparing import service
from meetings_app.preparing.queries import AttendanceShown
from meetings_app.preparing.rules import Attendance, Attending
from meetings_app.preparing.who_comes import InviteAnswer, counting, who_comes_to
from meetings_app.schedule.answering import Answer, give_answer
from meetings_app.schedule.models import MeetingMember, Reply, ReplySource
from tests.support.browsing import browser, fill_in, text_of
from tests.support.rmm import OFFICE, Rmm, due, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW

HOUR = timedelta(hours=1)
APOLOGIES = Attendance(Attending.APOLOGIES, update_text="An invented update.")


def page(attending: Attending, hours: int, deputy_id: int | None = None) -> AttendanceShown:
    return AttendanceShown(1, 1, attending, deputy_id, "", "An update.", NOW + hours * HOUR, "Testy McPage", False)


def invite(account_id: int, reply: Reply, hours: int = 0, deputy_id: int | None = None) -> InviteAnswer:
    at = None if reply is Reply.NONE else NOW + hours * HOUR
    return InviteAnswer(account_id, 1, f"Testy McNumber{account_id}", reply, replied_at=at, deputy_id=deputy_id)


@pytest.mark.parametrize(
    ("said", "answers", "expected"),
    [
        (None, [], None),
        (None, [invite(11, Reply.ACCEPTED), invite(12, Reply.NONE)], Attending.COMING),
        (None, [invite(11, Reply.TENTATIVE)], None),
        (None, [invite(11, Reply.DECLINED), invite(12, Reply.NONE)], None),
        (None, [invite(11, Reply.DECLINED), invite(12, Reply.DECLINED)], Attending.APOLOGIES),
        (None, [invite(11, Reply.DEPUTY, 0, 12), invite(12, Reply.NONE)], Attending.DEPUTY),
        (None, [invite(11, Reply.DEPUTY, 0, 12), invite(12, Reply.DECLINED, 1)], Attending.APOLOGIES),
        (page(Attending.APOLOGIES, 0), [invite(11, Reply.ACCEPTED, 1)], Attending.COMING),
        (page(Attending.APOLOGIES, 1), [invite(11, Reply.ACCEPTED, 0)], Attending.APOLOGIES),
        (page(Attending.COMING, 0), [invite(11, Reply.DECLINED, 1), invite(12, Reply.NONE)], Attending.COMING),
        (page(Attending.COMING, 0), [invite(11, Reply.DECLINED, 1)], Attending.APOLOGIES),
        (page(Attending.DEPUTY, 0, 12), [invite(11, Reply.NONE), invite(12, Reply.DECLINED, 1)], None),
    ],
)
def test_the_later_answer_counts_and_one_who_declines_speaks_for_nobody_who_may_still_come(
    said: AttendanceShown | None, answers: list[InviteAnswer], expected: Attending | None
) -> None:
    comes = counting(said, answers)
    assert (comes.attending if comes else None) is expected
    if comes is not None and said is not None:
        assert comes.update_text == "An update.", "an update that was sent is not lost by a later answer"


@pytest.fixture
def day(session: Session) -> Rmm:
    made = rmm(session)
    due(session)
    made.operator()
    session.commit()
    return made


def answered(day: Rmm, reply: Reply, hours: int, deputy: str = "") -> None:
    at, account_id = NOW + hours * HOUR, day.world.police.key
    place = day.session.scalars(
        select(MeetingMember).where(
            col(MeetingMember.meeting_id) == day.meeting.key, col(MeetingMember.account_id) == account_id
        )
    ).one()
    sequence = day.meeting.calendar_sequence
    answer = Answer(reply, ReplySource.LINK, at, sequence, deputy_name=deputy)
    give_answer(day.session, OPERATOR, at, day.meeting, place, answer)


def said(day: Rmm, attendance: Attendance, hours: int = 0) -> None:
    service.send_attendance(day.session, day.act("police"), NOW + hours * HOUR, day.meeting, attendance, ())
    day.operator()


def test_an_answer_to_the_invite_is_read_on_the_agency_s_page_and_counts_as_who_has_answered(
    app: Flask, day: Rmm
) -> None:
    at = f"/meetings/{day.meeting.reference}"
    said(day, APOLOGIES, -2)
    answered(day, Reply.ACCEPTED, -1)
    day.session.commit()
    day.session.close()
    police, coordinator = browser(app, "police"), browser(app, "coordinator")
    html = text_of(police, f"{at}/before")
    assert "Comes <span" in html
    assert "answer to the invite, <bdi>Testy McPolice</bdi>, 23 November 2026, 8am" in html
    assert "Sent earlier: Apologies" in html
    assert form_to(html, "").values["attendance-attending"] == "coming"
    assert "23 November 2026, 7am" in text_of(police, f"{at}/answer")
    replies = text_of(coordinator, f"{at}/replies")
    assert replies.count("Not said") == 4
    assert "Earlier: Apologies" in replies
    for shown in ("Comes", "An invented update.", "answer to the invite"):
        assert shown in text_of(coordinator, f"{at}/pack")
    assert "Say who comes" not in text_of(police, "/")


def test_what_the_agency_says_later_counts_again_and_stands_beside_the_invite(app: Flask, day: Rmm) -> None:
    at = f"/meetings/{day.meeting.reference}"
    answered(day, Reply.ACCEPTED, -1)
    day.session.commit()
    day.session.close()
    police, coordinator = browser(app, "police"), browser(app, "coordinator")
    sent = form_to(text_of(police, f"{at}/before"), "").with_values(do="send")
    assert police.post(f"{at}/before", data=sent).status_code == 302
    assert "answer to the invite" in text_of(police, f"{at}/before"), "sending something else answers nothing anew"
    changed = {"attendance-attending": "apologies", "attendance-update_text": "An invented update.", "do": "send"}
    sent = form_to(text_of(police, f"{at}/before"), "").with_values(**changed)
    assert police.post(f"{at}/before", data=sent).status_code == 302
    show = text_of(coordinator, at)
    assert "The agency, before the meeting: Apologies" in show
    assert "That is the later answer, so it counts" in show
    day.act("coordinator")
    comes = who_comes_to(day.session, day.meeting.key).of(day.world.police.agency_id)
    assert comes is not None
    assert (comes.attending, comes.by_invite) == (Attending.APOLOGIES, False)


@pytest.mark.parametrize("by", ["draft", "script"])
def test_apologies_and_their_update_are_sent_though_a_draft_of_them_was_saved_after_the_invite_was_accepted(
    app: Flask, day: Rmm, by: str
) -> None:
    at, client = f"/meetings/{day.meeting.reference}/before", browser(app, "police")
    answered(day, Reply.ACCEPTED, -1)
    day.session.commit()
    changed = {"attendance-attending": "apologies", "attendance-update_text": "An invented update."}
    form = form_to(text_of(client, at), "")
    form.values |= changed
    if by == "script":
        form.values |= client.post(f"{at}/draft", data=form.values).get_json()["versions"]
    else:
        assert client.post(at, data=form.with_values(do="draft")).status_code == 302
        form = form_to(text_of(client, at), "")
    assert client.post(at, data=form.with_values(do="send")).status_code == 302
    day.act("coordinator")
    comes = who_comes_to(day.session, day.meeting.key).of(day.world.police.agency_id)
    assert comes is not None
    assert comes.attendance == Attendance(Attending.APOLOGIES, None, "An invented update.")


def test_what_was_sent_before_the_invite_sent_somebody_the_page_cannot_offer_is_not_said_again(
    app: Flask, day: Rmm
) -> None:
    at, client = f"/meetings/{day.meeting.reference}/before", browser(app, "police")
    service.save_attendance_draft(
        day.session, day.act("police"), NOW - 2 * HOUR, day.meeting, 0, Attendance(Attending.COMING)
    )
    said(day, Attendance(Attending.COMING), -2)
    answered(day, Reply.DEPUTY, -1, "Testy McStandin")
    day.session.commit()
    for _once in range(2):
        sent = form_to(text_of(client, at), "").with_values(do="send")
        assert client.post(at, data=sent).status_code == 302
    day.act("coordinator")
    comes = who_comes_to(day.session, day.meeting.key).of(day.world.police.agency_id)
    assert comes is not None
    assert (comes.attending, comes.by_invite) == (Attending.DEPUTY, True)


def test_whoever_s_agency_has_said_it_is_not_counted_as_silent(app: Flask, day: Rmm) -> None:
    at = f"/meetings/{day.meeting.reference}"
    day.session.close()
    coordinator = browser(app, "coordinator")
    assert "6 people have not answered yet" in text_of(coordinator, at)
    answer = {"attendance-attending": "coming", "do": "send"}
    police = browser(app, "police")
    sent = form_to(text_of(police, f"{at}/before"), "").with_values(**answer)
    assert police.post(f"{at}/before", data=sent).status_code == 302
    assert "5 people have not answered yet" in text_of(coordinator, at)
    assert fill_in(browser(app, "health"), f"{at}/answer", {"reply": "accepted"}).status_code == 302
    assert "4 people have not answered yet" in text_of(coordinator, at)


def test_what_an_agency_said_of_another_date_is_asked_anew_and_its_update_stays_readable(app: Flask, day: Rmm) -> None:
    said(day, APOLOGIES)
    arranging.move_meeting(
        day.session, OPERATOR, NOW, OFFICE, day.meeting, day.meeting.version, held_on=date(2026, 11, 26)
    )
    day.session.commit()
    at = f"/meetings/{day.meeting.reference}"
    day.session.close()
    replies = text_of(browser(app, "coordinator"), f"{at}/replies")
    assert "For an earlier date or time of this meeting: Apologies<br>An invented update." in replies
    assert replies.count("Not said") == 5
    said(day, APOLOGIES, 1)
    day.act("coordinator")
    assert who_comes_to(day.session, day.meeting.key).by_agency
