"""A form that came when its writer was signed out: every word is kept for that person, and for nobody else."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col
from wtforms import PasswordField

from meetings_app.accounts.gate import CONFIRMED_FOR, IDLE
from meetings_app.accounts.models import SignInSession
from meetings_app.children.models import ChildNote
from meetings_app.config import Settings
from meetings_app.db.session import act_for
from meetings_app.meetings.notes import write_notes
from meetings_app.permissions import OPERATOR, Role
from meetings_app.web import unsent
from meetings_app.web.models import UnsentForm
from tests.conftest import NOW
from tests.support.moving_clock import MovingClock
from tests.support.rmm import Rmm, due, rmm
from tests.support.sent_forms import SentForm, form_to
from tests.support.world import PASSWORD, add_account, sign_in

WORDS = 'She said "no" & left.\nA second line, with a <b> and Zoë\'s name.'


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The settings of a test whose clock can be moved."""
    object.__setattr__(settings, "clock", MovingClock(NOW))
    return settings


@dataclass
class Place:
    """An RMM that is held, its pages, and the chair in front of them."""

    app: Flask
    session: Session
    day: Rmm
    client: FlaskClient
    note: str
    record: str

    def form(self, page: str, address: str = "") -> SentForm:
        """Open a page, and give its form."""
        return form_to(self.client.get(page).text, address or page)

    def send(
        self, page: str, form: SentForm, address: str = "", client: FlaskClient | None = None, **typed: str
    ) -> Any:
        """Send a form of a page, as a browser would that has it open."""
        headers = {"Referer": f"http://localhost{page}"}
        return (client or self.client).post(address or page, data=form.with_values(**typed), headers=headers)

    def sign_everybody_out(self) -> None:
        """Let every session have been idle for too long."""
        self.session.execute(update(SignInSession).values(last_seen_at=NOW - IDLE))
        self.session.commit()

    def comes_back(self, location: str, who: str = "chair-cs") -> str:
        """Sign in where the answer led, and give the page that asked for it."""
        page = self.client.get(location).text
        assert location.startswith("/sign-in?next=")
        self.signs_in(who)
        return page

    def signs_in(self, who: str) -> None:
        """Sign somebody in, in place of whoever was."""
        self.client.delete_cookie("meetings")
        sign_in(self.client, who)

    def count(self, model: type[Any]) -> int:
        """Count the rows of a table."""
        act_for(self.session, OPERATOR)
        count = self.session.scalar(select(func.count()).select_from(model)) or 0
        self.session.rollback()
        return count


@pytest.fixture
def place(app: Flask, session: Session) -> Place:
    """The chair is signed in at a meeting that is held."""
    day = rmm(session)
    child = due(session)
    day.open()
    day.operator()
    session.commit()
    client = app.test_client()
    sign_in(client, "chair-cs")
    return Place(
        app, session, day, client, f"/children/{child.reference}/note", f"/meetings/{day.meeting.reference}/record"
    )


def target_of(location: str) -> str:
    """Give the page to which signing in leads."""
    return parse_qs(urlsplit(location).query)["next"][0]


def test_the_words_stand_in_the_form_again_and_are_saved_when_it_is_sent(place: Place) -> None:
    form = place.form(place.note)
    place.sign_everybody_out()
    answer = place.send(place.note, form, text=WORDS)
    assert WORDS not in answer.location
    assert "What you typed is kept" in place.comes_back(answer.location)
    again = target_of(answer.location)
    page = place.client.get(again).text
    assert "Not saved yet" in page
    assert place.count(ChildNote) == 0, "nothing is done before the person sends it"
    filled = form_to(page, place.note)
    assert filled.values["text"] == WORDS
    assert place.send(again, filled).status_code == 302
    assert place.count(ChildNote) == 1
    assert place.count(UnsentForm) == 0
    assert "Not saved yet" not in place.client.get(again).text


def test_a_form_that_is_sent_to_an_address_of_its_own_comes_back_on_the_page_it_stood_on(place: Place) -> None:
    notes = place.record.replace("/record", "/notes")
    form = place.form(place.record, notes)
    write_notes(
        place.session, place.day.act("coordinator"), NOW, place.day.meeting, place.day.meeting.version, "Theirs."
    )
    place.session.commit()
    place.sign_everybody_out()
    answer = place.send(place.record, form, notes, notes=WORDS)
    place.comes_back(answer.location)
    filled = form_to(place.client.get(target_of(answer.location)).text, notes)
    assert filled.values["notes"] == WORDS
    both = place.send(place.record, filled, notes)
    assert both.status_code == 409, "what somebody else saved since is asked about"
    assert "Theirs." in both.text
    assert "a second line" in both.text.lower()


