"""Two people of an agency at its page: neither overwrites, nor sends again, what the other has rewritten."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.before_meeting.test_pages import SOURCE, children, relevant, send
from tests.support.browsing import browser, text_of
from tests.support.rmm import Rmm, rmm
from tests.support.sent_forms import form_to
from tests.support.world import add_account


@pytest.fixture
def day(session: Session) -> Rmm:
    made = rmm(session)
    add_account(session, "police-two", "representative", "police", ["NE"])
    return made


def test_the_script_never_saves_what_a_person_did_not_touch_over_a_colleague_s_words(app: Flask, day: Rmm) -> None:
    one, two = (child.reference for child in children(day, 2))
    at = f"/meetings/{day.meeting.reference}/before"
    day.session.close()
    police, second = browser(app, "police"), browser(app, "police-two")
    form = form_to(text_of(police, at), "")
    send(second, at, "draft", {f"{two}-facts": "The colleague’s words."})
    for words in ("Seen", "Seen again"):
        form.values[f"{one}-facts"] = words
        answer = police.post(f"{at}/draft", data=form.values)
        assert answer.status_code == 200
        form.values |= answer.get_json()["versions"]
    html = text_of(police, at)
    assert "The colleague’s words." in html
    assert "Seen again" in html


def test_sending_leaves_what_a_colleague_has_rewritten_and_sent_meanwhile(app: Flask, day: Rmm) -> None:
    one, two = (child.reference for child in children(day, 2))
    meeting = f"/meetings/{day.meeting.reference}"
    at = f"{meeting}/before"
    day.session.close()
    police, second, chair = browser(app, "police"), browser(app, "police-two"), browser(app, "chair-cs")
    send(police, at, "draft", relevant(one) | {"attendance-attending": "coming"})
    stale = form_to(text_of(police, at), "")
    apologies = {"attendance-attending": "apologies", "attendance-update_text": "We send an update."}
    send(second, at, "send", {f"{one}-facts": "Corrected by the second.", f"{one}-source": SOURCE} | apologies)
    answer = police.post(at, data=stale.with_values(do="send", **{f"{two}-answer": "nothing_known"}))
    assert answer.status_code == 302
    assert f"so it stays as it is: attendance, {one}." in text_of(police, at)
    pack = text_of(chair, f"{meeting}/pack")
    assert "Corrected by the second." in pack
    assert "We send an update." in pack
    assert "Nothing known." in pack
    assert "Version 2" not in pack
