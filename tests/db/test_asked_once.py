"""What several parts of one page go by is read once, for that page and that person alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.children.service import ChildDetails, create_child
from meetings_app.db.asked_once import asked_once
from meetings_app.db.session import act_for, begin_reading, reading, together_with, unscoped_while
from meetings_app.permissions import OPERATOR, Actor, Grant, Role

HERE, THERE = (Actor(area, "Test Coordinator", grants=(Grant(Role.COORDINATOR, area),)) for area in (1, 2))


class Names:
    """A read that counts how often the database was asked."""

    def __init__(self) -> None:
        self.times = 0
        self.of_area = asked_once(self._of_area)

    def _of_area(self, session: Session, area_id: int) -> Sequence[str]:
        self.times += 1
        return session.scalars(select(col(Child.name)).where(col(Child.area_id) == area_id)).all()


def child(session: Session, now: datetime, area_id: int = 2) -> None:
    born = now.date().replace(year=2012)
    create_child(session, OPERATOR, now, ChildDetails(name="Testy McExample", born=born, area_id=area_id))
    session.flush()


def test_a_page_that_reads_asks_once_and_the_next_page_again(sessions: sessionmaker[Session], now: datetime) -> None:
    names = Names()
    with reading(sessions, OPERATOR) as session:
        before = names.of_area(session, 2)
        assert names.of_area(session, 2) == before
        names.of_area(session, 1)
        assert names.times == 2, "once for each area"
    with sessions() as session:
        act_for(session, OPERATOR)
        child(session, now)
        session.commit()
    with reading(sessions, OPERATOR) as session:
        assert names.of_area(session, 2) == [*before, "Testy McExample"]


def test_what_writes_reads_what_it_wrote(session: Session, now: datetime) -> None:
    names = Names()
    assert names.of_area(session, 2) == []
    child(session, now)
    assert names.of_area(session, 2) == ["Testy McExample"]


def test_one_transaction_after_another_on_one_session_starts_anew(sessions: sessionmaker[Session]) -> None:
    names = Names()
    with sessions() as session:
        act_for(session, OPERATOR)
        begin_reading(session)
        names.of_area(session, 2)
        with session.begin_nested():
            names.of_area(session, 2)
        assert names.times == 1, "a savepoint forgets nothing"
        session.rollback()
        names.of_area(session, 2)
        names.of_area(session, 2)
        assert names.times == 3, "what follows may write, and is asked every time"


def test_nobody_is_given_what_was_read_for_somebody_else(sessions: sessionmaker[Session], now: datetime) -> None:
    with sessions() as session:
        act_for(session, OPERATOR)
        child(session, now)
        session.commit()
    names = Names()
    with reading(sessions, THERE) as session:
        assert names.of_area(session, 2) == ["Testy McExample"]
        with together_with(session, [HERE]):
            assert names.of_area(session, 2) == [], "nor what only one of several people may see"
        act_for(session, HERE)
        assert names.of_area(session, 2) == []
        with unscoped_while(session):
            assert names.of_area(session, 2) == ["Testy McExample"]
        assert names.of_area(session, 2) == []
