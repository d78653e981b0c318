"""An entry of the trail costs the same however long the trail is. Steps of SQLite, no clock."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.access import criteria
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.db.engine import make_engine
from meetings_app.db.session import act_for, make_sessions
from meetings_app.permissions import OPERATOR, Actor
from tests.conftest import prepared


def _write(session: Session, now: datetime, entries: int) -> None:
    for number in range(entries):
        record(session, Actor(number % 2, ""), now, EventKind.LIST_VIEWED, children=number)
    session.commit()


def _steps_of_one(session: Session, now: datetime) -> int:
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection: Any = session.connection().connection.driver_connection
    connection.set_progress_handler(count, 1)
    _write(session, now, 1)
    connection.set_progress_handler(None, 1)
    return taken


def test_an_entry_costs_the_same_in_a_long_trail(tmp_path: Path, now: datetime) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'trail.db'}")
    prepared(engine)
    with make_sessions(engine, criteria)() as session:
        act_for(session, OPERATOR)
        _write(session, now, 20)
        # Told about a short trail, SQLite may choose an index that it must read whole.
        session.connection().exec_driver_sql("ANALYZE")
        session.commit()
        short = _steps_of_one(session, now)
        _write(session, now, 3_000)
        assert _steps_of_one(session, now) <= 1.2 * short
    engine.dispose()
