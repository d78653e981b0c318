"""The weekly job on the pages, in Chromium: from a messy spreadsheet to signed minutes and an answered action."""

import email
import email.policy
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import vobject
from playwright.sync_api import Browser

from tests.browser.holding import hold_and_close, what_came_of_it
from tests.notices.mail_servers import Mailroom, free_port, smtp_server
from tests.support.journey import (
    AREAS,
    FIRST_MEETING,
    HOLDING,
    MEETING,
    PEOPLE,
    PREPARING,
    TODAY,
    Installation,
    address,
    due_rows,
    in_words,
    invite,
    rows_of,
    wait_until,
)  # fmt: skip
from tests.support.messy import MISTAKES, ROWS, mended_list_xlsx, messy_list_xlsx, referrals_xlsx
from tests.support.person import Person, children_on

pytestmark = [pytest.mark.browser, pytest.mark.office]

FOLLOWING = FIRST_MEETING + timedelta(days=7)
AWKWARD = "Zoë O'Sample-مثال 测试 🙂 <b>&</b> Ze\u200bro"
"""The name of a child that somebody refers on the page."""
ACTING = ("coordinator", "chair-cs", "chair-fs", "police")


@pytest.fixture
def mailroom() -> Iterator[tuple[Mailroom, int]]:
    """A real mail server on loopback, and its port."""
    room = Mailroom()
    with smtp_server(room) as reached:
        yield room, reached.port


def test_the_whole_job_on_the_pages(chromium: Browser, tmp_path: Path, mailroom: tuple[Mailroom, int]) -> None:
    room, smtp_port = mailroom
    place = Installation(tmp_path, f"sqlite:///{tmp_path / 'meetings.db'}")
    port = free_port()
    place.more |= {
        "MEETINGS_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "MEETINGS_BASE_URL": f"http://127.0.0.1:{port}",
    }
    place.run("init")
    links = {person: invite(place, person) for person in PEOPLE}
    children = [row.name for row in rows_of(mended_list_xlsx(TODAY), "next review")]
    children += [row.name for row in rows_of(referrals_xlsx(TODAY), "received on")] + [AWKWARD]
    with place.served(port) as base:
        people = {who: Person(chromium, base, address(who), children) for who in ACTING}
        for who, person in people.items():
            person.accept_invitation(links[who], PREPARING)
        coordinator = people["coordinator"]
        the_series_are_arranged(coordinator)
        the_list_is_imported(coordinator)
        the_referrals_come_in(coordinator, people["police"])
        returned = the_referrals_are_triaged(coordinator)
        the_agenda_is_prepared(coordinator, returned)
        the_invites_are_in_the_mailboxes(place, room, children)
    place.moment = HOLDING
    with place.served(port):
        for person in people.values():
            person.sign_in(HOLDING)
        decisions = hold_and_close(place, people)
        what_came_of_it(place, people, decisions)
    wait_until(lambda: room.accepted)
    nobody_is_named(room, children)
    place.run("check")
    place.run("audit", "verify")


def the_series_are_arranged(coordinator: Person) -> None:
    for area in AREAS:
        coordinator.visit("/meetings/series")
        coordinator.fill(area=area_name(area), start="01/12/2026")
        coordinator.press("Show the dates")
        assert "1 December 2026" in coordinator.words()
        if area == "NE":
            coordinator.picture("series_preview")
        coordinator.press("Create and announce")
    coordinator.visit("/meetings")
    coordinator.picture("meetings")
    coordinator.visit(f"/meetings/{MEETING}")
    assert "Tuesday 1 December 2026" in coordinator.words() or "1 December 2026" in coordinator.words()


def area_name(code: str) -> str:
    return {"N": "North ", "S": "South "}[code[0]] + {"E": "East", "W": "West"}[code[1]]


def upload(person: Person, kind: str, name: str, content: bytes) -> None:
    person.visit("/import")
    person.choose(kind=kind)
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    person.page.locator("input[type=file]").set_input_files({"name": name, "mimeType": sheet, "buffer": content})
    person.press("Upload and check")


