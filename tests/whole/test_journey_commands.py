"""The weekly job by commands alone, as the README tells it and as another program would do it, on both databases."""

import csv
import email
import email.policy
import io
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import vobject

from tests.conftest import make_postgresql_database
from tests.support.databases import drop_postgresql_databases
from tests.support.documents import words_of
from tests.support.held import hold_the_meeting
from tests.support.journey import AREAS, MEETING, ROOT, TODAY, Installation, address, due_rows, invite, rows_of
from tests.support.messy import MISTAKES, ROWS, SPELLED_TWO_WAYS, mended_list_xlsx, messy_list_xlsx, referrals_xlsx

CHILD = re.compile(r"C-[0-9A-Z]{5}")
MEMBERS = ("coordinator", "chair-cs", "chair-fs", "police", "health")
FOLLOWING = date(2026, 12, 8)
ENTRY = {
    "child": str, "name": str, "date_of_birth": str, "area": str, "rating": str, "provisional": bool,
    "listed_on": str, "lead_agency": str, "next_review": str, "next_meeting": str, "overdue_days": int,
}  # fmt: skip


@pytest.fixture
def place(database: str, tmp_path: Path, worker: str) -> Iterator[Installation]:
    """An installation on an empty database of its own."""
    name = f"meetings_journey_{worker}"
    url = f"sqlite:///{tmp_path / 'meetings.db'}" if database == "sqlite" else make_postgresql_database(name)
    yield Installation(tmp_path, url)
    if database == "postgresql":
        drop_postgresql_databases(name, f"{name}_before_restore")


def test_the_commands_of_the_readme_run_as_they_stand_there(tmp_path: Path) -> None:
    place = Installation(tmp_path, f"sqlite:///{tmp_path / 'meetings.db'}")
    as_typed = replace(place, forks=False)
    (tmp_path / "county.xlsx").write_bytes(mended_list_xlsx(TODAY))
    (tmp_path / "week.csv").write_text(as_csv(referrals_xlsx(TODAY)), encoding="utf-8")
    (tmp_path / "answers.json").write_text(answers_of_the_agendas_readme(), encoding="utf-8")
    waiting: list[str] = []
    # A shell starts each command once; the same with other options is forked, for a start takes seconds.
    started: set[str] = set()
    for line in commands_of_the_readme():
        if line[0] == "minutes":
            for person in MEMBERS:
                invite(place, person)
            hold_the_meeting(place)
        if line[:2] == ["referrals", "accept"]:
            listed = json.loads(place.run("referrals", "list", "--area", "NE", "--json").stdout)
            waiting = [each["referral"] for each in listed["referrals"]]
            line[2:] = waiting[: len(line) - 2]
        done = (place if line[0] in started else as_typed).run(*line)
        started.add(line[0])
        assert done.stdout or "--word" in line or "--excel" in line
    assert len(waiting) == 4
    assert words_of((tmp_path / "agenda.docx").read_bytes())
    assert words_of((tmp_path / "minutes.docx").read_bytes())
    assert (tmp_path / "list.xlsx").exists()
    assert list((tmp_path / "invites").glob("*.eml"))


def commands_of_the_readme() -> list[list[str]]:
    """Give the commands that the README lists, word by word."""
    part = (ROOT / "README.md").read_text("utf-8").partition("### The same by command")[2]
    block = part.split("```")[1]
    lines = [shlex.split(line, comments=True) for line in block.strip().splitlines()]
    assert all(line[0] == "meetings" for line in lines)
    return [line[1:] for line in lines]


def answers_of_the_agendas_readme() -> str:
    """Give the answers that agendas/README.md shows for `meetings assess`."""
    return (ROOT / "agendas" / "README.md").read_text("utf-8").split("```json")[1].split("```")[0]


def as_csv(content: bytes) -> str:
    """Give the rows of a spreadsheet as a CSV file, as Excel saves it for a council."""
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content)).active
    text = io.StringIO()
    writer = csv.writer(text)
    for row in sheet.iter_rows(values_only=True):
        writer.writerow([f"{cell:%d/%m/%Y}" if isinstance(cell, datetime) else cell for cell in row])
    return text.getvalue()


def said(place: Installation, *arguments: object, code: int = 0) -> Any:
    """Run a command with --json: one document stands on stdout and nothing else."""
    return json.loads(place.run(*arguments, "--json", code=code).stdout)


def test_from_a_spreadsheet_to_minutes_by_commands(place: Installation) -> None:
    people_come_in(place)
    the_series_are_made(place)
    the_list_comes_in(place)
    references = the_referrals_come_in(place)
    the_agenda_drafts_itself(place, references)
    the_invites_say_nothing_of_a_child(place)
    said_before = place.run("minutes", MEETING, "--word", place.folder / "minutes.docx", code=1)
    assert said_before.stderr == f"{MEETING} has no minutes yet: they are made when the meeting is closed.\n"
    assert not (place.folder / "minutes.docx").exists()
    decided = hold_the_meeting(place)
    the_minutes_hold_every_decision(place, decided)
    the_list_is_as_decided(place, decided)
    every_promise_holds(place)
    a_copy_comes_back(place)


