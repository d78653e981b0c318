"""What an agency may say before a meeting, until when, and which of its words hold."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.errors import DomainError, RuleBroken
from meetings_app.preparing.rules import (
    ANSWER_WORDS,
    ATTENDING_SAID,
    ATTENDING_WORDS,
    Answer,
    Attendance,
    Attending,
    Information,
    check_attendance,
    check_information,
    check_taken,
    holds,
)
from meetings_app.schedule.rules import MeetingState

TAKEN = {
    MeetingState.PLANNED: None, MeetingState.ANNOUNCED: False, MeetingState.PUBLISHED: False,
    MeetingState.IN_PROGRESS: True, MeetingState.CLOSED: None, MeetingState.SIGNED: None, MeetingState.CANCELLED: None,
}  # fmt: skip


@pytest.mark.parametrize("state", MeetingState)
def test_it_is_in_time_until_the_meeting_begins_late_while_it_is_held_and_then_refused(state: MeetingState) -> None:
    if TAKEN[state] is None:
        with pytest.raises(DomainError):
            check_taken(state)
    else:
        assert check_taken(state) is TAKEN[state]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (Information(), ["answer"]),
        (Information(Answer.NOTHING_KNOWN), []),
        (Information(Answer.NOT_SHARED), ["reason"]),
        (Information(Answer.NOT_SHARED, reason="  "), ["reason"]),
        (Information(Answer.NOT_SHARED, reason="It would harm an inquiry."), []),
        (Information(Answer.RELEVANT), ["facts", "source"]),
        (Information(Answer.RELEVANT, facts="Seen."), ["source"]),
        (Information(Answer.RELEVANT, source="A visit."), ["facts"]),
        (Information(Answer.RELEVANT, facts="Seen.", source="A visit."), []),
        (Information(Answer.RELEVANT, opinion="We think.", source="A visit."), []),
    ],
)
def test_what_is_sent_is_whole_and_every_gap_is_named_at_once(said: Information, fields: list[str]) -> None:
    if not fields:
        check_information(said)
        return
    with pytest.raises(RuleBroken) as refused:
        check_information(said)
    assert [problem.field for problem in (refused.value, *refused.value.more)] == fields


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Attendance(), "attending"),
        (Attendance(Attending.COMING), None),
        (Attendance(Attending.DEPUTY), "deputy"),
        (Attendance(Attending.DEPUTY, 9), "deputy"),
        (Attendance(Attending.DEPUTY, 4), None),
        (Attendance(Attending.APOLOGIES, update_text=" "), "update_text"),
        (Attendance(Attending.APOLOGIES, update_text="Nothing new."), None),
    ],
)
def test_a_deputy_is_a_named_person_of_the_agency_and_apologies_bring_an_update(
    said: Attendance, field: str | None
) -> None:
    if field is None:
        check_attendance(said, {4, 5})
        return
    with pytest.raises(RuleBroken) as refused:
        check_attendance(said, {4, 5})
    assert refused.value.field == field


texts = st.text(max_size=20)


@given(st.builds(Information, st.sampled_from(Answer), texts, texts, texts, texts))
def test_what_is_sent_holds_nothing_that_does_not_belong_to_its_answer(said: Information) -> None:
    told = said.told
    assert told.answer is said.answer
    assert told.told == told
    if said.answer is not Answer.RELEVANT:
        assert (told.facts, told.opinion, told.source) == ("", "", "")
    if said.answer is not Answer.NOT_SHARED:
        assert told.reason == ""


@dataclass(frozen=True)
class Version:
    number: int
    late: bool


@given(st.lists(st.booleans(), max_size=8))
def test_what_came_in_time_stays_as_it_was_and_what_came_late_stands_beside_it(late: list[bool]) -> None:
    versions = [Version(number, is_late) for number, is_late in enumerate(sorted(late), 1)]
    in_time, after = holds(versions)
    assert (in_time is None) == (not any(not each for each in late))
    assert in_time is None or in_time == [version for version in versions if not version.late][-1]
    assert list(after) == [version for version in versions if version.late]


def test_every_answer_has_its_words() -> None:
    assert set(ANSWER_WORDS) == set(Answer)
    assert set(ATTENDING_WORDS) == set(ATTENDING_SAID) == set(Attending)
