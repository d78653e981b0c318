"""What people and machines get wrong: one clear line that says what to do, the right exit code, nothing changed."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from tests.conftest import make_postgresql_database
from tests.notices.mail_servers import Mailroom, free_port, smtp_server
from tests.support.databases import drop_postgresql_databases
from tests.support.journey import MEETING, PREPARING, ROOT, TODAY, Installation, invite, wait_until
from tests.support.messy import mended_list_xlsx

ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what is refused before it matters on which database: each command takes seconds."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, worker: str) -> Iterator[Callable[[str], Installation]]:
    """Gives an installation with a list and a series on each kind of database, made once."""
    name = f"meetings_made_{worker}"

    @cache
    def of_kind(kind: str) -> Installation:
        folder = tmp_path_factory.mktemp("made")
        return make(installation(folder) if kind == "sqlite" else Installation(folder, make_postgresql_database(name)))

    yield of_kind
    drop_postgresql_databases(name)


def make(place: Installation) -> Installation:
    """Give the installation a list and a series."""
    place.run("init")
    invite(place, "coordinator")
    place.run("schedule", "create", "rmm", "--from", "2026-12-01", "--area", "NE", "--count", "3")
    (place.folder / "county.xlsx").write_bytes(mended_list_xlsx(TODAY))
    place.run("import", "list", place.folder / "county.xlsx")
    return place


@pytest.fixture
def place(made: Callable[[str], Installation], database: str, tmp_path: Path, worker: str) -> Iterator[Installation]:
    """A copy of that installation for one test, with its database."""
    first = made(database)
    shutil.copytree(first.folder, tmp_path / "own")
    if database == "sqlite":
        yield installation(tmp_path / "own")
        return
    name = f"meetings_spoilt_{worker}"
    url = make_postgresql_database(name, str(make_url(first.database_url).database))
    yield Installation(tmp_path / "own", url)
    drop_postgresql_databases(name, f"{name}_before_restore")


def installation(folder: Path) -> Installation:
    return Installation(folder, f"sqlite:///{folder / 'meetings.db'}")


def everything(place: Installation) -> list[str]:
    """Give all that the database holds, the audit trail included."""
    with opened(place) as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        rows = {table.name: connection.execute(sa.select(table)) for table in tables.tables.values()}
        return [f"{name}: {row}" for name, found in sorted(rows.items()) for row in sorted(map(str, found))]


@contextmanager
def opened(place: Installation) -> Iterator[sa.Connection]:
    """Open the database itself, whichever it is; what is changed is kept."""
    engine = sa.create_engine(place.database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        yield connection


def refused(place: Installation, *arguments: object, code: int = 1) -> str:
    """Run a command that is refused; gives the one line it says, after checking that nothing was changed."""
    before, files = everything(place), sorted(place.folder.iterdir())
    done = place.run(*arguments, code=code)
    assert everything(place) == before
    assert [path for path in sorted(place.folder.iterdir()) if path.name not in ("stdout", "stderr")] == [
        path for path in files if path.name not in ("stdout", "stderr")
    ]
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    if code == 1:
        assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


@ON_ONE
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MEETINGS_COLOUR", "blue", "MEETINGS_COLOUR is not a setting of this service. Remove it"),
        ("MEETINGS_ENV", "staging", "MEETINGS_ENV is “staging”. Use one of: development, production, demo, test."),
        ("MEETINGS_NOW", "yesterday", "MEETINGS_NOW must be a date and time such as"),
        ("MEETINGS_AGENDAS", "/nowhere/at/all", "MEETINGS_AGENDAS names a folder that is not there."),
        ("MEETINGS_DATABASE_URL", "mysql://somewhere", "MEETINGS_DATABASE_URL must begin with sqlite:///"),
        ("MEETINGS_DATABASE_URL", "postgresql+psycopg://127.0.0.1:1/none", "The database cannot be reached"),
        ("MEETINGS_BASE_URL", "somewhere", "MEETINGS_BASE_URL must be an address such as"),
        ("MEETINGS_PROXIES", "many", "MEETINGS_PROXIES must be the number of reverse proxies"),
        ("MEETINGS_ORGANISER", "nobody", "MEETINGS_ORGANISER must be one e-mail address."),
        ("MEETINGS_ENV", "production", "MEETINGS_SECRET_KEY is required in production."),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(place: Installation, name: str, value: str, said: str) -> None:
    place.more[name] = value
    assert refused(place, "list").startswith(said)


@ON_ONE
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("agenda", "RMM-NE-1999-W01"), "There is no meeting RMM-NE-1999-W01."),
        (("agenda", "RMM-NE-1999-W01", "--word", "agenda.docx"), "There is no meeting RMM-NE-1999-W01."),
        (("minutes", "RMM-NE-1999-W01", "--word", "minutes.docx"), "There is no meeting RMM-NE-1999-W01."),
        (("minutes", MEETING, "--word", "minutes.docx"), f"{MEETING} has no minutes yet"),
        (("invites", "RMM-NE-1999-W01", "--out", "invites"), "There is no meeting RMM-NE-1999-W01."),
        (("referrals", "accept", "R-NONE0"), "R-NONE0: there is no such referral"),
        (("referrals", "list", "--area", "XX"), "XX is not the code of an area. The areas are: NE, NW, SE, SW."),
        (("list", "--area", "XX"), "There is no area with the code XX."),
        (("schedule", "create", "rmm", "--from", "2026-12-01", "--area", "XX"), "There is no area with the code XX."),
        (("schedule", "create", "rmm", "--from", "2026-12-01"), "An RMM belongs to an area. Name it with --area."),
        (("schedule", "create", "network", "--from", "2026-12-02", "--area", "NE"), "A network meeting has no area."),
        (("users", "disable", "nobody@example.invalid"), "There is no account with this email address."),
        (("users", "add", "x@y.example", "--name", "T", "--role", "chair", "--agency", "x"), "Choose an agency. The"),
    ],
)  # fmt: skip
def test_a_reference_that_is_unknown_is_named(place: Installation, arguments: tuple[str, ...], said: str) -> None:
    assert refused(place, *arguments).startswith(said)


@ON_ONE
@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("schedule", "create", "rmm"),
        ("schedule", "create", "rmm", "--from", "soon", "--area", "NE"),
        ("import", "list", "there-is-no-such-file.xlsx"),
        ("users", "add", "x@y.example", "--name", "Testy", "--role", "king", "--agency", "police"),
    ],
)
def test_wrong_usage_ends_with_2(place: Installation, arguments: tuple[str, ...]) -> None:
    assert "Usage: meetings" in refused(place, *arguments, code=2)


@ON_ONE
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.xlsx", b"PK\x03\x04 this is no workbook", "The file is damaged. Open it in Excel, save it again"),
        ("list.xlsx", b"", "The file has no headings. The first row says what each column holds"),
        ("list.csv", b"\x00\x01\x02\xff\xfe", "The file is not a spreadsheet. Save it as .xlsx or .csv"),
        ("letter.pdf", b"%PDF-1.7 nothing", "The file is not a spreadsheet. Save it as .xlsx or .csv"),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_refused(place: Installation, name: str, content: bytes, said: str) -> None:
    (place.folder / name).write_bytes(content)
    assert refused(place, "import", "list", place.folder / name).startswith(said)


@ON_ONE
def test_a_copy_that_is_none_replaces_nothing(place: Installation) -> None:
    (place.folder / "copy").write_bytes(b"this is no database")
    assert refused(place, "restore", place.folder / "copy")
    assert refused(place, "restore", "there-is-no-such-file") == "there-is-no-such-file is not there."


def own_agendas(place: Installation) -> Path:
    """Give the installation its own copy of `agendas/`."""
    folder = place.folder / "agendas"
    shutil.copytree(ROOT / "agendas", folder)
    place.more["MEETINGS_AGENDAS"] = str(folder)
    return folder


@pytest.mark.parametrize(
    ("file", "spoil"),
    [
        ("rmm.toml", lambda text: text + "\nthis is no TOML"),
        ("rmm.toml", lambda text: text.replace("interval_days = 7", 'interval_days = "weekly"')),
        ("rmm.toml", lambda text: text + "\nnobody_knows_this = 1\n"),
        ("partnership.toml", lambda text: text.replace('code = "NE"', "")),
        ("ratings.toml", lambda text: text.replace("review_days = 28", "review_days = -1")),
    ],
)
def test_a_file_of_agendas_that_cannot_be_read_is_named(
    place: Installation, file: str, spoil: Callable[[str], str]
) -> None:
    path = own_agendas(place) / file
    spoilt = spoil(path.read_text("utf-8"))
    assert spoilt != path.read_text("utf-8")
    path.write_text(spoilt, encoding="utf-8")
    assert file in refused(place, "agenda", MEETING)


@pytest.mark.parametrize("spoilt", [None, b"this is no Word file"])
def test_a_word_template_that_is_missing_or_broken_is_named(place: Installation, spoilt: bytes | None) -> None:
    template = own_agendas(place) / "word" / "agenda.docx"
    template.unlink()
    if spoilt is not None:
        template.write_bytes(spoilt)
    said = refused(place, "agenda", MEETING, "--word", place.folder / "agenda.docx")
    assert "agenda.docx" in said


@pytest.mark.parametrize(
    ("version", "commands", "advice"),
    [
        ("0001", ("list", "check", "serve", "scheduler"), "Run: meetings init"),
        ("9999", ("list", "check", "serve", "scheduler", "init"), "Install that version, or put a copy"),
    ],
)
def test_a_database_of_another_version_is_refused(
    place: Installation, version: str, commands: tuple[str, ...], advice: str
) -> None:
    with opened(place) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    for command in commands:
        said = refused(place, command)
        assert f"at version {version}" in said, command
        assert advice in said, command


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    place, letter = installation(tmp_path), b"This is a letter and no database. " * 50
    (place.folder / "meetings.db").write_bytes(letter)
    for command in ("list", "serve", "scheduler", "init"):
        said = place.run(command, code=1).stderr
        assert said.count("\n") == 1, command
        assert "is not a database" in said, command
    assert (place.folder / "meetings.db").read_bytes() == letter


def test_a_database_that_was_never_made_says_what_to_run(tmp_path: Path) -> None:
    done = installation(tmp_path).run("list", code=1)
    assert done.stderr.count("\n") == 1
    assert "meetings init" in done.stderr


def test_mail_waits_for_a_server_that_is_away_and_goes_out_when_it_is_back(place: Installation) -> None:
    port = free_port()
    place.more["MEETINGS_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    waiting = outbox(place)
    assert waiting
    assert {state for _, state, _ in waiting} == {"waiting"}
    with place.running("scheduler"):
        wait_until(lambda: any(problem for _, _, problem in outbox(place)))
    assert {key for key, _, _ in outbox(place)} >= {key for key, _, _ in waiting}
    assert {state for _, state, _ in outbox(place)} == {"waiting"}
    place.moment = PREPARING + timedelta(hours=3)
    room = Mailroom()
    with smtp_server(room) as reached:
        place.more["MEETINGS_SMTP_URL"] = f"smtp://127.0.0.1:{reached.port}"
        with place.running("scheduler"):
            wait_until(lambda: {state for _, state, _ in outbox(place)} == {"sent"})
    assert len(room.accepted) == len(outbox(place)) >= len(waiting)


def outbox(place: Installation) -> list[tuple[str, str, str | None]]:
    """Give each mail's key, state and last problem."""
    with opened(place) as connection:
        rows = connection.execute(sa.text("SELECT dedupe_key, state, last_problem FROM outbox_mail ORDER BY id"))
        return [(row[0], row[1], row[2]) for row in rows]