def the_list_is_imported(coordinator: Person) -> None:
    upload(coordinator, "list", "county.xlsx", messy_list_xlsx(TODAY))
    coordinator.picture("import_refused")
    words = coordinator.words()
    assert "Mend these first" in words
    assert "Nothing can be imported yet" in words
    assert "31/02/2012" in words
    href = coordinator.page.get_by_role("link", name="download the file to mend").get_attribute("href")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(coordinator.download(str(href))))["List for the panel"]
    marked = {cell.row for row in sheet.iter_rows() for cell in row if cell.comment}
    assert marked == {row for row, _, _ in MISTAKES}
    upload(coordinator, "list", "county.xlsx", mended_list_xlsx(TODAY))
    coordinator.picture("import_preview")
    coordinator.press(f"Import {ROWS} rows", 400)
    coordinator.picture("import_unanswered")
    answer_every_question(coordinator)
    coordinator.press(f"Import {ROWS} rows")
    coordinator.picture("import_done")
    upload(coordinator, "list", "again.xlsx", mended_list_xlsx(TODAY))
    assert "Every row is here already" in coordinator.words()
    coordinator.visit("/list")
    coordinator.picture("list")
    assert str(ROWS) in coordinator.words()


def answer_every_question(person: Person) -> None:
    """Say of each possible duplicate that they are different children."""
    fields = person.page.locator("input[id$=-different]")
    assert fields.count()
    for number in range(fields.count()):
        fields.nth(number).check(force=True)


def the_referrals_come_in(coordinator: Person, police: Person) -> None:
    upload(coordinator, "referrals", "week.xlsx", referrals_xlsx(TODAY))
    coordinator.picture("referrals_preview")
    if coordinator.page.locator("input[id$=-different]").count():
        answer_every_question(coordinator)
    coordinator.press("Import 14 rows")
    police.visit("/referrals/new")
    police.press("Search", 400)
    police.picture("refer_empty")
    police.fill(name=AWKWARD, born="31/02/2012")
    police.press("Search", 400)
    assert police.page.locator("[name=name]").input_value() == AWKWARD
    police.fill(born="4/5/2011")
    police.press("Search")
    police.picture("refer_details")
    police.fill(area="North East", reason="Seen at night\x0bwith older men & <given> a phone")
    police.press("Continue")
    police.picture("refer_check")
    assert "Seen at night with older men & <given> a phone" in police.words()
    police.press("Send the referral")
    police.picture("refer_sent")


def the_referrals_are_triaged(coordinator: Person) -> str:
    """Return one referral with a question, transfer one, accept the rest; gives the child of the returned one."""
    coordinator.visit("/referrals?area=NE")
    coordinator.picture("referrals")
    rows = {
        link.inner_text(): link.get_attribute("href")
        for link in coordinator.page.locator("tbody th[scope=row] a").all()
    }
    assert len(rows) == 5
    names = {}
    for number, href in enumerate(rows.values()):
        coordinator.visit(str(href))
        found = re.search(r"C-[0-9A-Z]{5}", coordinator.words())
        assert found
        names[number] = found.group()
        if number == 0:
            coordinator.press("Save the decision", 400)
            coordinator.picture("referral")
            coordinator.choose(outcome="returned")
            coordinator.fill(reason="Which school is it? Invented question.")
        else:
            coordinator.choose(outcome="accepted")
        coordinator.press("Save the decision")
    coordinator.visit("/referrals?area=NW")
    coordinator.visit(str(coordinator.page.locator("tbody th[scope=row] a").first.get_attribute("href")))
    coordinator.choose(outcome="transferred")
    coordinator.fill(
        transferred_to="Invented County", transferred_contact="Pat Invented", reason="The child moved there."
    )
    coordinator.press("Save the decision")
    return names[0]


