"""Who declared a conflict of interest about a child reads that child's name and reference in no text about others.

Nor can they save over a text of which they read less than the whole: somebody without the conflict does.
"""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.actions.service import propose as propose_action
from meetings_app.db.session import act_for
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.models import NotesBefore, Presence
from meetings_app.meetings.notes import write_notes
from meetings_app.meetings.running import AttendanceLine, set_attendance
from meetings_app.minutes.editing import make_version, save_text
from meetings_app.minutes.files import add_file
from meetings_app.minutes.issuing import issue, propose
from meetings_app.minutes.models import MinutesCorrection, MinutesText
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import Meeting
from tests.support.browsing import browser, text_of
from tests.support.documents import every_word_of
from tests.support.minutes_addresses import word_file
from tests.support.rmm import OFFICE, due, rated, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW

NOT_YOURS = "Somebody who sees every item edits it."


class Held:
    """A meeting at which the chair of Children's Services is kept from `hidden`, and what was typed names the child."""

    def __init__(self, session: Session, other: str = "Testy McShown") -> None:
        self.session, self.day = session, rmm(session)
        self.hidden = due(session, name="Canaryhidden Canarylast")
        self.shown = due(session, name=other)
        self.names = f"Canaryhidden Canarylast, {self.hidden.reference}, {self.hidden.reference.lower()}"
        self.day.open()
        self.at = f"/meetings/{self.day.meeting.reference}"
        day, chair = self.day, self.day.act("chair_fs")
        line = AttendanceLine(
            day.world.health.agency_id, "Testy McVisitor", Presence.REPORT_ONLY, note=f"A word of {self.names}"
        )
        set_attendance(session, chair, NOW, day.meeting, [line])
        write_notes(session, chair, NOW, day.meeting, day.meeting.version, f"Notes of {self.names}.")

    def keep_apart(self) -> None:
        """Let the chair declare the conflict."""
        self.day.operator()
        self.session.add(
            ConflictOfInterest(
                account_id=self.day.world.chair_cs.key, child_id=self.hidden.key, area_id=self.hidden.area_id,
                meeting_id=self.day.meeting.key, reason="A neighbour, as invented.", declared_at=NOW,
            )
        )  # fmt: skip
        self.session.commit()

    def close(self) -> None:
        """Close the meeting; of the other child it was said, done and asked what names the hidden one."""
        session, day, chair = self.session, self.day, self.day.act("chair_fs")
        for child in (self.hidden, self.shown):
            decided = rated(session, RiskRating.HIGH, discussion=f"Seen with {self.names}.", rationale=self.names)
            day.decide(child, decided, who="chair_fs")
        police = day.world.police
        propose_action(
            session, chair, NOW, day.meeting, self.shown, f"Ask {self.names}", police.agency_id, police.key,
            date(2026, 12, 4),
        )  # fmt: skip
        close_meeting(session, chair, NOW, OFFICE, day.meeting, day.meeting.version)
        issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
        number = self.number
        asked = propose(session, day.act("police"), NOW, day.meeting, number, f"Not {self.names}", frozenset({number}))
        self.asked = asked.key
        for item in ("", number):
            save_text(session, day.act("coordinator"), NOW, day.meeting, item, 0, f"Edited: {self.names}.")
        make_version(session, day.act("coordinator"), NOW, day.meeting)
        add_file(session, day.act("coordinator"), NOW, day.meeting, word_file("A file."), f"About {self.names}")

    @property
    def number(self) -> str:
        """The number of the item that may be seen."""
        return self.day.item(self.shown).number

    def secret(self, said: str) -> list[str]:
        """Give what a page or a file says of the child that is kept apart."""
        return re.findall(rf"Canary\w+|(?i:{self.hidden.reference})", said)


@pytest.fixture
def held(session: Session) -> Held:
    return Held(session)


def refused(client: FlaskClient, other: FlaskClient, page: str, action: str, field: str) -> None:
    """See that a form which somebody without the conflict is given is refused, with the words kept on the page."""
    own = text_of(client, page)
    assert NOT_YOURS in own, page
    assert f'name="{field}"' not in own, page
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text_of(client, "/account") + own)
    form = form_to(text_of(other, page), action)
    sent = {**form.values, "csrf_token": token[1] if token else "", field: "Typed over it."}
    answer = client.post(action or page, data=sent)
    assert answer.status_code == 400, page
    assert "Typed over it." in answer.get_data(as_text=True), page


