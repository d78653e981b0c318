"""Two people save the notes of a meeting at once: the second reads both texts, and neither is lost, without scripts."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from meetings_app.accounts.gate import IDLE
from meetings_app.accounts.models import SignInSession
from meetings_app.db.session import act_for
from meetings_app.errors import RuleBroken
from meetings_app.meetings.two_texts import goes_on, settled
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.browsing import browser
from tests.support.rmm import due, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW, sign_in

THEIRS, MINE = "Theirs: the minutes were heard.", "Mine: “any <b>other</b> business” & Zoë’s."


@dataclass
class Notes:
    """The record of a meeting that is held, its form for the notes, and two people who opened it."""

    session: Session
    meeting_id: int
    record: str
    first: FlaskClient
    second: FlaskClient

    @property
    def address(self) -> str:
        """Where the form is sent."""
        return self.record.replace("/record", "/notes")

    def saved(self) -> str:
        """What stands in the record."""
        act_for(self.session, OPERATOR)
        meeting = self.session.get_one(Meeting, self.meeting_id, populate_existing=True)
        notes = meeting.notes
        self.session.rollback()
        return notes


@pytest.fixture
def notes(app: Flask, session: Session) -> Notes:
    """A meeting with one item is held; the coordinator and a chair sit at its record."""
    day = rmm(session)
    due(session)
    day.open()
    meeting_id, at = day.meeting.key, f"/meetings/{day.meeting.reference}"
    day.operator()
    session.commit()
    return Notes(session, meeting_id, f"{at}/record", browser(app, "coordinator"), browser(app, "chair-cs"))


def both_texts(notes: Notes) -> str:
    """Let both type on the same notes, and both save; gives the page that the second is shown."""
    form = form_to(notes.second.get(notes.record).text, notes.address)
    other = form_to(notes.first.get(notes.record).text, notes.address)
    assert notes.first.post(notes.address, data=other.with_values(notes=THEIRS)).status_code == 302
    answer = notes.second.post(notes.address, data=form.with_values(notes=MINE))
    assert answer.status_code == 409
    assert notes.saved() == THEIRS
    return answer.text


def test_the_second_is_told_and_reads_both_texts_side_by_side_with_their_own_in_the_box(notes: Notes) -> None:
    page = both_texts(notes)
    assert "Somebody else saved the notes" in page
    sides = page.partition("app-conflict__pair")[2].partition("</fieldset>")[0]
    assert THEIRS in sides
    assert "any &lt;b&gt;other&lt;/b&gt; business" in sides
    assert form_to(page, notes.address).values["notes"] == MINE


@pytest.mark.parametrize(("choice", "stands"), [("both", f"{THEIRS}\n\n{MINE}"), ("mine", MINE), ("theirs", THEIRS)])
def test_the_second_keeps_both_or_one(notes: Notes, choice: str, stands: str) -> None:
    form = form_to(both_texts(notes), notes.address)
    assert form.values["do"] == "both", "whoever only presses Enter loses nothing"
    answer = notes.second.post(notes.address, data=form.with_values(do=choice))
    assert answer.status_code == 302
    assert answer.location.endswith("/record")
    assert notes.saved() == stands
    record = notes.first.get(notes.record).text
    assert ("What the notes said before: 1 text" in record) == (choice == "mine")
    assert (THEIRS in record) == (choice != "theirs" or stands == THEIRS)


def test_no_word_of_the_notes_is_gone_when_others_are_saved_over_it(notes: Notes) -> None:
    for text in ("First.", "First. And on.", "Second.", "Third."):
        form = form_to(notes.first.get(notes.record).text, notes.address)
        assert notes.first.post(notes.address, data=form.with_values(notes=text)).status_code == 302
    record = notes.second.get(notes.record).text
    before = record.partition('id="notes-before"')[2].partition("</details>")[0]
    assert "What the notes said before: 2 texts" in before
    assert before.index("Second.") < before.index("First. And on.")
    assert "Third." not in before


@pytest.mark.parametrize(
    ("before", "after", "goes"),
    [
        ("The fine was £5", "The fine was £5\n\nPaid.", True), ("The fine was £5", "The fine was £500", False),
        ("Heard.", "Heard.Approved.", True), ("It is a cat", "It is a cathedral", False), ("Same.", "Same.", True),
        ("One line\r\nmore", "One line\nmore, and on", True), ("All of it.", "All", False), ("", "First.", False),
    ],
)  # fmt: skip
def test_a_text_goes_on_where_no_word_of_it_was_changed(before: str, after: str, goes: bool) -> None:
    assert goes_on(after, before) is goes


def test_who_saved_other_words_over_the_notes_is_named(notes: Notes) -> None:
    for text in ("First.", "Second."):
        form = form_to(notes.first.get(notes.record).text, notes.address)
        notes.first.post(notes.address, data=form.with_values(notes=text))
    before = notes.second.get(notes.record).text.partition('id="notes-before"')[2].partition("</details>")[0]
    assert "Testy McCoordinator" in before


@pytest.mark.parametrize("choice", ["both", "mine", "theirs"])
def test_whoever_saves_in_between_is_asked_about_too(notes: Notes, choice: str) -> None:
    form = form_to(both_texts(notes), notes.address)
    other = form_to(notes.first.get(notes.record).text, notes.address)
    notes.first.post(notes.address, data=other.with_values(notes="A third text."))
    answer = notes.second.post(notes.address, data=form.with_values(do=choice))
    assert answer.status_code == 409
    assert "A third text." in answer.text
    assert form_to(answer.text, notes.address).values["notes"] == MINE


def test_a_version_that_is_no_number_is_asked_about_as_any_other(notes: Notes) -> None:
    form = form_to(both_texts(notes), notes.address)
    answer = notes.second.post(notes.address, data=form.with_values(do="mine", settles="9" * 5_000))
    assert (answer.status_code, THEIRS in answer.text) == (409, True)


def test_whoever_leaves_the_page_of_two_texts_is_asked_again(notes: Notes) -> None:
    form = form_to(both_texts(notes), notes.address)
    plain = {name: text for name, text in form.values.items() if name not in ("do", "settles")}
    answer = notes.second.post(notes.address, data=plain)
    assert (answer.status_code, THEIRS in answer.text) == (409, True)
    assert notes.saved() == THEIRS


def test_whoever_is_signed_out_at_two_texts_is_asked_again_when_signed_in(app: Flask, notes: Notes) -> None:
    notes.second = app.test_client()
    sign_in(notes.second, "chair-cs")
    form = form_to(both_texts(notes), notes.address)
    act_for(notes.session, OPERATOR)
    notes.session.execute(update(SignInSession).values(last_seen_at=NOW - IDLE))
    notes.session.commit()
    sent = form.with_values(do="both", stood_on=notes.record)
    assert notes.second.post(notes.address, data=sent).location.startswith("/sign-in?next=")
    sign_in(notes.second, "chair-cs")
    again = re.search(r'href="([^"]+unsent=[^"]+)"', notes.second.get("/not-sent").text)
    assert again
    filled = form_to(notes.second.get(again[1]).text, notes.address)
    assert filled.values["notes"] == MINE
    answer = notes.second.post(notes.address, data=filled.values)
    assert (answer.status_code, THEIRS in answer.text) == (409, True)
    assert notes.saved() == THEIRS


@pytest.mark.parametrize("choice", ["both", "mine"])
def test_two_texts_of_which_one_is_too_long_stay_on_the_page_until_one_is_chosen(notes: Notes, choice: str) -> None:
    form = form_to(both_texts(notes), notes.address)
    answer = notes.second.post(notes.address, data=form.with_values(do=choice, notes="x" * 20_001))
    assert (answer.status_code, THEIRS in answer.text) == (400, True)
    long = form_to(answer.text, notes.address).with_values(do="both", notes="x" * 19_999)
    answer = notes.second.post(notes.address, data=long)
    assert (answer.status_code, THEIRS in answer.text) == (400, True)
    assert "Both texts together are longer than 20,000 characters" in answer.text
    again = form_to(answer.text, notes.address)
    assert notes.second.post(notes.address, data=again.with_values(do="both", notes=MINE)).status_code == 302
    assert notes.saved() == f"{THEIRS}\n\n{MINE}"


def test_a_text_that_is_refused_is_saved_over_nobody_elses(notes: Notes) -> None:
    form = form_to(notes.second.get(notes.record).text, notes.address)
    other = form_to(notes.first.get(notes.record).text, notes.address)
    assert notes.first.post(notes.address, data=other.with_values(notes=THEIRS)).status_code == 302
    answer = notes.second.post(notes.address, data=form.with_values(notes="x" * 20_001))
    assert answer.status_code == 400
    shorter = form_to(answer.text, notes.address).with_values(notes=MINE)
    answer = notes.second.post(notes.address, data=shorter)
    assert (answer.status_code, THEIRS in answer.text) == (409, True)
    assert notes.saved() == THEIRS


def test_two_texts_are_chosen_between_and_too_long_together_refused() -> None:
    assert settled("both", "", "Mine.", field="notes", longest=20_000) == "Mine."
    assert settled("both", "Theirs.", "Theirs.\n\nMine.", field="notes", longest=20_000) == "Theirs.\n\nMine."
    with pytest.raises(RuleBroken) as refused:
        settled("both", "x" * 15_000, "y" * 15_000, field="notes", longest=20_000)
    assert refused.value.field == "notes"


def test_a_script_is_told_that_the_notes_are_saved_and_a_form_sent_again_is_saved_once(notes: Notes) -> None:
    form = form_to(notes.first.get(notes.record).text, notes.address)
    values, script = form.with_values(notes=MINE), {"Accept": "application/json"}
    told = notes.first.post(notes.address, data=values, headers=script)
    said = {"to": notes.record, "version": int(form.values["version"]) + 1, "text": MINE}
    assert (told.status_code, told.json) == (201, said)
    again = notes.first.post(notes.address, data=values, headers=script)
    assert again.status_code == 302, "its first answer was lost: it leads where it led before"
    assert notes.saved() == MINE


@pytest.mark.parametrize("state", [MeetingState.CLOSED, MeetingState.SIGNED])
def test_notes_that_come_after_the_meeting_was_closed_are_shown_beside_what_stands(
    notes: Notes, state: MeetingState
) -> None:
    form = form_to(notes.second.get(notes.record).text, notes.address)
    act_for(notes.session, OPERATOR)
    meeting = notes.session.get_one(Meeting, notes.meeting_id, populate_existing=True)
    meeting.state, meeting.notes = state, THEIRS
    notes.session.commit()
    notes.session.close()
    answer = notes.second.post(notes.address, data=form.with_values(notes=MINE))
    assert answer.status_code == 409
    sides = answer.text.partition("app-conflict__pair")[2].partition("</fieldset>")[0]
    assert THEIRS in sides
    assert "any &lt;b&gt;other&lt;/b&gt; business" in sides
    assert "The meeting is not held any more" in answer.text
    assert notes.saved() == THEIRS
