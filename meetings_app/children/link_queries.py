"""Reads of the links between children.

The links themselves are narrowed to those whose two children the reader may see. What was merged is read past the
scope: a link that stands on a record that points to another is a link of that other one.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.children.models import Child, ChildLink
from meetings_app.db.session import unscoped

_own = aliased(Child)
_first, _kept = aliased(Child), aliased(Child)
_recorder, _ender = aliased(Account), aliased(Account)
_MOST_POINTERS = 20
"""Records point to no one that points back; were it otherwise, a page would still end."""


def _records() -> Any:
    """Select the ids of a child's record, of those that point to it, and of those that point to these."""
    own = select(col(Child.id)).where(col(Child.id) == bindparam("child")).cte("records", recursive=True)
    own = own.union(select(col(_own.id)).join(own, col(_own.merged_into_id) == own.c.id))
    return select(own.c.id)


_RECORDS = _records()
_PAIRS = sa.union_all(
    select(col(ChildLink.id).label("link"), col(ChildLink.other_id).label("other"), sa.literal(True).label("forward"))
    .where(col(ChildLink.child_id).in_(_RECORDS)),
    select(col(ChildLink.id), col(ChildLink.child_id), sa.literal(False))
    .where(col(ChildLink.other_id).in_(_RECORDS)),
).subquery()  # fmt: skip


def _kept_records() -> Any:
    """Select, for each record at the other end, where its pointers lead, and after how many of them."""
    ends = select(
        _PAIRS.c.other.label("record"), _PAIRS.c.other.label("at"), sa.literal(0).label("pointers")
    ).cte("ends", recursive=True)  # fmt: skip
    return ends.union(
        select(ends.c.record, col(_first.merged_into_id), ends.c.pointers + 1)
        .join(_first, col(_first.id) == ends.c.at)
        .where(col(_first.merged_into_id).is_not(None), ends.c.pointers < _MOST_POINTERS)
    )


_ENDS = _kept_records()
_LINKS: Any = (
    select(
        col(ChildLink.id), col(ChildLink.version), col(ChildLink.kind), col(ChildLink.since), col(ChildLink.source),
        col(ChildLink.recorded_at), col(ChildLink.ended_on), col(ChildLink.ended_because), col(ChildLink.ended_at),
        _PAIRS.c.forward, col(_kept.id).label("other_id"), col(_kept.reference), col(_kept.name),
        col(_recorder.name).label("recorded_by"), col(_ender.name).label("ended_by"),
    )
    .join(_PAIRS, _PAIRS.c.link == col(ChildLink.id))
    .join(_ENDS, _ENDS.c.record == _PAIRS.c.other)
    .join(_kept, sa.and_(col(_kept.id) == _ENDS.c.at, col(_kept.merged_into_id).is_(None)))
    .outerjoin(_recorder, col(_recorder.id) == col(ChildLink.recorded_by_id))
    .outerjoin(_ender, col(_ender.id) == col(ChildLink.ended_by_id))
    .where(col(_kept.id) != bindparam("child"))
    .order_by(col(ChildLink.ended_at).is_not(None), col(_kept.name_key), col(ChildLink.id))
    .limit(100)
    .execution_options(**unscoped("child"))
)  # fmt: skip


def links_of(session: Session, child_id: int) -> Sequence[Any]:
    """Give the links of a child that the reader may see, running ones first, each with the other child.

    `forward` says that the other child is the one said to have been harmed.
    """
    return session.execute(_LINKS, {"child": child_id}).all()


def find_link(session: Session, child_id: int, link_id: int) -> ChildLink | None:
    """Give one link of a child, to end it, or None where there is none or the reader may not see both children."""
    if all(row.id != link_id for row in links_of(session, child_id)):
        return None
    return session.get(ChildLink, link_id)


def linked_ids(child_id: Any) -> Any:
    """Give a CTE of the records linked to a child now, with those that they point to; whoever may see them.

    `child_id` is the child, or the parameter that will be it.

    For rules that must not miss one, such as the closure gate: the caller reads it past the scope and shows no row.
    """
    own = select(col(Child.id)).where(col(Child.id) == child_id).cte("own_records", recursive=True)
    own = own.union(select(col(Child.id)).join(own, col(Child.merged_into_id) == own.c.id))
    mine, running = select(own.c.id), col(ChildLink.ended_at).is_(None)
    ends = sa.union(
        select(col(ChildLink.other_id).label("id")).where(col(ChildLink.child_id).in_(mine), running),
        select(col(ChildLink.child_id)).where(col(ChildLink.other_id).in_(mine), running),
    ).subquery()
    linked = select(ends.c.id).cte("linked_records", recursive=True)
    return linked.union(
        select(col(Child.merged_into_id))
        .join(linked, col(Child.id) == linked.c.id)
        .where(col(Child.merged_into_id).is_not(None))
    )
