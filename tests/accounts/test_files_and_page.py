"""An old file never undoes what was changed on the page Rules; one that was changed as well is refused at first."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col

from meetings_app.accounts.models import ImportedDefault
from meetings_app.accounts.reference import (
    RULES,
    apply_defaults,
    change_on_page,
    changed_defaults,
    compare_defaults,
    text_in_use,
)
from meetings_app.cli import run
from meetings_app.db.session import act_for, writing
from meetings_app.errors import ConfigurationError, Conflict, DomainError, RuleBroken
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder
from tests.support.own_database import own_database

MEDIUM_56, MEDIUM_42, HIGH_28, HIGH_21 = (f"review_days = {days}" for days in (56, 42, 28, 21))


@pytest.fixture
def agendas(tmp_path: Path) -> Path:
    """A partnership's own copy, just as it was read."""
    copy = tmp_path / "agendas"
    shutil.copytree(folder("agendas"), copy)
    return copy


def change_page(session: Session, now: datetime, opened_at: int = 1) -> int:
    """Let a child rated medium be reviewed after 42 days, as the page does."""
    text = text_in_use(session, RULES).replace(MEDIUM_56, MEDIUM_42)
    return change_on_page(session, OPERATOR, now, RULES, text, "The board decided so.", opened_at)


def change_file(agendas: Path, old: str, new: str) -> None:
    text = (agendas / RULES).read_text("utf-8")
    assert old in text
    (agendas / RULES).write_text(text.replace(old, new, 1), "utf-8")


def test_a_file_that_is_as_it_was_read_does_not_undo_what_the_page_changed(
    session: Session, agendas: Path, now: datetime
) -> None:
    assert change_page(session, now) == 2
    assert changed_defaults(session, agendas) == []
    assert compare_defaults(session, agendas).page_rules == [RULES]
    (agendas / "rmm.toml").write_text((agendas / "rmm.toml").read_text("utf-8").replace("review = 10", "review = 12"))

    assert apply_defaults(session, OPERATOR, now, agendas, "Longer reviews.") == ["rmm.toml"]

    assert MEDIUM_42 in text_in_use(session, RULES)


def test_a_file_that_was_changed_too_is_refused_in_one_line_and_nothing_is_applied(
    session: Session, agendas: Path, now: datetime
) -> None:
    change_page(session, now)
    change_file(agendas, HIGH_28, HIGH_21)
    (agendas / "rmm.toml").write_text((agendas / "rmm.toml").read_text("utf-8").replace("review = 10", "review = 12"))
    with pytest.raises(DomainError) as refused:
        apply_defaults(session, OPERATOR, now, agendas, "Both.")
    assert refused.value.message == (
        "ratings.toml was changed in the folder and, since it was last read, on the page Rules. "
        "What the page says rules. Nothing was applied. “meetings agendas show ratings.toml” prints it. "
        "Once the file holds both changes: "
        "meetings agendas apply --over-page ratings.toml --reason …"
    )
    assert session.scalars(select(sa.func.max(col(ImportedDefault.number)))).one() == 2
    assert changed_defaults(session, agendas) == [RULES, "rmm.toml"]


def test_a_file_that_holds_both_changes_rules_once_that_is_said(session: Session, agendas: Path, now: datetime) -> None:
    change_page(session, now)
    (agendas / RULES).write_text(text_in_use(session, RULES), "utf-8")
    assert compare_defaults(session, agendas).page_rules == []
    assert changed_defaults(session, agendas) == []
    change_file(agendas, HIGH_28, HIGH_21)

    assert apply_defaults(session, OPERATOR, now, agendas, "Both.", over_page=[RULES]) == [RULES]

    text = text_in_use(session, RULES)
    assert HIGH_21 in text
    assert MEDIUM_42 in text
    assert changed_defaults(session, agendas) == []


def test_after_going_back_to_what_the_file_says_a_changed_file_is_applied_as_ever(
    session: Session, agendas: Path, now: datetime
) -> None:
    change_page(session, now)
    change_on_page(session, OPERATOR, now, RULES, (agendas / RULES).read_text("utf-8"), "Back.", 2, restores=1)
    change_file(agendas, HIGH_28, HIGH_21)
    assert apply_defaults(session, OPERATOR, now, agendas, "On.") == [RULES]


