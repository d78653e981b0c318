"""A partnership’s own Word template that leaves out words of the record is named, with the placeholder it lacks."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
import sqlalchemy as sa
from docx import Document
from docx.oxml.ns import qn
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.config import Settings
from meetings_app.documents.left_out import OF_THE_RECORD, left_out
from meetings_app.resources import folder
from meetings_app.running import _check_files
from tests.cse_list.test_commands import run_by
from tests.documents.reading import TEMPLATES

SHIPPED = TEMPLATES / "minutes.docx"


def without(template: Path, *placeholders: str, into: Path) -> Path:
    """Save a template without every paragraph that prints one of these, as somebody might who shortens it in Word."""
    document = Document(str(template))
    for paragraph in list(document.element.body.iter(qn("w:p"))):
        text = "".join(piece.text or "" for piece in paragraph.iter(qn("w:t")))
        if any(re.search(rf"\{{\{{ ?{re.escape(name)}\b", text) for name in placeholders):
            paragraph.getparent().remove(paragraph)
    document.save(str(into))
    return into


@pytest.mark.parametrize("kind", OF_THE_RECORD)
def test_the_shipped_templates_leave_out_nothing_and_one_that_is_only_saved_again_neither(
    kind: str, tmp_path: Path
) -> None:
    own = without(TEMPLATES / f"{kind}.docx", into=tmp_path / "own.docx")
    assert left_out(own, TEMPLATES / f"{kind}.docx", kind) == ""


@pytest.mark.parametrize(
    ("kind", "placeholders", "named"),
    [
        ("minutes", ("child.beside",), "children.beside is not printed"),
        ("minutes", ("child.beside", "child.rationale"), "children.beside, children.rationale are not printed"),
        ("pack", ("quorum",), "quorum is not printed"),
    ],
)
def test_what_a_template_of_ones_own_leaves_out_is_named_in_one_line(
    kind: str, placeholders: tuple[str, ...], named: str, tmp_path: Path
) -> None:
    shipped = TEMPLATES / f"{kind}.docx"
    own = without(shipped, *placeholders, into=tmp_path / f"{kind}.docx")
    said = left_out(own, shipped, kind)
    assert said.startswith(f"{own}: {named}, so what stands there is missing in every copy.")
    assert "\n" not in said


def test_words_in_capitals_or_in_another_place_are_printed_all_the_same(tmp_path: Path) -> None:
    own = tmp_path / "minutes.docx"
    without(SHIPPED, "child.rationale", into=own)
    document = Document(str(own))
    document.add_paragraph("{% for child in children %}{{ child.rationale|upper }}{% endfor %}")
    document.save(str(own))
    assert left_out(own, SHIPPED, "minutes") == ""


def test_meetings_check_names_it_and_so_does_the_service_when_it_starts(
    settings: Settings, sessions: sessionmaker[Session], engines: dict[str, sa.Engine], database: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], assets: Callable[[], None],
) -> None:  # fmt: skip
    own = tmp_path / "own"
    copytree(folder("agendas"), own)
    run = run_by(replace(settings, agendas=own), sessions, engines[database])
    assert "not printed" not in run("check").stderr
    template = without(SHIPPED, "child.beside", into=own / "word" / "minutes.docx")
    said = (
        f"{template}: children.beside is not printed, so what stands there is missing in every copy. "
        "The template that comes with the service shows how to print it."
    )
    answer = run("check")
    assert (answer.exit_code, answer.stderr.splitlines()) == (0, [said])
    assets()
    capsys.readouterr()
    _check_files(own)
    assert capsys.readouterr().err.splitlines() == [said]
    template.write_bytes(b"no document")
    assert "is not a Word document" in run("check").stderr


@pytest.fixture
def assets(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the front-end files count as there: they are made by a step of their own, and no part of this."""
    return lambda: monkeypatch.setattr("meetings_app.web.assets.missing_assets_message", lambda _static: "")
