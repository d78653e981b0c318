"""What a partnership decides for itself is read once; from then on the database rules, with who, when and why."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Area, ImportedDefault
from meetings_app.accounts.reference import apply_defaults, changed_defaults, prepare_reference_data, ruling
from meetings_app.db.engine import make_engine
from meetings_app.errors import ConfigurationError, RuleBroken
from meetings_app.partnership import ToolDefinition, load
from meetings_app.permissions import OPERATOR
from meetings_app.resources import folder


@pytest.fixture
def agendas(tmp_path: Path) -> Path:
    """A partnership's own copy, in which a child rated high is reviewed after 21 days."""
    copy = tmp_path / "agendas"
    shutil.copytree(folder("agendas"), copy)
    ratings = copy / "ratings.toml"
    ratings.write_text(ratings.read_text("utf-8").replace("review_days = 28", "review_days = 21"), "utf-8")
    assert load(copy).ratings.ratings.high.review_days == 21
    return copy


def ruling_days(session: Session, agendas: Path) -> int | None:
    """How many days the service runs by, whatever stands in the folder."""
    session.flush()
    bind = session.get_bind()
    assert isinstance(bind, sa.Connection)
    rows = session.execute(select(col(ImportedDefault.content)).where(col(ImportedDefault.file) == "ratings.toml"))
    assert rows.all()
    return ruling(bind, load(agendas)).ratings.ratings.high.review_days


def test_a_changed_file_is_reported_and_not_applied(session: Session, agendas: Path) -> None:
    assert changed_defaults(session, agendas) == ["ratings.toml"]
    assert ruling_days(session, agendas) == 28


def test_it_rules_once_it_is_applied_with_a_reason_and_the_former_version_is_kept(
    session: Session, agendas: Path, now: datetime
) -> None:
    assert apply_defaults(session, OPERATOR, now, agendas, "The board decided so.") == ["ratings.toml"]
    assert changed_defaults(session, agendas) == []
    assert ruling_days(session, agendas) == 21
    kept = session.scalars(
        select(ImportedDefault).where(col(ImportedDefault.file) == "ratings.toml").order_by(col(ImportedDefault.number))
    ).all()
    assert [(version.number, version.reason) for version in kept] == [
        (1, "read at meetings init"),
        (2, "The board decided so."),
    ]


def test_a_change_without_a_reason_is_refused(session: Session, agendas: Path, now: datetime) -> None:
    with pytest.raises(RuleBroken, match="why"):
        apply_defaults(session, OPERATOR, now, agendas, " ")
    assert ruling_days(session, agendas) == 28


def test_a_file_that_cannot_be_used_is_refused_and_changes_nothing(
    session: Session, agendas: Path, now: datetime
) -> None:
    (agendas / "rmm.toml").write_text("type = 7", "utf-8")
    with pytest.raises(ConfigurationError, match=r"rmm\.toml"):
        apply_defaults(session, OPERATOR, now, agendas, "A slip.")
    assert ruling_days(session, folder("agendas")) == 28


def test_a_new_area_is_there_once_it_is_applied(session: Session, agendas: Path, now: datetime) -> None:
    file = agendas / "partnership.toml"
    file.write_text(file.read_text("utf-8") + '\n[[areas]]\ncode = "MID"\nname = "Middle"\n', "utf-8")
    apply_defaults(session, OPERATOR, now, agendas, "A fifth area.")
    assert "MID" in session.scalars(select(col(Area.code))).all()


SERAF = "tools/seraf.toml"


