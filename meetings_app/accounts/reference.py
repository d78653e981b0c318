"""The partnership's own definitions: read from `agendas/` at `meetings init`; from then on the database rules."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col

from meetings_app.accounts.models import Agency, Area, ImportedDefault
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.db.session import EVERYTHING
from meetings_app.errors import ConfigurationError, Conflict, DomainError, RuleBroken
from meetings_app.partnership import Partnership, identity_of, is_tool, is_whole, parse, texts_in
from meetings_app.partnership.definitions import Ratings
from meetings_app.partnership.loading import read_definition
from meetings_app.permissions import Actor

CHANGED_TWICE = "was changed in the folder and, since it was last read, on the page Rules. What the page says rules."
HOW_ON = (
    "“meetings agendas show {name}” prints it. Once the file holds both changes: "
    "meetings agendas apply --over-page {name} --reason …"
)

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


@dataclass(frozen=True)
class Compared:
    """The files of a folder beside what rules, by name.

    `waiting` differ and are not applied; `page_rules` are as they were last read, and what was changed on the page
    since rules on; `both` were changed in the folder and on the page.
    """

    waiting: Sequence[str] = ()
    page_rules: Sequence[str] = ()
    both: Sequence[str] = ()


def apply_defaults(
    session: Session, by: Actor, now: datetime, folder: Path, reason: str, *, over_page: Collection[str] = ()
) -> Sequence[str]:
    """Let the files of `folder` that were changed rule from now on, as new versions; gives their names.

    A file that is as it was last read changes nothing, so that what was changed on the page since rules on. A tool
    whose file is gone is taken out of use. What was decided before keeps the dates it was given. Raises `RuleBroken`
    for `reason`, `ConfigurationError` for a file that cannot be used, and `DomainError` for one that was changed on
    the page too and is not named in `over_page`; then nothing is changed.
    """
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the definitions change")
    texts = texts_in(folder)
    partnership = parse(texts)
    found = _compared(session, texts)
    for name in found.both:
        if name not in over_page:
            raise DomainError(f"{name} {CHANGED_TWICE} Nothing was applied. {HOW_ON.format(name=name)}")
    changed = {name: texts.get(name, _OUT_OF_USE) for name in sorted([*found.waiting, *found.both])}
    parse(_in_use({**_texts(session), **changed}))
    for name, number in _keep(session, by, now, changed, reason.strip()):
        record(session, by, now, EventKind.DEFINITION_APPLIED, file=name, number=number)
    _add_missing(session, partnership)
    return list(changed)


def compare_defaults(session: Session, folder: Path) -> Compared:
    """Compare the files of `folder` with what rules; nothing is ever applied silently."""
    return _compared(session, texts_in(folder))


def text_in_use(session: Session, name: str) -> str:
    """Give the text of a file as it rules. Raises `DomainError` naming the files there are."""
    kept = _in_use(_texts(session))
    if name not in kept:
        raise DomainError(f"No file of this name rules. There are: {', '.join(sorted(kept))}.")
    return kept[name]


def changed_defaults(session: Session, folder: Path) -> list[str]:
    """Give the files of `folder` that were changed and do not rule."""
    found = compare_defaults(session, folder)
    return sorted([*found.waiting, *found.both])


def in_words(found: Compared) -> list[tuple[str, str]]:
    """Give what is to be done about the files of the folder: the name of each, and one sentence."""
    apply = "See: meetings agendas apply --help"
    waiting = [
        (name, f"{name} of the folder differs from what rules; it is not applied. {apply}") for name in found.waiting
    ]
    return sorted([*waiting, *((name, f"{name} {CHANGED_TWICE} {HOW_ON.format(name=name)}") for name in found.both)])


def change_on_page(
    session: Session,
    by: Actor,
    now: datetime,
    file: str,
    text: str,
    reason: str,
    opened_at: int,
    restores: int | None = None,
) -> int:
    """Let `text` rule from now on as the next version of `file`; gives its number.

    `opened_at` is the number of the version that the person changed, `restores` that of the one brought back. Raises
    `RuleBroken` for `reason`, `ConfigurationError` for a text that cannot be used, `Conflict` where somebody else
    changed the rules since.
    """
    if not reason.strip():
        raise RuleBroken("reason", "Enter why the rules change")
    if last_number(session, file) != opened_at:
        raise Conflict("Somebody else changed these rules while you were changing them. Nothing of yours was saved.")
    parse(_in_use({**_texts(session), file: text}))
    try:
        [(_file, number)] = _keep(session, by, now, {file: text}, reason.strip(), on_page=True, restores=restores)
    except IntegrityError:
        # Two people saved in the same moment. Tried once more, the page finds the other one's version.
        raise StaleDataError from None
    record(session, by, now, EventKind.RULES_CHANGED, file=file, number=number)
    return number


def rules_of_versions(session: Session) -> Mapping[int, Ratings]:
    """Give every version of the rules by the number that decisions name it by."""
    rows = session.execute(
        select(col(ImportedDefault.number), col(ImportedDefault.content)).where(col(ImportedDefault.file) == RULES)
    )
    return {row.number: read_definition(row.content, RULES, Ratings) for row in rows}


def ruling(database: sa.Engine | sa.Connection, files: Partnership) -> Partnership:
    """Give the definitions that rule: those kept in the database, or `files` where it holds none yet."""
    if not _is_there(database.engine.url) or not sa.inspect(database).has_table(ImportedDefault.__tablename__):
        return files
    with Session(database, info={"scope": EVERYTHING}) as session:
        return ruling_in(session, files)


def ruling_in(session: Session, files: Partnership) -> Partnership:
    """Give the definitions that rule as a session finds them, or `files` where the database holds none yet."""
    kept = _texts(session)
    if not is_whole(kept):
        return files
    partnership = parse(_in_use(kept))
    changes: dict[str, object] = {"rules_version": last_number(session, RULES)}
    if not any(map(is_tool, kept)):
        # A database prepared before there were tools has none until the next `meetings init`.
        changes["tools"] = files.tools
    return partnership.model_copy(update=changes)


def newest(database: sa.Engine) -> int:
    """Give the id of the newest version of any file, to be compared with `NEWEST`; 0 where there is none."""
    if not _is_there(database.url) or not sa.inspect(database).has_table(ImportedDefault.__tablename__):
        return 0
    with Session(database, info={"scope": EVERYTHING}) as session:
        return session.scalars(select(NEWEST)).one() or 0


def _is_there(url: sa.URL) -> bool:
    """Say whether there is a database to ask. Asking SQLite for a file that is missing would make one."""
    return url.get_backend_name() != "sqlite" or not url.database or Path(url.database).exists()


def _in_use(kept: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in kept.items() if text != _OUT_OF_USE}


def _compared(session: Session, texts: Mapping[str, str]) -> Compared:
    kept, read = _texts(session), _texts(session, from_files=True)
    differing = sorted(
        name for name in {*kept, *texts} if kept.get(name, _OUT_OF_USE) != texts.get(name, _OUT_OF_USE)
    )  # fmt: skip
    on_page = {name for name in differing if kept.get(name) != read.get(name)}
    untouched = {name for name in on_page if texts.get(name) == read.get(name)}
    return Compared(
        waiting=[name for name in differing if name not in on_page],
        page_rules=sorted(untouched),
        both=sorted(on_page - untouched),
    )


def _texts(session: Session, *, from_files: bool = False) -> dict[str, str]:
    """Give the newest text of each file or, with `from_files`, the text that was last read from the folder."""
    last: Any = select(sa.func.max(col(ImportedDefault.id))).group_by(col(ImportedDefault.file))
    if from_files:
        last = last.where(col(ImportedDefault.on_page).is_(False))
    rows = session.execute(
        select(col(ImportedDefault.file), col(ImportedDefault.content)).where(col(ImportedDefault.id).in_(last))
    )
    return {row.file: row.content for row in rows}


def last_number(session: Session, name: str) -> int:
    """Give the number of the version of a file that rules, or 0 where none is kept."""
    numbers = select(sa.func.max(col(ImportedDefault.number))).where(col(ImportedDefault.file) == name)
    return session.scalars(numbers).one() or 0


def _keep(
    session: Session,
    by: Actor,
    now: datetime,
    texts: Mapping[str, str],
    reason: str,
    *,
    on_page: bool = False,
    restores: int | None = None,
) -> Sequence[tuple[str, int]]:
    """Keep each text as the next version of its file; gives the files with their numbers."""
    _refuse_used_versions(session, _in_use(texts))
    numbered = [(name, last_number(session, name) + 1) for name in texts]
    for name, number in numbered:
        session.add(
            ImportedDefault(
                file=name,
                number=number,
                content=texts[name],
                read_at=now,
                read_by_id=by.account_id,
                reason=reason,
                on_page=on_page,
                restores=restores,
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
