"""The partnership's own definitions: read from `agendas/` at `meetings init`; from then on the database rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency, Area, ImportedDefault
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import ConfigurationError, RuleBroken
from meetings_app.partnership import Partnership, identity_of, is_tool, is_whole, parse, texts_in
from meetings_app.permissions import Actor

RULES = "ratings.toml"
"""The file whose version a decision names as the rules it was made under."""

NEWEST: Any = select(sa.func.max(col(ImportedDefault.id))).scalar_subquery()
"""The id of the newest version of any file, as part of a statement; one look at the end of an index."""

_OUT_OF_USE = ""
"""The text of a tool whose file was taken away: what was assessed with it keeps the text of before."""


def prepare_reference_data(session: Session, partnership: Partnership, folder: Path, by: Actor, now: datetime) -> None:
    """Keep the files of `folder` that the database lacks, and add the areas and agencies it lacks.

    Raises `ConfigurationError` where a new file does not go with what rules.
    """
    _add_missing(session, partnership)
    kept = _texts(session)
    added = {name: text for name, text in texts_in(folder).items() if name not in kept}
    parse(_in_use({**kept, **added}))
    _keep(session, by, now, added, "read at meetings init")
    record(session, by, now, EventKind.DATABASE_PREPARED)


def apply_defaults(session: Session, by: Actor, now: datetime, folder: Path, reason: str) -> Sequence[str]:
    """Let the files of `folder` that differ rule from now on, as new versions; gives their names.

    A tool whose file is gone is taken out of use. What was decided before keeps the dates it was given. Raises
    `RuleBroken` for `reason`, `ConfigurationError` for a file that cannot be used; then nothing is changed.
    """
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the definitions change")
    texts = texts_in(folder)
    partnership = parse(texts)
    changed = {name: texts.get(name, _OUT_OF_USE) for name in _differing(_texts(session), texts)}
    for name, number in _keep(session, by, now, changed, reason.strip()):
        record(session, by, now, EventKind.DEFINITION_APPLIED, file=name, number=number)
    _add_missing(session, partnership)
    return list(changed)


def changed_defaults(session: Session, folder: Path) -> list[str]:
    """Give the files of `folder` that differ from what rules; they are never applied silently."""
    return _differing(_texts(session), texts_in(folder))


def ruling(database: sa.Engine | sa.Connection, files: Partnership) -> Partnership:
    """Give the definitions that rule: those kept in the database, or `files` where it holds none yet."""
    if not _is_there(database.engine.url) or not sa.inspect(database).has_table(ImportedDefault.__tablename__):
        return files
    with Session(database, info={"scope": {}}) as session:
        return ruling_in(session, files)


def ruling_in(session: Session, files: Partnership) -> Partnership:
    """Give the definitions that rule as a session finds them, or `files` where the database holds none yet."""
    kept = _texts(session)
    if not is_whole(kept):
        return files
    partnership = parse(_in_use(kept))
    changes: dict[str, object] = {"rules_version": _last_number(session, RULES)}
    if not any(map(is_tool, kept)):
        # A database prepared before there were tools has none until the next `meetings init`.
        changes["tools"] = files.tools
    return partnership.model_copy(update=changes)


def newest(database: sa.Engine) -> int:
    """Give the id of the newest version of any file, to be compared with `NEWEST`; 0 where there is none."""
    if not _is_there(database.url) or not sa.inspect(database).has_table(ImportedDefault.__tablename__):
        return 0
    with Session(database, info={"scope": {}}) as session:
        return session.scalars(select(NEWEST)).one() or 0


def _is_there(url: sa.URL) -> bool:
    """Say whether there is a database to ask. Asking SQLite for a file that is missing would make one."""
    return url.get_backend_name() != "sqlite" or not url.database or Path(url.database).exists()


def _in_use(kept: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in kept.items() if text != _OUT_OF_USE}


def _differing(kept: Mapping[str, str], texts: Mapping[str, str]) -> list[str]:
    return sorted(
        name for name in {*kept, *texts} if kept.get(name, _OUT_OF_USE) != texts.get(name, _OUT_OF_USE)
    )  # fmt: skip


def _texts(session: Session) -> dict[str, str]:
    """Give the newest text of each file."""
    last: Any = select(sa.func.max(col(ImportedDefault.id))).group_by(col(ImportedDefault.file))
    rows = session.execute(
        select(col(ImportedDefault.file), col(ImportedDefault.content)).where(col(ImportedDefault.id).in_(last))
    )
    return {row.file: row.content for row in rows}


def _last_number(session: Session, name: str) -> int:
    """Give the number of the version of a file that rules, or 0 where none is kept."""
    numbers = select(sa.func.max(col(ImportedDefault.number))).where(col(ImportedDefault.file) == name)
    return session.scalars(numbers).one() or 0


def _keep(
    session: Session, by: Actor, now: datetime, texts: Mapping[str, str], reason: str
) -> Sequence[tuple[str, int]]:
    """Keep each text as the next version of its file; gives the files with their numbers."""
    _refuse_used_versions(session, _in_use(texts))
    numbered = [(name, _last_number(session, name) + 1) for name in texts]
    for name, number in numbered:
        session.add(
            ImportedDefault(
                file=name, number=number, content=texts[name], read_at=now, read_by_id=by.account_id, reason=reason
            )
        )
    session.flush()
    return numbered


def _refuse_used_versions(session: Session, texts: Mapping[str, str]) -> None:
    """A finished assessment names its tool and version, so that the two stand for one text for ever."""
    tools = {name: text for name, text in texts.items() if is_tool(name)}
    if not tools:
        return
    contents = session.scalars(select(col(ImportedDefault.content)).where(col(ImportedDefault.file).like("tools/%")))
    used = {identity_of(content): content for content in contents if content != _OUT_OF_USE}
    for name, text in tools.items():
        code, version = identity_of(text)
        if used.get((code, version), text) != text:
            raise ConfigurationError(f"{name}: version: {version} of {code} is another text. Enter a new version.")


def _add_missing(session: Session, partnership: Partnership) -> None:
    for model, wanted in ((Area, partnership.areas), (Agency, partnership.agencies)):
        present = set(session.scalars(select(col(model.code))))
        for reference in wanted:
            if reference.code not in present:
                session.add(model(code=reference.code, name=reference.name))
