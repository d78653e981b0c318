"""The pages of the minutes, from the draft to the amendment, as each person finds them."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from meetings_app.meetings.minutes import latest_minutes
from meetings_app.minutes.editing import save_text
from meetings_app.schedule.queries import find_meeting
from tests.support.browsing import browser, text_of
from tests.support.minutes_addresses import word_file
from tests.support.rmm import Rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW


class Pages:
    """A closed meeting with browsers for its people."""

    def __init__(self, app: Flask, day: Rmm) -> None:
        self.app, self.day = app, day
        self.at = f"/meetings/{day.meeting.reference}/minutes"
        minutes = latest_minutes(day.session, day.meeting.key)
        assert minutes is not None
        self.item = str(minutes.facts["items"][0]["number"])
        day.session.commit()
        day.session.close()

    def send(self, client: FlaskClient, page: str, address: str, status: int = 302, **values: str) -> str:
        form = form_to(text_of(client, page), address)
        answer = client.post(address, data=form.with_values(**values))
        assert answer.status_code == status, answer.get_data(as_text=True)
        return str(answer.get_data(as_text=True))


@pytest.fixture
def pages(app: Flask, day: Rmm) -> Pages:
    return Pages(app, day)


def test_from_draft_to_amendment(pages: Pages) -> None:
    at, item = pages.at, pages.item
    coordinator, police = browser(pages.app, "coordinator"), browser(pages.app, "police")
    one, two = browser(pages.app, "chair-cs"), browser(pages.app, "chair-fs")
    pages.send(coordinator, f"{at}/texts/{item}", f"{at}/texts/{item}", text="Rated low after all.")
    assert "The text says “Rated low”, which is not the rating that was decided." in text_of(coordinator, f"{at}/texts")
    pages.send(coordinator, f"{at}/texts/{item}", f"{at}/texts/{item}", text="A silver van was seen.")
    assert "The text says" not in text_of(coordinator, f"{at}/texts/{item}")
    compared = text_of(coordinator, f"{at}/texts")
    assert "Differs from what was recorded" in compared
    assert re.search(r"<ins>.*silver", compared)
    assert police.get(at).status_code == police.get(f"{at}.docx").status_code == 404
    assert f'href="{at}"' not in text_of(police, f"/meetings/{pages.day.meeting.reference}")
    assert "This draft was not issued yet" in text_of(one, at)
    pages.send(coordinator, f"{at}/issue", f"{at}/issue", despite="Told in the meeting.")
    copy = text_of(police, at)
    assert "Ask for a correction" in copy
    assert "audience=agency:police" in copy
    assert "audience=agency:health" not in copy
    assert police.get(f"{at}.docx?audience=agency:health").status_code == 404
    ask = f"{at}/corrections/{item}"
    pages.send(police, ask, ask, 400, text=" ")
    pages.send(police, ask, ask, text="The van was white.")
    chairs_page = text_of(one, at)
    assert "1 correction is not answered." in _words(chairs_page)
    found = re.search(rf"{re.escape(at)}/answers/\d+", chairs_page)
    assert found
    pages.send(one, found.group(), found.group(), do="accept", text="A white van was seen.")
    assert "Accepted" in text_of(police, at)
    assert "Make the next version before you sign" in text_of(one, at)
    pages.send(coordinator, at, f"{at}/version")
    refused = pages.send(one, at, f"{at}/sign", 400)
    assert "Enter why you sign before the time for corrections is over, on 7 December 2026" in refused
    pages.send(one, at, f"{at}/sign", despite="Canaryearly: all agree.")
    assert "Canaryearly: all agree." in text_of(two, at)
    pages.send(two, at, f"{at}/sign")
    locked = text_of(police, at)
    assert "Signed before the time for corrections was over" in locked
    assert "Canaryearly" not in locked
    assert re.search(r"SHA-256.{0,200}[0-9a-f]{64}", locked, re.S)
    assert "A white van was seen." in locked
    pages.send(one, f"{at}/reopen", f"{at}/reopen", 400)
    pages.send(one, f"{at}/reopen", f"{at}/reopen", reason="The colour was right at first.")
    reopened = text_of(police, at)
    assert "an amendment is being written" in reopened
    assert "The colour was right at first." not in reopened
    assert "The colour was right at first." in text_of(two, at)
    pages.send(coordinator, f"{at}/texts/{item}", f"{at}/texts/{item}", text="A silver van was seen.")
    pages.send(coordinator, at, f"{at}/version")
    assert "A white van was seen." in text_of(police, at)
    for chair in (one, two):
        pages.send(chair, f"{at}?version=4", f"{at}/sign")
    amended = text_of(police, at)
    assert "4, amendment 1 to version 3" in amended
    assert "Before: A white van was seen." in amended
    assert "A white van was seen." in text_of(police, f"{at}?version=3")


def test_a_second_person_sees_both_texts_and_saves_both(pages: Pages, session: Session) -> None:
    at = f"{pages.at}/texts/{pages.item}"
    coordinator = browser(pages.app, "coordinator")
    form = form_to(text_of(coordinator, at), at)
    chair = browser(pages.app, "chair-cs")
    pages.send(chair, at, at, text="The chair’s words.")
    answer = coordinator.post(at, data=form.with_values(text="The coordinator’s words."))
    assert answer.status_code == 409
    shown = answer.get_data(as_text=True)
    assert shown.count("The chair’s words.") >= 2
    assert "The coordinator’s words." in shown
    again = form_to(shown, at)
    assert again.values["text"] == "The coordinator’s words."
    assert again.values["do"] == "both", "whoever only presses Enter loses nothing"
    assert coordinator.post(at, data=again.values).status_code == 302
    assert form_to(text_of(chair, at), at).values["text"] == "The chair’s words.\n\nThe coordinator’s words."


def asked_for(pages: Pages, chair: FlaskClient) -> str:
    """Issue the draft, let the police ask for a correction, and give where a chair answers it."""
    at, item = pages.at, pages.item
    pages.send(browser(pages.app, "coordinator"), f"{at}/issue", f"{at}/issue", despite="Told in the meeting.")
    ask = f"{at}/corrections/{item}"
    pages.send(browser(pages.app, "police"), ask, ask, text="The van was white.")
    found = re.search(rf"{re.escape(at)}/answers/\d+", text_of(chair, at))
    assert found
    return found.group()


def test_a_correction_cannot_be_accepted_over_words_saved_meanwhile(pages: Pages, session: Session) -> None:
    item, chair = pages.item, browser(pages.app, "chair-cs")
    page = asked_for(pages, chair)
    form = form_to(text_of(chair, page), page)
    coordinator = pages.day.act("coordinator")
    meeting = find_meeting(session, pages.day.meeting.reference)
    assert meeting is not None
    save_text(session, coordinator, NOW, meeting, item, 0, "Saved meanwhile.")
    session.commit()
    session.close()
    answer = chair.post(page, data=form.with_values(text="A white van.", do="accept"))
    assert answer.status_code == 409
    assert "Saved meanwhile." in answer.get_data(as_text=True)
    assert "A white van." in answer.get_data(as_text=True)


def test_whichever_answer_is_refused_both_boxes_keep_what_was_typed(pages: Pages) -> None:
    chair = browser(pages.app, "chair-cs")
    page = asked_for(pages, chair)
    form = form_to(text_of(chair, page), page)
    refused = chair.post(page, data=form.with_values(text="A white van.", reason="", do="refuse"))
    assert refused.status_code == 400
    kept = form_to(refused.get_data(as_text=True), page)
    assert kept.values["text"] == "A white van."
    unchanged = chair.post(page, data=form.with_values(reason="It was silver.", do="accept"))
    assert unchanged.status_code == 400
    assert form_to(unchanged.get_data(as_text=True), page).values["reason"] == "It was silver."
    assert chair.post(page, data=kept.with_values(do="accept")).status_code == 302


def test_a_word_file_is_put_back_and_read_as_it_was(pages: Pages) -> None:
    at = f"{pages.at}/files"
    coordinator = browser(pages.app, "coordinator")
    content = word_file("Edited by hand.")
    for sent, status in ((content, 302), (b"MZ no document", 400)):
        form = form_to(text_of(coordinator, at), at)
        file = (io.BytesIO(sent), "Testy McChild minutes.docx")
        answer = coordinator.post(at, data={**form.values, "file": file}, content_type="multipart/form-data")
        assert answer.status_code == status
    assert "McChild" not in text_of(coordinator, at)
    answer = coordinator.get(f"{at}/1.docx")
    assert answer.get_data() == content
    assert answer.headers["Content-Disposition"].endswith('-minutes-edited-1.docx"')
    assert coordinator.get(f"{at}/2.docx").status_code == 404


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