def people_come_in(place: Installation) -> None:
    assert place.run("init").stdout.startswith("The database is ready.")
    for person in MEMBERS:
        assert re.fullmatch(r"http://127\.0\.0\.1:8000/invitation/[\w-]{20,}", invite(place, person))
    again = place.run(
        "users", "add", address("police"), "--name", "Testy", "--role", "representative", "--agency", "police", code=1
    )
    assert again.stderr.count("\n") == 1
    accounts = said(place, "users", "list")["accounts"]
    assert {account["email"] for account in accounts} == {address(person) for person in MEMBERS}


def the_series_are_made(place: Installation) -> None:
    previewed = said(place, "schedule", "preview", "rmm", "--from", "2026-12-01", "--area", "NE", "--count", "6")
    assert [slot["date"] for slot in previewed["meetings"]][:4] == [
        "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22",
    ]  # fmt: skip
    assert previewed["meetings"][0] == {"date": "2026-12-01", "planned": "2026-12-01", "moved_because": None}
    for area in AREAS:
        made = said(place, "schedule", "create", "rmm", "--from", "2026-12-01", "--area", area)["meetings"]
        assert [set(slot) for slot in made] == [{"date", "planned", "moved_because", "ref"}] * len(made)
        assert made[0]["ref"] == f"RMM-{area}-2026-W49"
        assert [slot["date"] for slot in made][:6] == [slot["date"] for slot in previewed["meetings"]]
    place.run("schedule", "create", "rmm", "--from", "2026-12-01", "--area", "XX", code=1)


def the_list_comes_in(place: Installation) -> None:
    messy, mended, marked = (place.folder / name for name in ("messy.xlsx", "mended.xlsx", "to_mend.xlsx"))
    messy.write_bytes(messy_list_xlsx(TODAY))
    mended.write_bytes(mended_list_xlsx(TODAY))
    refused = place.run("import", "list", messy, "--json", "--marked", marked, code=1)
    report = json.loads(refused.stdout)
    assert (report["rows"], report["created"]) == (ROWS, 0)
    assert [(each["row"], each["column"]) for each in report["refused"]] == [(row, name) for row, name, _ in MISTAKES]
    assert report["refused"][0]["value"] == "31/02/2012"
    assert all(set(each) == {"row", "column", "value", "problem"} for each in report["refused"])
    assert len(refused.stderr.splitlines()) == len(MISTAKES)
    assert refused.stderr.startswith("Row 17, date_of_birth (31/02/2012): ")
    assert openpyxl.load_workbook(marked).active is not None
    assert said(place, "list") == {"entries": []}
    tried = said(place, "import", "list", mended, "--dry-run")
    assert (tried["rows"], tried["created"], tried["matched"], tried["refused"]) == (ROWS, ROWS, 0, [])
    assert said(place, "list") == {"entries": []}
    done = said(place, "import", "list", mended)
    assert (done["rows"], done["created"], done["matched"], done["refused"]) == (ROWS, ROWS, 0, [])
    assert done["unknown_headings"] == ["Office notes"]
    pairs = {(pair["row"], pair["other_row"]) for pair in done["possible_duplicates"]}
    assert {tuple(sorted(pair)) for pair in pairs} >= {SPELLED_TWO_WAYS}
    again = said(place, "import", "list", mended)
    assert (again["created"], again["matched"]) == (0, ROWS)
    entries = said(place, "list")["entries"]
    assert len(entries) == ROWS
    for entry in entries:
        assert {name: type(value) for name, value in entry.items()} == ENTRY
    rows = rows_of(mended.read_bytes(), "next review")
    assert sorted((entry["name"], entry["date_of_birth"], entry["next_review"]) for entry in entries) == sorted(
        (row.name, row.born.isoformat(), row.day.isoformat()) for row in rows
    )


def the_referrals_come_in(place: Installation) -> list[str]:
    """Import the week's referrals and accept those of the North East; gives their references."""
    week = place.folder / "week.xlsx"
    week.write_bytes(referrals_xlsx(TODAY))
    done = said(place, "import", "referrals", week)
    assert (done["rows"], done["created"], done["refused"]) == (14, 14, [])
    assert said(place, "import", "referrals", week)["matched"] == 14
    waiting = said(place, "referrals", "list")["referrals"]
    assert len(waiting) == 14
    own = sorted(each["referral"] for each in waiting if each["area"] == "NE")
    assert len(own) == 4
    refused = place.run("referrals", "accept", own[0], "R-NOBODY", code=1)
    assert refused.stderr == "R-NOBODY: there is no such referral\n"
    assert len(said(place, "referrals", "list", "--area", "NE")["referrals"]) == 4
    assert said(place, "referrals", "accept", *own) == {"accepted": own, "refused": []}
    return [each["child"] for each in waiting if each["area"] == "NE"]


