"""From the draft to the signed version and its amendment: edited, issued, corrected, signed, reopened."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlmodel import col

from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.meetings.minutes import latest_minutes, locked_numbers
from meetings_app.meetings.minutes_checks import altered_minutes
from meetings_app.meetings.minutes_facts import digest_of
from meetings_app.meetings.models import Minutes
from meetings_app.minutes import queries
from meetings_app.minutes.editing import make_version, save_text, working_texts
from meetings_app.minutes.issuing import accept, issue, propose, refuse
from meetings_app.minutes.models import Answered
from meetings_app.minutes.page import standing_of
from meetings_app.minutes.signing import reopen, sign_minutes
from meetings_app.notices.models import OutboxMail
from meetings_app.schedule.models import MeetingState
from tests.support.issued import long_issued
from tests.support.rmm import OFFICE, Rmm
from tests.support.world import NOW


def newest(day: Rmm) -> Minutes:
    minutes = latest_minutes(day.session, day.meeting.key)
    assert minutes is not None
    return minutes


def numbers(day: Rmm) -> list[str]:
    return [item["number"] for item in newest(day).facts["items"]]


def edit(day: Rmm, item: str, text: str, opened_at: int = 0, who: str = "coordinator") -> None:
    save_text(day.session, day.act(who), NOW, day.meeting, item, opened_at, text)


def sign_both(day: Rmm, number: int) -> None:
    if not locked_numbers(day.session, day.meeting.key):
        long_issued(day.session, day.meeting, number)
    for chair in ("chair_cs", "chair_fs"):
        sign_minutes(day.session, day.act(chair), NOW, OFFICE, day.meeting, number)


def test_editing_a_text_changes_no_decision(day: Rmm) -> None:
    item = numbers(day)[0]
    before = newest(day).facts["items"]
    edit(day, item, "Rated low after all.")
    made = make_version(day.session, day.act("coordinator"), NOW, day.meeting)
    assert made.number == 2
    assert made.facts["items"] == before
    assert made.facts["items"][0]["rating"] == "high"
    assert made.facts["texts"][item] == "Rated low after all."


def test_every_version_of_a_text_is_kept_and_two_people_lose_nothing(day: Rmm) -> None:
    item = numbers(day)[0]
    edit(day, item, "From the coordinator.")
    with pytest.raises(Conflict) as conflict:
        edit(day, item, "From the chair.", who="chair_cs")
    assert (conflict.value.theirs, conflict.value.ours) == ("From the coordinator.", "From the chair.")
    edit(day, item, "From both.", opened_at=1, who="chair_cs")
    texts = [each.text for each in queries.versions_of_text(day.session, day.meeting.key, item)]
    assert texts == ["From the coordinator.", "From both."]
    # Another item is another text: there is no conflict between them.
    edit(day, numbers(day)[1], "Of the other child.")


def test_saved_text_can_be_neither_changed_nor_deleted(day: Rmm) -> None:
    edit(day, numbers(day)[0], "Kept.")
    for statement in ("UPDATE minutes_text SET text = 'x'", "DELETE FROM minutes_text"):
        with pytest.raises(DatabaseError), day.session.begin_nested():
            day.session.execute(sa.text(statement))


def test_only_whoever_records_the_meeting_edits(day: Rmm) -> None:
    for who in ("police", "health", "coordinator_nw"):
        with pytest.raises(NotFound):
            edit(day, numbers(day)[0], "Mine.", who=who)


def test_the_draft_is_issued_to_those_who_attended_with_the_reference_alone(day: Rmm) -> None:
    edit(day, numbers(day)[0], "Edited before the issue.")
    step = issue(day.session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    assert (step.number, step.until and step.until.isoformat()) == (2, "2026-12-07")
    day.operator()
    mails = day.session.scalars(select(OutboxMail).where(col(OutboxMail.kind) == "minutes_ready")).all()
    assert sorted(mail.recipient_address.split("@")[0] for mail in mails) == [
        "chair-cs", "chair-fs", "health", "police"
    ]  # fmt: skip
    assert all("Testy" not in mail.body and day.meeting.reference in mail.body for mail in mails)
    with pytest.raises(DomainError):
        issue(day.session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")


def test_members_read_what_was_issued_and_not_what_is_being_written(day: Rmm) -> None:
    issue(day.session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    edit(day, numbers(day)[0], "Not issued.")
    make_version(day.session, day.act("coordinator"), NOW, day.meeting)
    police = day.act("police")
    standing = standing_of(day.session, police, OFFICE, day.meeting)
    assert standing is not None
    assert (standing.shown.number, list(standing.versions)) == (1, [1])
    assert standing_of(day.session, police, OFFICE, day.meeting, 2) is None


def test_a_correction_is_accepted_into_the_text_or_refused_with_a_reason(day: Rmm) -> None:
    session, item = day.session, numbers(day)[0]
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    shown = frozenset({item})
    one = propose(session, day.act("police"), NOW, day.meeting, item, "The van was white.", shown)
    two = propose(session, day.act("health"), NOW, day.meeting, item, "We were not there.", shown)
    with pytest.raises(NotFound):
        refuse(session, day.act("coordinator"), NOW, OFFICE, day.meeting, two, "No.")
    chair = day.act("chair_cs")
    with pytest.raises(RuleBroken):
        refuse(session, chair, NOW, OFFICE, day.meeting, two, " ")
    with pytest.raises(RuleBroken):
        accept(session, chair, NOW, OFFICE, day.meeting, one, 0, working_texts(session, newest(day))[item])
    with pytest.raises(DomainError, match="2 corrections are not answered"):
        sign_minutes(session, chair, NOW, OFFICE, day.meeting, 1)
    accept(session, chair, NOW, OFFICE, day.meeting, one, 0, "A white van was seen.")
    refuse(session, chair, NOW, OFFICE, day.meeting, two, "The attendance says otherwise.")
    with pytest.raises(Conflict):
        refuse(session, chair, NOW, OFFICE, day.meeting, one, "Second thoughts.")
    assert working_texts(session, newest(day))[item] == "A white van was seen."
    day.operator()
    mails = session.scalars(select(OutboxMail).where(col(OutboxMail.kind) == "correction_answered")).all()
    assert sorted(mail.recipient_address.split("@")[0] for mail in mails) == ["health", "police"]
    for mail in mails:
        assert f"/meetings/{day.meeting.reference}/minutes#corrections" in mail.body
        assert not re.search("van|attendance|Testy|accept|refuse|item", mail.subject + mail.body)
    day.act("health")
    [own] = queries.corrections_of(session, day.meeting.key)
    assert (own.correction.answered, own.correction.reason) == (Answered.REFUSED, "The attendance says otherwise.")
    for statement in ("UPDATE minutes_correction SET reason = 'x'", "DELETE FROM minutes_correction"):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(sa.text(statement))


def test_corrections_are_for_those_who_attended_in_time_and_for_what_they_saw(day: Rmm) -> None:
    session, item = day.session, numbers(day)[0]
    shown = frozenset({item})
    with pytest.raises(DomainError):
        propose(session, day.act("police"), NOW, day.meeting, item, "Too early.", shown)
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    with pytest.raises(NotFound):
        propose(session, day.act("coordinator"), NOW, day.meeting, item, "I was not there.", shown)
    with pytest.raises(NotFound):
        propose(session, day.act("police"), NOW, day.meeting, numbers(day)[1], "Hidden.", shown)
    last = NOW + timedelta(days=14)
    propose(session, day.act("police"), last, day.meeting, item, "On the last day.", shown)
    with pytest.raises(DomainError):
        propose(session, day.act("police"), last + timedelta(days=1), day.meeting, item, "Too late.", shown)


def test_a_text_that_was_edited_since_is_not_what_a_chair_signs(day: Rmm) -> None:
    edit(day, numbers(day)[0], "Edited.")
    with pytest.raises(DomainError, match="edited after version 1"):
        sign_minutes(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, 1)
    make_version(day.session, day.act("coordinator"), NOW, day.meeting)
    sign_both(day, 2)
    assert locked_numbers(day.session, day.meeting.key) == [2]


def test_a_first_signature_does_not_sign_what_is_written_after_it(day: Rmm) -> None:
    long_issued(day.session, day.meeting)
    sign_minutes(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, 1)
    edit(day, numbers(day)[0], "Written after the first signature.")
    make_version(day.session, day.act("coordinator"), NOW, day.meeting)
    long_issued(day.session, day.meeting, 2)
    sign_minutes(day.session, day.act("chair_fs"), NOW, OFFICE, day.meeting, 2)
    assert day.meeting.state is MeetingState.CLOSED
    assert newest(day).second_signed_at is None


def test_signed_minutes_are_locked_and_amended_only_after_they_are_reopened(day: Rmm) -> None:
    session, item = day.session, numbers(day)[0]
    sign_both(day, 1)
    with pytest.raises(DomainError, match="Reopen"):
        edit(day, item, "Afterwards.")
    with pytest.raises(RuleBroken):
        reopen(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, "")
    with pytest.raises(NotFound):
        reopen(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "A date is wrong.")
    reopen(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, "A date is wrong.")
    edit(day, item, "With the right date.")
    amendment = make_version(session, day.act("coordinator"), NOW, day.meeting)
    recorded = newest(day).facts["items"][0]["discussion"]
    assert amendment.facts["amends"] == 1
    assert amendment.facts["changes"] == [{"item": item, "before": recorded, "after": "With the right date."}]
    sign_both(day, 2)
    assert (locked_numbers(session, day.meeting.key), queries.is_reopened(session, day.meeting.key)) == ([1, 2], False)
    first = queries.version_of(session, day.meeting.key, 1)
    assert first is not None
    assert "texts" not in first.facts
    step = queries.steps_of(session, day.meeting.key)[-1]
    assert (step.step.reason, step.by) == ("A date is wrong.", "Testy McChair-Cs")
    with pytest.raises(DomainError, match="Reopen"):
        edit(day, item, "And again.", opened_at=1)


def test_an_amendment_that_changes_nothing_is_none(day: Rmm) -> None:
    session, item = day.session, numbers(day)[0]
    recorded = newest(day).facts["items"][0]["discussion"]
    sign_both(day, 1)
    reopen(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, "A date is wrong.")
    edit(day, item, "Changed.")
    make_version(session, day.act("coordinator"), NOW, day.meeting)
    edit(day, item, recorded, opened_at=1)
    with pytest.raises(DomainError, match="nothing to amend"):
        make_version(session, day.act("coordinator"), NOW, day.meeting)


def test_the_database_refuses_to_change_what_a_version_holds_and_anything_of_a_signed_one(day: Rmm) -> None:
    session = day.session
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(sa.text("UPDATE minutes SET sha256 = 'x'"))
    sign_both(day, 1)
    session.flush()
    for statement in ("UPDATE minutes SET first_chair_id = second_chair_id", "DELETE FROM minutes"):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(sa.text(statement))


@pytest.mark.parametrize("with_digest", [False, True])
def test_a_signed_version_that_was_altered_is_a_breach(day: Rmm, database: str, with_digest: bool) -> None:
    sign_both(day, 1)
    day.session.commit()
    day.operator()
    assert list(altered_minutes(day.session)) == []
    facts = {**newest(day).facts, "notes": "Altered afterwards."}
    values = {"facts": facts, **({"sha256": digest_of(facts)} if with_digest else {})}
    for trigger in ("minutes_recorded", "minutes_locked"):
        # As whoever owns the database could.
        day.session.execute(sa.text(f"DROP TRIGGER {trigger}" + ("" if database == "sqlite" else " ON minutes")))
    day.session.execute(sa.update(Minutes).values(**values))
    [breach] = altered_minutes(day.session)
    assert (breach.code, breach.reference) == ("minutes_altered", day.meeting.reference)
