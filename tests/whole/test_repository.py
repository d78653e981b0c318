"""What holds for the repository as a whole: where its parts come from, and how large they may grow."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
LONGEST_FILE = 300
LONGEST_TEST_FILE = 350
LONGEST_FUNCTION = 40

# Written in parts, or this file would be found too.
REGISTRY = re.compile(
    "|".join(
        (
            "pypi" + r"\.org",
            "files\\.python" + "hosted",
            "registry\\." + "npmjs",
            "registry\\." + "yarnpkg",
            "--(extra-)?index" + "-url(?![a-z])[ =]+[a-z]",
            "--find" + "-links",
        )
    )
)
HOME_OR_WORK_FOLDER = re.compile(
    r"(?<![\w.{}<*~-])/(?:" + "|".join(("ho" + "me", "ro" + "ot", "Us" + "ers", "wo" + "rk")) + r")/[\w.]"
)


def tracked() -> list[Path]:
    """Every file git tracks that is still there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def lines_of_text() -> Iterator[tuple[str, int, str]]:
    """Every line of every tracked text file, with its file and number."""
    for path in tracked():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
            yield str(path.relative_to(ROOT)), number, line


def found(pattern: re.Pattern[str]) -> list[str]:
    return [f"{name}:{number}" for name, number, line in lines_of_text() if pattern.search(line)]


def requirements(path: Path) -> list[str]:
    """The requirements of a compiled file, each joined with the lines that continue it."""
    joined = path.read_text().replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def test_no_file_names_a_package_registry() -> None:
    assert found(REGISTRY) == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert found(HOME_OR_WORK_FOLDER) == []


@pytest.mark.parametrize(
    "line",
    ["see /ho" + "me/someone/x", "open('/ro" + "ot/.config')", "/wo" + "rk/main", "file:///Us" + "ers/me"],
)
def test_a_folder_of_one_machine_would_be_found(line: str) -> None:
    assert HOME_OR_WORK_FOLDER.search(line)


@pytest.mark.parametrize("line", ["the /home page", "meetings_app/home/routes.py", "url_for('/work')"])
def test_a_web_path_is_not_taken_for_a_folder(line: str) -> None:
    assert not HOME_OR_WORK_FOLDER.search(line)


def test_no_python_file_is_longer_than_is_read_in_one_go() -> None:
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked()
        if path.suffix == ".py" and "versions" not in path.parts
        if (lines := len(path.read_text("utf-8").splitlines()))
        > (LONGEST_TEST_FILE if "tests" in path.relative_to(ROOT).parts else LONGEST_FILE)
    }
    assert too_long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    too_long = {}
    for path in tracked():
        if path.suffix != ".py" or "meetings_app" not in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    too_long[f"{path.relative_to(ROOT)}:{node.name}"] = lines
    assert too_long == {}


def test_every_list_of_requirements_is_compiled() -> None:
    sources = {path.stem for path in (ROOT / "requirements").glob("*.in")}
    assert {path.stem for path in REQUIREMENTS} == sources
    assert sources >= {"build", "development", "lock", "runtime"}


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.stem)
def test_every_requirement_is_pinned_with_a_hash(path: Path) -> None:
    loose = [
        line.split()[0]
        for line in requirements(path)
        if not re.match(r"[\w.\[\],-]+==\S+\s.*--hash=sha256:[0-9a-f]{64}", line)
    ]
    assert loose == []


def test_the_tests_run_on_the_versions_that_are_shipped() -> None:
    runtime = {line.split()[0] for line in requirements(ROOT / "requirements/runtime.txt")}
    development = {line.split()[0] for line in requirements(ROOT / "requirements/development.txt")}
    assert runtime - development == set()


def test_what_the_product_declares_is_what_is_pinned() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    wanted = {re.split(r"[\[<>=]", name)[0] for name in declared}
    asked = {
        re.split(r"[\[<>=]", name)[0] for name in (ROOT / "requirements/runtime.in").read_text().splitlines() if name
    }
    assert wanted == asked


def test_cleaning_leaves_the_data_and_the_environment_alone(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    kept = ["instance/demo.db", "instance/__pycache__/a", ".venv/__pycache__/a", "meetings_app/text.py"]
    built = ["meetings_app/__pycache__/text.pyc", "dist/meetings.whl", ".ruff_cache/a", "static/vendor/a.css"]
    for name in kept + built:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    subprocess.run(["make", "clean"], cwd=tmp_path, capture_output=True, check=True)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"Makefile", *kept}


def test_make_alone_lists_every_target() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    assert {line.split()[1] for line in listed.splitlines()} == set(phony.group(1).split())
