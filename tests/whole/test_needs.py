"""What `make test` says of a machine that lacks something: what it is, and the command that installs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import needs

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "needs.py"
NOBODY_ANSWERS = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
ALL_FONTS = "DejaVu Sans\nLiberation Sans\nNoto Sans Arabic\nNoto Sans CJK JP\nNoto Color Emoji\n"


def on_an_empty_path(what: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/nowhere", "MEETINGS_TEST_POSTGRESQL_URL": NOBODY_ANSWERS}
    command = [sys.executable, str(SCRIPT), what]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_a_machine_with_nothing_on_it_is_told_everything_it_lacks_at_once() -> None:
    told = on_an_empty_path("tests")
    assert told.returncode == 1
    assert told.stdout == ""
    for what in ("Chromium", "LibreOffice Writer", "pdftotext", "PostgreSQL", "Noto Color Emoji"):
        assert f"Missing: {what}" in told.stderr or f"Missing: the font {what}" in told.stderr
    for package in (
        "chromium-headless-shell",
        "libreoffice-writer-nogui",
        "poppler-utils",
        "postgresql",
        "fonts-noto-cjk",
    ):
        assert f"sudo apt install {package}" in told.stderr


def test_the_demonstration_needs_python_alone() -> None:
    told = on_an_empty_path("python")
    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.parametrize(
    ("version", "enough"),
    [((3, 9, 18), False), ((3, 10, 99), False), ((3, 11, 0), True), ((3, 13, 1), True), ((4, 0, 0), True)],
)
def test_python_3_11_is_the_oldest_that_will_do(version: tuple[int, int, int], enough: bool) -> None:
    assert (needs.lacking_python(version) == []) is enough


def test_an_old_python_is_named_with_what_to_do() -> None:
    [lack] = needs.lacking_python((3, 9, 18))
    assert "this one is 3.9.18" in lack.what
    assert "python3.11" in lack.install


def test_a_font_is_there_under_any_name_of_its_family() -> None:
    assert needs.lacking_fonts(ALL_FONTS) == []


@pytest.mark.parametrize(("font", "package"), needs.FONTS)
def test_each_missing_font_is_named_with_its_package(font: str, package: str) -> None:
    installed = "\n".join(family for family in ALL_FONTS.splitlines() if not family.startswith(font))
    [lack] = needs.lacking_fonts(installed)
    assert font in lack.what
    assert lack.install == f"sudo apt install {package}"


def test_the_server_named_in_the_environment_is_the_one_asked() -> None:
    named = {"MEETINGS_TEST_POSTGRESQL_URL": "postgresql+psycopg://someone@127.0.0.1/theirs"}
    assert needs.postgresql_addresses(named) == ("postgresql://someone@127.0.0.1/theirs",)
    assert needs.postgresql_addresses({}) == (needs.DEFAULT_POSTGRESQL,)
