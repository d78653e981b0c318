"""A form that is filled in again names nobody from whom a conflict of interest keeps its writer since they typed it."""

import re

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from meetings_app.accounts.gate import IDLE
from meetings_app.accounts.models import SignInSession
from meetings_app.meetings.kept_apart import read_by_its_writer
from meetings_app.meetings.notes import write_notes
from tests.support.rmm import Rmm, due, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW, sign_in


def test_what_was_typed_before_the_conflict_comes_back_without_the_child(app: Flask, session: Session) -> None:
    day = rmm(session)
    hidden = due(session, name="Canaryhidden Canarylast")
    due(session, name="Testy McShown")
    day.open()
    session.commit()
    client, at = app.test_client(), f"/meetings/{day.meeting.reference}"
    sign_in(client, "chair-cs")
    names = f"Canaryhidden Canarylast, {hidden.reference.lower()}"
    sent = form_to(client.get(f"{at}/record").text, f"{at}/notes").with_values(notes=f"Seen with {names}, at noon.")
    day.operator()
    session.execute(update(SignInSession).values(last_seen_at=NOW - IDLE))
    session.commit()
    client.post(f"{at}/notes", data=sent, headers={"Referer": f"http://localhost{at}/record"})
    sign_in(client, "chair-cs")
    again = re.search(r'href="([^"]+unsent=[^"]+)"', client.get("/not-sent").text)
    assert again
    page = client.get(again[1]).text
    assert form_to(page, f"{at}/notes").values["notes"] == f"Seen with {names}, at noon."
    day.operator()
    day.keep_apart("chair_cs", hidden.key)
    session.commit()
    secret = re.compile(rf"Canary\w+|(?i:{hidden.reference})")
    masked = "Seen with [another child], [another child], at noon."
    page = client.get(again[1]).text
    assert secret.findall(page) == []
    assert masked in page.partition(f'action="{at}/notes"')[0], "it stands above the page, to be copied"
    form = form_to(page, f"{at}/notes")
    assert form.values["notes"] == "", "what was taken out of it is never saved in its place"
    assert client.post(f"{at}/notes", data=form.with_values(notes="At noon."), headers={"Referer": again[1]}).location
    assert masked in client.get(again[1]).text, "it stays until its writer takes it away"
    write_notes(session, day.act("chair_fs"), NOW, day.meeting, _version(session, day), f"About {names}.")
    session.commit()
    page = client.get(again[1]).text
    assert secret.findall(page) == []
    assert masked in page


def test_words_about_a_child_that_the_writer_may_see_come_back_whole(app: Flask, session: Session) -> None:
    day = rmm(session)
    hidden = due(session, name="Canaryhidden Canarylast")
    due(session, name="Testy Canarylast")
    day.open()
    day.operator()
    day.keep_apart("chair_cs", hidden.key)
    session.commit()
    client, at = app.test_client(), f"/meetings/{day.meeting.reference}"
    sign_in(client, "chair-cs")
    typed = "Testy Canarylast was seen at noon, and the sibling's words."
    sent = form_to(client.get(f"{at}/record").text, f"{at}/notes").with_values(notes=typed)
    day.operator()
    session.execute(update(SignInSession).values(last_seen_at=NOW - IDLE))
    session.commit()
    client.post(f"{at}/notes", data=sent, headers={"Referer": f"http://localhost{at}/record"})
    sign_in(client, "chair-cs")
    again = re.search(r'href="([^"]+unsent=[^"]+)"', client.get("/not-sent").text)
    assert again
    form = form_to(client.get(again[1]).text, f"{at}/notes")
    assert form.values["notes"] == typed
    assert client.post(f"{at}/notes", data=form.values).status_code == 302, "the page itself takes them"


@pytest.mark.parametrize(
    ("page", "name", "typed", "read"),
    [
        ("", "Will Canarylast", "Will the school ring?", "Will the school ring?"),
        ("", "May Ruby Canarylast", "In May, Ruby slippers.", "In May, Ruby slippers."),
        ("", "Will Canarylast", "Will Canarylast, Canarylast ran.", "[another child], [another child] ran."),
        ("", "Canaryhidden May", "Canaryhidden ran with May.", "[another child] ran with [another child]."),
        ("", "Will", "Will she ring?", "Will she ring?"),
        ("/children/new", "Canaryhidden Canarylast", "Testy Canarylast ran.", "Testy Canarylast ran."),
        ("/children/new", "Canaryhidden Canarylast", "canaryhidden  canarylast ran.", "[another child] ran."),
        ("/children/new", "Will", "Will she ring?", "Will she ring?"),
    ],
)
def test_what_else_bears_a_part_of_the_name_stays(
    session: Session, page: str, name: str, typed: str, read: str
) -> None:
    day = rmm(session)
    hidden = due(session, name=name)
    due(session, name="Testy McShown")
    day.open()
    day.operator()
    day.keep_apart("chair_cs", hidden.key)
    text = read_by_its_writer(session, day.act("chair_cs"), page or f"/meetings/{day.meeting.reference}/record")
    assert text(typed) == read
    assert text(f"About {hidden.reference.lower()}.") == "About [another child]."


def _version(session: Session, day: Rmm) -> int:
    session.refresh(day.meeting)
    return day.meeting.version
