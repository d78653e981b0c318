"""What an agency sends is kept version by version, refused from others, and nothing of a draft leaves the agency."""

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.errors import Conflict, DomainError, NotFound
from meetings_app.meetings.running import start
from meetings_app.notices.models import OutboxMail
from meetings_app.preparing import queries, service
from meetings_app.preparing.chasing import chase
from meetings_app.preparing.models import InformationDraft
from meetings_app.preparing.rules import Answer, Attendance, Attending, Information
from tests.support.children import agency_id
from tests.support.rmm import OFFICE, Rmm, due, rmm
from tests.support.world import NOW

SEEN = Information(Answer.RELEVANT, "Seen with an unknown adult.", "We are worried.", "A visit.")


def sent_by(day: Rmm, who: str, child_id: int, said: Information) -> None:
    service.send(day.session, day.act(who), NOW, day.meeting, child_id, said)


def test_each_version_is_kept_and_an_equal_one_makes_no_second(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.publish()
    sent_by(day, "police", child.key, SEEN)
    sent_by(day, "police", child.key, SEEN)
    sent_by(day, "police", child.key, Information(Answer.NOTHING_KNOWN, facts="left in the draft"))
    versions = queries.sent_for(session, day.meeting.key)[child.key][agency_id(session, "police")]
    assert [(one.number, one.answer, one.facts, one.late) for one in versions] == [
        (1, Answer.RELEVANT, SEEN.facts, False), (2, Answer.NOTHING_KNOWN, "", False),
    ]  # fmt: skip


def test_what_comes_once_the_meeting_has_begun_is_late_and_leaves_what_was_sent_as_it_was(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.publish()
    sent_by(day, "police", child.key, SEEN)
    start(session, day.act("chair_cs"), NOW, day.meeting, day.meeting.version, "Testy McChair")
    sent_by(day, "police", child.key, Information(Answer.NOT_SHARED, reason="An inquiry."))
    day.act("chair_cs")
    shown = queries.information_about(session, day.meeting.key, child.key)
    assert [(one.number, one.late) for one in shown] == [(1, False), (2, True)]


@pytest.mark.parametrize("table", ["information_sent", "agency_attendance", "chase"])
def test_what_was_sent_can_be_neither_changed_nor_deleted(session: Session, table: str) -> None:
    day = rmm(session)
    child = due(session)
    day.publish()
    sent_by(day, "police", child.key, SEEN)
    service.send_attendance(session, day.act("police"), NOW, day.meeting, Attendance(Attending.COMING), ())
    chase(session, day.act("coordinator"), NOW, OFFICE, day.meeting, [agency_id(session, "police")])
    for change in (f"UPDATE {table} SET area_id = area_id", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(sa.text(change))


def test_a_second_person_of_the_agency_is_told_that_somebody_saved_since(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    police = day.act("police")
    service.save_draft(session, police, NOW, day.meeting, child.key, 0, Information(facts="Mine"))
    with pytest.raises(Conflict):
        service.save_draft(session, police, NOW, day.meeting, child.key, 0, Information(facts="Theirs"))
    service.save_draft(session, police, NOW, day.meeting, child.key, 1, Information(facts="Both"))
    assert session.scalars(select(col(InformationDraft.facts))).all() == ["Both"]
    service.save_attendance_draft(session, police, NOW, day.meeting, 0, Attendance(Attending.COMING))
    with pytest.raises(Conflict):
        service.save_attendance_draft(session, police, NOW, day.meeting, 0, Attendance())


@pytest.mark.parametrize(
    ("who", "drafts", "sent"),
    [("police", 1, 1), ("health", 0, 0), ("coordinator", 0, 1), ("chair_cs", 0, 1), ("coordinator_nw", 0, 0)],
)
def test_a_draft_is_its_agency_s_alone_and_what_is_sent_is_read_by_the_area_s_chairs_and_coordinator(
    session: Session, who: str, drafts: int, sent: int
) -> None:
    day = rmm(session)
    child = due(session)
    day.publish()
    police, agency = day.act("police"), agency_id(session, "police")
    service.save_draft(session, police, NOW, day.meeting, child.key, 0, SEEN)
    sent_by(day, "police", child.key, SEEN)
    service.send_attendance(session, police, NOW, day.meeting, Attendance(Attending.COMING), ())
    day.act(who)
    assert len(queries.drafts_of(session, day.meeting.key, agency)) == drafts
    assert len(queries.sent_for(session, day.meeting.key)) == sent
    assert len(queries.attendance_for(session, day.meeting.key)) == sent


@pytest.mark.parametrize("who", ["coordinator_nw"])
def test_whoever_answers_for_no_agency_in_the_area_is_refused(session: Session, who: str) -> None:
    day = rmm(session)
    child = due(session)
    with pytest.raises(NotFound):
        service.send(session, day.act(who), NOW, day.meeting, child.key, SEEN)


def test_agencies_are_asked_again_once_a_day_by_a_mail_that_names_no_child(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.publish()
    before = set(session.scalars(select(col(OutboxMail.id))))
    silent = [agency_id(session, code) for code in ("police", "health")]
    by = day.act("coordinator")
    mails = chase(session, by, NOW, OFFICE, day.meeting, silent)
    written = session.scalars(select(OutboxMail).where(col(OutboxMail.id).not_in(before))).all()
    assert len(written) == mails == 2
    assert {mail.kind for mail in written} == {"information_asked"}
    for mail in written:
        assert child.reference not in mail.body
        assert child.name not in mail.body
        assert f"/meetings/{day.meeting.reference}/before" in mail.body
    with pytest.raises(DomainError, match="today"):
        chase(session, by, NOW, OFFICE, day.meeting, silent)
    assert len(queries.chased_on(session, day.meeting.key)) == 2
    with pytest.raises(NotFound):
        chase(session, day.act("police"), NOW, OFFICE, day.meeting, silent)
