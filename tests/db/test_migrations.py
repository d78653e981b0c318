"""Every migration goes down and up again with rows in the tables, on both databases, and leaves the same shape."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from meetings_app.child_record.service import edit_details
from meetings_app.children.service import ChildDetails
from meetings_app.db.migrate import downgrade, upgrade
from meetings_app.db.session import act_for
from meetings_app.networks.record_models import PassedAction
from meetings_app.permissions import OPERATOR
from tests.support.actions import give_action, past_meeting
from tests.support.network_meetings import network_day, opened, tangled
from tests.support.own_database import own_database
from tests.support.referrals import refer
from tests.support.rmm import due
from tests.support.world import NOW

BEFORE_NETWORK_MEETINGS = "0025"
Shape = dict[str, Any]


def filled(session: Session) -> None:
    """Add a child with what belongs to one, networks, an action passed on, and a network meeting that is being held."""
    act_for(session, OPERATOR)
    child = due(session)
    refer(session, child)
    values = {name: getattr(child, name) for name in ChildDetails.__dataclass_fields__}
    edit_details(session, OPERATOR, NOW, child, child.version, ChildDetails(**{**values, "name": "Testy McAfter"}))
    day = network_day(session)
    network, police = tangled(session).network, day.people.police
    opened(day)
    act_for(session, OPERATOR)
    action = give_action(session, past_meeting(session), child, police, day.first.held_on, "Invented: look")
    session.add(PassedAction(action_id=action.key, subject_id=network.key, passed_at=NOW))
    session.commit()


def shape_of(engine: sa.Engine) -> Shape:
    """Give tables, columns, indexes, keys and triggers, as the database tells them."""
    found: Shape = {}
    inspector = sa.inspect(engine)
    for table in inspector.get_table_names():
        columns = {column["name"]: (str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)}
        indexes = sorted((index["name"] or "", str(index["column_names"])) for index in inspector.get_indexes(table))
        checks = sorted(str(check["name"]) for check in inspector.get_check_constraints(table))
        uniques = sorted(str(unique["name"]) for unique in inspector.get_unique_constraints(table))
        keys = sorted(
            f"{key['constrained_columns']} {key['referred_table']}" for key in inspector.get_foreign_keys(table)
        )
        found[table] = (columns, indexes, checks, uniques, keys)
    with engine.connect() as connection:
        triggers = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'" if engine.dialect.name == "sqlite"
            else "SELECT tgname || ' ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal"
        )  # fmt: skip
        found["triggers"] = sorted(connection.scalars(sa.text(triggers)))
    return found


def rows_of(engine: sa.Engine) -> dict[str, int]:
    """Count the rows of every table that has any."""
    with engine.connect() as connection:
        tables = [table for table in sa.inspect(engine).get_table_names() if table != "alembic_version"]
        counted = {table: connection.scalar(sa.text(f'SELECT count(*) FROM "{table}"')) or 0 for table in tables}
    return {table: count for table, count in counted.items() if count}


def set_at(engine: sa.Engine, statement: str) -> None:
    """Change rows as they stand in the database."""
    with engine.begin() as connection:
        connection.execute(sa.text(statement))


def test_the_newer_migrations_take_no_row_of_an_older_table_along_and_every_one_goes_down_and_up(
    database: str, tmp_path: Path
) -> None:
    with own_database(database, tmp_path) as sessions:
        with sessions() as session:
            filled(session)
            engine: Any = session.get_bind()
        shape, rows = shape_of(engine), rows_of(engine)
        assert {"child_before", "network_item", "passed_action", "subject_area", "referral"} <= rows.keys()
        # The older tables cannot say that a watch has ended: it would run again, and the reason be lost.
        set_at(engine, "UPDATE passed_action SET ended_at = passed_at")
        with pytest.raises(RuntimeError, match="has ended"):
            downgrade(engine, BEFORE_NETWORK_MEETINGS)
        assert (shape_of(engine), rows_of(engine)) == (shape, rows)
        set_at(engine, "UPDATE passed_action SET ended_at = NULL")
        downgrade(engine, BEFORE_NETWORK_MEETINGS)
        older = set(sa.inspect(engine).get_table_names())
        kept = {table: count for table, count in rows.items() if table in older}
        assert rows_of(engine) == kept
        upgrade(engine)
        assert shape_of(engine) == shape
        # Some fill a new table from what an older one says, such as who heard the statement.
        assert kept.items() <= rows_of(engine).items()
        downgrade(engine, "base")
        assert rows_of(engine) == {}
        upgrade(engine)
        assert shape_of(engine) == shape
