"""A page of the list costs what it shows, however long the list is. Steps of SQLite and plans of queries, no clock."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from meetings_app.access import criteria
from meetings_app.cse_list import queries, views
from meetings_app.cse_list.filters import ListFilter, Sort
from meetings_app.db.engine import make_engine
from meetings_app.db.session import act_for, make_sessions
from meetings_app.permissions import OPERATOR, Actor, Grant, Role
from tests.conftest import prepared

TODAY = date(2026, 11, 23)
FEW, MANY = 1_000, 60_000
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :end) "
_CHILDREN = sa.text(
    "INSERT INTO child (id, version, reference, name, name_key, sound_key, born, area_id, gender, ethnicity, "
    "school_name, learning_disability, looked_after, legal_status, lead_professional_name, created_at) "
    + _NUMBERS
    + "SELECT i, 1, 'C-' || i, 'Testy McExample ' || i, 'testy mcexample ' || (i * 7919 % 99991), '', "
    "date('2008-06-01', '+' || (i * 31 % 2000) || ' days'), 1 + i % 4, '', '', '', "
    "'unknown', 'unknown', '', '', '2026-11-01 00:00:00.000000' FROM n"
)
_ENTRIES = sa.text(
    "INSERT INTO list_entry (version, child_id, area_id, state, listed_on, before_service, sort_name, born, "
    "current_rating, rating_rank, provisional, rated_on, next_review_on, closed_because) "
    "SELECT 1, id, area_id, 'listed', '2026-01-05', 0, name_key, born, "
    "CASE id % 3 WHEN 0 THEN 'high' WHEN 1 THEN 'medium' ELSE 'low' END, id % 3 + 1, 0, '2026-11-01', "
    "date('2026-10-20', '+' || (id * 7 % 79) || ' days'), '' FROM child WHERE id >= :first"
)


def grow(engine: sa.Engine, first: int, end: int) -> None:
    with engine.begin() as connection:
        connection.execute(_CHILDREN, {"first": first, "end": end})
        connection.execute(_ENTRIES, {"first": first})
        connection.exec_driver_sql("ANALYZE")


def steps(session: Session, read: Callable[[], Any]) -> int:
    """Count the instructions of SQLite's own machine that a read takes."""
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


def people(session: Session) -> dict[str, Actor]:
    north_east = views.references_of(session).area_id("NE")
    return {
        "county coordinator": Actor(1, "", grants=(Grant(Role.COORDINATOR),)),
        "coordinator": Actor(1, "", grants=(Grant(Role.COORDINATOR, north_east),)),
        "representative": Actor(1, "", grants=(Grant(Role.REPRESENTATIVE, north_east),)),
        "list holder": Actor(1, "", grants=(Grant(Role.LIST_HOLDER),)),
    }


PAGES = {
    "by review": (ListFilter(), ""),
    "by name, backwards": (ListFilter(sort=Sort.NAME, descending=True), ""),
    "by rating": (ListFilter(sort=Sort.RATING), ""),
    "by age": (ListFilter(sort=Sort.AGE), ""),
    "rated high": (ListFilter(rating="high"), ""),
    "overdue": (ListFilter(overdue=True), ""),
    "from the middle": (ListFilter(sort=Sort.NAME), "C-500"),
}
OF_ONE_AREA = {"coordinator", "representative"}
"""The page asks for the area by itself where a person has one only."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    made = make_engine(f"sqlite:///{tmp_path / 'growing.db'}")
    prepared(made)
    grow(made, 1, FEW + 1)
    yield made
    made.dispose()


def measured(engine: sa.Engine) -> dict[tuple[str, str], int]:
    taken = {}
    for page, (view, after) in PAGES.items():
        with make_sessions(engine, criteria)() as session:
            act_for(session, OPERATOR)
            for who, actor in people(session).items():
                act_for(session, actor)

                asked = replace(view, area="NE") if who in OF_ONE_AREA else view

                def read(view: ListFilter = asked, after: str = after, session: Session = session) -> None:
                    references = views.references_of(session)
                    shown = queries.read_page(session, view, TODAY, references, after=after)
                    assert len(shown.rows) == queries.PAGE
                    views.printed(session, shown.rows, TODAY, references)

                taken[who, page] = steps(session, read)
    return taken


def test_a_page_takes_as_many_steps_with_60_000_entries_as_with_1_000(engine: sa.Engine) -> None:
    few = measured(engine)
    grow(engine, FEW + 1, MANY + 1)
    many = measured(engine)
    ratios = {page: many[page] / few[page] for page in few}
    assert max(ratios.values()) <= 1.02, ratios


def test_counting_stops_where_the_page_says_more_than_1_000(engine: sa.Engine) -> None:
    grow(engine, FEW + 1, 8 * FEW + 1)
    with make_sessions(engine, criteria)() as session:
        act_for(session, OPERATOR)
        references = views.references_of(session)

        def read() -> None:
            assert queries.count(session, ListFilter(), TODAY, references) == queries.MOST_COUNTED + 1

        before = steps(session, read)
        session.rollback()
        grow(engine, 8 * FEW + 1, 16 * FEW + 1)
        assert steps(session, read) <= 1.02 * before
