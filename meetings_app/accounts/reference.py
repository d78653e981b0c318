"""The partnership's own definitions: read from `agendas/` at `meetings init`; from then on the database rules."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency, Area, ImportedDefault
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import RuleBroken
from meetings_app.partnership import FILES, Partnership, load, parse, text_of
from meetings_app.permissions import Actor


def prepare_reference_data(session: Session, partnership: Partnership, folder: Path, by: Actor, now: datetime) -> None:
    """Keep the files of `folder` that the database lacks, and add the areas and agencies it lacks."""
    _add_missing(session, partnership)
    kept = _texts(session)
    for name in FILES:
        if name not in kept:
            _keep(session, by, now, folder, name, number=1, reason="read at meetings init")
    record(session, by, now, EventKind.DATABASE_PREPARED)


def apply_defaults(session: Session, by: Actor, now: datetime, folder: Path, reason: str) -> Sequence[str]:
    """Let the files of `folder` that differ rule from now on, as new versions; gives their names.

    What was decided before keeps the dates it was given. Raises `RuleBroken` for `reason`, `ConfigurationError` for a
    file that cannot be used; then nothing is changed.
    """
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the definitions change")
    partnership = load(folder)
    changed = changed_defaults(session, folder)
    for name in changed:
        number = _last_number(session, name) + 1
        _keep(session, by, now, folder, name, number=number, reason=reason.strip())
        record(session, by, now, EventKind.DEFINITION_APPLIED, file=name, number=number)
    _add_missing(session, partnership)
    return changed


def changed_defaults(session: Session, folder: Path) -> list[str]:
    """Give the files of `folder` that differ from what rules; they are never applied silently."""
    kept = _texts(session)
    return [name for name in FILES if name in kept and _differs(folder / name, kept[name])]


def ruling(database: sa.Engine | sa.Connection, files: Partnership) -> Partnership:
    """Give the definitions that rule: those kept in the database, or `files` where it holds none yet."""
    if not sa.inspect(database).has_table(ImportedDefault.__tablename__):
        return files
    with Session(database, info={"scope": {}}) as session:
        kept = _texts(session)
    return parse(kept) if set(kept) == set(FILES) else files


def _texts(session: Session) -> dict[str, str]:
    rows = session.execute(
        select(col(ImportedDefault.file), col(ImportedDefault.content)).order_by(col(ImportedDefault.number))
    )
    return {row.file: row.content for row in rows}


def _last_number(session: Session, name: str) -> int:
    numbers = select(sa.func.max(col(ImportedDefault.number))).where(col(ImportedDefault.file) == name)
    return session.scalars(numbers).one() or 0


def _keep(session: Session, by: Actor, now: datetime, folder: Path, name: str, *, number: int, reason: str) -> None:
    session.add(
        ImportedDefault(
            file=name,
            number=number,
            content=text_of(folder / name),
            read_at=now,
            read_by_id=by.account_id,
            reason=reason,
        )
    )
    session.flush()


def _add_missing(session: Session, partnership: Partnership) -> None:
    for model, wanted in ((Area, partnership.areas), (Agency, partnership.agencies)):
        present = set(session.scalars(select(col(model.code))))
        for reference in wanted:
            if reference.code not in present:
                session.add(model(code=reference.code, name=reference.name))


def _differs(path: Path, kept: str) -> bool:
    return not path.is_file() or text_of(path) != kept
