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
from meetings_app.accounts.reference import apply_defaults, changed_defaults, ruling
from meetings_app.errors import ConfigurationError, RuleBroken
from meetings_app.partnership import load
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
