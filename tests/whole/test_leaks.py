"""A child's whole life through the service, and a search of everything that leaves it for a trace of the child.

Mail and invites, file names, addresses, headers, cookies, error pages, every line of the log and of standard error:
none may hold the name, the initials, the date of birth, the school, or a word of what was written about the child.
"""

import logging
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, flash
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.app import Service
from meetings_app.child_record import changes
from meetings_app.children.models import Child
from meetings_app.config import Settings
from meetings_app.meetings.closing import close_meeting
from meetings_app.minutes.issuing import issue
from meetings_app.notices.sending import send_waiting
from meetings_app.schedule import invites
from meetings_app.web import pages
from tests.demo.walking import NOT_FOLLOWED, links_of
from tests.notices.mail_servers import Mailroom, smtp_server
from tests.support.browsing import browser
from tests.support.canaries import BORN, NAME, SCHOOL, WORDS, Leaving, leaks, of_answer, of_error_page, of_mail
from tests.support.children import put_on_list
from tests.support.imports import Commands, list_row, the_list
from tests.support.plans import TYPED
from tests.support.real_server import errors_of
from tests.support.remembered import MEMORY
from tests.support.rmm import OFFICE, Rmm, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW

MOST_PAGES = 45
"""How many pages of each person are searched; every view that links to another is among them."""


class Outside:
    """Collects what leaves: answers as they are given, and every line of the log."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.left: list[Leaving] = []

    def open(self, client: FlaskClient, address: str, status: int = 200) -> str:
        answer = client.get(address)
        assert answer.status_code == status, (address, answer.status_code)
        self.left += of_answer(self.app, answer)
        if status >= 400:
            self.left += of_error_page(answer)
        return answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""

    def send(self, client: FlaskClient, address: str, page: str, **values: str) -> str:
        form = form_to(self.open(client, page), address)
        answer = client.post(address, data=form.with_values(**values))
        assert answer.status_code == 302, (address, answer.status_code, errors_of(answer.get_data(as_text=True)))
        self.left += of_answer(self.app, answer)
        return str(answer.location)

    def walk(self, client: FlaskClient) -> int:
        waiting, seen = deque(["/"]), {"/"}
        opened = 0
        while waiting and opened < MOST_PAGES:
            address = waiting.popleft()
            opened += 1
            for link in links_of(self.open(client, address), address):
                if link not in seen and not link.startswith(NOT_FOLLOWED):
                    seen.add(link)
                    waiting.append(link)
        return opened


class Lines(logging.Handler):
    """Keeps every line that any logger of the process writes, with what an exception would add to it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[Leaving] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(Leaving(f"log {record.name}", self.format(record)))


@pytest.fixture
def log() -> Iterator[Lines]:
    lines, ours = Lines(), logging.getLogger("meetings")
    before = ours.level
    logging.getLogger().addHandler(lines)
    ours.setLevel(logging.INFO)
    yield lines
    logging.getLogger().removeHandler(lines)
    ours.setLevel(before)


@pytest.fixture
def outside(app: Flask) -> Outside:
    return Outside(app)


def prepared(session: Session) -> tuple[Rmm, str]:
    """Put the child on the list of the North East, so that the next meeting hears of it; commits."""
    day = rmm(session)
    entry = put_on_list(session, review_on=date(2026, 11, 25), name=NAME, born=BORN, school_name=SCHOOL)
    reference = session.get_one(Child, entry.child_id).reference
    session.commit()
    return day, reference


def refer(outside: Outside, police: FlaskClient) -> str:
    """Refer the child through the three pages; gives where the referral is."""
    page = outside.open(police, "/referrals/new")
    typed = {"name": NAME, "born": BORN.isoformat(), "reason": f"{WORDS} of the referral", "area": "NE"}
    typed |= {"school_name": SCHOOL}
    for _step in range(5):
        form = form_to(page, "/referrals/new")
        said = {key: value for key, value in typed.items() if key in form.values}
        said |= {"child": "new"} if 'type="radio"' in page and 'value="new"' in page else {}
        said |= {"step": "send"} if 'value="send"' in page else {}
        answer = police.post("/referrals/new", data=form.with_values(**said))
        outside.left += of_answer(outside.app, answer)
        if answer.status_code == 302:
            return str(answer.location).removesuffix("/sent")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200, page
    raise AssertionError("the referral was never sent")


