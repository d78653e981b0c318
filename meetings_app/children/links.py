"""Links between children: recorded with who said so, ended rather than deleted, and seen only by who may see both.

The trail says who recorded or ended a link, and names no child: whoever reads the trail of one of the two need not be
one who may see the other. What is shown of a link, and to whom, is narrowed by `access.py`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child, ChildLink, LinkKind
from meetings_app.children.reading import Reading, reading_of
from meetings_app.children.service import check_may
from meetings_app.clock import london_date
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.permissions import Actor, Permission


@dataclass(frozen=True)
class Said:
    """What somebody says of a link. `reverse`: the other child is the one said to have harmed this one."""

    kind: LinkKind
    source: str
    since: date | None = None
    reverse: bool = False


def add_link(session: Session, by: Actor, now: datetime, child: Child, other: Child, said: Said) -> ChildLink:
    """Record that two children are linked.

    For whoever adds to the record of `child` and reads the whole record of `other`. Raises `RuleBroken` for `other`,
    `kind`, `since` or `source`, `NotFound` for whoever may not.
    """
    _check_both(session, by, child, other)
    if child.id == other.id:
        raise RuleBroken("other", "Choose another child: this is the record you are on")
    if not said.source.strip():
        raise RuleBroken("source", "Enter who said so, and how they know")
    if said.since is not None and said.since > london_date(now):
        raise RuleBroken("since", "The day from which they are linked must be today or in the past")
    if said.since is not None and said.since < max(child.born, other.born):
        raise RuleBroken("since", "The day from which they are linked must not be before either of them was born")
    first, second = _in_order(child.key, other.key, said)
    # Two who record the same link at once wait for each other here, so that the second is told.
    session.execute(select(col(Child.id)).where(col(Child.id) == first).with_for_update(key_share=True))
    if _running(session, first, second, said.kind):
        raise RuleBroken("kind", "These two are linked in this way already")
    link = ChildLink(
        child_id=first, other_id=second, kind=said.kind, since=said.since, source=said.source.strip(),
        recorded_at=now, recorded_by_id=by.account_id,
    )  # fmt: skip
    session.add(link)
    session.flush()
    record(session, by, now, EventKind.LINK_RECORDED, link=link.key)
    return link


def end_link(
    session: Session, by: Actor, now: datetime, child_id: int, link: ChildLink, version: int, ended_on: date, why: str
) -> None:
    """Say that a link has ended; it stays readable. `child_id` is the record that the person is on.

    Raises `Conflict` where somebody ended it since `version`, `RuleBroken` for `ended_on` or `ended_because`,
    `NotFound` for whoever may not add to the record. That both children may be seen was asked when `link` was read.
    """
    check_may(session, by, Permission.WRITE_NOTE, child_id)
    if link.version != version or link.ended_at is not None:
        raise Conflict("Somebody else has ended this link.")
    if ended_on > london_date(now):
        raise RuleBroken("ended_on", "The day on which it ended must be today or in the past")
    if link.since is not None and ended_on < link.since:
        raise RuleBroken("ended_on", "The day on which it ended must not be before the day it began")
    if not why.strip():
        raise RuleBroken("ended_because", "Enter why the link has ended")
    link.ended_on, link.ended_because = ended_on, why.strip()
    link.ended_at, link.ended_by_id = now, by.account_id
    session.flush()
    record(session, by, now, EventKind.LINK_ENDED, link=link.key)


def _check_both(session: Session, by: Actor, child: Child, other: Child) -> None:
    check_may(session, by, Permission.WRITE_NOTE, child.key)
    if any(each.merged_into_id is not None for each in (child, other)):
        raise NotFound
    if reading_of(session, by, other) is not Reading.WHOLE:
        raise NotFound


def _in_order(child_id: int, other_id: int, said: Said) -> tuple[int, int]:
    if said.kind is LinkKind.ALLEGED_HARM:
        return (other_id, child_id) if said.reverse else (child_id, other_id)
    return min(child_id, other_id), max(child_id, other_id)


def _running(session: Session, first: int, second: int, kind: LinkKind) -> bool:
    statement = select(col(ChildLink.id)).where(
        col(ChildLink.child_id) == first, col(ChildLink.other_id) == second, col(ChildLink.kind) == kind,
        col(ChildLink.ended_at).is_(None),
    )  # fmt: skip
    return session.execute(statement).first() is not None
