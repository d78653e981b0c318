"""The files of the assessment tools: what is shipped, what another area may change, and how a slip is named."""

import shutil
from pathlib import Path

import pytest

from meetings_app.errors import ConfigurationError
from meetings_app.partnership import load
from meetings_app.resources import folder


@pytest.fixture
def agendas(tmp_path: Path) -> Path:
    copy = tmp_path / "agendas"
    shutil.copytree(folder("agendas"), copy)
    return copy


def change(agendas: Path, name: str, old: str, new: str) -> None:
    file = agendas / "tools" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_four_tools_are_shipped() -> None:
    tools = {tool.code: tool for tool in load(folder("agendas")).tools}
    assert set(tools) == {"seraf", "kent-medway", "cse1", "surrey"}
    assert {code for code, tool in tools.items() if tool.unofficial} == {"seraf", "cse1", "surrey"}
    assert all(tool.licence for tool in tools.values())


def test_every_category_recommends_actions_each_with_an_agency_and_a_time() -> None:
    for tool in load(folder("agendas")).tools:
        for category in tool.categories:
            assert category.actions, (tool.code, category.number)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("seraf.toml", 'version = "1"', "", "version: this key is missing."),
        ("seraf.toml", 'method = "score"', 'method = "guess"', "method: Input should be"),
        ("seraf.toml", "unofficial = true", 'unofficial = "yes"', "unofficial: "),
        ("seraf.toml", "points = 5\n", "points = -5\n", "bonuses.1.points: "),
        ("seraf.toml", "points = 5\n", 'points = "5"\n', "bonuses.1.points: "),
        ("seraf.toml", "under_age = 13 ", "under_ages = 13 ", "bonuses.1.under_ages: this key is not"),
        (
            "seraf.toml",
            "points = { current = 1 }",
            "points = { always = 1 }",
            "tiers: “vulnerability”: points: “always” is not a window of this file.",
        ),
        ("seraf.toml", "points = { current = 1 }", "", "tiers: “vulnerability”: points are for every"),
        ("seraf.toml", "to_months = 12", "to_months = 6", "windows.2: to_months must be more than"),
        ("seraf.toml", 'key = "recent"', 'key = "current"', "windows: the key “current” stands there"),
        ("seraf.toml", 'code = "drugs"', 'code = "alcohol"', "tiers: the code “alcohol” stands there"),
        ("seraf.toml", "from_score = 11", "from_score = 6", "categories: from_score must be 0 for"),
        ("seraf.toml", "from_score = 0", "from_score = 1", "categories: from_score must be 0 for"),
        ("seraf.toml", "from_score = 11", "", "categories: from_score must be 0 for"),
        ("seraf.toml", "number = 3", "number = 5", "categories: the numbers must be 1, 2, 3"),
        ("seraf.toml", 'level = "low"', 'level = "high"', "categories: no level may be below"),
        ("seraf.toml", "categories = [1, 2]", "categories = [1, 7]", "flags: 7 is not the number of"),
        ("seraf.toml", 'key = "under_13"', 'key = "moderate"', "bonuses: the key “moderate” stands"),
        ("seraf.toml", 'default = "outside_family"', 'default = "x"', "tiers.3.questions.1: the default"),
        ("seraf.toml", "default = ", "required = true\ndefault = ", "tiers.3.questions.1: a required question has no"),
        ("seraf.toml", 'key = "by"', 'key = "when"', "tiers.3.questions.1: the key “when” is a field"),
        ("seraf.toml", 'agency = "education"', 'agency = "navy"', "categories: “navy” is not an agency"),
        ("seraf.toml", 'code = "pathway_plan"', 'code = "a_hunch"', "flags.5.code: Input should be"),
        ("kent-medway.toml", 'tier = "high"', 'tier = "top"', "categories: “top” is not a tier"),
        ("kent-medway.toml", 'tier = "low"\n', "", "categories: tier is for every category"),
        ("kent-medway.toml", "reassess_days = 42", "reassess_days = 21", "categories.1: reassess"),
        ("kent-medway.toml", "category = 2", "category = 9", "floors: 9 is not the number of"),
        ("cse1.toml", 'tier = "high"', "", "floors.1: a floor needs tier, under_age or learning_dis"),
        ("cse1.toml", 'level = "medium"', 'level = "low"', "categories: a tool that is judged has one"),
        ("surrey.toml", 'code = "surrey"', 'code = "cse1"', "code: another file of tools/ has the"),
        ("surrey.toml", "[[headings]]", "[[headings", "not valid TOML: "),
    ],
)  # fmt: skip
def test_a_slip_is_named_by_file_and_key_in_one_line(
    agendas: Path, name: str, old: str, new: str, message: str
) -> None:
    change(agendas, name, old, new)

    with pytest.raises(ConfigurationError) as refused:
        load(agendas)

    assert str(refused.value).startswith(f"tools/{name}: {message}")
    assert "\n" not in str(refused.value)


def test_a_partnership_adds_a_fifth_tool_or_has_none(agendas: Path) -> None:
    text = (agendas / "tools" / "cse1.toml").read_text(encoding="utf-8").replace('code = "cse1"', 'code = "own"')
    (agendas / "tools" / "own.toml").write_text(text, encoding="utf-8")
    assert [tool.code for tool in load(agendas).tools] == ["cse1", "kent-medway", "own", "seraf", "surrey"]

    shutil.rmtree(agendas / "tools")
    assert load(agendas).tools == ()


def test_a_file_an_editor_left_hidden_is_no_tool(agendas: Path) -> None:
    (agendas / "tools" / ".#seraf.toml").write_text("", encoding="utf-8")
    assert len(load(agendas).tools) == 4
