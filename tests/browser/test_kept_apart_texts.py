"""What a browser kept of a text is not shown whole to whoever is kept from a child whom it names by now."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.real_rmm import NAME, RealRmm, real_rmm
from tests.browser.test_kept_texts import KEPT, box_at
from tests.support.axe import problems
from tests.support.person import Person

pytestmark = pytest.mark.browser

TYPED = f"Seen with {NAME}, and a bus pass is asked for."
READ = "Seen with [another child], and a bus pass is asked for."
CONFLICT = (
    "INSERT INTO conflict_of_interest (account_id, child_id, area_id, meeting_id, reason, declared_at, ended_reason) "
    "SELECT account.id, child.id, child.area_id, meeting.id, 'A neighbour, as invented.', "
    "'2026-11-24 10:00:00.000000', '' "
    "FROM account, child, meeting WHERE account.email LIKE 'coordinator@%' AND meeting.statement_read_by <> ''"
)


def typed_and_left(chromium: Browser, rmm: RealRmm) -> Person:
    """Let the coordinator type notes that name a child, leave them unsaved, and declare a conflict of interest then."""
    person = rmm.person(chromium, "coordinator")
    box_at(person, f"{rmm.meeting}/record", "notes").fill(TYPED)
    person.page.get_by_text("Not saved yet.").wait_for()
    person.leave_for_another_window()
    rmm.rows(CONFLICT)
    return person


def test_what_names_a_child_kept_apart_is_put_into_no_box_and_shown_without_the_name(
    chromium: Browser, tmp_path: Path
) -> None:
    with real_rmm(tmp_path) as rmm:
        person = typed_and_left(chromium, rmm)
        box = box_at(person, f"{rmm.meeting}/record", "notes")
        expect(person.page.get_by_text(READ)).to_be_visible()
        expect(box).to_have_value("")
        assert NAME not in person.page.locator("main").inner_text()
        assert problems(person) == []
        box.fill("Typed anew.")
        expect(person.page.get_by_text(READ)).to_be_visible()
        person.page.get_by_role("button", name="I do not need it any more").click()
        assert person.page.evaluate(KEPT) == "[[],[]]"
        person.press("Save the notes")
        assert rmm.rows("SELECT notes FROM meeting WHERE notes <> ''") == [("Typed anew.",)]


def test_once_the_meeting_is_closed_it_is_shown_without_the_name_too(chromium: Browser, tmp_path: Path) -> None:
    with real_rmm(tmp_path) as rmm:
        person = typed_and_left(chromium, rmm)
        rmm.rows("UPDATE meeting SET state = 'closed', closed_at = statement_read_at WHERE statement_read_by <> ''")
        person.visit(f"{rmm.meeting}/record")
        expect(person.page.get_by_text(READ)).to_be_visible()
        assert NAME not in person.page.locator("main").inner_text()