def test_a_form_that_was_refused_before_still_knows_its_page(place: Place) -> None:
    notes = place.record.replace("/record", "/notes")
    refused = place.send(place.record, place.form(place.record, notes), notes, notes="x" * 20_001)
    assert refused.status_code == 400
    place.sign_everybody_out()
    answer = place.send(notes, form_to(refused.text, notes), notes, notes=WORDS)
    place.comes_back(answer.location)
    assert form_to(place.client.get(target_of(answer.location)).text, notes).values["notes"] == WORDS


def test_somebody_else_who_signs_in_sees_nothing_of_it_and_its_writer_is_told_later(place: Place) -> None:
    form = place.form(place.note)
    place.sign_everybody_out()
    answer = place.send(place.note, form, text=WORDS)
    again = target_of(answer.location)
    place.comes_back(answer.location, "coordinator")
    for address in (again, "/", "/not-sent"):
        page = place.client.get(address).text
        assert "second line" not in page
        assert "Not saved yet" not in page
        assert again not in page
    reference = again.rpartition("=")[2]
    token = place.form(place.note).values["csrf_token"]
    assert place.client.post(f"/not-sent/{reference}/discard", data={"csrf_token": token}).status_code == 404
    place.signs_in("chair-cs")
    assert "Something you typed is not sent yet" in place.client.get("/").text
    assert again in place.client.get("/not-sent").text
    assert form_to(place.client.get(again).text, place.note).values["text"] == WORDS


def test_a_page_from_before_signing_in_again_in_another_tab_loses_nothing(place: Place) -> None:
    form = place.form(place.note)
    place.signs_in("chair-cs")
    answer = place.send(place.note, form, text=WORDS)
    assert answer.status_code == 302
    assert form_to(place.client.get(answer.location).text, place.note).values["text"] == WORDS
    assert place.count(ChildNote) == 0


def test_a_page_of_whoever_sat_there_before_is_kept_for_them_and_shown_to_nobody_else(place: Place) -> None:
    form = place.form(place.note)
    place.signs_in("coordinator")
    answer = place.send(place.note, form, text=WORDS)
    assert answer.status_code == 400
    assert "Somebody else has signed in" in answer.text
    assert "second line" not in answer.text
    assert "second line" not in place.client.get("/not-sent").text
    place.signs_in("chair-cs")
    assert "Typed on" in place.client.get("/not-sent").text


@pytest.mark.parametrize("cut", ["cut", "of nobody", "none"])
def test_whose_form_cannot_be_known_is_told_in_plain_words_and_nothing_is_kept(place: Place, cut: str) -> None:
    stranger = place.app.test_client()
    token = form_to(stranger.get("/sign-in").text, "/sign-in").values["csrf_token"]
    form = place.form(place.note)
    if cut == "of nobody":
        answer = place.send(place.note, form, client=stranger, csrf_token=token, text=WORDS)
        assert "could not be kept" in stranger.get(answer.location).text
    else:
        wrong = {"cut": form.values["csrf_token"][:-3], "none": ""}[cut]
        answer = place.send(place.note, form, csrf_token=wrong, text=WORDS)
        assert answer.status_code == 400
        assert "could not be kept" in answer.text
    assert place.count(UnsentForm) == 0


def test_a_form_from_another_site_is_never_kept(place: Place) -> None:
    form = place.form(place.note)
    place.signs_in("chair-cs")
    headers = {"Referer": "http://evil.example/"}
    assert place.client.post(place.note, data=form.with_values(text=WORDS), headers=headers).status_code == 400
    assert place.count(UnsentForm) == 0


def test_where_the_form_is_not_any_more_the_words_stand_above_the_page(place: Place) -> None:
    start = place.record + "/start"
    before_it_was_opened = SentForm(
        start, "post", place.form(place.record, place.record.replace("record", "notes")).values
    )
    place.sign_everybody_out()
    answer = place.send(place.record, before_it_was_opened, start, read_by=WORDS)
    place.comes_back(answer.location)
    page = place.client.get(target_of(answer.location)).text
    assert "is not on this page any more" in page
    assert escape(WORDS) in page


