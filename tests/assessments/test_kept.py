"""A finished assessment keeps the version it was made with, whatever rules now."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from meetings_app.accounts.reference import apply_defaults
from meetings_app.assessments.queries import find_kept_tool, kept_tool
from meetings_app.errors import NotFound
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder
from tests.support.assessments import SERAF

FILE = "tools/seraf.toml"


@pytest.fixture
def applied(session: Session, tmp_path: Path, now: datetime) -> Session:
    """A database whose partnership has gone on to a second version of SERAF."""
    agendas = tmp_path / "agendas"
    shutil.copytree(folder("agendas"), agendas)
    text = (agendas / FILE).read_text("utf-8")
    text = text.replace('version = "1"', 'version = "2"', 1).replace("from_score = 16", "from_score = 20", 1)
    (agendas / FILE).write_text(text, "utf-8")
    apply_defaults(session, OPERATOR, now, agendas, "Our own bands.")
    return session


def test_each_version_is_given_by_its_file_and_number(applied: Session) -> None:
    assert kept_tool(applied, FILE, 1) == SERAF
    assert kept_tool(applied, FILE, 2).categories[3].from_score == 20


@pytest.mark.parametrize(("version", "number", "from_score"), [("1", 1, 16), ("2", 2, 20)])
def test_each_version_is_found_by_code_and_version(
    applied: Session, version: str, number: int, from_score: int
) -> None:
    kept = find_kept_tool(applied, "seraf", version)
    assert (kept.file, kept.number) == (FILE, number)
    assert kept.definition.categories[3].from_score == from_score


def test_a_version_nobody_kept_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        kept_tool(session, FILE, 2)
    with pytest.raises(NotFound):
        kept_tool(session, "ratings.toml", 1)
    with pytest.raises(NotFound):
        find_kept_tool(session, "seraf", "2")


def test_a_tool_taken_out_of_use_is_still_read_with_its_version(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    agendas = tmp_path / "agendas"
    shutil.copytree(folder("agendas"), agendas)
    (agendas / FILE).unlink()
    apply_defaults(session, OPERATOR, now, agendas, "We use another tool.")
    assert find_kept_tool(session, "seraf", "1").definition == SERAF
    with pytest.raises(NotFound):
        kept_tool(session, FILE, 2)