def change_tool(agendas: Path, *replacements: tuple[str, str]) -> None:
    """Change the partnership's SERAF, and give its ratings back as they are shipped."""
    shutil.copy(folder("agendas") / "ratings.toml", agendas / "ratings.toml")
    text = (agendas / SERAF).read_text("utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    (agendas / SERAF).write_text(text, "utf-8")


def rules_by(session: Session) -> dict[str, ToolDefinition]:
    """The tools the service runs by, whatever stands in the folder."""
    session.flush()
    bind = session.get_bind()
    assert isinstance(bind, sa.Connection)
    nothing = load(folder("agendas")).model_copy(update={"tools": ()})
    return {tool.code: tool for tool in ruling(bind, nothing).tools}


def forget(session: Session, *names: str) -> None:
    """Leave the database as it was before these files were read."""
    session.execute(sa.delete(ImportedDefault).where(col(ImportedDefault.file).in_(names)))


def test_a_changed_tool_is_reported_and_rules_once_it_is_applied(
    session: Session, agendas: Path, now: datetime
) -> None:
    change_tool(agendas, ('version = "1"', 'version = "2"'), ("from_score = 16", "from_score = 20"))
    assert changed_defaults(session, agendas) == [SERAF]
    assert rules_by(session)["seraf"].categories[3].from_score == 16

    assert apply_defaults(session, OPERATOR, now, agendas, "Our own bands.") == [SERAF]

    assert changed_defaults(session, agendas) == []
    assert rules_by(session)["seraf"].categories[3].from_score == 20


def test_a_changed_tool_that_keeps_its_version_is_refused(session: Session, agendas: Path, now: datetime) -> None:
    change_tool(agendas, ("from_score = 16", "from_score = 20"))
    with pytest.raises(ConfigurationError) as refused:
        apply_defaults(session, OPERATOR, now, agendas, "A slip.")
    assert refused.value.message == f"{SERAF}: version: 1 of seraf is another text. Enter a new version."
    assert rules_by(session)["seraf"].categories[3].from_score == 16


def test_a_version_stands_for_one_text_for_ever_and_may_come_back(
    session: Session, agendas: Path, now: datetime
) -> None:
    shipped = (agendas / SERAF).read_text("utf-8")
    change_tool(agendas, ('version = "1"', 'version = "2"'))
    apply_defaults(session, OPERATOR, now, agendas, "On.")
    (agendas / SERAF).write_text(shipped, "utf-8")
    assert apply_defaults(session, OPERATOR, now, agendas, "And back.") == [SERAF]

    change_tool(agendas, ('version = "1"', 'version = "2"'), ("from_score = 16", "from_score = 20"))
    with pytest.raises(ConfigurationError, match="2 of seraf is another text"):
        apply_defaults(session, OPERATOR, now, agendas, "On again.")


def test_a_database_prepared_before_there_were_tools_gets_them_at_the_next_init(
    session: Session, now: datetime
) -> None:
    shipped = load(folder("agendas"))
    names = [f"tools/{tool.code}.toml" for tool in shipped.tools]
    forget(session, *names)
    assert changed_defaults(session, folder("agendas")) == names
    bind = session.get_bind()
    assert isinstance(bind, sa.Connection)
    assert ruling(bind, shipped).tools == shipped.tools

    prepare_reference_data(session, shipped, folder("agendas"), OPERATOR, now)

    assert changed_defaults(session, folder("agendas")) == []
    assert set(rules_by(session)) == {"seraf", "kent-medway", "cse1", "surrey"}


def test_a_fifth_tool_is_read_at_the_next_init(session: Session, agendas: Path, now: datetime) -> None:
    change_tool(agendas)
    own = (agendas / SERAF).read_text("utf-8").replace('code = "seraf"', 'code = "own"')
    (agendas / "tools" / "own.toml").write_text(own, "utf-8")
    prepare_reference_data(session, load(agendas), agendas, OPERATOR, now)
    assert "own" in rules_by(session)


def test_a_new_file_whose_tool_rules_under_another_name_is_refused_at_init(
    session: Session, agendas: Path, now: datetime
) -> None:
    (agendas / SERAF).rename(agendas / "tools" / "ours.toml")
    with pytest.raises(ConfigurationError, match="another file of tools/ has the code “seraf” already"):
        prepare_reference_data(session, load(agendas), agendas, OPERATOR, now)
    assert "seraf" in rules_by(session)


def test_a_tool_whose_file_is_taken_away_rules_until_that_is_applied_and_does_not_come_back_by_itself(
    session: Session, agendas: Path, now: datetime
) -> None:
    change_tool(agendas)
    (agendas / SERAF).unlink()
    assert changed_defaults(session, agendas) == [SERAF]
    assert "seraf" in rules_by(session)

    assert apply_defaults(session, OPERATOR, now, agendas, "We use another tool.") == [SERAF]

    assert "seraf" not in rules_by(session)
    prepare_reference_data(session, load(folder("agendas")), folder("agendas"), OPERATOR, now)
    assert "seraf" not in rules_by(session)
    assert changed_defaults(session, folder("agendas")) == [SERAF]


def test_looking_for_what_rules_makes_no_database(tmp_path: Path) -> None:
    files = load(folder("agendas"))
    engine = make_engine(f"sqlite:///{tmp_path / 'meetings.db'}")
    assert ruling(engine, files) is files
    assert list(tmp_path.iterdir()) == []
    engine.dispose()
