"""A statement that is sent again is sent as it was prepared: the same rows, and nothing of anybody else’s."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.children.service import ChildDetails, create_child
from meetings_app.db.session import act_for
from meetings_app.permissions import OPERATOR, Actor, Grant, Role
from tests.support.own_database import own_database
from tests.support.statements import statements_of

BORN = date(2012, 3, 4)
FOUND = (
    select(col(Child.name), col(Child.born), col(Child.looked_after), col(Child.created_at))
    .where(col(Child.name).in_(bindparam("names", expanding=True)), col(Child.born) >= bindparam("since"))
    .where(col(Child.gender).in_(["", "invented"]), col(Child.looked_after) == YesNoUnknown.NO)
    .order_by(col(Child.name))
    .limit(5)
)


@pytest.fixture
def named(session: Session, now: datetime) -> Session:
    """Give a session with three children, of whom the first lives in another area than the others."""
    for area_id, name in enumerate(("Testy One", "Testy Two", "Testy Three"), start=1):
        child = create_child(session, OPERATOR, now, ChildDetails(name, BORN, area_id=min(area_id, 2)))
        child.looked_after = YesNoUnknown.NO
    session.flush()
    return session


@contextmanager
def worked_out(session: Session) -> Iterator[list[Any]]:
    """Collect the statements that SQLAlchemy works out within the block; those sent as prepared are not among them."""
    seen: list[Any] = []
    engine = session.get_bind()

    def keep(_connection: Any, statement: Any, *_more: Any) -> None:
        seen.append(statement)

    sa.event.listen(engine, "before_execute", keep)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_execute", keep)


def test_what_is_sent_again_gives_the_same_and_is_worked_out_twice_at_most(named: Session, now: datetime) -> None:
    engine: Any = named.get_bind()
    with worked_out(named) as seen, statements_of(engine) as sent:
        rows = [named.execute(FOUND, {"names": ["Testy Two", "Testy One"], "since": BORN}).all() for _ in range(5)]

    assert rows == [[("Testy One", BORN, YesNoUnknown.NO, now), ("Testy Two", BORN, YesNoUnknown.NO, now)]] * 5
    assert [row.born for row in rows[-1]] == [BORN, BORN]
    assert len(seen) <= 2 < 5 == len(sent), "whoever listens to the engine hears of each"


def test_each_sending_has_its_own_values_and_as_many_as_it_is_given(named: Session) -> None:
    asked: list[tuple[Any, date]] = [
        (["Testy One"], BORN), (["Testy Two"], BORN), ({"Testy Three"}, BORN), ([], BORN),
        (("Testy One", "Testy Three"), BORN), (["Testy One"], date(2012, 3, 5)), (["Testy Nobody"], BORN),
    ]  # fmt: skip
    expected = [["Testy One"], ["Testy Two"], ["Testy Three"], [], ["Testy One", "Testy Three"], [], []]
    for _ in range(3):
        found = [named.scalars(FOUND, {"names": names, "since": since}).all() for names, since in asked]
        assert found == expected


def test_two_people_are_each_given_their_own(named: Session) -> None:
    first, second = (Actor(7, "Test Coordinator", grants=(Grant(Role.COORDINATOR, area),)) for area in (1, 2))
    values = {"names": ["Testy One", "Testy Two"], "since": BORN}
    for _ in range(4):
        for actor, name in ((first, "Testy One"), (second, "Testy Two"), (first, "Testy One")):
            act_for(named, actor)
            assert named.scalars(FOUND, values).all() == [name]


def test_a_value_that_is_missing_or_wrong_is_refused_as_ever(named: Session) -> None:
    values = {"names": ["Testy One"], "since": BORN}
    for _ in range(3):
        named.execute(FOUND, values)
    with pytest.raises(sa.exc.StatementError):
        named.execute(FOUND, {"names": ["Testy One"]})
    with pytest.raises(sa.exc.StatementError):
        named.execute(FOUND, {"names": ["Testy One"], "since": "no date"})


def test_what_the_database_refuses_is_an_error_of_sqlalchemy_and_names_no_value(named: Session) -> None:
    statement = select(col(Child.name)).where(col(Child.name) == bindparam("name"))
    for _ in range(3):
        named.execute(statement, {"name": "Testy One"})
    named.connection().execute(sa.text("ALTER TABLE child RENAME COLUMN name TO other"))
    with pytest.raises(sa.exc.DBAPIError) as refused:
        named.execute(statement, {"name": "Testy One"})
    assert "Testy One" not in str(refused.value)


def test_a_connection_that_is_lost_is_an_error_of_sqlalchemy_and_whoever_comes_next_has_another(
    database: str, tmp_path: Path
) -> None:
    values = {"names": ["Testy One"], "since": BORN}
    with own_database(database, tmp_path) as sessions:
        with sessions() as session:
            act_for(session, OPERATOR)
            for _ in range(3):
                session.execute(FOUND, values)
            held: Any = session.connection().connection
            held.dbapi_connection.close()
            with pytest.raises(sa.exc.DBAPIError) as refused:
                session.execute(FOUND, values)
            assert "Testy One" not in str(refused.value)
        with sessions() as session:
            act_for(session, OPERATOR)
            assert session.execute(FOUND, values).all() == []
