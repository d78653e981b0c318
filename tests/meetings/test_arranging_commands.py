"""`meetings schedule` and `meetings invites`, as a council's scripts call them."""

import json
from email import message_from_bytes
from pathlib import Path

import pytest
import vobject

from meetings_app.app import make_service
from meetings_app.cli import run
from meetings_app.config import load
from meetings_app.db.session import writing
from meetings_app.permissions import OPERATOR
from tests.support.world import NOW, tiny_world


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a prepared database and the people of one area."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "MEETINGS_ENV": "test", "MEETINGS_INSTANCE": str(tmp_path), "MEETINGS_NOW": NOW.isoformat(),
        "MEETINGS_DATABASE_URL": f"sqlite:///{tmp_path / 'meetings.db'}",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    assert run(["init"]) == 0
    service = make_service(load())
    with writing(service.sessions, OPERATOR) as session:
        tiny_world(session)
    service.engine.dispose()
    return tmp_path


CHRISTMAS = ["rmm", "--from", "2026-12-21", "--count", "3", "--json"]


def test_preview_marks_the_bank_holidays(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["schedule", "preview", *CHRISTMAS, "--area", "NE"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "meetings": [
            {"date": "2026-12-21", "planned": "2026-12-21", "moved_because": None},
            {"date": "2026-12-29", "planned": "2026-12-28", "moved_because": "Boxing Day (substitute day)"},
            {"date": "2027-01-04", "planned": "2027-01-04", "moved_because": None},
        ]
    }


def test_create_makes_what_the_preview_showed_and_only_once(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["schedule", "create", *CHRISTMAS, "--area", "NE", "--time", "09:30", "--minutes", "90"]) == 0
    made = json.loads(capsys.readouterr().out)["meetings"]
    assert [meeting["ref"] for meeting in made] == ["RMM-NE-2026-W52", "RMM-NE-2026-W53", "RMM-NE-2027-W01"]
    assert run(["schedule", "create", *CHRISTMAS, "--area", "NE"]) == 1
    again = capsys.readouterr()
    assert (again.out, again.err) == ("", "There is a meeting on 21 December 2026 already: RMM-NE-2026-W52\n")
    assert run(["schedule", "create", "rmm", "--from", "2026-12-22", "--count", "1", "--json", "--area", "NE"]) == 0
    beside = capsys.readouterr()
    assert json.loads(beside.out)["meetings"][0]["ref"] == "RMM-NE-2026-W52-2"
    said = "NE already has a series on Mondays, from 21 December 2026 (RMM-NE-2026-W52); its 3 meetings stay.\n"
    assert beside.err == said


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["rmm", "--from", "2026-12-01"], 1, "Name it with --area"),
        (["rmm", "--from", "2026-12-01", "--area", "ZZ"], 1, "There is no area with the code ZZ."),
        (["network", "--from", "2026-12-01", "--area", "NE"], 1, "A network meeting has no area"),
        (["rmm", "--from", "2026-11-01", "--area", "NE"], 1, "today or in the future"),
        (["rmm", "--from", "31/12/2026", "--area", "NE"], 2, "31/12/2026"),
        (["rmm", "--from", "2026-12-01", "--area", "NE", "--time", "25:00"], 2, "25:00"),
        (["rmm", "--from", "2026-12-01", "--area", "NE", "--count", "0"], 2, "0"),
        (["strategy", "--from", "2026-12-01"], 2, "strategy"),
    ],
)
def test_what_cannot_be_made_is_refused(
    machine: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    assert run(["schedule", "create", *arguments]) == code
    assert message in capsys.readouterr().err


def test_invites_are_one_mail_each_and_the_calendar_beside_it(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["schedule", "create", "rmm", "--from", "2026-11-24", "--area", "NE", "--count", "1"])
    out = machine / "invites"
    assert run(["invites", "RMM-NE-2026-W48", "--out", str(out)]) == 0
    mails = sorted(out.glob("*.eml"))
    assert len(mails) == 6
    for file in mails:
        mail = message_from_bytes(file.read_bytes())
        part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
        assert part.get_payload(decode=True) == file.with_suffix(".ics").read_bytes()
        event = vobject.readOne(file.with_suffix(".ics").read_bytes().decode()).vevent
        assert len(event.contents["attendee"]) == 1
        assert f"{event.dtstart.value:%Y-%m-%d %H:%M}" == "2026-11-24 10:00"
        assert "Testy" not in file.name
        assert "police" not in file.name


def test_an_unknown_meeting_is_one_line(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["invites", "RMM-NE-2031-W01", "--out", str(machine / "none")]) == 1
    assert capsys.readouterr().err.endswith("There is no meeting RMM-NE-2031-W01.\n")
    assert not (machine / "none").exists()
