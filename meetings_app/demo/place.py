"""Where the demonstration lives: its settings, its password, and the mark by which its database is known."""

import os
import secrets
from enum import Enum
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from meetings_app.audit.models import AuditEvent
from meetings_app.config import Settings
from meetings_app.errors import ConfigurationError

MARK = "demo begun"
FINISHED = "demo finished"
"""The trail of a demonstration begins with the one and holds the other once the county stands. Nobody can put them
into the trail of another database unnoticed."""

_PASSWORD_FILE = "demo_password"  # noqa: S105 # The name of the file, not what is in it.
_FUNCTIONS = "DROP FUNCTION IF EXISTS refuse_change(), check_audit_link()"


class Found(Enum):
    """What is in the database that the demonstration would use."""

    NOTHING = "nothing"
    UNFINISHED = "unfinished"
    COUNTY = "county"
    SOMETHING_ELSE = "something else"


def demo_settings(settings: Settings, port: int) -> dict[str, Any]:
    """Give the settings that differ from `settings` in the demonstration: no second factor, and its own database.

    The service's usual database is never used. Raises `ConfigurationError` in production.
    """
    if settings.production:
        raise ConfigurationError("The demonstration does not run in production. Unset MEETINGS_ENV for it.")
    changed: dict[str, Any] = {"environment": "demo"}
    if settings.database_url == f"sqlite:///{settings.instance / 'meetings.db'}":
        changed["database_url"] = f"sqlite:///{settings.instance / 'demo.db'}"
    if settings.base_url == "http://127.0.0.1:8000":
        changed["base_url"] = f"http://127.0.0.1:{port}"
    return changed


def password_of(settings: Settings) -> str:
    """Give the password of every demonstration account: the one that is set, else one made once and kept.

    The file in the instance folder can be read by its owner alone.
    """
    if settings.demo_password:
        return settings.demo_password
    path = settings.instance / _PASSWORD_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"example-{secrets.token_hex(6)}")
    except FileExistsError:
        pass
    return path.read_text().strip()


def what_is_there(engine: sa.Engine) -> Found:
    """Say what the database holds. It is a demonstration only where its audit trail begins with the mark."""
    tables = sa.inspect(engine).get_table_names()
    if not tables:
        return Found.NOTHING
    if "audit_event" not in tables:
        return Found.SOMETHING_ELSE
    rows = AuditEvent.__table__  # type: ignore[attr-defined]
    with engine.connect() as connection:
        first = connection.execute(sa.select(rows.c.facts).order_by(rows.c.id).limit(1)).first()
        if first is None:
            return Found.NOTHING
        if first.facts.get("command") != MARK:
            return Found.SOMETHING_ELSE
        commands = connection.execute(sa.select(rows.c.facts).where(rows.c.kind == "command_run").order_by(rows.c.id))
        finished = any(row.facts.get("command") == FINISHED for row in commands)
    return Found.COUNTY if finished else Found.UNFINISHED


def clear(engine: sa.Engine) -> None:
    """Delete a demonstration and nothing else. Raises `ConfigurationError` for any other database."""
    if what_is_there(engine) not in (Found.COUNTY, Found.UNFINISHED):
        raise ConfigurationError("This database is not a demonstration. Nothing was deleted.")
    engine.dispose()
    if engine.dialect.name == "sqlite":
        path = Path(engine.url.database or "")
        for ending in ("-wal", "-shm", ""):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        return
    with engine.begin() as connection:
        held = sa.MetaData()
        held.reflect(connection)
        held.drop_all(connection)
        connection.execute(sa.text(_FUNCTIONS))
