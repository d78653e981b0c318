"""Sessions: one a request or command, narrowed to what the actor may see, committed in one place."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker
from sqlalchemy.orm.interfaces import ORMOption

from meetings_app.db.engine import WRITES
from meetings_app.permissions import Actor

UNSCOPED = "meetings_unscoped"
"""Execution option for the few reads that must see past the actor's scope (a duplicate elsewhere in the county)."""

Criteria = Callable[[Actor], tuple[ORMOption, ...]]


class ScopeMissing(RuntimeError):
    """A statement was sent before the session knew for whom: a mistake of ours, refused."""


def make_sessions(engine: sa.Engine, criteria: Criteria) -> sessionmaker[Session]:
    """Give the maker of sessions whose every ORM statement is narrowed by `criteria` of the session's actor."""
    return sessionmaker(engine, expire_on_commit=False, info={"criteria": criteria})


def act_for(session: Session, actor: Actor) -> None:
    """Say for whom the session reads from now on; statements sent before this are refused."""
    session.info["scope"] = () if actor.everything else session.info["criteria"](actor)
    session.info["actor"] = actor


@event.listens_for(Session, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    """Add the actor's criteria to every statement, so that no query can forget them."""
    if state.is_column_load or state.is_relationship_load or state.execution_options.get(UNSCOPED):
        return
    scope = state.session.info.get("scope")
    if scope is None:
        raise ScopeMissing("This session does not know yet for whom it reads.")
    if scope and (state.is_select or state.is_update or state.is_delete):
        state.statement = state.statement.options(*scope)


def unscoped() -> dict[str, Any]:
    """Give the execution options of a read past the actor's scope; a test lists the modules that may ask."""
    return {UNSCOPED: True}


def begin_reading(session: Session) -> None:
    """Begin a transaction that only reads, and so blocks nobody on SQLite."""
    session.connection(execution_options={WRITES: False})


@contextmanager
def writing(sessions: sessionmaker[Session], actor: Actor) -> Iterator[Session]:
    """Open a session for `actor`, commit at the end, roll everything back on any exception."""
    with sessions.begin() as session:
        act_for(session, actor)
        yield session


@contextmanager
def reading(sessions: sessionmaker[Session], actor: Actor) -> Iterator[Session]:
    """Open a session for `actor` that only reads; whatever it changed is rolled back."""
    with sessions() as session:
        act_for(session, actor)
        begin_reading(session)
        yield session
        session.rollback()
