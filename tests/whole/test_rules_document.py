"""`docs/rules.md` says what is so: each function it names is there, each default is that of the shipped files."""

import importlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from meetings_app.rules_page.catalogue import SECTIONS
from meetings_app.rules_page.values import RMM

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/rules.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in DOCUMENT.splitlines()
    if line.startswith("| ") and not line.startswith("| Rule")
]
DEFAULT = re.compile(r"`(rmm: |clock: )?([a-z_.]+) = ([^`]+)`")
FUNCTION = re.compile(r"`(meetings_app\.[\w.]+)\.(\w+)`")
SOURCES = {"SUR", "SG", "LR", "KM", "own"}
NO_FIGURE = {"participants", "triggers", "label"}


def shipped(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "agendas" / f"{name}.toml").read_text("utf-8"))


def leaves(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{above}{key}.")
        elif key not in NO_FIGURE:
            yield f"{above}{key}", value


def test_every_row_says_its_rule_its_source_and_who_asks_it() -> None:
    assert len(ROWS) > 40
    for row in ROWS:
        assert len(row) == 4, row
        assert set(row[2].split(", ")) <= SOURCES, row
        assert FUNCTION.fullmatch(row[3]) or row[3] == "Not asked yet", row
        assert DEFAULT.sub("", row[1]).strip(", ") == "", row


@pytest.mark.parametrize(("module", "function"), sorted(set(FUNCTION.findall(DOCUMENT))))
def test_every_function_that_is_named_is_there(module: str, function: str) -> None:
    assert callable(getattr(importlib.import_module(module), function))


def test_every_default_is_that_of_the_shipped_file() -> None:
    files = {"": dict(leaves(shipped("ratings"))), "rmm: ": dict(leaves(shipped("rmm"))), "clock: ": shipped("clock")}
    said = DEFAULT.findall(DOCUMENT)
    assert len(said) > 40
    for file, key, value in said:
        assert tomllib.loads(f"value = {value}")["value"] == files[file][key], key


def test_every_figure_of_the_ratings_stands_in_the_document() -> None:
    said = {key for file, key, _value in DEFAULT.findall(DOCUMENT) if not file}
    assert {key for key, _value in leaves(shipped("ratings"))} - said == set()
    assert {key for file, key, _value in DEFAULT.findall(DOCUMENT) if file == "clock: "} == set(shipped("clock"))


def test_what_is_not_asked_yet_is_asked_nowhere() -> None:
    code = "\n".join(
        path.read_text("utf-8") for path in (ROOT / "meetings_app").rglob("*.py") if path.name != "definitions.py"
    )
    for row in ROWS:
        if row[3] == "Not asked yet":
            keys = [key.rpartition(".")[2] for _file, key, _value in DEFAULT.findall(row[1])]
            assert [key for key in keys if re.search(rf"\.{key}\b(?! *=)", code)] == [], row


def test_the_words_are_each_explained_once() -> None:
    words = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs/terms.md").read_text("utf-8"), re.MULTILINE)
    assert len(words) == len(set(words)) > 30


def test_the_document_says_where_each_figure_is_changed() -> None:
    where = DOCUMENT.partition("## Where each is changed")[2]
    said = {
        title: set(re.findall(r"`((?:rmm: |clock: )?[a-z_.]+)`", " ".join(figures.split())))
        for title, figures in re.findall(r"^- \*\*(.+?)\*\*(?: \(`/[^)]+\))?: ((?:.|\n  )+)", where, re.MULTILINE)
    }
    on_page = {
        section.title: {("rmm: " if section.file == RMM else "") + rule.key for rule in section.rules}
        for section in SECTIONS
    }
    in_file = said.pop("In the file alone")
    assert said == on_page
    every = set().union(*said.values()) | in_file
    assert {file + key for file, key, _value in DEFAULT.findall(DOCUMENT)} - every == set()
    for section in SECTIONS:
        assert f"(`/settings/rules/{section.slug}`)" in where