def test_the_notes_of_the_meeting_are_read_without_the_child_and_not_saved_over(app: Flask, held: Held) -> None:
    held.keep_apart()
    apart, other = browser(app, "chair-cs"), browser(app, "chair-fs")
    page = text_of(apart, f"{held.at}/record")
    assert held.secret(page) == []
    assert "Notes of [another child], [another child], [another child]." in page
    assert held.secret(text_of(other, f"{held.at}/record"))
    refused(apart, other, f"{held.at}/record", f"{held.at}/notes", "notes")
    act_for(held.session, OPERATOR)
    notes = held.session.scalars(select(col(Meeting.notes)).where(col(Meeting.id) == held.day.meeting.key)).one()
    assert notes == f"Notes of {held.names}."


def test_what_the_notes_said_before_is_read_without_the_child_and_only_by_who_holds_the_meeting(
    app: Flask, held: Held
) -> None:
    session, day = held.session, held.day
    write_notes(session, day.act("chair_fs"), NOW, day.meeting, day.meeting.version, "Other words.")
    held.keep_apart()
    page = text_of(browser(app, "chair-cs"), f"{held.at}/record")
    assert "What the notes said before: 1 text" in page
    assert "Notes of [another child], [another child], [another child]." in page
    assert held.secret(page) == []
    assert held.secret(text_of(browser(app, "chair-fs"), f"{held.at}/record"))
    for who in ("police", "coordinator_nw"):
        actor = day.act(who)
        assert session.scalars(select(col(NotesBefore.notes))).all() == [], actor.name
    assert browser(app, "police").get(f"{held.at}/record").status_code == 404


def test_no_page_of_the_minutes_names_the_child_in_what_is_said_of_another(app: Flask, held: Held) -> None:
    held.close()
    held.keep_apart()
    apart, other = browser(app, "chair-cs"), browser(app, "chair-fs")
    minutes, actions = f"{held.at}/minutes", f"{held.at}/actions"
    for address in (
        minutes, f"{minutes}?version=1", f"{minutes}.docx", f"{minutes}.docx?audience=chair",
        f"{minutes}.docx?audience=anonymised", f"{minutes}.docx?audience=agency:police",
        f"{minutes}.docx?audience=child:{held.shown.reference}", f"{minutes}/without-names", f"{minutes}/texts",
        f"{minutes}/texts/notes", f"{minutes}/texts/{held.number}", f"{minutes}/answers/{held.asked}",
        f"{minutes}/corrections/{held.number}", f"{minutes}/corrections/notes", f"{minutes}/issue", f"{minutes}/files",
        f"{actions}?agency=police", f"{actions}.docx?agency=police", f"{held.at}/record", f"{held.at}/attendance",
    ):  # fmt: skip
        answer = apart.get(address)
        assert answer.status_code == 200, address
        assert held.secret(every_word_of(answer.get_data())) == [], address
    assert NOT_YOURS in text_of(apart, f"{minutes}/texts")
    assert len(held.secret(text_of(other, f"{minutes}/texts"))) > 8


def test_no_text_of_the_minutes_is_saved_over_by_whoever_reads_less_than_the_whole(app: Flask, held: Held) -> None:
    held.close()
    held.keep_apart()
    apart, other = browser(app, "chair-cs"), browser(app, "chair-fs")
    minutes = f"{held.at}/minutes"
    for item in ("notes", held.number):
        refused(apart, other, f"{minutes}/texts/{item}", "", "text")
    for do, field in (("accept", "text"), ("refuse", "reason")):
        page = f"{minutes}/answers/{held.asked}"
        form = form_to(text_of(other, page), "")
        own = form_to(text_of(apart, f"{minutes}/corrections/notes"), "").values
        sent = {"csrf_token": own["csrf_token"], "form_id": own["form_id"], "version": form.values.get("version", "1")}
        answer = apart.post(page, data={**sent, "do": do, field: "Typed over it."})
        assert answer.status_code == 400, do
        assert held.secret(answer.get_data(as_text=True)) == []
    act_for(held.session, OPERATOR)
    texts = held.session.scalars(select(col(MinutesText.text)).order_by(col(MinutesText.id))).all()
    assert texts == [f"Edited: {held.names}."] * 2
    assert held.session.scalars(select(col(MinutesCorrection.answered))).all() == [None]


def test_a_part_of_the_name_that_another_child_of_the_meeting_bears_stays(session: Session) -> None:
    held = Held(session, "Testy Canarylast")
    held.keep_apart()
    text = apart_at(session, held.day.act("chair_cs"), held.day.meeting).text
    assert text("Canaryhidden and Canarylast") == "[another child] and Canarylast"
