"""The commands of an operator: what they print, what they refuse in one line, and the number they end with."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from meetings_app.cli import COMMANDS, run

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def meetings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `meetings …` on a database of its own; gives exit code, stdout and stderr."""
    monkeypatch.setenv("MEETINGS_INSTANCE", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def add(meetings: Run, email: str, *more: str, role: str = "analyst", agency: str = "police") -> tuple[int, str, str]:
    return meetings("users", "add", email, "--name", "Testy McNew", "--role", role, "--agency", agency, *more)


def test_a_database_is_made_and_its_first_person_invited(meetings: Run) -> None:
    code, said, problems = meetings("init")
    assert (code, problems) == (0, "")
    assert "meetings users add" in said
    code, said, _problems = add(meetings, "new@example.org", "--area", "NE", "--area", "NW", role="coordinator")
    assert code == 0
    assert said.startswith("http://127.0.0.1:8000/invitation/")
    code, said, problems = meetings("users", "list", "--json")
    assert (code, problems) == (0, "")
    assert json.loads(said)["accounts"] == [
        {
            "email": "new@example.org",
            "name": "Testy McNew",
            "agency": "Police",
            "state": "invited",
            "roles": ["Coordinator, North East", "Coordinator, North West"],
            "second_factor": False,
        }
    ]


def test_preparing_the_database_again_does_no_harm(meetings: Run) -> None:
    assert meetings("init")[0] == 0
    add(meetings, "new@example.org")
    assert meetings("init")[0] == 0
    assert "new@example.org" in meetings("users", "list")[1]
    assert meetings("audit", "verify")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("users", "add", "nobody", "--name", "T", "--role", "chair", "--agency", "police"), "Enter an email address"),
        (("users", "add", "a@b.example", "--name", "T", "--role", "chair", "--agency", "circus"), "Choose an agency"),
        (
            ("users", "add", "a@b.example", "--name", "T", "--role", "chair", "--agency", "police", "--area", "XX"),
            "There is no area XX",
        ),
        (("users", "disable", "nobody@example.org"), "There is no account with this email address"),
        (("users", "reset", "nobody@example.org"), "There is no account with this email address"),
    ],
)
def test_what_is_refused_is_one_line_on_stderr(meetings: Run, arguments: tuple[str, ...], says: str) -> None:
    meetings("init")
    code, said, problems = meetings(*arguments)
    assert (code, said) == (1, "")
    assert says in problems
    assert problems.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("users", "nonsense"), ("users", "add"), ("users", "list", "--nonsense"),
     ("users", "add", "a@b.example", "--name", "T", "--role", "king", "--agency", "police"), ("serve", "--port", "0")],
)  # fmt: skip
def test_wrong_usage_ends_with_2(meetings: Run, arguments: tuple[str, ...]) -> None:
    assert meetings(*arguments)[0] == 2


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MEETINGS_ENV", "staging", "MEETINGS_ENV is “staging”"),
        ("MEETINGS_DATABASE_URL", "mysql://x", "MEETINGS_DATABASE_URL must begin with"),
        ("MEETINGS_DATABASE_URL", "postgresql+psycopg://nobody:secret@127.0.0.1:1/x", "The database cannot be reached"),
        ("MEETINGS_SPELT_WRONG", "1", "MEETINGS_SPELT_WRONG is not a setting"),
    ],
)
def test_settings_that_cannot_be_used_are_one_line(
    meetings: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    code, said, problems = meetings("users", "list")
    assert (code, said) == (1, "")
    assert says in problems
    assert problems.count("\n") == 1
    assert "secret" not in problems


def test_an_empty_database_and_one_of_another_version_are_named(meetings: Run, tmp_path: Path) -> None:
    assert meetings("users", "list")[2] == "The database is empty. Run: meetings init\n"
    meetings("init")
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'meetings.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    code, _said, problems = meetings("serve")
    assert code == 1
    assert "The database is at version 9999" in problems
    assert problems.count("\n") == 1


def test_an_altered_trail_is_found(meetings: Run, tmp_path: Path) -> None:
    meetings("init")
    add(meetings, "new@example.org")
    code, said, _problems = meetings("audit", "verify")
    assert code == 0
    assert said.startswith("The audit trail is whole: 4 entries, the last is 4:")
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'meetings.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        connection.exec_driver_sql("UPDATE audit_event SET kind = 'searched' WHERE id = 3")
    engine.dispose()
    code, said, problems = meetings("audit", "verify")
    assert (code, said) == (1, "")
    assert problems == "The audit trail was altered: entry 3 is the first that does not follow.\n"


def test_every_command_listed_can_be_run(meetings: Run) -> None:
    for name in COMMANDS:
        code, said, _problems = meetings(name, "--help")
        assert code == 0, name
        assert "Usage" in said


def test_help_answers_without_importing_what_it_lists() -> None:
    script = (
        "import sys; from meetings_app.cli import run; code = run(['--help']); "
        "heavy = {'flask', 'sqlalchemy', 'docx'} & set(sys.modules); sys.exit(str(heavy) if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name in COMMANDS:
        assert f"  {name} " in done.stdout


def test_a_trail_written_anew_with_the_key_is_found_by_what_was_noted_elsewhere(meetings: Run, tmp_path: Path) -> None:
    meetings("init")
    add(meetings, "new@example.org")
    noted = meetings("audit", "verify")[1].split()[-1]
    add(meetings, "second@example.org")
    assert meetings("audit", "verify", "--anchor", noted)[0] == 0
    (tmp_path / "meetings.db").unlink()
    meetings("init")
    for number in range(4):
        add(meetings, f"somebody{number}@example.org")
    assert meetings("audit", "verify")[0] == 0
    code, _said, problems = meetings("audit", "verify", "--anchor", noted)
    assert code == 1
    assert "written anew or cut" in problems
    assert meetings("audit", "verify", "--anchor", "nonsense")[0] == 2
