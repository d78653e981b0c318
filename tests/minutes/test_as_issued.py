"""What is signed is what those who attended were sent, or asked to have corrected."""

import pytest
from sqlalchemy.orm import Session

from meetings_app.errors import DomainError, RuleBroken
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.minutes import queries
from meetings_app.minutes.editing import make_version, save_text
from meetings_app.minutes.issuing import accept, issue, propose
from meetings_app.minutes.page import standing_of
from meetings_app.minutes.rules import Written, rewritten
from meetings_app.minutes.signing import reopen, sign_minutes
from tests.support.issued import long_issued
from tests.support.rmm import OFFICE, Rmm
from tests.support.world import NOW

WHY = "Told in the meeting."


@pytest.mark.parametrize(
    ("signed", "written", "found"),
    [
        ("Issued.", [], False),
        ("Corrected.", [("Corrected.", True)], False),
        ("Twice.", [("Corrected.", True), ("Twice.", True)], False),
        # What was written before the issue is the text that was issued.
        ("Corrected.", [("Before.", False), ("Issued.", False), ("Corrected.", True)], False),
        ("Rewritten.", [("Rewritten.", False)], True),
        ("Corrected.", [("Rewritten.", False), ("Corrected.", True)], True),
        ("Rewritten.", [("Corrected.", True), ("Rewritten.", False)], True),
        ("Issued.", [("Rewritten.", False), ("Issued.", False)], False),
        ("Corrected.", [("Rewritten.", False), ("Issued.", False), ("Corrected.", True)], False),
    ],
)
def test_a_text_follows_what_was_issued_by_accepted_corrections_alone(
    signed: str, written: list[tuple[str, bool]], found: bool
) -> None:
    versions = {"4.1": [Written(text, accepted) for text, accepted in written]}
    assert rewritten({"4.1": "Issued."}, {"4.1": signed}, versions) == (["4.1"] if found else [])


def item_of(day: Rmm, place: int = 0) -> str:
    minutes = latest_minutes(day.session, day.meeting.key)
    assert minutes is not None
    return str(minutes.facts["items"][place]["number"])


def edit(day: Rmm, item: str, text: str, opened_at: int = 0) -> None:
    coordinator = day.act("coordinator")
    save_text(day.session, coordinator, NOW, day.meeting, item, opened_at, text)
    make_version(day.session, coordinator, NOW, day.meeting)


def sign(day: Rmm, number: int, despite: str = "") -> None:
    sign_minutes(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, number, despite)


def changed(day: Rmm) -> list[str]:
    standing = standing_of(day.session, day.act("chair_cs"), OFFICE, day.meeting)
    assert standing is not None
    return list(standing.changed)


def test_what_was_rewritten_after_the_issue_is_sent_again_before_it_is_signed(day: Rmm) -> None:
    session, item = day.session, item_of(day)
    long_issued(session, day.meeting)
    edit(day, item, "Written when nobody looked.")
    edit(day, "", "And in the notes.")
    assert changed(day) == ["", item]
    for despite in ("", "In a hurry."):
        with pytest.raises(DomainError, match=f"since version 1 .*: the notes, item {item}.* Send it again"):
            sign(day, 3, despite)
    step = issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, WHY)
    assert (step.number, step.until and step.until.isoformat()) == (3, "2026-12-07"), "they have their time anew"
    assert changed(day) == []
    with pytest.raises(RuleBroken):
        sign(day, 3)
    sign(day, 3, "All of them have read it.")


def test_accepted_corrections_need_no_new_round_and_cover_no_other_change(day: Rmm) -> None:
    session, item, other = day.session, item_of(day), item_of(day, 1)
    shown = frozenset({item})
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, WHY)
    asked = propose(session, day.act("police"), NOW, day.meeting, item, "The van was white.", shown)
    accept(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, asked, 0, "A white van was seen.")
    make_version(session, day.act("coordinator"), NOW, day.meeting)
    assert changed(day) == []
    edit(day, other, "Not asked for.")
    with pytest.raises(DomainError, match=f"item {other}\\."):
        sign(day, 3, "In a hurry.")
    first = queries.version_of(session, day.meeting.key, 1)
    assert first is not None
    edit(day, other, first.facts["items"][1]["discussion"], 1)
    sign(day, 4, "What was asked for is in it.")


def test_an_amendment_is_signed_without_being_issued(day: Rmm, session: Session) -> None:
    long_issued(session, day.meeting)
    for number in (1, 2):
        for chair in ("chair_cs", "chair_fs"):
            sign_minutes(session, day.act(chair), NOW, OFFICE, day.meeting, number)
        if number == 1:
            reopen(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, "A date is wrong.")
            edit(day, item_of(day), "With the right date.")
    assert changed(day) == []
