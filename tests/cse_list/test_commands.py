"""`meetings list` and `meetings check`, as another program calls them."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.app import Service
from meetings_app.audit.models import AuditEvent
from meetings_app.cli import RunningProgram, meetings
from meetings_app.config import Settings
from meetings_app.errors import DomainError
from meetings_app.partnership import load
from meetings_app.ratings.models import RiskRating
from meetings_app.resources import folder
from tests.support.children import add_meeting, child_of, put_on_list

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, sessions: sessionmaker[Session], engines: dict[str, sa.Engine], database: str) -> Run:
    return run_by(settings, sessions, engines[database])


def run_by(settings: Settings, sessions: sessionmaker[Session], engine: sa.Engine) -> Run:
    """Give the commands as an installation with these settings runs them."""
    program = RunningProgram(settings)
    program.__dict__["service"] = Service(settings, load(folder("agendas")), engine, sessions)
    program.__dict__["sessions"] = sessions

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(meetings, list(arguments), obj=program)

    return invoke


@pytest.fixture
def listed(session: Session) -> str:
    add_meeting(session, date(2026, 11, 26))
    entry = put_on_list(session, name="Łucja 测试 🙂", review_on=date(2026, 11, 20), lead="police")
    put_on_list(session, area="NW", rating=RiskRating.LOW, lead=None)
    reference = child_of(session, entry).reference
    session.commit()
    return reference


def test_the_list_as_json_holds_what_the_contract_names(run: Run, listed: str) -> None:
    answer = run("list", "--area", "NE", "--json")
    assert answer.exit_code == 0, answer.output
    (entry,) = json.loads(answer.stdout)["entries"]
    meeting = entry.pop("next_meeting")
    assert meeting.startswith("RMM-NE-2026-W48")
    assert entry == {
        "child": listed, "name": "Łucja 测试 🙂", "date_of_birth": "2011-01-05", "area": "NE", "rating": "high",
        "provisional": False, "listed_on": "2026-11-02", "lead_agency": "police", "next_review": "2026-11-20",
        "overdue_days": 3,
    }  # fmt: skip


def test_the_whole_county_comes_without_an_area_and_a_missing_agency_is_null(run: Run, listed: str) -> None:
    entries = json.loads(run("list", "--json").stdout)["entries"]
    assert [(entry["area"], entry["lead_agency"], entry["next_meeting"] is None) for entry in entries] == [
        ("NE", "police", False),
        ("NW", None, True),
    ]


def test_files_are_written_and_hold_the_same_children(run: Run, listed: str, tmp_path: Path) -> None:
    excel, word = tmp_path / "list.xlsx", tmp_path / "list.docx"
    assert run("list", "--area", "NE", "--excel", str(excel), "--word", str(word)).exit_code == 0
    sheet = load_workbook(io.BytesIO(excel.read_bytes())).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [listed]
    document = Document(str(word))
    text = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert listed in text
    assert "Łucja 测试 🙂" in text


def test_an_unknown_area_is_refused(run: Run, listed: str) -> None:
    answer = run("list", "--area", "XX")
    assert isinstance(answer.exception, DomainError)
    assert "no area with the code XX" in answer.exception.message


def test_every_run_is_on_record(run: Run, session: Session, listed: str) -> None:
    run("list")
    run("check")
    rows = session.execute(
        select(col(AuditEvent.kind), col(AuditEvent.facts)).order_by(col(AuditEvent.id).desc()).limit(2)
    )
    assert [(row.kind, row.facts["command"]) for row in rows] == [("command_run", "check"), ("command_run", "list")]


def test_check_names_the_child_without_a_meeting_and_ends_with_1(run: Run, session: Session, listed: str) -> None:
    answer = run("check", "--json")
    assert answer.exit_code == 1
    (breach,) = json.loads(answer.stdout)["breaches"]
    assert breach["code"] == "next_meeting"
    assert breach["reference"] in run("check").stderr


def test_check_says_which_files_a_partnership_leaves_to_the_shipped_ones(
    settings: Settings, sessions: sessionmaker[Session], engines: dict[str, sa.Engine], database: str, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    copytree(folder("agendas"), own)
    run = run_by(replace(settings, agendas=own), sessions, engines[database])
    assert "the one that comes with the service" not in run("check").stderr
    (own / "word" / "pack.docx").unlink()
    answer = run("check")
    said = "this partnership has none, so the one that comes with the service holds."
    assert (answer.exit_code, answer.stderr.splitlines()) == (0, [f"agendas/word/pack.docx: {said}"])
    assert json.loads(run("check", "--json").stdout) == {"breaches": []}
    (own / "language.toml").unlink()
    assert f"agendas/language.toml: {said}" in run("check").stderr


def test_check_ends_with_0_where_every_promise_holds(run: Run, session: Session) -> None:
    add_meeting(session, date(2026, 11, 26))
    put_on_list(session)
    session.commit()
    answer = run("check", "--json")
    assert (answer.exit_code, json.loads(answer.stdout)) == (0, {"breaches": []})
