"""What a command of `meetings` is given, so that no feature has to know how the program is put together.

Feature commands take it with `@click.pass_obj` and call it `program`. The one implementation is in `cli.py`.
"""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from meetings_app.config import Settings


class Program(Protocol):
    """Settings, configuration and database, each read when first asked for.

    Whatever cannot be used raises `ConfigurationError`, which the program shows as one line, with exit code 1.
    """

    @property
    def settings(self) -> Settings:
        """Give the settings, checked."""
        ...  # pragma: no cover

    @property
    def partnership(self) -> Any:
        """Give the partnership's configuration, read from `agendas/`."""
        ...  # pragma: no cover

    def rules(self, session: Session, newest: int) -> Any:
        """Give the definitions that rule, read again where `newest` is another version."""
        ...  # pragma: no cover

    @property
    def engine(self) -> sa.Engine:
        """Give the database, whatever version it has."""
        ...  # pragma: no cover

    @property
    def sessions(self) -> sessionmaker[Session]:
        """Give the maker of sessions, after checking that the database has this program's version."""
        ...  # pragma: no cover

    def now(self) -> datetime:
        """Give the present moment, UTC."""
        ...  # pragma: no cover

    def reading(self, command: str) -> AbstractContextManager[Session]:
        """Open a session for the operator that only reads. Afterwards the trail says that `command` was run.

        Print what was read after the block, so that nothing is shown that was not recorded.
        """
        ...  # pragma: no cover

    def writing(self, command: str) -> AbstractContextManager[Session]:
        """Open a session for the operator, record that `command` was run, and commit at the end of the block."""
        ...  # pragma: no cover

    def check_copy(self, engine: sa.Engine) -> None:
        """Raise `DomainError` unless a copy of the database has this version and an unbroken audit trail."""
        ...  # pragma: no cover
