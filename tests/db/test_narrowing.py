"""No shape of a statement slips past what a person may see."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.children.models import Child, ChildNote
from meetings_app.children.service import ChildDetails, add_note, create_child
from meetings_app.db.session import ScopeMissing, act_for, unscoped
from meetings_app.permissions import OPERATOR, Actor, Grant, Role

OTHER = aliased(Child)
SHAPES: dict[str, sa.Executable] = {
    "columns": select(col(Child.name)),
    "entity": select(Child),
    "alias": select(col(OTHER.name)),
    "join to itself": select(col(Child.name)).join(OTHER, col(OTHER.id) == col(Child.id)),
    "subquery": select(select(col(Child.name)).subquery()),
    "common table": select(select(col(Child.name)).cte()),
    "union": sa.union_all(select(col(Child.name)), select(col(OTHER.name))),
    "in": select(col(Child.name)).where(col(Child.id).in_(select(col(OTHER.id)))),
    "scalar subquery": select(func.coalesce(select(func.max(col(Child.name))).scalar_subquery(), "")).where(
        select(func.max(col(Child.name))).scalar_subquery().is_not(None)
    ),
    "exists": select(sa.literal("seen")).where(select(col(Child.id)).exists()),
    "select from": select(sa.literal("seen")).select_from(Child),
    "with text": select(col(Child.name)).where(sa.text("1 = 1")),
    "text in a column": select(sa.text("child.name")).select_from(Child),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_child_of_another_area_is_in_no_answer(session: Session, now: datetime, shape: str) -> None:
    create_child(
        session, OPERATOR, now, ChildDetails(name="Testy McExample", born=now.date().replace(year=2012), area_id=2)
    )
    session.flush()
    assert session.execute(SHAPES[shape]).all(), "the operator sees the child, so the test can fail"

    act_for(session, Actor(7, "Test Coordinator", grants=(Grant(Role.COORDINATOR, 1),)))

    # Sent often enough that it is sent as prepared.
    assert [session.execute(SHAPES[shape]).all() for _ in range(4)] == [[], [], [], []]


def test_a_read_past_the_scope_in_one_table_stays_narrowed_in_the_others(session: Session, now: datetime) -> None:
    details = ChildDetails(name="Testy McExample", born=now.date().replace(year=2012), area_id=2)
    add_note(session, OPERATOR, now, create_child(session, OPERATOR, now, details).key, "Invented.")
    session.flush()
    statement = select(col(Child.name), col(ChildNote.text)).outerjoin(ChildNote, col(ChildNote.child_id) == Child.id)
    act_for(session, Actor(7, "Test Coordinator", grants=(Grant(Role.COORDINATOR, 1),)))

    found: list[tuple[str, str | None]] = [
        (row[0], row[1]) for row in session.execute(statement, execution_options=unscoped("child"))
    ]

    assert found == [("Testy McExample", None)]
    assert session.execute(statement).all() == []


def test_a_child_of_another_area_cannot_be_changed_in_bulk(session: Session, now: datetime) -> None:
    child = create_child(
        session, OPERATOR, now, ChildDetails("Testy McExample", now.date().replace(year=2012), area_id=2)
    )
    act_for(session, Actor(7, "Test Coordinator", grants=(Grant(Role.COORDINATOR, 1),)))

    session.execute(sa.update(Child).values(gender="changed"))

    act_for(session, OPERATOR)
    session.expire_all()
    assert session.scalars(select(col(Child.gender)).where(col(Child.id) == child.key)).one() == ""


@pytest.mark.parametrize("shape", ["columns", "entity", "union"])
def test_a_session_that_does_not_know_for_whom_it_reads_is_refused(session: Session, shape: str) -> None:
    session.info.pop("scope")
    with pytest.raises(ScopeMissing):
        session.execute(SHAPES[shape])
    with pytest.raises(ScopeMissing):
        session.scalars(SHAPES[shape])


def test_what_is_not_written_yet_is_read_back_as_columns_and_as_objects(session: Session, now: datetime) -> None:
    session.add(child := create_child(session, OPERATOR, now, ChildDetails("Testy McExample", now.date(), area_id=2)))
    session.flush()
    child.gender = "changed"
    assert session.execute(select(col(Child.gender)).where(col(Child.id) == child.key)).scalars().all() == ["changed"]
    child.gender = "again"
    assert session.scalars(select(col(Child.gender)).where(col(Child.id) == child.key)).all() == ["again"]