def whole_life(outside: Outside, session: Session, day: Rmm, child: str) -> None:
    """Refer, triage, write, publish, hold, close, sign, do: through the pages wherever a person does it there."""
    people = {name: browser(outside.app, name) for name in ("coordinator", "chair-cs", "chair-fs", "police")}
    coordinator, chair, police = people["coordinator"], people["chair-cs"], people["police"]
    referral = refer(outside, police)
    outside.send(coordinator, f"{referral}/decision", referral, outcome="returned", reason=f"{WORDS} is missing")
    outside.send(police, f"{referral}/answer", referral, text=f"{WORDS} of the answer")
    record, at = f"/children/{child}", f"/meetings/{day.meeting.reference}"
    outside.send(coordinator, f"{record}/note", f"{record}/note", text=f"{WORDS} of the note")
    outside.send(coordinator, f"{record}/details", f"{record}/details", legal_status=f"{WORDS} order")
    texts = ("aim1", "aim1_actions", "contingency", "child_view", "parents_view", "police_intelligence")
    plan = {**TYPED, **{name: f"{WORDS} {name}" for name in texts}}
    outside.send(coordinator, f"{record}/plan/write", f"{record}/plan/write", **plan)
    outside.send(
        coordinator, f"{record}/change", f"{record}/change", kind="missing_episode", happened_on="20/11/2026",
        text=f"{WORDS} of the change",
    )  # fmt: skip
    session.rollback()
    day.open()
    session.commit()
    number = day.item(session.query(Child).filter_by(reference=child).one()).number
    session.rollback()
    item = f"{at}/items/{number}"
    said = {"answer": "relevant", "facts": f"{WORDS} of the police", "opinion": f"{WORDS} thought", "source": WORDS}
    update = {"attendance-attending": "apologies", "attendance-update_text": f"{WORDS} of the update"}
    sent = {f"{child}-{name}": text for name, text in said.items()}
    outside.send(police, f"{at}/before", f"{at}/before", do="send", **sent, **update)
    outside.send(
        chair, f"{item}/actions", item, what=f"{WORDS} of the action", owner=str(day.world.police.key),
        due_on="1/12/2026",
    )  # fmt: skip
    outside.send(
        chair, item, item, outcome="rated", rating="high", exploitation_status="suspected",
        rationale=f"{WORDS} of the rationale", discussion=f"{WORDS} of the discussion",
    )  # fmt: skip
    day.operator()
    session.refresh(day.meeting)
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, f"{WORDS} of the check")
    session.commit()
    for signer in (chair, people["chair-fs"]):
        outside.send(signer, f"{at}/minutes/sign", f"{at}/minutes", despite=f"{WORDS} of the signature")
    action = next(link for link in links_of(outside.open(police, "/actions"), "/actions") if "/actions/A-" in link)
    outside.send(police, action, action, kind="done", text=f"{WORDS} was done")
    for client in people.values():
        assert outside.walk(client) > 10
    for address in (
        f"{at}/agenda.docx",
        f"{at}/minutes.docx",
        f"{at}/pack.docx",
        f"{record}/plan/1/word",
        f"{record}/plan/1/school-copy",
        "/list/export.xlsx",
        "/list/export.docx",
    ):
        outside.open(coordinator, address)


