"""Answers by mail, read from a real IMAP server: in the shapes of three programs, forged, late, twice and broken."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.calendars.reply import NotUnderstood, read_reply
from meetings_app.config import Settings
from meetings_app.db.session import reading, writing
from meetings_app.meetings import arranging
from meetings_app.notices.mailbox import LARGEST_MAIL
from meetings_app.notices.reply_message import read_message
from meetings_app.permissions import OPERATOR
from meetings_app.schedule import queries, service
from meetings_app.schedule.answering import Answer, give_answer
from meetings_app.schedule.mailed_replies import Read, read_replies
from meetings_app.schedule.models import MailOutcome, Meeting, MeetingMember, Reply, ReplyMail, ReplySource
from tests.notices.mail_servers import free_port
from tests.support.mailbox_server import Folder, mailbox_server, new_folder
from tests.support.meetings import office, series
from tests.support.reply_shapes import SHAPES, Said, apple, gmail, outlook
from tests.support.world import NOW, TinyWorld, tiny_world

UID = "RMM-NE-2026-W48@meetings.example.org"
POLICE = "police@exampleshire.example"
SOON = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with mailbox_server() as started:
        yield started


@pytest.fixture
def folder(port: int) -> Folder:
    return new_folder(port)


@pytest.fixture
def reads(settings: Settings, folder: Folder) -> Settings:
    return replace(settings, imap_url=folder.url)


@pytest.fixture
def world(sessions: sessionmaker[Session]) -> TinyWorld:
    with writing(sessions, OPERATOR) as session:
        made = tiny_world(session)
    with writing(sessions, OPERATOR) as session:
        series(session, count=1)
    return made


def answer_of(sessions: sessionmaker[Session], address: str = POLICE) -> tuple[Reply, ReplySource, str]:
    with reading(sessions, OPERATOR) as session:
        member = session.scalars(
            select(MeetingMember)
            .join(Account, col(Account.id) == col(MeetingMember.account_id))
            .where(col(Account.email) == address)
        ).one()
        return member.reply, member.reply_source, member.deputy_name


def outcomes(sessions: sessionmaker[Session]) -> list[MailOutcome]:
    with reading(sessions, OPERATOR) as session:
        return list(session.scalars(select(col(ReplyMail.outcome)).order_by(col(ReplyMail.uid))))


def said(**more: object) -> Said:
    return replace(Said(UID, POLICE), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("answer", "kept"),
    [("ACCEPTED", Reply.ACCEPTED), ("TENTATIVE", Reply.TENTATIVE), ("DECLINED", Reply.DECLINED)],
)
def test_each_program_is_understood(
    sessions: sessionmaker[Session], world: TinyWorld, reads: Settings, folder: Folder, shape: str, answer: str,
    kept: Reply,
) -> None:  # fmt: skip
    folder.receive(SHAPES[shape](said(answer=answer)))
    assert read_replies(sessions, reads, SOON) == Read(read=1, recorded=1)
    assert answer_of(sessions) == (kept, ReplySource.MAIL, "")
    assert answer_of(sessions, "health@exampleshire.example")[0] is Reply.NONE, "one answer is one person's"


@pytest.mark.parametrize("shape", SHAPES)
def test_a_deputy_by_mail_is_named_to_the_coordinator_and_is_not_invited(
    sessions: sessionmaker[Session], world: TinyWorld, reads: Settings, folder: Folder, shape: str
) -> None:
    folder.receive(SHAPES[shape](said(answer="DELEGATED", deputy="standin@exampleshire.example")))
    read_replies(sessions, reads, SOON)
    assert answer_of(sessions) == (Reply.DEPUTY, ReplySource.MAIL, "standin@exampleshire.example")
    with reading(sessions, OPERATOR) as session:
        meeting = queries.find_meeting(session, "RMM-NE-2026-W48")
        assert meeting is not None
        assert len(queries.invited(session, meeting.key)) == 6


FORGED = {
    "another's address": (said(sender="mallory@elsewhere.example"), MailOutcome.OTHER_SENDER),
    "a look-alike address": (said(sender="police@exampleshire.example.elsewhere.example"), MailOutcome.OTHER_SENDER),
    "two senders": (said(sender=f"{POLICE}>, <mallory@elsewhere.example"), MailOutcome.OTHER_SENDER),
    "no such meeting": (said(uid="RMM-NE-2026-W48@elsewhere.example"), MailOutcome.NO_SUCH_MEETING),
    "nobody known": (said(attendee="mallory@elsewhere.example"), MailOutcome.NOT_INVITED),
    "known, not invited": (said(attendee="school@exampleshire.example"), MailOutcome.NOT_INVITED),
    "denied by the server": (
        said(headers="Authentication-Results: mx.exampleshire.example; dmarc=fail header.from=x.example\n"),
        MailOutcome.NOT_PROVED,
    ),
    "another time": (said(method="COUNTER"), MailOutcome.OTHER_TIME),
    "no answer in it": (said(answer="NEEDS-ACTION"), MailOutcome.NOT_UNDERSTOOD),
    "an invite of theirs": (said(method="REQUEST"), MailOutcome.NOT_UNDERSTOOD),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_is_no_plain_answer_changes_nothing_and_is_recorded(
    sessions: sessionmaker[Session], world: TinyWorld, reads: Settings, folder: Folder, what: str
) -> None:
    forged, outcome = FORGED[what]
    folder.receive(outlook(forged))
    assert read_replies(sessions, reads, SOON) == Read(read=1, recorded=0)
    assert outcomes(sessions) == [outcome]
    assert answer_of(sessions)[0] is Reply.NONE


PROOFS = {
    "": False,
    "Authentication-Results: mx.exampleshire.example; dmarc=pass header.from=exampleshire.example\n": True,
    "Authentication-Results: mx.exampleshire.example; dkim=pass header.d=exampleshire.example\n": True,
    "Authentication-Results: mx.exampleshire.example; dkim=pass (ok) header.d=elsewhere.example\n": False,
    "Authentication-Results: mx.exampleshire.example; spf=softfail smtp.mailfrom=exampleshire.example\n": False,
    "Authentication-Results: mx.elsewhere.example; dmarc=pass header.from=exampleshire.example\n": False,
    "Authentication-Results: mx.exampleshire.example; dmarc=none\n"
    "Authentication-Results: mx.exampleshire.example; dmarc=pass\n": False,
}


@pytest.mark.parametrize("headers", PROOFS)
def test_where_a_server_vouches_for_senders_an_unproved_answer_is_refused(
    sessions: sessionmaker[Session], world: TinyWorld, reads: Settings, folder: Folder, headers: str
) -> None:
    folder.receive(gmail(said(headers=headers)))
    asks = replace(reads, imap_url=f"{reads.imap_url}&checked-by=mx.exampleshire.example")
    read_replies(sessions, asks, SOON)
    assert outcomes(sessions) == [MailOutcome.RECORDED if PROOFS[headers] else MailOutcome.NOT_PROVED]


def test_the_newest_answer_counts_in_whatever_order_mails_arrive(
    sessions: sessionmaker[Session], world: TinyWorld, reads: Settings, folder: Folder
) -> None:
    folder.receive(
        outlook(said(answer="DECLINED", stamp="20261123T094000Z")),
        outlook(said(answer="ACCEPTED", stamp="20261123T093000Z", message_id="<two@client.example>")),
    )
    read_replies(sessions, reads, SOON)
    assert outcomes(sessions) == [MailOutcome.RECORDED, MailOutcome.OUTDATED]
    assert answer_of(sessions)[0] is Reply.DECLINED


def test_an_answer_to_the_old_date_counts_for_nothing(
    sessions: sessionmaker[Session], world: TinyWorld, reads: Settings, folder: Folder
) -> None:
    with writing(sessions, OPERATOR) as session:
        meeting = session.scalars(select(Meeting)).one()
        arranging.move_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, held_on=date(2026, 11, 26))
    folder.receive(outlook(said()), outlook(said(sequence=1, answer="DECLINED", message_id="<two@client.example>")))
    read_replies(sessions, reads, SOON)
    assert outcomes(sessions) == [MailOutcome.OUTDATED, MailOutcome.RECORDED]
    assert answer_of(sessions)[0] is Reply.DECLINED


def test_a_mail_counts_after_a_link_though_others_were_removed_in_between(
    sessions: sessionmaker[Session], world: TinyWorld, reads: Settings, folder: Folder
) -> None:
    with writing(sessions, OPERATOR) as session:
        meeting = session.scalars(select(Meeting)).one()
        service.remove_member(session, OPERATOR, NOW, office(), meeting, session.get_one(Account, world.health.key))
        place = session.scalars(
            select(MeetingMember).where(col(MeetingMember.account_id) == world.police.key)
        ).one()  # fmt: skip
        by_link = Answer(Reply.ACCEPTED, ReplySource.LINK, NOW, meeting.calendar_sequence)
        give_answer(session, OPERATOR, NOW, meeting, place, by_link)
    folder.receive(apple(said(answer="DECLINED", stamp="20261123T235900Z")))
    read_replies(sessions, reads, NOW + timedelta(hours=1))
    assert answer_of(sessions)[0] is Reply.DECLINED


def test_a_time_that_is_yet_to_come_does_not_stand_in_the_way_of_the_next_answer(
    sessions: sessionmaker[Session], world: TinyWorld, reads: Settings, folder: Folder
) -> None:
    folder.receive(outlook(said(stamp="20991231T000000Z", sequence=900)))
    read_replies(sessions, reads, SOON)
    folder.receive(outlook(said(answer="DECLINED", stamp="20261123T235900Z", message_id="<two@client.example>")))
    read_replies(sessions, reads, SOON + timedelta(minutes=5))
    assert answer_of(sessions)[0] is Reply.DECLINED


def test_each_mail_is_read_once_and_a_second_copy_changes_nothing(
    sessions: sessionmaker[Session], world: TinyWorld, reads: Settings, folder: Folder
) -> None:
    folder.receive(outlook(said()))
    assert read_replies(sessions, reads, SOON).read == 1
    assert read_replies(sessions, reads, SOON).read == 0
    folder.receive(outlook(said()), outlook(said(answer="DECLINED", stamp="20261123T094000Z")))
    assert read_replies(sessions, reads, SOON) == Read(read=2, recorded=1)
    assert outcomes(sessions) == [MailOutcome.RECORDED, MailOutcome.NO_ANSWER, MailOutcome.RECORDED]


def test_nothing_in_the_mailbox_is_changed_or_marked(
    sessions: sessionmaker[Session], world: TinyWorld, reads: Settings, folder: Folder
) -> None:
    folder.receive(outlook(said()), b"From: a@b.example\r\nSubject: The room\r\n\r\nIs it the big one?\r\n")
    read_replies(sessions, reads, SOON)
    assert len(folder.flags()) == 2
    assert not any(b"Seen" in flags or b"Deleted" in flags for flags in folder.flags())
    assert outcomes(sessions) == [MailOutcome.RECORDED, MailOutcome.NO_ANSWER]


def test_a_mail_larger_than_any_answer_is_not_taken_in(
    sessions: sessionmaker[Session], world: TinyWorld, reads: Settings, folder: Folder
) -> None:
    folder.receive(outlook(said()) + b"x" * LARGEST_MAIL, outlook(said(message_id="<two@client.example>")))
    read_replies(sessions, reads, SOON)
    assert outcomes(sessions) == [MailOutcome.NO_ANSWER, MailOutcome.RECORDED]


def test_an_answer_after_the_meeting_is_recorded_as_too_late(
    sessions: sessionmaker[Session], world: TinyWorld, reads: Settings, folder: Folder
) -> None:
    folder.receive(outlook(said()))
    read_replies(sessions, reads, NOW + timedelta(days=3))
    assert outcomes(sessions) == [MailOutcome.TOO_LATE]


def test_a_mailbox_that_is_away_says_at_which_step_and_nothing_more(
    sessions: sessionmaker[Session], settings: Settings, folder: Folder
) -> None:
    assert read_replies(sessions, settings, NOW) == Read(), "without the setting nothing is read"
    away = replace(settings, imap_url=f"imap://u:p@127.0.0.1:{free_port()}?timeout=1")
    assert read_replies(sessions, away, NOW).problem == "IMAP connect: ConnectionRefusedError"
    refused = replace(settings, imap_url=folder.url.replace("not-a-secret", "wrong"))
    assert read_replies(sessions, refused, NOW).problem == "IMAP sign-in: error"
    missing = replace(settings, imap_url=folder.url.replace(folder.name, "Nowhere"))
    assert read_replies(sessions, missing, NOW).problem == "IMAP folder: error"


@given(content=st.binary(max_size=400) | st.text(max_size=300).map(lambda text: f"From: {text}\n\n{text}".encode()))
def test_no_mail_breaks_the_reader(content: bytes) -> None:
    read_message(content, "mx.exampleshire.example")
    inside = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n" + content + b"\r\nEND:VEVENT\r\nEND:VCALENDAR"
    with suppress(NotUnderstood):
        read_reply(inside)


@pytest.mark.parametrize("cut", range(0, 1500, 60))
def test_half_an_answer_is_none(cut: int) -> None:
    whole = read_message(outlook(said())).calendar
    assert whole is not None
    with pytest.raises(NotUnderstood):
        read_reply(whole[: min(cut, len(whole) - 20)])
