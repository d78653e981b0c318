"""The cost of an agenda follows what is due, however long the list is. Steps of SQLite, no clock."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from meetings_app.access import criteria
from meetings_app.db.engine import make_engine
from meetings_app.db.session import act_for, make_sessions
from meetings_app.meetings.absent import PAGE, absent_page
from meetings_app.meetings.drafting import draft_of
from meetings_app.permissions import OPERATOR, Actor, Grant, Role
from meetings_app.schedule.models import Meeting
from tests.conftest import prepared
from tests.support.meetings import area_id, office, series
from tests.support.world import NOW

FEW, MANY, DUE = 1_000, 60_000, 160
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :end) "
_CHILDREN = sa.text(
    "INSERT INTO child (id, version, reference, name, name_key, sound_key, born, area_id, gender, ethnicity, "
    "school_name, learning_disability, looked_after, legal_status, lead_professional_name, created_at) "
    + _NUMBERS
    + "SELECT i, 1, 'C-' || i, 'Testy McExample ' || i, 'testy', '', date('2010-06-01', '+' || (i % 1500) || ' days'), "
    "1 + i % 4, '', '', '', 'unknown', 'unknown', '', '', '2026-11-01 00:00:00.000000' FROM n"
)
_ENTRIES = sa.text(
    "INSERT INTO list_entry (version, child_id, area_id, state, listed_on, before_service, sort_name, born, "
    "current_rating, rating_rank, provisional, rated_on, next_review_on, closed_because) "
    "SELECT 1, id, area_id, 'listed', '2026-01-05', 0, name_key, born, 'medium', 2, 0, '2026-11-01', "
    "CASE WHEN id <= :due THEN '2026-11-20' ELSE date('2026-12-10', '+' || (id % 50) || ' days') END, '' "
    "FROM child WHERE id >= :first"
)
_REST = (
    "INSERT INTO change_in_circumstances (child_id, kind, happened_on, reported_at, text, heard_at_meeting_id) "
    "SELECT id, 'incident', '2026-11-18', '2026-11-18 09:00:00.000000', 'Invented', CASE WHEN id <= 40 THEN NULL "
    "ELSE (SELECT min(id) FROM meeting) END FROM child WHERE id >= :first"
)


def grow(engine: sa.Engine, first: int, end: int) -> None:
    with engine.begin() as connection:
        connection.execute(_CHILDREN, {"first": first, "end": end})
        connection.execute(_ENTRIES, {"first": first, "due": DUE})
        connection.execute(sa.text(_REST), {"first": first})
        connection.exec_driver_sql("ANALYZE")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    made = make_engine(f"sqlite:///{tmp_path / 'growing.db'}")
    prepared(made)
    with make_sessions(made, criteria).begin() as session:
        act_for(session, OPERATOR)
        series(session)
    grow(made, 1, FEW + 1)
    yield made
    made.dispose()


def steps(session: Session, read: Any) -> int:
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection: Any = session.connection().connection.driver_connection
    connection.set_progress_handler(count, 1)
    try:
        read()
    finally:
        connection.set_progress_handler(None, 1)
    return taken


def measured(engine: sa.Engine) -> dict[str, int]:
    with make_sessions(engine, criteria)() as session:
        act_for(session, OPERATOR)
        coordinator = Actor(1, "", grants=(Grant(Role.COORDINATOR, area_id(session)),))
        meeting = session.scalars(sa.select(Meeting).order_by(Meeting.__table__.c.held_on)).first()  # type: ignore[attr-defined]
        assert meeting is not None
        partnership = office().partnership
        taken = {}
        for who, actor in (("coordinator", coordinator), ("operator", OPERATOR)):
            act_for(session, actor)

            def drafted() -> None:
                agenda = draft_of(session, meeting, partnership, NOW)
                assert len(agenda.items) == DUE / 4

            def absent() -> None:
                assert len(absent_page(session, meeting, partnership, NOW).rows) >= PAGE - DUE / 4

            taken[f"draft, {who}"] = steps(session, drafted)
            taken[f"who is not on it, {who}"] = steps(session, absent)
        return taken


def test_an_agenda_takes_as_many_steps_with_60_000_entries_as_with_1_000(engine: sa.Engine) -> None:
    few = measured(engine)
    grow(engine, FEW + 1, MANY + 1)
    many = measured(engine)
    ratios = {what: many[what] / few[what] for what in few}
    assert max(ratios.values()) <= 1.05, ratios
