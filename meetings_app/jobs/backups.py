"""The copy of each night: written beside the service, read back whole, and the oldest ones thinned out after that."""

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from meetings_app.audit.trail import use_key, verify
from meetings_app.config import Settings
from meetings_app.db import backup
from meetings_app.db.migrate import check_version
from meetings_app.db.session import EVERYTHING, make_sessions, reading
from meetings_app.errors import DomainError
from meetings_app.permissions import OPERATOR

_PATTERN = "meetings-*.backup"
UNCHECKED = "read whole, but its trail not verified (the service’s user may not create a database to restore it into)"


def back_up_slot(engine: sa.Engine, settings: Settings, slot: datetime) -> str:
    """Copy the database into the folder of `MEETINGS_BACKUP_DIR`, verify the copy, and keep the newest ones.

    The file is named after the slot, so that two schedulers or a second try make one copy. Raises `DomainError` where
    the copy cannot be written or does not verify; then no older copy is removed.
    """
    folder = settings.backup_dir
    if folder is None or not folder.is_dir():
        raise DomainError("The folder for copies is not there. Make it, or change MEETINGS_BACKUP_DIR")
    file = folder / f"meetings-{slot:%Y%m%dT%H%MZ}.backup"
    if not file.exists():
        backup.back_up(engine, file, replaces=True)
    checked = backup.verify(engine, file, lambda copy: check_copy(copy, settings.audit_key))
    kept, removed = _thinned(folder, file, settings.backup_keep)
    size = max(1, round(file.stat().st_size / 1_000_000))
    done = "verified" if checked else UNCHECKED
    return f"{file.name} written and {done}, {size} MB; copies kept: {kept}, removed: {removed}"


def check_copy(engine: sa.Engine, audit_key: str) -> None:
    """Raise `DomainError` unless a copy of the database has this version and an unbroken audit trail."""
    check_version(engine)
    use_key(audit_key)
    # The operator sees everything, so nothing is narrowed.
    with reading(make_sessions(engine, lambda _actor: EVERYTHING), OPERATOR) as session:
        _count, broken = verify(session)
    if broken is not None:
        raise DomainError(f"The audit trail of the copy is broken at entry {broken}. Nothing was replaced.")


def _thinned(folder: Path, newest: Path, keep: int) -> tuple[int, int]:
    """Remove all but the newest `keep` copies; the one just written stays, wherever its name sorts it."""
    copies = sorted(folder.glob(_PATTERN), key=lambda copy: (copy == newest, copy.name), reverse=True)
    for copy in copies[keep:]:
        copy.unlink(missing_ok=True)
    return min(len(copies), keep), max(0, len(copies) - keep)