def the_agenda_is_prepared(coordinator: Person, returned: str) -> None:
    coordinator.visit(f"/meetings/{MEETING}/agenda")
    coordinator.picture("agenda_draft")
    expected = due_rows(rows_of(mended_list_xlsx(TODAY), "next review"), "NE", FOLLOWING)
    there = children_on(coordinator.page)
    table = {row.get_attribute("id"): row.inner_text() for row in coordinator.page.locator("tr[id^=C-]").all()}
    assert set(table) == set(there)
    for row in expected:
        text = next(
            table[reference] for reference, name in there.items() if name == row.name and "eview" in table[reference]
        )
        late = "overdue since" if row.day < FIRST_MEETING else "due"
        assert f"Review {late} {in_words(row.day)}" in text
    referred = {reference for reference, text in table.items() if "New referral received" in text}
    assert len(referred) == 5
    assert f"returned {in_words(TODAY)} and not answered" in table[returned]
    assert len(table) == len(expected) + len(referred)
    assert AWKWARD in there.values()
    coordinator.visit(f"/meetings/{MEETING}/agenda/others")
    coordinator.picture("agenda_others")
    added = next(iter(children_on(coordinator.page)))
    coordinator.visit(f"/meetings/{MEETING}/agenda/add")
    coordinator.fill(q=added)
    coordinator.press("Search")
    coordinator.choose(child=added)
    coordinator.fill(reason="The school asked for it & <soon>.")
    coordinator.press("Add to the agenda")
    deferred = next(reference for reference, text in table.items() if "Review due" in text)
    coordinator.page.locator(f"tr[id={deferred}] a", has_text="Defer").click()
    coordinator.check()
    coordinator.press("Defer", 400)
    coordinator.fill(reason="The family is away.")
    coordinator.press("Defer")
    moved = coordinator.page.locator("tr[id^=C-]").nth(1)
    second = moved.get_attribute("id")
    coordinator.press(f"Up {second}", within=moved)
    order = [row.get_attribute("id") for row in coordinator.page.locator("tr[id^=C-]").all()]
    assert order[0] == second
    assert added in order
    assert deferred not in order
    coordinator.visit(f"/meetings/{MEETING}/agenda/publish")
    coordinator.page.get_by_label("Publish it before the cut-off").check()
    coordinator.picture("agenda_publish")
    coordinator.press("Publish the agenda")
    coordinator.picture("agenda_published")
    assert [row.get_attribute("id") for row in coordinator.page.locator("tr[id^=C-]").all()] == order


TOLD = tuple(person for person in PEOPLE if person != "specialist")
"""The members who may open the agenda, some of whom have yet to set their account up."""


def the_invites_are_in_the_mailboxes(place: Installation, room: Mailroom, children: list[str]) -> None:
    with place.running("scheduler"):
        # All ten are invited. That the agenda is there is said to those who may open it.
        wait_until(lambda: len(notices(room, "agenda")) >= len(TOLD))
    assert {mail["to"].addresses[0].addr_spec for mail in notices(room, "agenda")} == {address(one) for one in TOLD}
    own = [event for event in events(room) if MEETING in event.summary.value or MEETING in event.serialize()]
    invited = sorted(event.attendee.value.lower() for event in own)
    assert invited == sorted(f"mailto:{address(person)}" for person in PEOPLE)
    for event in own:
        assert len(event.contents["attendee"]) == 1
        assert event.dtstart.value.isoformat() == "2026-12-01T10:00:00+00:00"
        assert event.dtend.value - event.dtstart.value == timedelta(minutes=120)
    assert len({event.uid.value for event in own}) == 1
    nobody_is_named(room, children)


def notices(room: Mailroom, word: str) -> list[Any]:
    return [mail for mail in mails(room) if word in str(mail["subject"]).lower()]


def mails(room: Mailroom) -> list[Any]:
    return [email.message_from_bytes(content, policy=email.policy.default) for _, _, content in room.accepted]


def events(room: Mailroom) -> Iterator[Any]:
    for mail in mails(room):
        for part in mail.walk():
            if part.get_content_type() == "text/calendar" and not part.get_filename():
                yield vobject.readOne(part.get_content()).vevent


def nobody_is_named(room: Mailroom, children: list[str]) -> None:
    """No mail names a child, in its headers, its text or its calendar."""
    for mail in mails(room):
        said = [str(value) for value in mail.values()]
        said += [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
        everything = " ".join(said)
        assert not [name for name in children if name in everything]
        assert not re.search(r"\b(19|20)\d\d-\d\d-\d\d\b.*born", everything)
