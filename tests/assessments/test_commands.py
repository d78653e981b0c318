"""`meetings tools` and `meetings assess`, as another program calls them: with a database and without one."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from meetings_app.app import make_service
from meetings_app.assessments.answers import AnswersRefused
from meetings_app.cli import RunningProgram, meetings, run
from meetings_app.config import Settings
from meetings_app.errors import ConfigurationError, DomainError
from meetings_app.resources import folder
from tests.conftest import make_settings
from tests.support.assessments import SERAF, TOOLS, document, ticked

Run = Callable[..., Result]


@pytest.fixture
def agendas(tmp_path: Path) -> Path:
    copy = tmp_path / "agendas"
    shutil.copytree(folder("agendas"), copy)
    return copy


@pytest.fixture
def own_settings(tmp_path: Path, agendas: Path) -> Settings:
    """A machine without a database, with a partnership’s own folder."""
    url = f"sqlite:///{tmp_path / 'instance' / 'meetings.db'}"
    return make_settings(tmp_path, MEETINGS_AGENDAS=str(agendas), MEETINGS_DATABASE_URL=url)


@pytest.fixture
def invoke(own_settings: Settings) -> Run:
    """Run a command as a process of its own would: what rules is read anew each time."""

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(meetings, list(arguments), obj=RunningProgram(own_settings))

    return command


@pytest.fixture
def file(tmp_path: Path) -> Callable[[Any], str]:
    """Write a document to a file and give its path."""

    def written(content: Any) -> str:
        path = tmp_path / "answers.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)

    return written


def change_bands(agendas: Path) -> None:
    """Let category 4 of the folder's SERAF begin elsewhere."""
    path = agendas / "tools" / "seraf.toml"
    text = path.read_text("utf-8").replace("from_score = 16", "from_score = 20")
    path.write_text(text.replace('version = "1"', 'version = "2"', 1), "utf-8")


def test_the_tools_are_listed_without_a_database_and_none_is_made(invoke: Run, tmp_path: Path) -> None:
    answer = invoke("tools", "list", "--json")
    assert answer.exit_code == 0
    assert [(tool["code"], tool["version"], tool["unofficial"]) for tool in json.loads(answer.stdout)["tools"]] == [
        ("cse1", "1", True), ("kent-medway", "6", False), ("seraf", "1", True), ("surrey", "1", True),
    ]  # fmt: skip
    assert "kent-medway  Kent & Medway toolkit, version 6, 57 indicators\n" in invoke("tools", "list").stdout
    assert not (tmp_path / "instance" / "meetings.db").exists()


@pytest.mark.parametrize("code", TOOLS)
def test_a_tool_is_shown_with_its_indicators(invoke: Run, code: str) -> None:
    answer = invoke("tools", "show", code, "--json")
    assert answer.exit_code == 0
    shown = json.loads(answer.stdout)
    tool = TOOLS[code]
    assert [(each["code"], each["tier"]) for each in shown["indicators"]] == [
        (indicator, tier.key) for indicator, tier in tool.tier_of.items()
    ]
    assert all(each["label"] for each in shown["indicators"])
    assert (shown["version"], shown["unofficial"]) == (tool.version, tool.unofficial)
    printed = invoke("tools", "show", code).stdout
    assert all(f"  {indicator}: " in printed for indicator in tool.tier_of)
    assert ("Unofficial: " in printed) is tool.unofficial


def test_the_outcome_as_json_holds_what_the_contract_names(invoke: Run, file: Callable[[Any], str]) -> None:
    answer = invoke("assess", "seraf", file(document(ticked(["vehicles"]), born="2016-01-01")), "--json")
    assert answer.exit_code == 0
    found = json.loads(answer.stdout)
    named = {key: found[key] for key in ("tool", "version", "score", "category", "level", "subtotals", "other_factors")}
    assert named == {
        "tool": "seraf", "version": "1", "score": 10, "category": {"number": 2, "label": "mild risk"}, "level": "low",
        "subtotals": {"vulnerability": 0, "moderate": 0, "significant": 5, "under_13": 5}, "other_factors": [],
    }  # fmt: skip
    assert set(found["flags"]) == {"manager_discussion", "under_13"}
    assert found["actions"] == [action.text for action in SERAF.category(2).actions]
    assert found["recommended_actions"][0] == {
        "text": found["actions"][0], "agency": "family-services", "days": 7
    }  # fmt: skip
    assert (found["reassess_from"], found["reassess_by"]) == ("2027-02-16", "2027-02-16")


