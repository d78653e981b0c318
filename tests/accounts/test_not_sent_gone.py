"""What is kept of a form can be read, and taken away, also where its page cannot take it any more."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from meetings_app.accounts.gate import IDLE
from meetings_app.accounts.models import SignInSession
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.web.models import UnsentForm
from tests.support.rmm import Rmm, due, rmm
from tests.support.sent_forms import SentForm, form_to
from tests.support.world import NOW, sign_in

WORDS = "Why the quorum was not there:\na <b>second</b> line & Zoë's."


@pytest.fixture
def day(session: Session) -> Rmm:
    """A meeting is held of a child."""
    day = rmm(session)
    day.child = due(session, name="Canaryhidden Canarylast")  # type: ignore[attr-defined]
    day.open()
    day.operator()
    session.commit()
    return day


def typed(session: Session, client: FlaskClient, who: str, page: str, form: SentForm, **words: str) -> str:
    """Let somebody send a form after they were signed out, and sign in; gives where it is to be filled in again."""
    act_for(session, OPERATOR)
    session.execute(update(SignInSession).values(last_seen_at=NOW - IDLE))
    session.commit()
    client.post(page, data=form.with_values(**words), headers={"Referer": f"http://localhost{page}"})
    sign_in(client, who)
    again = re.search(r'href="([^"]+unsent=[^"]+)"', client.get("/not-sent").text)
    assert again
    return again[1].replace("&amp;", "&")


def signed_in(app: Flask, who: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, who)
    return client


def count(session: Session) -> int:
    act_for(session, OPERATOR)
    found = session.scalar(select(func.count()).select_from(UnsentForm)) or 0
    session.rollback()
    return found


def test_words_for_a_page_that_answers_with_an_error_are_read_and_taken_away(
    app: Flask, session: Session, day: Rmm
) -> None:
    client, at = signed_in(app, "coordinator"), f"/meetings/{day.meeting.reference}"
    # Whoever is about to close it says why; somebody else is quicker.
    form = form_to(client.get(f"{at}/record").text, f"{at}/notes")
    again = typed(session, client, "coordinator", f"{at}/close", form, notes="", despite=WORDS)
    assert again.startswith(f"{at}/close?")
    day.operator()
    session.execute(update(Meeting).values(state=MeetingState.CLOSED))
    session.commit()
    answer = client.get(again)
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/not-sent")
    page = client.get(answer.location).text
    shown = page.partition("<details")[2].partition("</details>")[0]
    assert "cannot take it any more" in page
    assert shown.startswith(' class="govuk-details" open')
    assert "a &lt;b&gt;second&lt;/b&gt; line &amp; Zoë" in shown
    folded = client.get("/not-sent").text.partition("<details")[2]
    assert folded.startswith(' class="govuk-details">'), "whoever only looks at the list unfolds it"
    discard = f"/not-sent/{again.rpartition('=')[2]}/discard"
    gone = client.post(
        discard, data=form_to(page, discard).values, headers={"Referer": f"http://localhost{answer.location}"}
    )
    assert (gone.location, count(session)) == ("/not-sent", 0)
    assert "was taken away" in client.get("/not-sent").text


def test_words_for_a_child_s_page_that_is_gone_are_read_without_the_child(
    app: Flask, session: Session, day: Rmm
) -> None:
    child = day.child  # type: ignore[attr-defined]
    client, at = signed_in(app, "chair-cs"), f"/children/{child.reference}/note"
    form = form_to(client.get(at).text, at)
    again = typed(session, client, "chair-cs", at, form, text=f"Canaryhidden Canarylast, {child.reference}, ran.")
    day.operator()
    day.keep_apart("chair_cs", child.key)
    session.commit()
    page = client.get(again, follow_redirects=True).text
    assert "[another child], [another child], ran." in page
    assert "The name is left out here" in page
    assert re.findall(r"Canary\w+", page) == []


def test_nobody_else_reads_them(app: Flask, session: Session, day: Rmm) -> None:
    client, other = signed_in(app, "coordinator"), signed_in(app, "chair-fs")
    at = f"/meetings/{day.meeting.reference}"
    form = form_to(client.get(f"{at}/record").text, f"{at}/notes")
    again = typed(session, client, "coordinator", f"{at}/close", form, notes="", despite=WORDS)
    sign_in(other, "chair-fs")
    assert "second" not in other.get(again.replace(f"{at}/close", "/not-sent")).text
