"""The files of a partnership: those shipped are whole, and a slip is named by file and key in one line."""

import shutil
from datetime import time
from pathlib import Path

import pytest

from meetings_app.errors import ConfigurationError
from meetings_app.partnership import load, parse, texts_in
from meetings_app.resources import folder


@pytest.fixture
def agendas(tmp_path: Path) -> Path:
    for name in ("partnership.toml", "ratings.toml", "rmm.toml", "network.toml"):
        shutil.copy(folder("agendas") / name, tmp_path / name)
    return tmp_path


def test_the_shipped_files_hold_the_defaults_of_the_domain() -> None:
    shipped = load(folder("agendas"))

    rules = shipped.ratings.ratings
    assert [(rule.review_days, rule.maximum_days) for rule in (rules.high, rules.medium, rules.low)] == [
        (28, 42),
        (56, 84),
        (84, 84),
    ]
    assert rules.none.review_days is None
    assert [area.code for area in shipped.areas] == ["NE", "NW", "SE", "SW"]
    assert shipped.rmm.quorum_agencies == ("childrens-services", "police", "health")
    assert (shipped.rmm.cut_off.working_days, shipped.rmm.cut_off.time) == (2, time(12))
    assert [section.key for section in shipped.rmm.sections][3] == "new_referrals"
    assert shipped.network.interval_days == 56
    assert shipped.network.chairing_agencies == ("police",)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("ratings.toml", "maximum = 2", "maximun = 2", "ratings.toml: deferral.maximum: this key is missing."),
        (
            "ratings.toml",
            "decision_hours = 24",
            "decision_hours = 24\nhurry = true",
            "ratings.toml: referrals.hurry: this key is not known.",
        ),
        (
            "ratings.toml",
            "maximum_days = 42",
            "maximum_days = 14",
            "ratings.toml: ratings.high: maximum_days must not be less than review_days.",
        ),
        ("rmm.toml", '"tuesday"', '"sunday"', "rmm.toml: weekday: Input should be"),
        (
            "rmm.toml",
            '["childrens-services", "police", "health"]',
            '["coastguard"]',
            "rmm.toml: quorum_agencies: “coastguard” is not an agency of partnership.toml.",
        ),
        (
            "rmm.toml",
            'key = "closures"',
            'key = "endings"',
            "rmm.toml: the whole file: the section “closures” is missing.",
        ),
        ("network.toml", 'type = "network"', 'type = "rmm"', "network.toml: "),
        (
            "partnership.toml",
            'code = "NW"',
            'code = "NE"',
            "partnership.toml: areas: the code “NE” stands there twice.",
        ),
        ("partnership.toml", 'name = "North East"', "name = ", "partnership.toml: not valid TOML: "),
    ],
)
def test_a_slip_is_named_by_file_and_key_in_one_line(
    agendas: Path, name: str, old: str, new: str, message: str
) -> None:
    text = (agendas / name).read_text(encoding="utf-8")
    assert old in text
    (agendas / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ConfigurationError) as refused:
        load(agendas)

    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_named(agendas: Path) -> None:
    (agendas / "rmm.toml").unlink()

    with pytest.raises(ConfigurationError, match=r"^rmm\.toml: the file is missing"):
        load(agendas)


def test_a_file_that_is_no_text_is_named(agendas: Path) -> None:
    (agendas / "rmm.toml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ConfigurationError, match=r"^rmm\.toml: the file is not UTF-8 text"):
        load(agendas)


def test_a_file_of_before_strategy_discussions_takes_the_shipped_rules_of_them() -> None:
    texts = texts_in(folder("agendas"))
    texts["ratings.toml"] = texts["ratings.toml"].partition("[strategy]")[0]
    assert parse(texts).ratings.strategy == load(folder("agendas")).ratings.strategy
