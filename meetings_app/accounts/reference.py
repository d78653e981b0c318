"""Reference data: read from `agendas/` at `meetings init`; from then on the database rules."""

import hashlib
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency, Area, ImportedDefault
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.clock import london_date
from meetings_app.partnership import Partnership
from meetings_app.permissions import Actor

DEFAULT_FILES = ("partnership.toml", "ratings.toml", "rmm.toml", "network.toml")


def prepare_reference_data(session: Session, partnership: Partnership, folder: Path, by: Actor, now: datetime) -> None:
    """Add the areas and agencies that the database lacks; what is there is left as it is."""
    for model, wanted in ((Area, partnership.areas), (Agency, partnership.agencies)):
        present = set(session.scalars(select(col(model.code))))
        for reference in wanted:
            if reference.code not in present:
                session.add(model(code=reference.code, name=reference.name))
    read = set(session.scalars(select(col(ImportedDefault.file))))
    for name in DEFAULT_FILES:
        if name not in read:
            session.add(ImportedDefault(file=name, sha256=digest_of(folder / name), read_on=london_date(now)))
    record(session, by, now, EventKind.DATABASE_PREPARED)


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def changed_defaults(session: Session, folder: Path) -> list[str]:
    """Give the `agendas/` files that differ from what was read at `meetings init`; they are never applied silently."""
    rows = session.execute(
        select(col(ImportedDefault.file), col(ImportedDefault.sha256)).order_by(col(ImportedDefault.file))
    )
    return [row.file for row in rows if not (folder / row.file).is_file() or digest_of(folder / row.file) != row.sha256]
