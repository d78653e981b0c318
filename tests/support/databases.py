"""Databases that a test made for itself."""

import sqlalchemy as sa

from tests.conftest import POSTGRESQL_URL


def drop_postgresql_databases(*names: str) -> None:
    """Drop the databases a test made, where they are there."""
    server = sa.create_engine(POSTGRESQL_URL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for name in names:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    server.dispose()
