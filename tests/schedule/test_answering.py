"""Answers to an invite: by the link of a mail without signing in, on one's own page, and what each shows."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings import arranging
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.answer_links import answer_link, member_of_token
from meetings_app.schedule.answering import Answer, give_answer
from meetings_app.schedule.deputies import name_deputy
from meetings_app.schedule.models import Meeting, MeetingMember, MeetingType, Reply, ReplySource
from meetings_app.schedule.office import Office
from tests.support.browsing import browser, fill_in, text_of
from tests.support.meetings import TUESDAY, area_id, office, series
from tests.support.world import NOW, TinyWorld, add_account, csrf_token, tiny_world

KEY = "s" * 40


@pytest.fixture
def signing() -> Office:
    """The office as it runs: with the key that signs links."""
    plain = office()
    return Office(plain.partnership, plain.base_url, plain.organiser, answer_key=KEY)


def place_of(session: Session, meeting: Meeting, account_id: int) -> MeetingMember:
    return session.scalars(
        select(MeetingMember).where(
            col(MeetingMember.meeting_id) == meeting.key, col(MeetingMember.account_id) == account_id
        )
    ).one()


def made(session: Session) -> tuple[TinyWorld, Meeting]:
    world = tiny_world(session)
    meeting = series(session, count=1)[0]
    session.commit()
    return world, meeting


def path_of(signing: Office, place: MeetingMember) -> str:
    return answer_link(signing, place.key).removeprefix(signing.base_url)


def press(client: FlaskClient, address: str, **values: str) -> int:
    token = csrf_token(text_of(client, address))
    return client.post(address, data={"csrf_token": token, **values}).status_code


def test_the_mail_carries_three_links_of_ones_own(session: Session, signing: Office) -> None:
    world = tiny_world(session)
    arranging.create_extra(
        session, OPERATOR, NOW, signing, kind=MeetingType.RMM, area_id=area_id(session),
        held_on=TUESDAY,
    )  # fmt: skip
    bodies = {mail.recipient_address: mail.body for mail in session.scalars(select(OutboxMail))}
    links = re.findall(r"https://meetings\.example\.org/answer/(\S+)/(\w+)", bodies[world.police.email])
    assert [what for _token, what in links] == ["accepted", "declined", "deputy"]
    place = session.get_one(MeetingMember, member_of_token(KEY, links[0][0]))
    assert place.account_id == world.police.key
    tokens = {re.findall(r"/answer/([^/\s]+)/", body)[0] for body in bodies.values()}
    assert len(tokens) == len(bodies), "everybody has a link of their own"


def test_a_link_answers_without_signing_in_and_a_look_changes_nothing(
    app: Flask, session: Session, signing: Office
) -> None:
    world, meeting = made(session)
    place = place_of(session, meeting, world.police.key)
    address, client = path_of(signing, place) + "/accepted", app.test_client()
    page = text_of(client, address)
    for shown in ("RMM-NE-2026-W48", "Tuesday 24 November 2026", "10am to 12pm"):
        assert shown in page
    for hidden in (world.police.name, world.police.email, "Police", "Room 1", "Exampleshire House"):
        assert hidden not in page
    client.head(address)
    session.close()
    assert place_of(session, meeting, world.police.key).reply is Reply.NONE, "programs that check mail follow links"
    session.close()
    assert press(client, address) == 200
    kept = place_of(session, meeting, world.police.key)
    assert (kept.reply, kept.reply_source) == (Reply.ACCEPTED, ReplySource.LINK)


def test_a_deputy_by_link_is_a_name_for_the_coordinator_and_gets_no_access(
    app: Flask, session: Session, signing: Office
) -> None:
    world, meeting = made(session)
    place = place_of(session, meeting, world.police.key)
    address = path_of(signing, place) + "/deputy"
    session.close()
    assert press(app.test_client(), address) == 400, "a deputy has a name"
    assert press(app.test_client(), address, deputy_name="Testy McStandin") == 200
    kept = place_of(session, meeting, world.police.key)
    assert (kept.reply, kept.deputy_name, kept.deputy_id) == (Reply.DEPUTY, "Testy McStandin", None)
    members = text_of(browser(app, "coordinator"), f"/meetings/{meeting.reference}")
    assert "Testy McStandin" in members
    assert "5 people have not answered yet" in members


def test_a_link_says_which_answer_is_recorded_without_a_name_and_how_to_change_it(
    app: Flask, session: Session, signing: Office
) -> None:
    world, meeting = made(session)
    base, client = path_of(signing, place_of(session, meeting, world.police.key)), app.test_client()
    session.close()

    def answer_on(what: str) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", text_of(client, f"{base}/{what}")).split())

    assert "Your answer No answer yet" in answer_on("accepted")
    assert press(client, f"{base}/deputy", deputy_name="Canarystandin") == 200
    for what in ("accepted", "declined", "deputy"):
        said = answer_on(what)
        assert "Your answer Sends a deputy 23 November 2026, 9am" in said, what
        assert "Canarystandin" not in text_of(client, f"{base}/{what}"), "whoever holds the link need not be the person"
    page = text_of(client, f"{base}/accepted")
    assert "To change it, accept the invite below, or" in page
    assert [f'href="{base}/{what}"' in page for what in ("accepted", "declined", "deputy")] == [False, True, True]
    token = csrf_token(page)
    kept = client.post(f"{base}/accepted", data={"csrf_token": token}).text
    assert "Your answer is saved" in kept
    assert ("Accepted" in kept, "Sends a deputy" in kept) == (True, False)
    assert f'href="{base}/declined"' in kept
    assert "To change it choose another answer" in text_of(client, f"{base}/accepted"), "it is accepted already"
    signed_in = text_of(browser(app, "police"), f"/meetings/{meeting.reference}/answer")
    assert "Your answer is recorded" in signed_in
    assert "Accepted" in signed_in.partition("Your answer is recorded")[2].partition("</p>")[0]


@pytest.mark.parametrize("broken", ["x", "MQ.forged", ""])
def test_a_forged_link_answers_nothing(app: Flask, session: Session, signing: Office, broken: str) -> None:
    world, meeting = made(session)
    token = path_of(signing, place_of(session, meeting, world.police.key)).split("/")[-1]
    session.close()
    assert app.test_client().get(f"/answer/{token}{broken}z/accepted").status_code == 404
    assert member_of_token("another key", token) is None


def test_a_link_ends_with_the_meeting_with_its_cancellation_and_with_the_place(session: Session) -> None:
    world, meeting = made(session)
    place = place_of(session, meeting, world.police.key)
    yes = Answer(Reply.ACCEPTED, ReplySource.LINK, NOW, 0)
    last = NOW.replace(day=24, hour=11, minute=59)
    assert give_answer(session, OPERATOR, last, meeting, place, yes)
    with pytest.raises(Exception, match="cannot be answered"):
        give_answer(session, OPERATOR, last + timedelta(minutes=1), meeting, place, yes)
    arranging.cancel_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, "Invented")
    with pytest.raises(Exception, match="cannot be answered"):
        give_answer(session, OPERATOR, NOW, meeting, place, yes)


def test_another_date_asks_everybody_anew_and_an_answer_to_the_old_one_comes_too_late(session: Session) -> None:
    world, meeting = made(session)
    place = place_of(session, meeting, world.police.key)
    give_answer(session, OPERATOR, NOW, meeting, place, Answer(Reply.ACCEPTED, ReplySource.LINK, NOW, 0))
    arranging.move_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, held_on=date(2026, 11, 26))
    session.refresh(place)
    assert place.reply is Reply.NONE
    old = Answer(Reply.ACCEPTED, ReplySource.MAIL, NOW + timedelta(hours=1), 0)
    assert not give_answer(session, OPERATOR, NOW, meeting, place, old)
    assert give_answer(session, OPERATOR, NOW, meeting, place, Answer(Reply.DECLINED, ReplySource.MAIL, NOW, 1))


def test_only_a_deputy_of_ones_own_agency_can_be_sent_and_is_invited(app: Flask, session: Session) -> None:
    world, meeting = made(session)
    standin = add_account(session, "standin", "representative", "police", ["NW"])
    nurse = add_account(session, "nurse", "representative", "health", ["NW"])
    for person in (standin, nurse):
        name_deputy(session, OPERATOR, NOW, person, area_id(session))
    session.commit()
    session.close()
    client, address = browser(app, "police"), f"/meetings/{meeting.reference}/answer"
    page = text_of(client, address)
    assert standin.name in page
    assert nurse.name not in page
    assert fill_in(client, address, {"reply": "deputy", "deputy": str(nurse.key)}).status_code == 400
    assert fill_in(client, address, {"reply": "deputy"}).status_code == 400
    assert fill_in(client, address, {"reply": "deputy", "deputy": str(standin.key)}).status_code == 302
    assert place_of(session, meeting, world.police.key).deputy_id == standin.key
    assert place_of(session, meeting, standin.key).removed_at is None
    assert text_of(browser(app, "standin"), f"/meetings/{meeting.reference}")


def test_a_coordinator_names_and_removes_deputies_of_their_areas_alone(app: Flask, session: Session) -> None:
    world, _meeting = made(session)
    session.close()
    client = browser(app, "coordinator")
    named = {"account": str(world.health.key), "area": "NE"}
    assert fill_in(client, "/meetings/deputies", named).status_code == 302
    assert fill_in(client, "/meetings/deputies", named).status_code == 400, "named already"
    assert fill_in(client, "/meetings/deputies", {**named, "area": "NW"}).status_code == 400, "another's area"
    assert 'name="deputy"' in text_of(client, "/meetings/deputies")
    assert 'name="deputy"' not in text_of(browser(app, "coordinator-nw"), "/meetings/deputies")
