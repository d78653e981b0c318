"""Two coordinators arrange at the same moment: one is told, and no date is taken twice."""

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col

from meetings_app.db.session import reading, writing
from meetings_app.errors import DomainError
from meetings_app.meetings import arranging
from meetings_app.permissions import OPERATOR
from meetings_app.schedule import queries
from meetings_app.schedule.models import Meeting
from tests.support.meetings import office, series
from tests.support.own_database import own_database
from tests.support.world import NOW


def at_once(sessions: sessionmaker[Session], *changes: Callable[[Session], object]) -> list[str]:
    together = threading.Barrier(len(changes))
    outcomes: list[str] = []

    def attempt(change: Callable[[Session], object]) -> None:
        together.wait()
        try:
            with writing(sessions, OPERATOR) as session:
                change(session)
        except (DomainError, StaleDataError) as refused:
            outcomes.append(f"told: {type(refused).__name__}")
        else:
            outcomes.append("done")

    threads = [threading.Thread(target=attempt, args=(change,)) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_the_same_series_made_twice_at_once_is_made_once(database: str, tmp_path: Path) -> None:
    with own_database(database, tmp_path) as sessions:
        assert at_once(sessions, series, series, series) == ["done", "told: RuleBroken", "told: RuleBroken"]
        with reading(sessions, OPERATOR) as session:
            assert session.scalar(select(func.count()).select_from(Meeting)) == 4


def moving(reference: str, to: date) -> Callable[[Session], object]:
    def change(session: Session) -> object:
        meeting = queries.find_meeting(session, reference)
        assert meeting is not None
        return arranging.move_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, held_on=to)

    return change


def test_two_meetings_are_not_moved_to_the_same_day(database: str, tmp_path: Path) -> None:
    with own_database(database, tmp_path) as sessions:
        with writing(sessions, OPERATOR) as session:
            first, second, *_ = [meeting.reference for meeting in series(session)]
        day = date(2026, 11, 27)
        assert at_once(sessions, moving(first, day), moving(second, day)) == ["done", "told: RuleBroken"]


def test_one_meeting_moved_by_two_is_moved_by_one(database: str, tmp_path: Path) -> None:
    with own_database(database, tmp_path) as sessions:
        with writing(sessions, OPERATOR) as session:
            first = series(session)[0].reference
        outcomes = at_once(sessions, moving(first, date(2026, 11, 26)), moving(first, date(2026, 11, 27)))
        with reading(sessions, OPERATOR) as session:
            sequence = session.scalar(select(col(Meeting.calendar_sequence)).where(col(Meeting.reference) == first))
        # On SQLite one waits for the other and then moves it again; nothing is overwritten unseen on either.
        assert sequence == outcomes.count("done")