def test_a_change_on_the_page_carries_its_reason_and_is_checked_like_a_file(session: Session, now: datetime) -> None:
    text = text_in_use(session, RULES)
    with pytest.raises(RuleBroken, match="why the rules change"):
        change_on_page(session, OPERATOR, now, RULES, text.replace(MEDIUM_56, MEDIUM_42), "  ", 1)
    with pytest.raises(ConfigurationError, match=r"ratings\.toml: ratings\.medium"):
        change_on_page(session, OPERATOR, now, RULES, text.replace(MEDIUM_56, "review_days = 85"), "A slip.", 1)
    assert MEDIUM_56 in text_in_use(session, RULES)


def test_whoever_changes_a_version_that_is_no_longer_the_newest_is_told(session: Session, now: datetime) -> None:
    change_page(session, now)
    with pytest.raises(Conflict):
        change_page(session, now, opened_at=1)
    assert change_page(session, now, opened_at=2) == 3


def test_who_when_and_that_it_was_the_page_are_kept(session: Session, now: datetime) -> None:
    change_page(session, now)
    versions = select(ImportedDefault).where(col(ImportedDefault.file) == RULES).order_by(col(ImportedDefault.number))
    assert [(each.number, each.on_page, each.reason) for each in session.scalars(versions)] == [
        (1, False, "read at meetings init"),
        (2, True, "The board decided so."),
    ]


def test_the_commands_say_calmly_what_rules(
    tmp_path: Path, agendas: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    now: datetime,
) -> None:  # fmt: skip
    with own_database("sqlite", tmp_path) as sessions:
        with writing(sessions, OPERATOR) as session:
            change_page(session, now)
        for name, value in {
            "MEETINGS_INSTANCE": str(tmp_path), "MEETINGS_AGENDAS": str(agendas), "MEETINGS_AUDIT_KEY": "a" * 40,
            "MEETINGS_DATABASE_URL": f"sqlite:///{tmp_path / 'own.db'}", "MEETINGS_NOW": now.isoformat(),
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)

        def call(*arguments: str) -> tuple[int, str, str]:
            code = run(list(arguments))
            said = capsys.readouterr()
            return code, said.out, said.err

        assert call("check") == (0, "Every promise holds.\n", "")
        assert call("init")[2] == ""
        assert call("agendas", "apply", "--reason", "Nothing.") == (
            0,
            "ratings.toml is as it was last read; what was changed on the page Rules since rules on.\n"
            "No file was changed. Nothing was applied.\n",
            "",
        )
        code, printed, _problems = call("agendas", "show", RULES)
        assert code == 0
        assert MEDIUM_42 in printed
        assert call("agendas", "show", "nothing.toml")[0] == 1
        change_file(agendas, HIGH_28, HIGH_21)
        code, _said, problems = call("agendas", "apply", "--reason", "Both.")
        assert code == 1
        assert len(problems.splitlines()) == 1
        code, _said, problems = call("check")
        assert code == 1
        assert "on the page Rules" in problems
        (agendas / RULES).write_text(printed.replace(HIGH_28, HIGH_21), "utf-8")
        assert (
            call("agendas", "apply", "--over-page", RULES, "--reason", "Both.")[1]
            == "ratings.toml rules from now on.\n"
        )
        assert call("check")[0] == 0


def test_of_two_who_save_in_the_same_moment_the_second_is_stopped_and_told(tmp_path: Path, now: datetime) -> None:
    """On PostgreSQL both read the same version; the second is stopped when it writes, and the guard tries it again."""
    with own_database("postgresql", tmp_path) as sessions, sessions() as first, sessions() as second:
        for session in (first, second):
            act_for(session, OPERATOR)
        change_page(first, now)
        with ThreadPoolExecutor(1) as beside:
            waiting = beside.submit(change_page, second, now)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            first.commit()
            with pytest.raises(StaleDataError):
                waiting.result(timeout=20)
        second.rollback()
        with pytest.raises(Conflict):
            change_page(second, now)
