"""The page of mailed answers that are no plain answers: whose areas, what it says, and that a look is recorded."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings import arranging
from meetings_app.permissions import OPERATOR, Role
from meetings_app.schedule.models import MailOutcome, MeetingType, ReplyMail
from tests.meetings.test_arranging_pages import visible
from tests.support.browsing import browser, text_of
from tests.support.meetings import series
from tests.support.rmm import OFFICE
from tests.support.world import NOW, TinyWorld, add_account, csrf_token, tiny_world

PAGE = "/meetings/mailed-answers"


@pytest.fixture
def world(session: Session) -> TinyWorld:
    made = tiny_world(session)
    here, elsewhere = series(session, count=1)[0], series(session, "SW", count=1)[0]
    for uid, outcome, meeting, person in (
        (1, MailOutcome.OTHER_SENDER, here.key, made.police.key),
        (2, MailOutcome.RECORDED, here.key, made.police.key),
        (3, MailOutcome.OTHER_TIME, elsewhere.key, made.health.key),
        (4, MailOutcome.NO_SUCH_MEETING, None, None),
        (5, MailOutcome.NO_ANSWER, None, None),
    ):
        session.add(
            ReplyMail(
                message_key=str(uid), validity=1, uid=uid, read_at=NOW, outcome=outcome, meeting_id=meeting,
                account_id=person,
            )
        )  # fmt: skip
    session.commit()
    return made


def test_a_coordinator_sees_what_needs_a_look_in_their_areas_and_what_names_no_meeting(
    app: Flask, session: Session, world: TinyWorld
) -> None:
    session.close()
    page = visible(text_of(browser(app, "coordinator"), PAGE))
    assert (
        f"Sent from another address than that of the person it answers for RMM-NE-2026-W48 {world.police.name}" in page
    )
    assert "About a meeting that this service does not have None Nobody known" in page
    assert "Proposes another time" not in page, "it is about another area"
    assert page.count("I have looked at it") == 2
    assert "MEETINGS_IMAP_URL is empty: answers that calendar programs mail are not read" in page


def test_the_page_of_the_meeting_says_so_and_a_look_is_recorded(app: Flask, session: Session, world: TinyWorld) -> None:
    session.close()
    coordinator = browser(app, "coordinator")
    assert "1 mailed answer needs a look" in text_of(coordinator, "/meetings/RMM-NE-2026-W48")
    assert "a look" not in text_of(browser(app, "police"), "/meetings/RMM-NE-2026-W48")
    mail = session.scalars(select(ReplyMail).where(col(ReplyMail.uid) == 1)).one().id
    session.close()
    token = csrf_token(text_of(coordinator, PAGE))
    assert coordinator.post(PAGE, data={"csrf_token": token, "mail": mail}).status_code == 302
    assert "answer needs a look" not in text_of(coordinator, "/meetings/RMM-NE-2026-W48")
    assert coordinator.post(PAGE, data={"csrf_token": token, "mail": mail}).status_code == 404


def test_a_mail_of_another_area_is_not_there(app: Flask, session: Session, world: TinyWorld) -> None:
    other = session.scalars(select(ReplyMail).where(col(ReplyMail.uid) == 3)).one().id
    session.close()
    coordinator = browser(app, "coordinator")
    token = csrf_token(text_of(coordinator, PAGE))
    for wanted in (other, "0", "x", "9" * 30):
        assert coordinator.post(PAGE, data={"csrf_token": token, "mail": wanted}).status_code == 404


def test_the_network_chair_looks_at_what_came_about_the_network_meeting_and_at_no_other(
    app: Flask, session: Session, world: TinyWorld
) -> None:
    add_account(session, "chair-police", Role.NETWORK_CHAIR, "police")
    (network,) = arranging.create_series(
        session, OPERATOR, NOW, OFFICE, kind=MeetingType.NETWORK, area_id=None, start=date(2026, 12, 2), count=1
    )
    mail = ReplyMail(
        message_key="6", validity=1, uid=6, read_at=NOW, outcome=MailOutcome.NOT_PROVED, meeting_id=network.key,
        account_id=world.health.key,
    )  # fmt: skip
    session.add(mail)
    session.commit()
    other = session.scalars(select(ReplyMail).where(col(ReplyMail.uid) == 4)).one().id
    own, about = mail.id, network.reference
    session.close()
    chair, coordinator = browser(app, "chair-police"), browser(app, "coordinator")
    page = text_of(chair, PAGE)
    assert f"does not vouch for its sender {about} {world.health.name}" in visible(page)
    assert page.count("I have looked at it") == 1
    for its_page in (f"/meetings/{about}", f"/networks/meetings/{about}"):
        shown = text_of(chair, its_page)
        assert f'href="{PAGE}">1 mailed answer needs a look' in shown, its_page
        assert "people have not answered yet" in shown, its_page
    agenda = text_of(chair, f"/networks/meetings/{about}")
    assert f'href="/meetings/{about}#members"' in agenda, "there stands what each answered"
    member = text_of(browser(app, "coordinator"), f"/networks/meetings/{about}")
    assert "a look" not in member
    assert "not answered" not in member
    assert about not in text_of(coordinator, PAGE), "a coordinator of one area does not arrange it"
    token = csrf_token(page)
    assert chair.post(PAGE, data={"csrf_token": token, "mail": other}).status_code == 404
    assert chair.post(PAGE, data={"csrf_token": token, "mail": own}).status_code == 302
    assert "No mail needs a look" in text_of(chair, PAGE)
    assert "a look" not in text_of(chair, f"/networks/meetings/{about}")
    assert browser(app, "police").get(PAGE).status_code == 404
