"""A page that says what went wrong shows nothing whole that names a child from whom its person is kept by now."""

import re

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from meetings_app.accounts.gate import IDLE
from meetings_app.accounts.models import SignInSession
from tests.support.rmm import Rmm, due, rmm
from tests.support.sent_forms import form_to
from tests.support.statements import statements_of
from tests.support.world import NOW, sign_in


def opened(session: Session) -> tuple[Rmm, int, str]:
    """A meeting that is held with one child; gives it, the child's key and reference."""
    day = rmm(session)
    child = due(session, name="Canaryhidden Canarylast")
    day.open()
    session.commit()
    return day, child.key, child.reference


def test_a_note_on_a_child_who_is_kept_apart_since_is_shown_without_the_name(app: Flask, session: Session) -> None:
    day, key, reference = opened(session)
    client, at = app.test_client(), f"/children/{reference}/note"
    sign_in(client, "chair-cs")
    form = form_to(client.get(at).text, at)
    day.operator()
    day.keep_apart("chair_cs", key)
    session.commit()
    answer = client.post(at, data=form.with_values(text="Canaryhidden Canarylast was seen at noon."))
    assert answer.status_code == 404
    for word in ("Canary", "was seen at noon"):
        assert word not in answer.text
    read = re.search(r'href="(/not-sent[^"]+)"', answer.text)
    assert read
    kept = client.get(read[1]).text
    assert "[another child] was seen at noon." in kept
    assert "Canary" not in kept


def test_no_address_breaks_what_is_asked_about_words_that_a_browser_kept(app: Flask, session: Session) -> None:
    day, key, _reference = opened(session)
    day.keep_apart("chair_cs", key)
    session.commit()
    client, at = app.test_client(), f"/meetings/{day.meeting.reference}"
    sign_in(client, "chair-cs")
    token = form_to(client.get(f"{at}/record").text, f"{at}/notes").values["csrf_token"]
    for page in ("/meetings/\x00/record", "/meetings/" + "x" * 9_000, f"{at}/record", "", "nothing"):
        sent = {"csrf_token": token, "text": ["Canaryhidden Canarylast ran.", "A bus."], "page": page}
        answer = client.post("/typed-words", data=sent)
        read = [{"text": "[another child] ran.", "whole": False}, {"text": "A bus.", "whole": True}]
        assert (answer.status_code, answer.json) == (200, {"read": read}), page


def test_the_list_of_what_is_not_sent_asks_no_more_for_each_form(app: Flask, session: Session) -> None:
    day, key, _reference = opened(session)
    day.keep_apart("chair_cs", key)
    session.commit()
    client, at = app.test_client(), f"/meetings/{day.meeting.reference}"
    sign_in(client, "chair-cs")
    counts = []
    for number in range(4):
        form = form_to(client.get(f"{at}/record").text, f"{at}/notes")
        day.operator()
        session.execute(update(SignInSession).values(last_seen_at=NOW - IDLE))
        session.commit()
        client.post(f"{at}/notes", data=form.with_values(notes=f"Seen {number}.", stood_on=f"{at}/record"))
        sign_in(client, "chair-cs")
        with statements_of(session.get_bind()) as sent:  # type: ignore[arg-type]
            assert client.get("/not-sent").text.count("Seen ") >= number
        counts.append(len(sent))
    assert counts[1:] == [counts[1]] * 3
