"""Two people at one child’s record at the same moment: one is first, the other is told. Both databases."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import col

from meetings_app.child_record import leaving
from meetings_app.children.links import Said, add_link
from meetings_app.children.models import Child, ChildLink, LinkKind
from meetings_app.cse_list.models import Closure, ClosureState, Departure, EntryState, ListEntry
from meetings_app.cse_list.service import live_entry
from meetings_app.db.session import act_for, reading, writing
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.meetings import closures
from meetings_app.meetings.publishing import add_late_item, publish
from meetings_app.permissions import OPERATOR, Actor
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.children import add_child
from tests.support.own_database import own_database
from tests.support.rmm import OFFICE, Rmm, due, rmm
from tests.support.world import NOW

KINDS = ["sqlite", "postgresql"]


def link(sessions: sessionmaker[Session], ids: tuple[int, int], barrier: threading.Barrier) -> str:
    """Record a link as a request does; gives the field where somebody was first, or an empty text."""
    barrier.wait()
    try:
        with writing(sessions, OPERATOR) as session:
            one, other = (session.get_one(Child, each) for each in ids)
            add_link(session, OPERATOR, NOW, one, other, Said(LinkKind.SIBLING, "The aunt, as invented."))
    except RuleBroken as told:
        return told.field
    return ""


@pytest.mark.parametrize("kind", KINDS)
def test_of_ten_who_record_the_same_link_at_once_one_does_and_the_others_are_told(kind: str, tmp_path: Path) -> None:
    with own_database(kind, tmp_path) as sessions:
        with sessions.begin() as session:
            act_for(session, OPERATOR)
            ids = add_child(session).key, add_child(session).key
        barrier = threading.Barrier(10)
        with ThreadPoolExecutor(10) as pool:
            told = list(
                pool.map(lambda place: link(sessions, ids if place % 2 else (ids[1], ids[0]), barrier), range(10))
            )
        assert sorted(told) == ["", *["kind"] * 9]
        with reading(sessions, OPERATOR) as session:
            assert len(session.scalars(select(ChildLink)).all()) == 1


def publishes(session: Session, by: Actor, meeting: Meeting, child: Child) -> None:
    publish(session, by, NOW, OFFICE, meeting, meeting.version)


def adds_late(session: Session, by: Actor, meeting: Meeting, child: Child) -> None:
    add_late_item(session, by, NOW, OFFICE, meeting, child, "Reported now, as invented")


def about_to_leave(session: Session, *, published: bool) -> tuple[Rmm, Child, Departure]:
    """Give an RMM and a child who is about to leave the list; where it is published, the child is not on it."""
    day = rmm(session)
    if published:
        day.publish()
        day.operator()
    child = due(session)
    died = leaving.begin_death(session, day.act("chair_cs"), NOW, OFFICE, child, "Told by the hospital, invented.")
    return day, child, died


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("first", "published"), [(publishes, False), (adds_late, True)])
def test_a_child_who_is_just_being_put_on_an_agenda_does_not_leave_the_list(
    kind: str, tmp_path: Path, first: Callable[[Session, Actor, Meeting, Child], None], published: bool
) -> None:
    with own_database(kind, tmp_path) as sessions:
        with sessions() as session:
            act_for(session, OPERATOR)
            day, child, row = about_to_leave(session, published=published)
            other_chair, coordinator = day.act("chair_fs"), day.act("coordinator")
            session.commit()
            ids, version = (day.meeting.key, child.key, row.key), row.version
        told = []

        def agree() -> None:
            try:
                with writing(sessions, other_chair) as session:
                    departure = session.get_one(Departure, ids[2])
                    leaving.agree(session, other_chair, NOW, OFFICE, departure, version)
            except DomainError as refused:
                told.append(str(refused))

        thread = threading.Thread(target=agree)
        with writing(sessions, coordinator) as session:
            first(session, coordinator, session.get_one(Meeting, ids[0]), session.get_one(Child, ids[1]))
            thread.start()
            time.sleep(0.5)
        thread.join(60)
        assert [" is on the agenda of " in each for each in told] == [True]
        with reading(sessions, OPERATOR) as session:
            assert live_entry(session, ids[1]) is not None
            assert session.scalars(select(Departure).where(col(Departure.left_on).is_not(None))).all() == []


def signs(session: Session, by: Actor, ids: dict[str, int]) -> None:
    closures.sign(session, by, NOW, OFFICE, session.get_one(Closure, ids["closure"]))


def agrees(session: Session, by: Actor, ids: dict[str, int]) -> None:
    row = session.get_one(Departure, ids["departure"])
    leaving.agree(session, by, NOW, OFFICE, row, row.version)


@pytest.mark.parametrize("ends", [signs, agrees])
def test_whoever_ends_a_stay_waits_for_the_stay_and_holds_nothing_that_another_end_needs(
    tmp_path: Path, ends: Callable[[Session, Actor, dict[str, int]], None]
) -> None:
    # PostgreSQL alone locks row by row. One person holds the stay: the other must not hold what comes after it, or
    # signing a closure and agreeing to a departure would wait for each other.
    with own_database("postgresql", tmp_path) as sessions:
        with sessions() as session:
            act_for(session, OPERATOR)
            day, child, row = about_to_leave(session, published=False)
            entry = live_entry(session, child.key)
            assert entry is not None
            closure = Closure(
                entry_id=entry.key, child_id=child.key, meeting_id=day.meeting.key, state=ClosureState.CLOSING,
                rationale="Invented.", first_chair_id=day.world.chair_cs.key, first_signed_at=NOW,
            )  # fmt: skip
            day.meeting.state = MeetingState.CLOSED
            session.add(closure)
            by = day.act("chair_fs")
            session.commit()
            ids = {"entry": entry.key, "closure": closure.key, "departure": row.key}

        def end() -> None:
            with writing(sessions, by) as session:
                ends(session, by, ids)

        thread = threading.Thread(target=end)
        waits = text("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        with sessions.begin() as holder:
            act_for(holder, OPERATOR)
            holder.execute(text("SELECT id FROM list_entry WHERE id = :id FOR UPDATE"), {"id": ids["entry"]}).all()
            thread.start()
            while thread.is_alive() and not holder.scalar(waits):
                pass
            for table in ("closure", "departure"):
                free = text(f"SELECT id FROM {table} WHERE id = :id FOR UPDATE NOWAIT")
                assert holder.execute(free, {"id": ids[table]}).all(), table
        thread.join(60)
        with reading(sessions, OPERATOR) as session:
            assert session.get_one(ListEntry, ids["entry"]).state is EntryState.CLOSED
