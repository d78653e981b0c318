"""The database's shape: numbered Alembic migrations, brought up by `meetings init`."""

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from meetings_app.errors import ConfigurationError
from meetings_app.resources import folder


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database up to `revision`, creating it where it is empty. Nothing half done."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Take the database back to `revision`; only the tests of the migrations do this."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def check_version(engine: sa.Engine) -> None:
    """Raise `ConfigurationError` unless the database has exactly this version's shape."""
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    wanted = ScriptDirectory.from_config(_config(None)).get_current_head()
    if found is None:
        raise ConfigurationError("The database is empty. Run: meetings init")
    if found != wanted:
        raise ConfigurationError(f"The database is at version {found}, this program needs {wanted}. Run: meetings init")


def _config(connection: sa.Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder("migrations")))
    config.attributes["connection"] = connection
    return config
