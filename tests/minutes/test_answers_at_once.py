"""While a chair answers a correction somebody else saves the text: nothing of it is saved over without being shown."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from meetings_app.accounts.gate import IDLE
from meetings_app.accounts.models import SignInSession
from meetings_app.db.session import act_for
from meetings_app.meetings.minutes_texts import NOTES
from meetings_app.minutes import queries
from meetings_app.minutes.editing import save_text
from meetings_app.minutes.issuing import issue, propose
from meetings_app.permissions import OPERATOR
from tests.support.rmm import OFFICE, Rmm
from tests.support.sent_forms import SentForm, form_to
from tests.support.world import NOW, sign_in

THEIRS, MINE = "Theirs, saved meanwhile.", "Mine, with the name in it."


@dataclass
class Answering:
    """A correction of the notes is asked for, and a chair has the page open on which it is answered."""

    day: Rmm
    chair: FlaskClient
    at: str
    form: SentForm

    def send(self, form: SentForm, page: str = "", **typed: str) -> tuple[int, str]:
        """Send the form as a browser does; gives the status and the page, or where it leads."""
        headers = {"Referer": f"http://localhost{page or self.at}"}
        answer = self.chair.post(self.at, data=form.with_values(**typed), headers=headers)
        return answer.status_code, answer.location or answer.text

    def somebody_saves(self, text: str = THEIRS) -> None:
        """Save the same text as the coordinator."""
        day = self.day
        by = day.act("coordinator")
        versions = queries.versions_of_text(day.session, day.meeting.key, NOTES)
        save_text(day.session, by, NOW, day.meeting, NOTES, versions[-1].number if versions else 0, text)
        day.session.commit()

    def both(self) -> SentForm:
        """Let somebody save, then accept; gives the form beneath both texts."""
        self.somebody_saves()
        status, page = self.send(self.form, text=MINE, do="accept")
        assert (status, THEIRS in page, MINE in page) == (409, True, True)
        return form_to(page, self.at)

    def saved(self) -> str:
        """Give the notes as they stand."""
        act_for(self.day.session, OPERATOR)
        text = queries.versions_of_text(self.day.session, self.day.meeting.key, NOTES)[-1].text
        self.day.session.rollback()
        return text


@pytest.fixture
def answering(app: Flask, day: Rmm) -> Answering:
    session, meeting = day.session, day.meeting
    issue(session, day.act("coordinator"), NOW, OFFICE, meeting, "Told in the meeting.")
    asked = propose(session, day.act("police"), NOW, meeting, NOTES, "A name is missing.", frozenset())
    at = f"/meetings/{meeting.reference}/minutes/answers/{asked.key}"
    session.commit()
    chair = app.test_client()
    sign_in(chair, "chair-cs")
    return Answering(day, chair, at, form_to(chair.get(at).text, at))


@pytest.mark.parametrize(("do", "stands"), [("both", f"{THEIRS}\n\n{MINE}"), ("mine", MINE)])
def test_the_chair_chooses_beside_what_was_saved_meanwhile(answering: Answering, do: str, stands: str) -> None:
    status, _where = answering.send(answering.both(), do=do)
    assert (status, answering.saved()) == (302, stands)


def test_whoever_is_signed_out_over_both_texts_is_shown_them_again(answering: Answering) -> None:
    both = answering.both()
    act_for(answering.day.session, OPERATOR)
    answering.day.session.execute(update(SignInSession).values(last_seen_at=NOW - IDLE))
    answering.day.session.commit()
    answering.send(both, do="mine")
    sign_in(answering.chair, "chair-cs")
    again = re.search(r'href="([^"]+unsent=[^"]+)"', answering.chair.get("/not-sent").text)
    assert again
    page = answering.chair.get(again[1]).text
    form = form_to(page, answering.at)
    assert (form.values["text"], THEIRS in page) == (MINE, False)
    status, page = answering.send(form, again[1], do="accept")
    assert (status, THEIRS in page, answering.saved()) == (409, True, THEIRS)
    assert answering.send(form_to(page, answering.at), again[1], do="mine")[0] == 302


def test_a_refusal_without_a_reason_leaves_both_texts_there(answering: Answering) -> None:
    status, page = answering.send(answering.both(), do="refuse", reason="")
    assert (status, "Enter why the correction is refused" in page, THEIRS in page) == (400, True, True)
    form = form_to(page, answering.at)
    assert form.values["version"] == "0", "it goes on from the text that the chair began from"
    assert answering.send(form, do="accept")[0] == 409, "only a button beside theirs saves over it"
    assert answering.saved() == THEIRS
    assert answering.send(form, do="both")[0] == 302
    assert answering.saved() == f"{THEIRS}\n\n{MINE}"


def test_a_third_text_is_shown_before_it_is_saved_over(answering: Answering) -> None:
    both = answering.both()
    answering.somebody_saves("A third text.")
    status, page = answering.send(both, do="mine")
    assert (status, "A third text." in page, answering.saved()) == (409, True, "A third text.")
    assert answering.send(form_to(page, answering.at), do="mine")[0] == 302
