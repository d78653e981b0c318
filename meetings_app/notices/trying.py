"""A test mail and a test invite to oneself, so that whoever looks after the mail sees that it arrives, and how."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.calendars.event import cancellation, request
from meetings_app.calendars.facts import Attendee, MeetingEvent
from meetings_app.clock import london_date
from meetings_app.config import Settings
from meetings_app.notices.models import OutboxMail
from meetings_app.notices.service import SERVICE_NAME, queue
from meetings_app.notices.templates import NoticeKind
from meetings_app.permissions import Actor
from meetings_app.text import day_in_words

TAKEN_BACK_AFTER = timedelta(minutes=10)
TESTS = (NoticeKind.TEST_MAIL, NoticeKind.TEST_INVITE, NoticeKind.TEST_INVITE_ENDED)


def queue_test_mail(session: Session, by: Actor, now: datetime, settings: Settings) -> bool:
    """Write a test mail to oneself into the outbox; False where one was asked for this minute already."""
    person = session.get_one(Account, by.account_id)
    written = queue(
        session, now, kind=NoticeKind.TEST_MAIL, recipient=person, dedupe_key=_key("mail", person, now),
        order_key=f"test:{person.key}", values={"link": f"{settings.base_url}/mail"},
    )  # fmt: skip
    if written:
        record(session, by, now, EventKind.TEST_MAIL_ASKED, what="mail")
    return written


def queue_test_invite(session: Session, by: Actor, now: datetime, settings: Settings) -> bool:
    """Write an invite to oneself, to nothing, and the cancellation that follows ten minutes later."""
    person = session.get_one(Account, by.account_id)
    key, invited = _key("invite", person, now), Attendee(person.email, person.name)
    event = _event(settings, now, key, sequence=0)
    written = queue(
        session, now, kind=NoticeKind.TEST_INVITE, recipient=person, dedupe_key=key, order_key=key,
        values={"link": event.link, "reference": event.reference, "date_text": day_in_words(event.date)},
        invite=request(event, invited), method="REQUEST",
    )  # fmt: skip
    if written:
        queue(
            session, now, kind=NoticeKind.TEST_INVITE_ENDED, recipient=person, dedupe_key=f"{key}:ended",
            order_key=key, values={"link": event.link, "reference": event.reference},
            invite=cancellation(_event(settings, now, key, sequence=1), invited), method="CANCEL",
            not_before=now + TAKEN_BACK_AFTER,
        )  # fmt: skip
        record(session, by, now, EventKind.TEST_MAIL_ASKED, what="invite")
    return written


def own_tests(session: Session, by: Actor, at_most: int = 3) -> list[OutboxMail]:
    """Give the last test mails that a person asked for, newest first."""
    statement: Any = (
        select(OutboxMail)
        .where(col(OutboxMail.account_id) == by.account_id, col(OutboxMail.kind).in_([kind.value for kind in TESTS]))
        .order_by(col(OutboxMail.id).desc())
        .limit(at_most)
    )
    return list(session.scalars(statement))


def _event(settings: Settings, now: datetime, key: str, *, sequence: int) -> MeetingEvent:
    """Give half an hour of nothing, tomorrow at noon; the UID is the key, so that a second test is another event."""
    day = london_date(now) + timedelta(days=1)
    year, week, _ = day.isocalendar()
    return MeetingEvent(
        uid=f"{key.replace(':', '-')}@{SERVICE_NAME.replace(' ', '-').lower()}", sequence=sequence,
        reference=f"TEST-{year}-W{week:02}", summary="Test invite: nothing takes place", date=day, start_time=time(12),
        minutes=30, place="", joining_link="", changed_at=now, link=f"{settings.base_url}/mail",
        organiser_address=settings.organiser, organiser_name=SERVICE_NAME,
    )  # fmt: skip


def _key(what: str, person: Account, now: datetime) -> str:
    return f"test-{what}:{person.key}:{now:%Y%m%d%H%M}"
