"""Scheduler processes as a machine runs them, for tests that kill them."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.db.session import reading
from meetings_app.permissions import OPERATOR
from tests.support.world import NOW


def address_of(sessions: sessionmaker[Session]) -> str:
    """Give the address of the database, for another process."""
    with reading(sessions, OPERATOR) as session:
        url = make_url(str(session.get_bind().engine.url.render_as_string(hide_password=False)))
    return url.render_as_string(hide_password=False)


def scheduler(url: str, port: int, folder: Path, now: datetime = NOW, timeout: int = 30) -> subprocess.Popen[bytes]:
    """Start `meetings scheduler` on a database, at a moment, with the mail server at `port`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MEETINGS_")}
    settings = {
        "MEETINGS_ENV": "test", "MEETINGS_INSTANCE": str(folder), "MEETINGS_NOW": now.isoformat(),
        "MEETINGS_DATABASE_URL": url, "MEETINGS_SMTP_URL": f"smtp://127.0.0.1:{port}?timeout={timeout}",
        "MEETINGS_SECRET_KEY": "s" * 40, "MEETINGS_BACKUP_DIR": str(folder), "MEETINGS_AUDIT_KEY": "a" * 40,
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "meetings_app.cli", "scheduler"], env={**environment, **settings}, cwd=Path.cwd(),
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
