"""A form that ends in an error page loses no word: they stand on that page, by their labels, for whoever typed them."""

import html
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask, g
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FormField, PasswordField, SelectMultipleField

from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.minutes_texts import NOTES
from meetings_app.meetings.network_models import NetworkOutcome
from meetings_app.minutes.issuing import issue, propose, refuse
from meetings_app.network_meetings import minutes as kept
from meetings_app.network_meetings.deciding import Decided
from meetings_app.ratings.models import RiskRating
from meetings_app.web.forms import Form, VersionedForm, choice, line, text
from meetings_app.web.models import UnsentForm
from meetings_app.web.words_sent import labelled
from tests.support.browsing import browser
from tests.support.network_meetings import DURING, close, decide, network_day, opened, tangled
from tests.support.rmm import OFFICE, Rmm, due, rated, rmm
from tests.support.sent_forms import SentForm, form_to
from tests.support.world import NOW, sign_in

WORDS = "Mine, a page of words.\nA <b>second</b> line & Zoë's."


def copied(page: str) -> dict[str, str]:
    """Give what an error page offers to copy, by its label."""
    main = BeautifulSoup(page, "html.parser").main
    assert main is not None
    boxes = main.select(".govuk-inset-text")
    return {str(box.find_previous("p").get_text()): box.get_text() for box in boxes}  # type: ignore[union-attr]


@pytest.fixture
def day(session: Session) -> Rmm:
    """A meeting that is held."""
    day = rmm(session)
    day.child = due(session)  # type: ignore[attr-defined]
    day.open()
    session.commit()
    return day


def test_a_correction_that_was_answered_meanwhile_gives_the_words_back(app: Flask, day: Rmm) -> None:
    session, meeting = day.session, day.meeting
    day.decide(day.child, rated(session, RiskRating.HIGH))  # type: ignore[attr-defined]
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, meeting, meeting.version)
    issue(session, day.act("coordinator"), NOW, OFFICE, meeting, "Told in the meeting.")
    asked = propose(session, day.act("police"), NOW, meeting, NOTES, "A name is missing.", frozenset())
    session.commit()
    at, chair = f"/meetings/{meeting.reference}/minutes/answers/{asked.key}", browser(app, "chair-cs")
    form = form_to(chair.get(at).text, at)
    refuse(session, day.act("chair_fs"), NOW, OFFICE, meeting, asked, "Nobody is missing.")
    session.commit()
    headers = {"Referer": f"http://localhost{at}"}
    answer = chair.post(at, data=form.with_values(text=WORDS, do="accept"), headers=headers)
    assert (answer.status_code, "What you typed, to copy" in answer.text) == (409, True)
    assert copied(answer.text) == {"Text of the minutes, with the correction in it": WORDS}
    assert "<b>second" not in answer.text
    assert f'href="{at}">Open the page again' in answer.text
    assert "Go back" not in answer.text


def test_network_minutes_that_were_put_right_meanwhile_give_every_box_back(app: Flask, session: Session) -> None:
    made = network_day(session)
    tangled(session)
    opened(made)
    decide(made, "4.1", Decided(NetworkOutcome.CONTINUES, "A red car.", rationale="Invented."))
    close(made)
    session.commit()
    at, chair = f"/networks/meetings/{made.first.reference}/minutes/items/4.1", browser(app, "chair-police")
    form = form_to(chair.get(at).text, at)
    kept.put_right(session, made.chair(), DURING, made.first, 1, "4.1", {"discussion": "Meanwhile"}, "A slip")
    session.commit()
    answer = chair.post(at, data=form.with_values(discussion=WORDS, reason="A slip of mine"))
    assert answer.status_code == 409
    assert copied(answer.text) == {
        "Discussion": WORDS, "Reasons for the decision": "Invented.", "Why are the minutes put right?": "A slip of mine"
    }  # fmt: skip


def gone_meanwhile(app: Flask, day: Rmm) -> tuple[Any, str, SentForm]:
    """Give a browser, and the form of a note that it opened before its person was kept apart from the child."""
    child = day.child  # type: ignore[attr-defined]
    client, at = app.test_client(), f"/children/{child.reference}/note"
    sign_in(client, "chair-cs")
    form = form_to(client.get(at).text, at)
    day.operator()
    day.keep_apart("chair_cs", child.key)
    day.session.commit()
    return client, at, form


def test_a_note_on_a_child_whose_page_is_gone_meanwhile_is_given_back(app: Flask, day: Rmm) -> None:
    client, at, form = gone_meanwhile(app, day)
    answer = client.post(at, data=form.with_values(text=WORDS))
    assert answer.status_code == 404
    assert copied(answer.text) == {}, "what went wrong shows nothing of anybody"
    read = re.search(r'href="(/not-sent[^"]+)"', answer.text)
    assert read
    assert html.escape(WORDS.partition("\n")[0], quote=False) in client.get(read[1]).text
    assert "read what you typed" not in client.get(at).text


def test_what_a_script_sends_is_kept_by_the_script_and_takes_no_form_s_place(app: Flask, day: Rmm) -> None:
    client, at, form = gone_meanwhile(app, day)
    answer = client.post(at, data=form.with_values(text=WORDS), headers={"Sec-Fetch-Dest": "empty"})
    assert (answer.status_code, "/not-sent" in answer.text) == (404, False)
    assert day.session.scalars(select(UnsentForm)).all() == []


@pytest.mark.parametrize("who", ["somebody else", "nobody"])
def test_words_are_given_back_to_nobody_who_did_not_have_the_page_open(app: Flask, day: Rmm, who: str) -> None:
    client, at, form = gone_meanwhile(app, day)
    client.delete_cookie("meetings")
    if who == "somebody else":
        sign_in(client, "chair-fs")
    answer = client.post(at, data=form.with_values(text=WORDS), follow_redirects=True)
    assert "a page of words" not in answer.text


class Row(Form):
    what = line("What is done")


class Everything(VersionedForm):
    why = text("Why?")
    password = PasswordField("Password")
    rating = choice("Rating", [("h", "High"), ("m", "Medium")])
    agreed = BooleanField("All agree")
    there = SelectMultipleField("Who is there", choices={"1": "Police", "2": "Health"})
    rows = FieldList(FormField(Row))


def test_labels_and_choices_stand_there_in_words_and_no_password(app: Flask) -> None:
    sent = [
        ("version", "3"), ("why", "Because."), ("rating", "h"), ("agreed", "y"), ("there", "1"), ("there", "2"),
        ("rows-0-what", "A call."), ("rows-0-form_id", "abc"), ("said-12-risk", "A risk."), ("said-13-risk", ""),
        ("calls", "7"), ("step", "save"), ("code", "123456"), ("csrf_token", "abc"),
    ]  # fmt: skip
    with app.test_request_context(method="POST", data=MultiDict([*sent, ("password", "secret words")])):
        g.actor = None
        Everything()
        assert [tuple(one) for one in labelled([*sent, ("password", "secret words")])] == [
            ("Why?", "Because."), ("Rating", "High"), ("All agree", "Yes"), ("Who is there", "Police, Health"),
            ("What is done", "A call."), ("Said risk", "A risk."), ("Calls", "7"),
        ]  # fmt: skip