def test_nothing_ticked_in_kent_and_medway_is_no_category(invoke: Run, file: Callable[[Any], str]) -> None:
    found = json.loads(invoke("assess", "kent-medway", file(document()), "--json").stdout)
    assert (found["score"], found["category"], found["level"], found["actions"]) == (None, None, None, [])


def test_a_person_reads_the_outcome_in_words(invoke: Run, file: Callable[[Any], str]) -> None:
    printed = invoke("assess", "kent-medway", file(document(ticked(["low-truancy"]), born="2016-01-01"))).stdout
    assert printed.startswith(
        "Kent & Medway toolkit, version 6\nCategory 2, medium risk (level: medium): low 1, medium 0"
    )
    assert "Note: Under 13, or with a learning disability: never below medium risk" in printed
    assert "Use the tool again by 16 February 2027" in printed
    assert "No level" in invoke("assess", "cse1", file(document())).stdout


def test_every_problem_stands_on_its_own_line(invoke: Run, file: Callable[[Any], str]) -> None:
    answer = invoke("assess", "seraf", file({"born": "x", "assessed_on": "2026-11-24", "indicators": [{"code": "no"}]}))
    assert isinstance(answer.exception, AnswersRefused)
    assert answer.stdout == ""
    assert answer.exception.message.splitlines() == [
        "born: enter a date such as 2026-11-24",
        "indicators.1: “no” is not the code of an indicator of this tool",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "The file is not JSON: Expecting value in line 1."),
        ('{"born": }', "The file is not JSON: Expecting value in line 1."),
        ('{"born": "2012-01-01", "born": "2013-01-01"}', "A field stands twice in one JSON object."),
        ("[" * 100_000, "The file is not JSON that can be read"),
    ],
)
def test_what_is_no_json_is_refused_in_one_line(
    invoke: Run, file: Callable[[Any], str], content: str, said: str
) -> None:
    answer = invoke("assess", "seraf", file(content))
    assert isinstance(answer.exception, DomainError)
    assert answer.exception.message.startswith(said)
    assert "\n" not in answer.exception.message


def test_a_file_that_is_no_text_is_refused(invoke: Run, tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_bytes(b"\xff\xfe\x00")
    answer = invoke("assess", "seraf", str(tmp_path / "answers.json"))
    assert isinstance(answer.exception, DomainError)


def test_exit_codes(
    own_settings: Settings, file: Callable[[Any], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("meetings_app.cli.RunningProgram", lambda: RunningProgram(own_settings))
    assert run(["assess", "seraf", file(document())]) == 0
    assert run(["assess", "seraf", file({})]) == 1
    assert run(["assess", "serafim", file(document())]) == 1
    assert run(["tools", "show", "serafim"]) == 1
    capsys.readouterr()
    assert run(["assess", "seraf"]) == 2
    assert run(["assess", "seraf", str(tmp_path / "missing.json")]) == 2


def test_where_there_is_a_database_what_rules_is_used_and_not_the_folder(
    invoke: Run, agendas: Path, file: Callable[[Any], str]
) -> None:
    assert invoke("init").exit_code == 0
    answers = file(document(ticked(["vehicles", "known-places", "missing-overnight", "isolated"])))
    change_bands(agendas)
    assert json.loads(invoke("assess", "seraf", answers, "--json").stdout)["level"] == "high"

    applied = invoke("agendas", "apply", "--reason", "Our own bands.")
    assert applied.stdout == "tools/seraf.toml rules from now on.\n"
    found = json.loads(invoke("assess", "seraf", answers, "--json").stdout)
    assert (found["version"], found["level"]) == ("2", "medium")

    (agendas / "tools" / "seraf.toml").unlink()
    assert "tools/seraf.toml of the folder differs" in invoke("check").stderr
    applied = invoke("agendas", "apply", "--reason", "We use another tool.")
    assert applied.stdout == "tools/seraf.toml is out of use.\n"
    assert isinstance(invoke("assess", "seraf", answers).exception, DomainError)


def test_the_service_does_not_start_with_a_tool_that_cannot_be_used(own_settings: Settings, agendas: Path) -> None:
    path = agendas / "tools" / "surrey.toml"
    path.write_text(path.read_text("utf-8").replace("unofficial = true", "unoficial = true"), "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        make_service(own_settings)
    assert refused.value.message == "tools/surrey.toml: unoficial: this key is not known."