def provoke_errors(outside: Outside, child: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go wrong in every way, each time with the child in hand."""
    coordinator, stranger = browser(outside.app, "coordinator"), browser(outside.app, "coordinator-nw")
    for address in (f"/children/{child}", f"/children/{NAME}", f"/meetings/{NAME}/agenda"):
        outside.left += of_error_page(stranger.get(address))
    outside.left += of_error_page(coordinator.post(f"/children/{child}/note", data={"text": f"{WORDS} {NAME}"}))
    note = f"/children/{child}/note"
    form = form_to(coordinator.get(note).get_data(as_text=True), note)
    failures = (
        RuntimeError(f"{NAME} {WORDS}"),
        IntegrityError("INSERT INTO child", {"name": NAME}, ValueError(f"DETAIL: Key (name)=({NAME}) {WORDS}")),
    )
    for failure in failures:

        def fail(*_values: Any, failing: Exception = failure) -> None:
            raise failing

        with monkeypatch.context() as changed:
            changed.setattr(changes, "add_note", fail)
            answer = coordinator.post(note, data=form.with_values(text=f"{WORDS} of a note"))
        assert answer.status_code == 500
        outside.left += of_error_page(answer)
        outside.left += of_answer(outside.app, answer)


def mail_of(app: Flask) -> list[Leaving]:
    """Send everything that waits to a real server, and give what arrived."""
    service: Service = app.extensions["meetings"]
    room = Mailroom()
    with smtp_server(room) as server:
        there = replace(service.settings, smtp_url=f"smtp://127.0.0.1:{server.port}?timeout=5")
        sent = send_waiting(service.sessions, there, NOW)
    assert sent.sent == len(room.accepted) > 20
    return [one for _, _, content in room.accepted for one in of_mail(content)]


def test_nothing_of_a_child_leaves_in_a_whole_life(
    outside: Outside, session: Session, log: Lines, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    day, child = prepared(session)
    whole_life(outside, session, day, child)
    session.close()
    provoke_errors(outside, child, monkeypatch)
    outside.left += mail_of(outside.app)
    outside.left += log.lines
    said = capfd.readouterr()
    outside.left += [Leaving("standard error", said.err), Leaving("standard output", said.out)]
    assert any(line.place.startswith("log") and "unexpected" in line.text for line in log.lines)
    assert len(outside.left) > 2000
    assert sorted(set(leaks(outside.left))) == []


def test_nothing_of_a_child_stands_in_what_a_command_says_went_wrong(
    settings: Settings, database: str, engines: dict[str, sa.Engine], sessions: sessionmaker[Session],
    capsys: pytest.CaptureFixture[str], session: Session, tmp_path: Path,
) -> None:  # fmt: skip
    prepared(session)
    session.close()
    commands = Commands(settings, engines[database], sessions, capsys)
    wrong = tmp_path / "wrong.xlsx"
    born = BORN.strftime("%d/%m/%Y")
    wrong.write_bytes(the_list(list_row(NAME, born, rating="sideways"), list_row(NAME, born, area="Nowhere")))
    refused = [
        commands.run("import", "list", str(wrong)), commands.run("import", "referrals", str(wrong)),
        commands.run("referrals", "accept", "R-NONE2"), commands.run("agenda", "RMM-NONE"),
        commands.run("minutes", "RMM-NONE", "--word", str(tmp_path / "minutes.docx")),
    ]  # fmt: skip
    assert [said.code for said in refused] == [1] * len(refused)
    assert leaks([Leaving("standard error", said.err) for said in refused]) == []


def test_a_child_planted_in_an_invite_is_found(
    outside: Outside, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invites, "title_of", lambda *_values: f"Meeting about {NAME}")
    session.info[MEMORY] = None  # What is planted is made anew, and not remembered.
    prepared(session)
    session.close()
    found = leaks(mail_of(outside.app))
    assert {"mail text/calendar: name", "mail text/plain: name"} <= set(found)
    assert any(one.startswith("mail header Subject") for one in found) or "mail text/html: name" in found


def test_a_child_planted_in_the_log_or_a_message_is_found(
    outside: Outside, session: Session, log: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    _day, child = prepared(session)
    session.close()

    def tell(*_values: Any) -> None:
        pages.log.warning("a note about %s", NAME)
        flash(f"{NAME} has a note.")

    monkeypatch.setattr(changes, "add_note", tell)
    note = f"/children/{child}/note"
    outside.send(browser(outside.app, "coordinator"), note, note, text="Anything")
    found = leaks([*outside.left, *log.lines])
    assert "log meetings: name" in found
    assert f"{note} cookie: name" in found


def mail(**parts: str) -> bytes:
    made = EmailMessage()
    made["Subject"] = parts.get("subject", "Plain")
    made.set_content(parts.get("body", "Plain"), cte="base64")
    if "file" in parts:
        made.add_attachment(b"x", maintype="text", subtype="plain", filename=parts["file"])
    return made.as_bytes()


PLANTED = {
    "in a subject": (of_mail(mail(subject=f"About {NAME} ü")), "mail header Subject: name"),
    "in a body": (of_mail(mail(body=f"Q.Z. was born on 14 February 2011\n{SCHOOL}")), "mail text/plain: school"),
    "as a date": (of_mail(mail(body="born 14/2/2011")), "mail text/plain: date of birth"),
    "as initials": (of_mail(mail(body="about QZ today")), "mail text/plain: initials"),
    "as a file": (of_mail(mail(file=f"{NAME}.ics")), "mail file name: name"),
    "in an address": ([Leaving("href", "/children?q=%51vintella")], "href: name"),
    "in a folded line": ([Leaving("ics", "SUMMARY:Qvin\r\n tella")], "ics: name"),
    "in a file name": ([Leaving("header", "attachment; filename*=UTF-8''Zzyx%77histle.docx")], "header: name"),
    "in a log": ([Leaving("log", f"the reason was {WORDS}")], "log: free text"),
}


@pytest.mark.parametrize("where", PLANTED)
def test_the_search_finds_what_is_planted(where: str) -> None:
    leaving, expected = PLANTED[where]
    assert expected in leaks(list(leaving))


def test_the_search_decodes_what_it_searches() -> None:
    assert SCHOOL.encode() not in mail(body=SCHOOL), "the planted body is not readable as it stands"
