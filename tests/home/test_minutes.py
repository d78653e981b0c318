"""The home page says what is to be done about minutes, until nothing is."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from meetings_app.db.session import act_for
from meetings_app.errors import DomainError
from meetings_app.home.meetings import meetings_to_do
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.meetings.minutes_texts import NOTES
from meetings_app.meetings.models import Presence
from meetings_app.meetings.running import AttendanceLine, set_attendance
from meetings_app.minutes.answering import draft_answers, say_nothing_to_correct
from meetings_app.minutes.editing import make_version, save_text
from meetings_app.minutes.issuing import accept, issue, propose, refuse
from meetings_app.minutes.signing import reopen, sign_minutes
from meetings_app.permissions import Role
from meetings_app.ratings.models import RiskRating
from tests.support.issued import long_issued
from tests.support.rmm import OFFICE, Rmm, due, rated, rmm
from tests.support.world import NOW, actor_for, add_account


@pytest.fixture
def day(session: Session) -> Rmm:
    """A meeting that was held and closed, with one child."""
    day = rmm(session)
    child = due(session)
    day.open()
    day.decide(child, rated(session, RiskRating.HIGH))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    return day


def said(day: Rmm, who: str, days: int = 0) -> str | None:
    found = meetings_to_do(day.session, day.act(who), NOW + timedelta(days=days), OFFICE)
    return next((one.text for one in found.shown if one.reference == day.meeting.reference), None)


def opens(day: Rmm, who: str) -> str | None:
    """Give the address that the button opens."""
    found = meetings_to_do(day.session, day.act(who), NOW, OFFICE)
    return next((one.href for one in found.shown if one.reference == day.meeting.reference), None)


def test_from_the_draft_to_the_signatures(day: Rmm) -> None:
    session, meeting = day.session, day.meeting
    draft = "Issue the draft of the minutes to those who attended:"
    assert said(day, "coordinator") == f"{draft} it is due by 1 December 2026."
    assert said(day, "coordinator", 9) == f"{draft} it was due by 1 December 2026."
    assert said(day, "police") is None
    issue(session, day.act("coordinator"), NOW, OFFICE, meeting, "Told in the meeting.")
    for who in ("coordinator", "chair_fs"):
        assert said(day, who) == "The draft of the minutes waits for corrections until 7 December 2026."
    for who in ("police", "health"):
        assert said(day, who) == "The draft of the minutes waits for your answer until 7 December 2026."
    assert said(day, "education") is None, "education was not there"
    correction = propose(session, day.act("police"), NOW, meeting, NOTES, "A name is missing.", frozenset())
    assert said(day, "police") is None, "a correction is an answer"
    assert said(day, "health", 15) is None, "the time for corrections is over"
    say_nothing_to_correct(session, day.act("health"), NOW, meeting, 1)
    assert said(day, "health") is None
    assert said(day, "chair_fs") == "A correction waits for an answer before the minutes are signed."
    assert said(day, "coordinator") == "A correction waits for a chair’s answer."
    refuse(session, day.act("chair_fs"), NOW, OFFICE, meeting, correction, "Nobody is missing.")
    assert said(day, "coordinator", 15) == "The minutes wait for the chairs’ signatures."
    assert said(day, "chair_fs", 15) == "Sign the minutes."
    sign_minutes(session, day.act("chair_cs"), NOW, OFFICE, meeting, 1, "Nobody has more to correct.")
    assert said(day, "chair_cs") == "You have signed the minutes. They wait for the other chair."
    sign_minutes(session, day.act("chair_fs"), NOW, OFFICE, meeting, 1)
    for who in ("coordinator", "chair_cs", "chair_fs", "police"):
        assert said(day, who) is None


def test_whoever_asked_for_a_correction_reads_what_became_of_it_until_the_minutes_are_signed(day: Rmm) -> None:
    session, meeting = day.session, day.meeting
    issue(session, day.act("coordinator"), NOW, OFFICE, meeting, "Told in the meeting.")
    one = propose(session, day.act("police"), NOW, meeting, NOTES, "A name is missing.", frozenset())
    assert said(day, "police") is None, "it waits for a chair"
    refuse(session, day.act("chair_fs"), NOW, OFFICE, meeting, one, "Nobody is missing.")
    for days in (0, 15):
        assert said(day, "police", days) == "Your correction was refused. The minutes are not signed yet."
    assert said(day, "health", 15) is None, "it is for whoever asked"
    two = propose(session, day.act("police"), NOW, meeting, NOTES, "The date is wrong.", frozenset())
    accept(session, day.act("chair_cs"), NOW, OFFICE, meeting, two, 0, "With the date.")
    both = "Of your corrections 1 was accepted and 1 was refused. The minutes are not signed yet."
    assert said(day, "police", 15) == both
    make_version(session, day.act("coordinator"), NOW, meeting)
    for chair in ("chair_cs", "chair_fs"):
        sign_minutes(session, day.act(chair), NOW, OFFICE, meeting, 2, "Nobody has more to correct.")
    for days in (0, 15):
        assert said(day, "police", days) is None


def test_whoever_was_in_the_room_is_asked_for_an_answer_though_they_record_the_meeting(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    deputy = add_account(session, "deputy", Role.DEPUTY_CHAIR, "childrens-services", ["NE"])
    day.open(("chair_cs", "chair_fs", "police", "coordinator"))
    line = AttendanceLine(deputy.agency_id, deputy.name, Presence.PRESENT, deputy.key)
    set_attendance(session, day.act("coordinator"), NOW, day.meeting, [line])
    day.decide(child, rated(session, RiskRating.HIGH))
    meeting = day.meeting
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, meeting, meeting.version)
    issue(session, day.act("coordinator"), NOW, OFFICE, meeting, "Told in the meeting.")
    people = {"coordinator": day.world.coordinator, "deputy": deputy, "chair_cs": day.world.chair_cs}
    waits = "The draft of the minutes waits for corrections until 7 December 2026."

    def reads(who: str) -> str | None:
        """Give what somebody reads, which is what the page of the minutes offers them."""
        by = actor_for(session, people[who])
        act_for(session, by)
        found = [
            one.text for one in meetings_to_do(session, by, NOW, OFFICE).shown if one.reference == meeting.reference
        ]
        answers = draft_answers(session, by, meeting, 1, may_ask=True, staff=True)
        assert answers is not None
        assert ("your answer" in found[0]) is answers.may_say
        return found[0]

    for who in ("coordinator", "deputy"):
        assert reads(who) == f"{waits} The draft waits for your answer too."
    assert reads("chair_cs") == waits, "a signature is a chair’s answer"
    say_nothing_to_correct(session, day.act("coordinator"), NOW, meeting, 1)
    assert reads("coordinator") == waits
    sign_minutes(session, day.act("chair_fs"), NOW, OFFICE, meeting, 1, "Invented.")
    assert reads("deputy") == "Sign the minutes. The draft waits for your answer too."


def test_an_amendment_waits_for_nobodys_answer(day: Rmm) -> None:
    session, meeting = day.session, day.meeting
    issue(session, day.act("coordinator"), NOW, OFFICE, meeting, "Told in the meeting.")
    for chair in ("chair_cs", "chair_fs"):
        sign_minutes(session, day.act(chair), NOW, OFFICE, meeting, 1, "In a hurry, as invented.")
    reopen(session, day.act("chair_cs"), NOW, OFFICE, meeting, "A date is wrong.")
    save_text(session, day.act("coordinator"), NOW, meeting, NOTES, 0, "The date is the 24th.")
    make_version(session, day.act("coordinator"), NOW, meeting)
    assert said(day, "police") is None
    with pytest.raises(DomainError, match="These minutes are signed"):
        say_nothing_to_correct(session, day.act("police"), NOW, meeting, 1)


def test_once_everybody_has_answered_nobody_waits_for_corrections(day: Rmm) -> None:
    session, meeting = day.session, day.meeting
    issue(session, day.act("coordinator"), NOW, OFFICE, meeting, "Told in the meeting.")
    waits = "The draft of the minutes waits for corrections until 7 December 2026."
    assert said(day, "chair_fs") == waits
    say_nothing_to_correct(session, day.act("police"), NOW, meeting, 1)
    for who in ("coordinator", "chair_fs"):
        assert said(day, who) == waits, "health has not answered"
    correction = propose(session, day.act("health"), NOW, meeting, NOTES, "A name is missing.", frozenset())
    assert said(day, "chair_fs") == "A correction waits for an answer before the minutes are signed."
    refuse(session, day.act("chair_fs"), NOW, OFFICE, meeting, correction, "Nobody is missing.")
    answers = draft_answers(session, day.act("chair_fs"), meeting, 1, may_ask=True, staff=True)
    assert answers is not None
    assert answers.complete, "so says the page of the minutes"
    assert said(day, "chair_fs") == "Sign the minutes."
    assert said(day, "coordinator") == "The minutes wait for the chairs’ signatures."
    sign_minutes(session, day.act("chair_fs"), NOW, OFFICE, meeting, 1)


def test_text_rewritten_since_the_issue_is_issued_again_before_anybody_is_asked_to_sign(day: Rmm) -> None:
    session, meeting = day.session, day.meeting
    long_issued(session, meeting)
    save_text(session, day.act("coordinator"), NOW, meeting, NOTES, 0, "In other words.")
    again = "The text changed since version 1 was sent for corrections. Issue the draft again."
    for who in ("coordinator", "chair_cs"):
        assert said(day, who) == again
    assert said(day, "police") is None
    make_version(session, day.act("coordinator"), NOW, meeting)
    assert said(day, "chair_cs") == again
    issue(session, day.act("coordinator"), NOW, OFFICE, meeting, "Told in the meeting.")
    assert said(day, "chair_cs") == "The draft of the minutes waits for corrections until 7 December 2026."


def test_accepted_corrections_are_made_a_version_before_anybody_is_asked_to_sign(day: Rmm) -> None:
    session, meeting = day.session, day.meeting
    issue(session, day.act("coordinator"), NOW, OFFICE, meeting, "Told in the meeting.")
    correction = propose(session, day.act("police"), NOW, meeting, NOTES, "A name is missing.", frozenset())
    accept(session, day.act("chair_cs"), NOW, OFFICE, meeting, correction, 0, "With the name.")
    assert said(day, "coordinator") == "The draft of the minutes waits for corrections until 7 December 2026."
    make = "The text was edited after version 1 was made. Make the next version of the minutes to sign."
    for who in ("coordinator", "chair_fs"):
        assert said(day, who, 15) == make
    make_version(session, day.act("coordinator"), NOW, meeting)
    assert said(day, "coordinator", 15) == "The minutes wait for the chairs’ signatures."
    assert said(day, "chair_fs", 15) == "Sign the minutes."


def test_a_signature_under_an_older_version_is_none_under_the_newest(day: Rmm) -> None:
    long_issued(day.session, day.meeting)
    sign_minutes(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, 1)
    save_text(day.session, day.act("coordinator"), NOW, day.meeting, NOTES, 0, "Put right.")
    make_version(day.session, day.act("coordinator"), NOW, day.meeting)
    again = "The text changed since version 1 was sent for corrections. Issue the draft again."
    assert said(day, "chair_cs") == again
    issue(day.session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    assert said(day, "chair_cs", 15) == "Sign the minutes."


def test_reopened_minutes_stay_in_sight_until_the_amendment_is_signed(day: Rmm) -> None:
    session, meeting = day.session, day.meeting
    long_issued(session, meeting)
    for chair in ("chair_cs", "chair_fs"):
        sign_minutes(session, day.act(chair), NOW, OFFICE, meeting, 1)
    reopen(session, day.act("chair_cs"), NOW, OFFICE, meeting, "A date is wrong.")
    for who in ("coordinator", "chair_cs"):
        assert said(day, who) == "The minutes are reopened: write the amendment."
        assert opens(day, who) == f"/meetings/{meeting.reference}", "whose page says that it is to be written"
    assert said(day, "police") is None
    save_text(session, day.act("coordinator"), NOW, meeting, NOTES, 0, "The date is the 24th.")
    make_version(session, day.act("coordinator"), NOW, meeting)
    assert said(day, "coordinator") == "The amendment waits for the chairs’ signatures."
    assert said(day, "chair_cs") == "Sign the amendment."
    assert opens(day, "chair_cs") == f"/meetings/{meeting.reference}/minutes?version=2"
    save_text(session, day.act("coordinator"), NOW, meeting, NOTES, 1, "The date is the 24th of the month.")
    edited = "The text was edited after version 2 was made. Make the next version of the amendment to sign."
    for who in ("coordinator", "chair_cs"):
        assert said(day, who) == edited
    make_version(session, day.act("coordinator"), NOW, meeting)
    for chair in ("chair_cs", "chair_fs"):
        sign_minutes(session, day.act(chair), NOW, OFFICE, meeting, 3)
    assert said(day, "chair_cs") is None
    latest = latest_minutes(session, meeting.key)
    assert latest is not None
    assert latest.number == 3
