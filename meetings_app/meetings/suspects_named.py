"""What the suspects are called whom the networks link with a child: taken out of copies for who may not see them (SG).

That is whoever is linked with the child, or with a network or a place that is. Their names are looked up whoever reads,
and are shown to nobody. The tables belong to the networks, which are built on the meetings: they are called by name.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from meetings_app.children.queries import records_of
from meetings_app.db.asked_once import asked_once
from meetings_app.db.columns import mapped
from meetings_app.db.session import unscoped
from meetings_app.meetings.aliases import SHORTEST
from meetings_app.meetings.parts_of_names import goes_whole, has_parts, said_alone
from meetings_app.meetings.without_names import RECORD, AsWritten, Named

_SUSPECT = "suspect"


def suspects_named(session: Session, child_ids: Collection[int], *, shows_seen: bool) -> list[Named]:
    """Give what the suspects of these children are or were called, each name with what stands in its place.

    With `shows_seen` those whom the session’s reader may see are left out: a child’s file, a copy without names and
    that of another agency than the police name none, whoever makes it.
    """
    found = _suspects(session, tuple(sorted(child_ids))) if child_ids else []
    if not found:
        return []
    seen = _seen(session, tuple(sorted({key for key, _name, _has_parts in found}))) if shows_seen else frozenset()
    told = [(name, apart) for key, name, apart in found if key not in seen and len(name.strip()) >= SHORTEST]
    whole: list[Named] = [(name, RECORD) for name, _apart in told if goes_whole(name)]
    parts = {part for name, apart in told if apart or not goes_whole(name) for part in said_alone(name)}
    return [*whole, *(AsWritten((part, RECORD)) for part in sorted(parts))]


@asked_once
def _suspects(session: Session, child_ids: tuple[int, ...]) -> list[tuple[int, str, bool]]:
    """Give record and name, and whether parts of it may be said alone, by the rules of no scope."""
    past, subject, link, tie = unscoped(), mapped("subject"), mapped("subject_link"), mapped("subject_child")
    records = records_of(child_ids)
    linked = select(tie.subject_id).join(records, records.c.id == tie.child_id).execution_options(**past)
    own = set(session.scalars(linked))
    if not own:
        return []
    merged = select(subject.id, subject.merged_into_id).where(subject.merged_into_id.is_not(None))
    merges = [(one, other) for one, other in session.execute(merged.execution_options(**past))]
    own = _with_merged(own, merges)
    ends = select(link.first_id, link.second_id).where(or_(link.first_id.in_(own), link.second_id.in_(own)))
    near = {end for row in session.execute(ends.execution_options(**past)) for end in row}
    suspects = (subject.kind == _SUSPECT, subject.id.in_(_with_merged(own | near, merges)))
    found: set[tuple[int, str, bool]] = set()
    for table, is_own in (("subject", True), ("subject_version", True), ("subject_alias", False)):
        named: Any = mapped(table)
        names: Any = select(subject.id, named.name).where(*suspects)
        names = names if named is subject else names.join(named, named.subject_id == subject.id)
        rows = session.execute(names.execution_options(**past))
        found |= {(key, name, has_parts(name, own=is_own)) for key, name in rows}
    return sorted(found)


def _with_merged(ids: set[int], merges: Collection[tuple[int, int]]) -> set[int]:
    """Give records with those that are the same as one of them, whichever points to the other."""
    whole, known = set(ids), 0
    while known != len(whole):
        known = len(whole)
        whole |= {end for pair in merges if not whole.isdisjoint(pair) for end in pair}
    return whole


@asked_once
def _seen(session: Session, ids: tuple[int, ...]) -> frozenset[int]:
    subject = mapped("subject")
    return frozenset(session.scalars(select(subject.id).where(subject.id.in_(ids))))
