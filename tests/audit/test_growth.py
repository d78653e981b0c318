"""An entry costs the same however long the trail is, also where somebody had the database count its rows."""

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from meetings_app.access import criteria
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.db.engine import make_engine
from meetings_app.db.session import act_for, make_sessions
from meetings_app.permissions import OPERATOR, Actor
from tests.conftest import prepared
from tests.cse_list.test_growth import steps


def test_adding_an_entry_does_not_read_the_trail(tmp_path: Path, now: datetime) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'growing.db'}")
    prepared(engine)
    with make_sessions(engine, criteria)() as session:
        act_for(session, OPERATOR)

        def add(entries: int) -> None:
            for number in range(entries):
                record(session, Actor(number % 2, ""), now, EventKind.IMPORT_CONFIRMED, created=1, matched=0)
            session.commit()

        add(20)
        session.execute(sa.text("ANALYZE"))
        first = steps(session, lambda: add(1))
        add(2_000)
        assert steps(session, lambda: add(1)) <= 1.2 * first
    engine.dispose()