def the_agenda_drafts_itself(place: Installation, referred: list[str]) -> None:
    agenda = said(place, "agenda", MEETING)
    assert agenda["meeting"] == {
        "ref": MEETING, "type": "rmm", "area": "NE", "starts_at": "2026-12-01T10:00:00+00:00", "minutes": 120,
        "status": "announced",
    }  # fmt: skip
    assert set(agenda) == {
        "meeting",
        "sections",
        "minutes_needed",
        "minutes_available",
        "not_on_agenda",
        "earlier_minutes",
    }
    items = [item for section in agenda["sections"] for item in section["items"]]
    assert all(
        set(item) >= {"number", "child", "minutes", "rating", "late", "reasons"} and CHILD.fullmatch(item["child"])
        for item in items
    )
    entries = {entry["child"]: entry for entry in said(place, "list", "--area", "NE")["entries"]}
    rows = rows_of((place.folder / "mended.xlsx").read_bytes(), "next review")
    names = sorted(entries[item["child"]]["name"] for item in items if "review_due" in codes(item))
    assert names == sorted(row.name for row in due_rows(rows, "NE", FOLLOWING))
    assert {item["child"] for item in items if "new_referral" in codes(item)} == set(referred)
    assert len({item["child"] for item in items}) == len(items)
    assert agenda["minutes_needed"] == sum(item["minutes"] for item in items) > agenda["minutes_available"] == 120
    absent = {entry["child"] for entry in agenda["not_on_agenda"]}
    assert absent == set(entries) - {item["child"] for item in items}
    word = place.folder / "agenda.docx"
    assert place.run("agenda", MEETING, "--word", word).stdout == ""
    text = words_of(word.read_bytes())
    assert all(item["child"] in text for item in items)


def codes(item: dict[str, Any]) -> set[str]:
    return {reason["code"] for reason in item["reasons"]}


def the_invites_say_nothing_of_a_child(place: Installation) -> None:
    out = place.folder / "invites"
    assert place.run("invites", MEETING, "--out", out).stdout == "5 invites written.\n"
    mails, calendars = sorted(out.glob("*.eml")), sorted(out.glob("*.ics"))
    assert (len(mails), len(calendars)) == (5, 5)
    addressed = set()
    for mail, calendar in zip(mails, calendars, strict=True):
        event = vobject.readOne(calendar.read_bytes().decode()).vevent
        assert event.dtstart.value.isoformat() == "2026-12-01T10:00:00+00:00"
        assert event.dtend.value - event.dtstart.value == timedelta(minutes=120)
        attendees = event.contents["attendee"]
        assert len(attendees) == 1
        message = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
        assert attendees[0].value.lower() == f"mailto:{message['to'].addresses[0].addr_spec}"
        addressed.add(message["to"].addresses[0].addr_spec)
        assert MEETING in message["subject"]
        assert not CHILD.search(mail.read_text())
    assert addressed == {address(person) for person in MEMBERS}


def the_minutes_hold_every_decision(place: Installation, decided: list[dict[str, str]]) -> None:
    word = place.folder / "minutes.docx"
    assert place.run("minutes", MEETING, "--word", word).stdout == ""
    text = words_of(word.read_bytes())
    assert "DRAFT" in text
    for one in decided:
        assert one["child"] in text
        assert " ".join(one["words"].split()) in text
    hidden = place.folder / "anonymised.docx"
    place.run("minutes", MEETING, "--word", hidden, "--audience", "anonymised")
    anonymised = words_of(hidden.read_bytes())
    assert not [one["name"] for one in decided if one["name"] in anonymised]
    refused = place.run("minutes", MEETING, "--word", hidden, "--audience", "everybody", code=1)
    assert refused.stderr.count("\n") == 1


def the_list_is_as_decided(place: Installation, decided: list[dict[str, str]]) -> None:
    entries = {entry["child"]: entry for entry in said(place, "list")["entries"]}
    for one in decided:
        assert entries[one["child"]]["rating"] == one["rating"]
        assert entries[one["child"]]["next_review"] == one["next_review"]
        assert not entries[one["child"]]["provisional"]
    excel, word = place.folder / "list.xlsx", place.folder / "list.docx"
    assert place.run("list", "--area", "NE", "--excel", excel, "--word", word).stdout == ""
    sheet: Any = openpyxl.load_workbook(excel).active
    cells = {str(value) for row in sheet.iter_rows(values_only=True) for value in row}
    assert {child for child, entry in entries.items() if entry["area"] == "NE"} <= cells
    assert decided[0]["child"] in words_of(word.read_bytes())


def every_promise_holds(place: Installation) -> None:
    assert place.run("check").stdout == "Every promise holds.\n"
    assert said(place, "check") == {"breaches": []}
    assert re.fullmatch(
        r"The audit trail is whole: \d+ entries, the last is \d+:[0-9a-f]+\n", place.run("audit", "verify").stdout
    )


def a_copy_comes_back(place: Installation) -> None:
    copy = place.folder / "copy"
    before = said(place, "list")
    place.run("backup", copy)
    place.run("users", "disable", address("health"))
    place.run("restore", copy)
    states = {account["email"]: account["state"] for account in said(place, "users", "list")["accounts"]}
    assert states[address("health")] != "disabled"
    assert said(place, "list") == before
    place.run("audit", "verify")
    place.run("check")
