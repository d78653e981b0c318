"""The database's shape: numbered Alembic migrations, brought up by `meetings init`."""

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from meetings_app.errors import ConfigurationError
from meetings_app.resources import folder


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database up to `revision`, creating it where it is empty. Nothing half done.

    Raises `ConfigurationError` for a database that a newer version of this program made.
    """
    with engine.begin() as connection:
        _check_is_known(MigrationContext.configure(connection).get_current_revision())
        command.upgrade(_config(connection), revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Take the database back to `revision`; only the tests of the migrations do this."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def check_version(engine: sa.Engine) -> None:
    """Raise `ConfigurationError` unless the database has exactly this version's shape."""
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    wanted = _scripts().get_current_head()
    if found is None:
        raise ConfigurationError("The database is empty. Run: meetings init")
    _check_is_known(found)
    if found != wanted:
        raise ConfigurationError(f"The database is at version {found}, this program needs {wanted}. Run: meetings init")


def _check_is_known(found: str | None) -> None:
    """Refuse a version that this program has no step to: the way back is a program or a copy, never `init`."""
    if found is not None and found not in {each.revision for each in _scripts().walk_revisions()}:
        raise ConfigurationError(
            f"The database is at version {found}, which a newer version of this program made. Install that version, "
            "or put a copy of the database back: meetings restore"
        )


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(None))


def _config(connection: sa.Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder("migrations")))
    config.attributes["connection"] = connection
    return config
