"""The item is the authority: whoever holds a meeting reads beside its items until it is closed.

A child may move to another area while on a published agenda. The meeting still hears the child, so what stands beside
the item is read past the actor's scope; that the actor records this meeting was asked before.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.db.asked_once import asked_once
from meetings_app.db.session import unscoped, unscoped_while
from meetings_app.errors import NotFound
from meetings_app.meetings.models import AgendaItem
from meetings_app.schedule.models import Meeting, MeetingState

_HEARS = (MeetingState.PUBLISHED, MeetingState.IN_PROGRESS)


def child_of(session: Session, item: AgendaItem) -> Child:
    """Give the child of an item that the actor may see, wherever the child lives now. Raises `NotFound`."""
    child = _child_with(session, item.child_id)
    if child is None:
        raise NotFound
    return child


def children_of(session: Session, items: Sequence[AgendaItem]) -> dict[int, Child]:
    """Give the children of items that the actor may see, by id, wherever each lives now."""
    ids = [item.child_id for item in items]
    found = session.scalars(select(Child).where(col(Child.id).in_(ids)).execution_options(**unscoped()))
    return {child.key: child for child in found}


@asked_once
def _child_with(session: Session, child_id: int) -> Child | None:
    # Past the actor's scope: the item, which was read in scope, says that this meeting hears the child.
    return session.get(Child, child_id, execution_options=unscoped())


@contextmanager
def beside_items(session: Session, meeting: Meeting) -> Iterator[None]:
    """Read past the actor's scope what stands beside the items of a meeting that still hears them.

    Once the meeting is closed everything beside the child is in the actor's scope or hidden, as anywhere else.
    """
    if meeting.state not in _HEARS:
        yield
        return
    with unscoped_while(session):
        yield


@contextmanager
def whole_agenda(session: Session) -> Iterator[None]:
    """Read every item of an agenda, also those from whose child the actor is kept by a conflict of interest."""
    with unscoped_while(session):
        yield
