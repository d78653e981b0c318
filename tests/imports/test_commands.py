"""`meetings import list FILE` and `meetings import referrals FILE`, as other programs hold on to them."""

import json
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.config import Settings
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR
from meetings_app.referrals.models import Referral
from tests.support.imports import Commands, list_row, the_list
from tests.support.messy import MISTAKES, SPELLED_TWO_WAYS, mended_list_xlsx, messy_list_xlsx, referrals_xlsx


@pytest.fixture
def commands(
    settings: Settings,
    database: str,
    engines: dict[str, sa.Engine],
    sessions: sessionmaker[Session],
    capsys: pytest.CaptureFixture[str],
) -> Commands:
    """The program on the test's database."""
    return Commands(settings, engines[database], sessions, capsys)


def file_of(folder: Path, content: bytes, name: str = "file.xlsx") -> str:
    """Write a file and give its path."""
    path = folder / name
    path.write_bytes(content)
    return str(path)


def stored(sessions: sessionmaker[Session], model: type[Child] | type[Referral]) -> int:
    """Count what the database holds."""
    with sessions() as session:
        act_for(session, OPERATOR)
        return len(session.scalars(select(col(model.id))).all())


def test_a_messy_list_is_refused_whole_with_one_clear_line_a_problem(
    commands: Commands, sessions: sessionmaker[Session], tmp_path: Path, now: datetime
) -> None:
    said = commands.run("import", "list", file_of(tmp_path, messy_list_xlsx(now.date())), "--json")
    assert said.code == 1
    report = json.loads(said.out)
    assert (report["rows"], report["created"], report["matched"]) == (120, 0, 0)
    assert {(each["row"], each["column"]) for each in report["refused"]} == {
        (row, column) for row, column, _ in MISTAKES
    }
    assert all(set(each) == {"row", "column", "value", "problem"} for each in report["refused"])
    assert len(said.err.splitlines()) == len(MISTAKES)
    assert "Row 17, date_of_birth (31/02/2012): " in said.err
    assert stored(sessions, Child) == 0


def test_a_mended_list_comes_in_and_the_same_file_again_makes_nothing(
    commands: Commands, sessions: sessionmaker[Session], tmp_path: Path, now: datetime
) -> None:
    path = file_of(tmp_path, mended_list_xlsx(now.date()))
    said = commands.run("import", "list", path, "--json")
    report = json.loads(said.out)
    assert (said.code, report["rows"], report["created"], report["matched"], report["refused"]) == (0, 120, 120, 0, [])
    first, second = SPELLED_TWO_WAYS
    assert {"row": second, "other_row": first} in [
        {"row": pair["row"], "other_row": pair.get("other_row")} for pair in report["possible_duplicates"]
    ]
    again = json.loads(commands.run("import", "list", path, "--json").out)
    assert (again["created"], again["matched"]) == (0, 120)
    assert stored(sessions, Child) == 120


def test_referrals_come_in_by_command(
    commands: Commands, sessions: sessionmaker[Session], tmp_path: Path, now: datetime
) -> None:
    path = file_of(tmp_path, referrals_xlsx(now.date()))
    assert commands.run("import", "referrals", path).code == 0
    report = json.loads(commands.run("import", "referrals", path, "--json").out)
    assert (report["created"], report["matched"]) == (0, 14)
    assert stored(sessions, Referral) == 14


def test_a_dry_run_writes_nothing_and_says_what_it_would_do(
    commands: Commands, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    said = commands.run("import", "list", file_of(tmp_path, the_list(list_row("Testy McExample"))), "--dry-run")
    assert said.code == 0
    assert "1 row: 1 would be brought in" in said.out
    assert stored(sessions, Child) == 0


def test_a_review_later_than_its_rating_allows_is_one_line_and_no_refusal(commands: Commands, tmp_path: Path) -> None:
    file = file_of(tmp_path, the_list(list_row("Testy McLong", next_review="12/01/2027")))
    said = commands.run("import", "list", file, "--dry-run")
    assert said.code == 0
    line = "the review date is later than the longest time for high (42 days)"
    assert f"Row 2, next_review: {line}. The date is kept." in said.out
    report = json.loads(commands.run("import", "list", file, "--json").out)
    assert (report["created"], report["warnings"]) == (1, [{"row": 2, "column": "next_review", "warning": line}])


def test_the_file_to_mend_marks_the_cells(commands: Commands, tmp_path: Path, now: datetime) -> None:
    marked = tmp_path / "to mend.xlsx"
    commands.run("import", "list", file_of(tmp_path, messy_list_xlsx(now.date())), "--marked", str(marked))
    book = load_workbook(marked)
    assert book.worksheets[0].title == "What to mend"
    assert book.worksheets[0].max_row == len(MISTAKES) + 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook", b"%PDF-1.7 not a list", bytes(range(256)) * 9])
def test_a_file_that_cannot_be_read_is_one_clear_line(commands: Commands, tmp_path: Path, content: bytes) -> None:
    said = commands.run("import", "list", file_of(tmp_path, content))
    assert said.code == 1
    assert said.out == ""
    assert len(said.err.strip().splitlines()) >= 1


def test_every_run_is_in_the_trail_without_the_files_name(
    commands: Commands, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    content = the_list(list_row("Testy McExample", rating="none"))
    commands.run("import", "list", file_of(tmp_path, content, "Testy McExample.xlsx"))
    with sessions() as session:
        act_for(session, OPERATOR)
        events = session.execute(select(col(AuditEvent.kind), col(AuditEvent.facts))).all()
    assert ("command_run", {"command": "import list"}) in [tuple(event) for event in events]
    assert "Testy" not in str([tuple(event) for event in events])


def test_the_help_says_what_happens_to_possible_duplicates(commands: Commands) -> None:
    assert "possible_duplicates" in commands.run("import", "list", "--help").out
