"""One person whose mailbox takes nothing for days holds up nobody else, and can be sent to again afterwards."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.config import Settings
from meetings_app.db.session import act_for, writing
from meetings_app.notices.models import MailState, OutboxMail
from meetings_app.notices.resending import send_again
from meetings_app.notices.sending import send_waiting
from meetings_app.permissions import OPERATOR
from tests.notices.mail_servers import Mailroom, smtp_server
from tests.support.rmm import rmm
from tests.support.world import NOW


def test_a_full_mailbox_holds_up_no_other_members_agenda(sessions: sessionmaker[Session], settings: Settings) -> None:
    with sessions() as session:
        act_for(session, OPERATOR)
        rmm(session).publish()
        session.commit()
    room = Mailroom()
    room.busy_for = ("coordinator@", "chair-cs@")
    with smtp_server(room) as server:
        serving = replace(settings, smtp_url=f"smtp://127.0.0.1:{server.port}?timeout=30")
        send_waiting(sessions, serving, NOW)
        with writing(sessions, OPERATOR) as session:
            waiting = select(col(OutboxMail.recipient_address)).where(col(OutboxMail.state) == MailState.WAITING)
            assert {address.split("@")[0] for address in session.scalars(waiting)} == {"coordinator", "chair-cs"}
        # Mail is given up by its age and after many tries, so that a clock that jumps gives up nothing.
        for days in range(1, 15):
            send_waiting(sessions, serving, NOW + timedelta(days=days))
        with writing(sessions, OPERATOR) as session:
            agendas = select(OutboxMail).where(
                col(OutboxMail.state) == MailState.GIVEN_UP, col(OutboxMail.kind) == "agenda_published"
            )
            given_up = session.scalars(agendas).all()
            for mail in given_up:
                send_again(session, OPERATOR, NOW + timedelta(days=15), mail)
        room.busy_for = ()
        assert send_waiting(sessions, serving, NOW + timedelta(days=15)).sent >= len(given_up) > 0
