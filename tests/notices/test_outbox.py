"""What is queued: once only, with one Message-ID for ever, and nothing of any child."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from meetings_app.notices.models import OutboxMail
from meetings_app.notices.service import mail_reference, message_id_for, queue
from meetings_app.notices.templates import NoticeKind
from tests.support.world import NOW, add_account


def queue_one(session: Session, key: str = "agenda:RMM-NE-2026-W48") -> bool:
    person = session.info.setdefault("person", None) or add_account(
        session, "police", "representative", "police", ["NE"]
    )
    session.info["person"] = person
    return queue(
        session, NOW, kind=NoticeKind.AGENDA_PUBLISHED, recipient=person, dedupe_key=key, order_key=key,
        values={
            "reference": "RMM-NE-2026-W48", "meeting_title": "Risk Management Meeting",
            "date_text": "Tuesday 24 November 2026", "time_text": "10am to 12pm",
            "link": "https://meetings.example.org/meetings/RMM-NE-2026-W48",
        },
        meeting_reference="RMM-NE-2026-W48",
    )  # fmt: skip


def test_the_same_mail_is_queued_once(session: Session) -> None:
    assert [queue_one(session), queue_one(session)] == [True, False]
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 1


def test_the_message_id_follows_from_the_key_and_names_nobody(session: Session) -> None:
    queue_one(session, "agenda:RMM-NE-2026-W48:7")
    mail = session.scalars(select(OutboxMail)).one()
    assert mail.message_id == message_id_for("agenda:RMM-NE-2026-W48:7", "meetings.example.org")
    assert mail.message_id.endswith("@meetings.example.org>")
    assert mail_reference(mail.message_id) in mail.message_id
    assert "RMM" not in mail.message_id


def test_a_value_the_notice_does_not_know_is_refused(session: Session) -> None:
    person = add_account(session, "health", "representative", "health", ["NE"])
    with pytest.raises(ValueError, match="does not take"):
        queue(
            session, NOW, kind=NoticeKind.REFERRAL_OUTCOME, recipient=person, dedupe_key="a", order_key="a",
            values={"reference": "R-22222", "link": "https://meetings.example.org/", "child_name": "Testy McExample"},
        )  # fmt: skip