def test_what_is_kept_ends_with_its_time(place: Place) -> None:
    form = place.form(place.note)
    place.sign_everybody_out()
    answer = place.send(place.note, form, text=WORDS)
    clock = place.app.extensions["meetings"].settings.clock
    clock.move(unsent.KEPT_FOR - timedelta(minutes=1))
    place.signs_in("chair-cs")
    assert form_to(place.client.get(target_of(answer.location)).text, place.note).values["text"] == WORDS
    clock.move(timedelta(minutes=1))
    page = place.client.get(target_of(answer.location)).text
    assert form_to(page, place.note).values["text"] == ""
    place.signs_in("coordinator")
    assert place.count(UnsentForm) == 0


def test_who_does_not_need_it_any_more_takes_it_away(place: Place) -> None:
    form = place.form(place.note)
    place.sign_everybody_out()
    answer = place.send(place.note, form, text=WORDS)
    place.comes_back(answer.location)
    discard = "/not-sent/" + answer.location.rpartition("%3D")[2] + "/discard"
    page = place.client.get(target_of(answer.location)).text
    assert place.send(place.note, form_to(page, discard), discard).status_code == 302
    assert place.count(UnsentForm) == 0


def test_a_person_s_store_is_bounded_and_a_form_without_words_says_what_to_do(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsent, "MOST_KEPT", 2)
    forms = [place.form(place.note) for _ in range(4)]
    place.sign_everybody_out()
    for number, form in enumerate(forms[:3]):
        place.send(place.note, form, text=f"Text {number}")
    assert place.count(UnsentForm) == 2
    answer = place.send(place.note, forms[3], text=" ")
    assert "nothing was done" in place.client.get(answer.location).text
    monkeypatch.setattr(unsent, "LONGEST_KEPT", 50)
    answer = place.send(place.note, forms[3], text="x" * 100)
    assert "could not be kept" in place.client.get(answer.location).text
    assert place.count(UnsentForm) == 2


def test_no_password_is_ever_kept() -> None:
    """What is left out is left out by its name."""
    from meetings_app import blueprints  # noqa: F401 # Brings every form in.
    from meetings_app.web.forms import Form

    def every(kind: type[Any]) -> list[type[Any]]:
        return [kind, *(below for one in kind.__subclasses__() for below in every(one))]

    secret = {
        name
        for form in every(Form)
        for name, made in vars(form).items()
        if getattr(made, "field_class", None) is PasswordField
    }
    assert {"password", "present_password"} <= secret
    assert [name for name in secret if "password" not in name] == []


def test_what_waits_for_the_password_waits_for_the_sign_in_too_without_the_password(place: Place) -> None:
    add_account(place.session, "admin", Role.ADMINISTRATOR, "police")
    place.session.commit()
    place.signs_in("admin")
    invite, clock = "/accounts/invite", place.app.extensions["meetings"].settings.clock
    form = place.form(invite)
    clock.move(CONFIRMED_FOR)
    asked = place.send(invite, form, name="Testy McInvited", email="new@example.org")
    assert "your password again" in asked.text
    clock.move(IDLE)
    answer = place.send(invite, form_to(asked.text, invite), password=PASSWORD)
    act_for(place.session, OPERATOR)
    kept = str(place.session.scalars(select(col(UnsentForm.fields))).all())
    place.session.rollback()
    assert "Testy McInvited" in kept
    assert PASSWORD not in kept
    place.comes_back(answer.location, "admin")
    again = form_to(place.client.get(target_of(answer.location)).text, invite)
    assert again.values["name"] == "Testy McInvited"
    clock.move(CONFIRMED_FOR)
    assert place.send(target_of(answer.location), again, invite).status_code == 200, "the password is asked for again"
    assert place.count(UnsentForm) == 1, "it is kept until what it holds is saved"


def test_it_stands_in_the_form_on_its_own_page_and_on_no_other(place: Place) -> None:
    form = place.form(place.note)
    place.sign_everybody_out()
    answer = place.send(place.note, form, text=WORDS)
    place.comes_back(answer.location)
    reference = target_of(answer.location).rpartition("=")[2]
    for other in ("/", place.record, place.note + "?about=another"):
        page = place.client.get(f"{other}{'&' if '?' in other else '?'}unsent={reference}").text
        assert "Not saved yet" not in page
        assert "second line" not in page
    assert form_to(place.client.get(target_of(answer.location)).text, place.note).values["text"] == WORDS
