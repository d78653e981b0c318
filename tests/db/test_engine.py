"""What every connection of the service is asked for when it is opened."""

import sqlalchemy as sa

# Without full synchronisation a power cut undoes what was acknowledged; PostgreSQL compiles statements that are short.
ASKED: dict[str, dict[str, object]] = {
    "sqlite": {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20000, "trusted_schema": 0,
        "recursive_triggers": 1,
    },
    "postgresql": {"jit": "off"},
}  # fmt: skip


def test_every_connection_is_prepared_and_stays_so_after_what_is_rolled_back(
    database: str, engines: dict[str, sa.Engine]
) -> None:
    say = "PRAGMA" if database == "sqlite" else "SHOW"
    with engines[database].connect() as connection:
        connection.rollback()
        found = {name: connection.exec_driver_sql(f"{say} {name}").scalar() for name in ASKED[database]}
    assert found == ASKED[database]
