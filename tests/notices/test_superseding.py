"""Several changes within ten minutes are one mail, and a cancellation never overtakes its request."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from meetings_app.config import Settings
from meetings_app.db.session import reading, writing
from meetings_app.meetings import arranging
from meetings_app.notices.models import MailState
from meetings_app.notices.sending import send_waiting
from meetings_app.permissions import OPERATOR
from meetings_app.schedule import queries, service
from meetings_app.schedule.models import MeetingType
from tests.notices.mail_servers import Mailroom, free_port
from tests.notices.test_sending import announced, calendars, cancel, people, served, states
from tests.support.meetings import office
from tests.support.world import NOW

MINUTE = timedelta(minutes=1)


def moved(sessions: sessionmaker[Session], reference: str, to: date, now: datetime) -> None:
    with writing(sessions, OPERATOR) as session:
        meeting = queries.find_meeting(session, reference)
        assert meeting is not None
        arranging.move_meeting(session, OPERATOR, now, office(), meeting, meeting.version, held_on=to)


def test_two_changes_within_ten_minutes_are_one_mail_with_the_last_of_them(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    everybody = people(sessions)
    reference, room = announced(sessions), Mailroom()
    with served(settings, room) as serving:
        send_waiting(sessions, serving, NOW)
        moved(sessions, reference, date(2026, 11, 26), NOW)
        moved(sessions, reference, date(2026, 11, 27), NOW + 9 * MINUTE)
        assert send_waiting(sessions, serving, NOW + 9 * MINUTE).sent == 0
        assert send_waiting(sessions, serving, NOW + 10 * MINUTE).sent == 6, "ten minutes run from the first change"
    for person in everybody:
        assert [entry[3] for entry in calendars(room, person.email)] == ["24 Nov 10:00", "27 Nov 10:00"]
    assert states(sessions) == {MailState.SENT: 12, MailState.SUPERSEDED: 6}


def test_a_change_after_ten_minutes_is_a_mail_of_its_own(sessions: sessionmaker[Session], settings: Settings) -> None:
    people(sessions)
    reference, room = announced(sessions), Mailroom()
    with served(settings, room) as serving:
        send_waiting(sessions, serving, NOW)
        moved(sessions, reference, date(2026, 11, 26), NOW)
        moved(sessions, reference, date(2026, 11, 27), NOW + 10 * MINUTE)
        assert send_waiting(sessions, serving, NOW + 30 * MINUTE).sent == 12


def test_a_cancellation_leaves_at_once_and_takes_the_waiting_change_with_it(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    everybody = people(sessions)
    reference, room = announced(sessions), Mailroom()
    with served(settings, room) as serving:
        send_waiting(sessions, serving, NOW)
        moved(sessions, reference, date(2026, 11, 26), NOW)
        cancel(sessions, reference)
        assert send_waiting(sessions, serving, NOW).sent == 6
        assert send_waiting(sessions, serving, NOW + 30 * MINUTE).sent == 0
    assert [entry[0] for entry in calendars(room, everybody[0].email)] == ["REQUEST", "CANCEL"]


def test_an_invite_that_a_dead_server_holds_up_still_goes_before_its_cancellation(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    everybody = people(sessions)
    reference, room = announced(sessions), Mailroom()
    send_waiting(sessions, replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}?timeout=1"), NOW)
    cancel(sessions, reference)
    with served(settings, room) as serving:
        send_waiting(sessions, serving, NOW + timedelta(hours=1))
    for person in everybody:
        assert [entry[0] for entry in calendars(room, person.email)] == ["REQUEST", "CANCEL"]


def test_a_place_taken_back_and_given_again_is_one_newer_invite(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    everybody = people(sessions)
    reference, room = announced(sessions), Mailroom()
    with served(settings, room) as serving:
        send_waiting(sessions, serving, NOW)
        with writing(sessions, OPERATOR) as session:
            meeting = queries.find_meeting(session, reference)
            assert meeting is not None
            service.remove_member(session, OPERATOR, NOW, office(), meeting, everybody[3])
            service.add_member(session, OPERATOR, NOW + MINUTE, office(), meeting, everybody[3])
        send_waiting(sessions, serving, NOW + 30 * MINUTE)
    got = [(entry[0], entry[2]) for entry in calendars(room, everybody[3].email)]
    assert got == [("REQUEST", "0"), ("REQUEST", "2")]


def test_a_planned_meeting_that_changes_mails_nobody(sessions: sessionmaker[Session]) -> None:
    people(sessions)
    with writing(sessions, OPERATOR) as session:
        arranging.create_extra(
            session, OPERATOR, NOW, office(), kind=MeetingType.NETWORK, area_id=None,
            held_on=date(2027, 9, 1),
        )  # fmt: skip
    with reading(sessions, OPERATOR) as session:
        assert [one.state.value for one in queries.meetings_ahead(session)] == ["planned"]
    assert states(sessions) == {}
