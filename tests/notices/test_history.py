"""Every mail is kept with what happened to it, and shown without its text to those who look after it."""

import re
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.config import Settings
from meetings_app.db.session import reading, writing
from meetings_app.meetings import arranging
from meetings_app.notices.history import PAGE, kept_mail
from meetings_app.notices.models import MailState, MailTry, OutboxMail, TryOutcome
from meetings_app.notices.sending import send_waiting
from meetings_app.notices.service import mail_reference
from meetings_app.permissions import OPERATOR
from tests.notices.mail_servers import Mailroom, free_port, smtp_server
from tests.support.browsing import browser, text_of
from tests.support.meetings import office, series
from tests.support.world import NOW, add_account, send, tiny_world


def happened(sessions: sessionmaker[Session], address: str) -> list[tuple[TryOutcome, str, int]]:
    """Give what happened to the mails of one person, in order."""
    with reading(sessions, OPERATOR) as session:
        rows = session.scalars(
            select(MailTry)
            .join(OutboxMail, col(OutboxMail.id) == col(MailTry.mail_id))
            .where(col(OutboxMail.recipient_address).startswith(address))
            .order_by(col(MailTry.id))
        )
        return [(row.outcome, row.problem, row.times) for row in rows]


def invited(sessions: sessionmaker[Session]) -> None:
    with writing(sessions, OPERATOR) as session:
        add_account(session, "unknown", "representative", "police", ["NE"])
        add_account(session, "police", "representative", "police", ["NE"])
    with writing(sessions, OPERATOR) as session:
        series(session, count=1)


def test_each_try_is_kept_and_an_outage_of_days_is_one_line(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    invited(sessions)
    away = replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}?timeout=1")
    for hours in range(3):
        send_waiting(sessions, away, NOW + timedelta(hours=hours))
    room = Mailroom(content="451 later")
    with smtp_server(room) as server:
        serving = replace(settings, smtp_url=f"smtp://127.0.0.1:{server.port}?timeout=30")
        send_waiting(sessions, serving, NOW + timedelta(hours=4))
        room.answers.clear()
        send_waiting(sessions, serving, NOW + timedelta(hours=8))
    outcomes = [(outcome, times) for outcome, _, times in happened(sessions, "police")]
    assert outcomes == [(TryOutcome.PUT_OFF, 3), (TryOutcome.PUT_OFF, 1), (TryOutcome.SENT, 1)]
    assert [outcome for outcome, _, _ in happened(sessions, "unknown")] == [TryOutcome.PUT_OFF, TryOutcome.GIVEN_UP]
    problems = " ".join(problem for _, problem, _ in happened(sessions, ""))
    assert "550" in problems
    assert "@" not in problems, "an answer of the server may quote an address, and is not kept"


def test_the_page_of_a_mail_says_what_happened_and_not_what_it_says(app: Flask, session: Session) -> None:
    world = tiny_world(session)
    series(session, count=1)
    series(session, "NW", count=1)
    mail, far = (
        session.scalars(select(OutboxMail).where(col(OutboxMail.account_id) == person.key)).one()
        for person in (world.police, world.coordinator_nw)
    )
    mail.state, mail.last_problem = MailState.GIVEN_UP, "SMTP recipient: answer 550"
    session.add(
        MailTry(
            mail_id=mail.key, outcome=TryOutcome.GIVEN_UP, problem="SMTP recipient: answer 550", times=2, first_at=NOW,
            last_at=NOW + timedelta(hours=1),
        )
    )  # fmt: skip
    reference, elsewhere = mail_reference(mail.message_id), mail_reference(far.message_id)
    body, address = mail.body.splitlines()[0], mail.recipient_address
    session.commit()
    session.close()
    client = browser(app, world.coordinator.email)
    page = " ".join(text_of(client, f"/mail/{reference}").split())
    assert "23 November 2026, 9am to 23 November 2026, 10am" in page
    assert "SMTP recipient: answer 550" in page
    assert body not in page
    assert address not in page
    assert client.get(f"/mail/{elsewhere}").status_code == 404, "the mail of another area"
    assert f"/mail/{elsewhere}" not in text_of(client, "/mail/history")
    assert f"/mail/{reference}" in text_of(client, "/mail/history?state=given_up")
    assert f"/mail/{reference}" not in text_of(client, "/mail/history?state=sent")
    assert send(client, f"/mail/{reference}/again", {}, page=f"/mail/{reference}").status_code == 302
    assert "Sent again" in text_of(client, f"/mail/{reference}")


def test_the_page_of_an_invite_says_what_it_holds_to_who_sees_meetings(app: Flask, session: Session) -> None:
    world = tiny_world(session)
    add_account(session, "admin", "administrator", "childrens-services", [])
    meeting = series(session, count=1)[0]
    arranging.cancel_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, "Half-term")
    invite, cancellation = (
        mail_reference(mail.message_id)
        for mail in session.scalars(
            select(OutboxMail).where(col(OutboxMail.account_id) == world.police.key).order_by(col(OutboxMail.id))
        )
    )
    session.commit()
    session.close()
    client = browser(app, world.coordinator.email)
    held = "Tuesday 24 November 2026 Time 10am to 12pm Place Room 1, Exampleshire House"
    for reference, what in ((invite, "invite"), (cancellation, "cancellation")):
        page = " ".join(re.sub(r"<[^>]+>", " ", text_of(client, f"/mail/{reference}")).split())
        entry = f"Calendar entry Risk Management Meeting RMM-NE-2026-W48 Date {held}"
        assert f"What the {what} says {entry}" in page
        assert world.police.email not in page
    assert "Room 1" not in text_of(browser(app, "admin"), f"/mail/{invite}")


def test_every_mail_stands_on_one_page_of_the_history(session: Session) -> None:
    tiny_world(session)
    series(session, count=PAGE // 6 + 2)
    seen: list[str] = []
    before: str | None = ""
    while before is not None:
        page = kept_mail(session, OPERATOR, None, before=before)
        assert len(page.mails) <= PAGE
        seen += [mail.reference for mail in page.mails]
        before = page.next_before
    everything = session.scalars(select(col(OutboxMail.message_id)).order_by(col(OutboxMail.id).desc()))
    assert seen == [mail_reference(message_id) for message_id in everything]
    assert len(seen) > PAGE
