"""What was typed is never only “back” in the browser: the page that refuses it, or cannot take it, has it to copy."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.real_rmm import RealRmm, real_rmm
from tests.browser.test_signed_out import enter
from tests.support.axe import problems
from tests.support.person import Person

pytestmark = pytest.mark.browser

ASKED = (
    "INSERT INTO minutes_correction"
    " (version, meeting_id, area_id, number, item, text, proposed_at, proposed_by_id, reason)"
    " SELECT 1, m.id, m.area_id, 1, '', 'A name is missing.', '2026-11-24 10:00:00.000000', a.id, ''"
    " FROM meeting m, account a WHERE m.statement_read_by <> '' AND a.email LIKE 'police@%'"
)
ANSWERED = (
    "UPDATE minutes_correction SET answered = 'refused', reason = 'No', version = 2, answered_at = proposed_at,"
    " answered_by_id = proposed_by_id"
)
SAVED = (
    "INSERT INTO minutes_text (meeting_id, area_id, item, number, text, saved_at, saved_by_id)"
    " SELECT m.id, m.area_id, '', 1, 'Theirs, saved meanwhile.', '2026-11-24 10:00:00.000000', a.id"
    " FROM meeting m, account a WHERE m.statement_read_by <> '' AND a.email LIKE 'coordinator@%'"
)
WORDS = "A page of words with the correction in,\nand a <b>second</b> line of Zoë’s."


def looked_at(person: Person, name: str) -> None:
    """See that nothing is wrong with the page, on a desk and on a telephone."""
    assert problems(person) == []
    for width in (390, 1280):
        person.page.set_viewport_size({"width": width, "height": 900})
        person.picture(f"{name}_{width}")


def answering(chromium: Browser, rmm: RealRmm) -> Person:
    """Give a chair who has typed the answer to a correction."""
    rmm.rows(ASKED)
    person = rmm.person(chromium, "chair-cs")
    person.visit(f"{rmm.minutes}/answers/1")
    person.fill(text=WORDS)
    return person


def press(person: Person, button: str, status: int) -> None:
    with person.page.expect_navigation():
        person.page.get_by_role("button", name=button, exact=True).click()
    person.trouble.clear()
    person.check(status)


def test_an_answer_to_what_is_answered_already_is_given_back(chromium: Browser, tmp_path: Path) -> None:
    with real_rmm(tmp_path, closed=True) as rmm:
        person = answering(chromium, rmm)
        rmm.rows(ANSWERED)
        press(person, "Accept, and save the text", 409)
        assert "What you typed, to copy" in person.words()
        assert person.page.locator(".govuk-inset-text").inner_text() == WORDS
        looked_at(person, "given_back")
        person.page.get_by_role("link", name="Open the page again").click()
        person.check()
        assert "This correction is answered" in person.words()


def test_a_text_saved_meanwhile_stands_beside_the_answer(chromium: Browser, tmp_path: Path) -> None:
    with real_rmm(tmp_path, closed=True) as rmm:
        person = answering(chromium, rmm)
        rmm.rows(SAVED)
        press(person, "Accept, and save the text", 409)
        looked_at(person, "answer_both_texts")
        press(person, "Refuse with this reason", 400)
        assert "Theirs, saved meanwhile." in person.words()
        looked_at(person, "answer_both_texts_refused")
        press(person, "Accept, and keep both", 200)
        assert rmm.rows("SELECT text FROM minutes_text WHERE number = 2") == [(f"Theirs, saved meanwhile.\n\n{WORDS}",)]


def test_what_is_kept_is_read_and_taken_away_where_its_page_is_gone(chromium: Browser, tmp_path: Path) -> None:
    with real_rmm(tmp_path, closed=True) as rmm:
        person = answering(chromium, rmm)
        rmm.sign_everybody_out()
        with person.page.expect_navigation():
            person.page.get_by_role("button", name="Accept, and save the text", exact=True).click()
        person.trouble.clear()
        rmm.rows("UPDATE unsent_form SET page = ?", f"{rmm.minutes}/answers/99")
        enter(person)
        person.page.goto("/not-sent")
        person.trouble.clear()
        looked_at(person, "not_sent_folded")
        person.page.locator("main h2 a").click()
        person.page.wait_for_url("**/not-sent?unsent=*")
        assert WORDS in person.page.locator("details[open]").inner_text()
        looked_at(person, "not_sent_gone")
        person.page.get_by_role("button", name="I do not need it any more").click()
        person.page.get_by_text("Everything you typed is sent.").wait_for()
        assert rmm.rows("SELECT count(*) FROM unsent_form") == [(0,)]
