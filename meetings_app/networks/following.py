"""What was recorded on records that point to another one, read as what is known of that other one.

Both records are kept as they are. Whoever may see the last record reads the rows of all of them, each narrowed as ever.
"""

from collections.abc import Collection, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from meetings_app.children.models import Child, ChildLink
from meetings_app.children.queries import records_of
from meetings_app.db.session import unscoped
from meetings_app.networks import queries
from meetings_app.networks.models import Subject, SubjectChild
from meetings_app.permissions import Actor, Permission

_pointing = aliased(Subject)


def records(session: Session, subject_id: int, *, everywhere: bool = False) -> list[int]:
    """Give the ids of a subject’s record and of those that point to it, in the end, as far as the person sees them.

    `everywhere` reads past the scope, for a change that must miss none of them; its caller shows no row.
    """
    own = select(col(Subject.id)).where(col(Subject.id) == subject_id).cte("same_subject", recursive=True)
    own = own.union(select(col(_pointing.id)).join(own, col(_pointing.merged_into_id) == own.c.id))
    ids = set(session.scalars(select(own.c.id).execution_options(**unscoped("subject"))))
    if everywhere:
        return sorted(ids)
    return sorted({subject_id, *session.scalars(select(col(Subject.id)).where(col(Subject.id).in_(ids)))})


def alike(session: Session, subject_ids: Collection[int], *, everywhere: bool = False) -> dict[int, int]:
    """Give, by the id of each of some subjects and of the records that point to one, in the end, which of them it is.

    As far as the person sees them, or `everywhere`, as in `records`.
    """
    own: Any = select(col(Subject.id), col(Subject.id).label("whole")).where(col(Subject.id).in_(subject_ids))
    tree = own.cte("alike", recursive=True)
    tree = tree.union(select(col(_pointing.id), tree.c.whole).join(tree, col(_pointing.merged_into_id) == tree.c.id))
    found = session.execute(select(tree.c.id, tree.c.whole).execution_options(**unscoped("subject"))).all()
    whole: dict[int, int] = {row.id: row.whole for row in found}
    if everywhere:
        return whole
    seen: Any = select(col(Subject.id)).where(col(Subject.id).in_(whole))
    return {each: whole[each] for each in session.scalars(seen)}


def pointing(session: Session, subject_ids: Sequence[int]) -> Sequence[Any]:
    """Give the records among these that point to another one, with reference and name."""
    statement = select(col(Subject.id), col(Subject.reference), col(Subject.name))
    found = statement.where(col(Subject.id).in_(subject_ids), col(Subject.merged_into_id).is_not(None))
    return session.execute(found.order_by(col(Subject.id))).all()


def links_of(session: Session, subject: Subject, subject_ids: Sequence[int]) -> list[Any]:
    """Give the links of a subject, each end as the record it is now; one within the subject itself is left out."""
    rows = queries.links_of(session, subject_ids)
    far = {row.first_id for row in rows if row.first_points} | {row.second_id for row in rows if row.second_points}
    last = _last_subjects(session, far)
    last |= dict.fromkeys(subject_ids, (subject.key, subject.reference, subject.name, subject.kind))
    found = [_with_ends(row, last) for row in rows]
    return [row for row in found if row.first_id != row.second_id]


def _with_ends(row: Any, last: dict[int, Any]) -> Any:
    said = dict(row._mapping)
    for end in ("first", "second"):
        if said[f"{end}_id"] in last:
            key, reference, name, kind = last[said[f"{end}_id"]]
            said |= {f"{end}_id": key, end: reference, f"{end}_name": name, f"{end}_kind": kind}
    return SimpleNamespace(**said)


def _last_subjects(session: Session, ids: Collection[int]) -> dict[int, Any]:
    """Give by record the last one it points to, where the person sees that one."""
    at: dict[int, int] = {each: each for each in ids}
    found: dict[int, Any] = {}
    while at:
        statement = select(col(Subject.id), col(Subject.merged_into_id), col(Subject.reference), col(Subject.name))
        here = {row.id: row for row in session.execute(
            statement.add_columns(col(Subject.kind)).where(col(Subject.id).in_(set(at.values())))
        )}  # fmt: skip
        known = {first: here[then] for first, then in at.items() if then in here}
        found |= {
            first: (row.id, row.reference, row.name, row.kind)
            for first, row in known.items() if row.merged_into_id is None
        }  # fmt: skip
        at = {first: row.merged_into_id for first, row in known.items() if row.merged_into_id is not None}
    return found


def children_of(session: Session, subject_ids: Sequence[int]) -> list[Any]:
    """Give the children linked with a subject, each as the record that is theirs now."""
    rows = queries.children_of(session, subject_ids)
    last = _last_children(session, {row.child_id for row in rows if row.points_to})
    found = []
    for row in rows:
        said = dict(row._mapping)
        if row.child_id in last:
            said |= last[row.child_id]
        found.append(SimpleNamespace(**said))
    return found


_own = records_of(bindparam("children", expanding=True))
# Built once, for every child’s page sends it.
_OF_CHILD: Any = (
    select(col(Subject.reference), col(Subject.name), col(SubjectChild.tie))
    .join(SubjectChild, col(SubjectChild.subject_id) == col(Subject.id))
    .join(_own, _own.c.id == col(SubjectChild.child_id))
    .where(col(SubjectChild.ended_at).is_(None))
    .distinct()
    .order_by(col(Subject.name), col(Subject.reference))
    .limit(queries.MOST)
    .execution_options(**unscoped("child"))
)


def subjects_of_child(session: Session, by: Actor, child_id: int) -> Sequence[Any]:
    """Give the networks and other records that a child is linked with now, as far as the person may see both.

    Links of a record that points to the child’s are among them. Nothing for whoever sees no networks at all.
    """
    if not by.may(Permission.SEE_NETWORKS):
        return []
    return session.execute(_OF_CHILD, {"children": [child_id]}).all()


def _last_children(session: Session, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Give by record the child’s last one. Read past the scope: the links themselves are for who may see that child."""
    at: dict[int, int] = {each: each for each in ids}
    found: dict[int, dict[str, Any]] = {}
    while at:
        statement: Any = select(
            col(Child.id), col(Child.merged_into_id), col(Child.reference), col(Child.name), col(Child.area_id)
        ).where(col(Child.id).in_(set(at.values())))
        here = {row.id: row for row in session.execute(statement.execution_options(**unscoped("child")))}
        known = {first: here[then] for first, then in at.items()}
        found |= {
            first: {"child_id": row.id, "reference": row.reference, "name": row.name, "area_id": row.area_id}
            for first, row in known.items() if row.merged_into_id is None
        }  # fmt: skip
        at = {first: row.merged_into_id for first, row in known.items() if row.merged_into_id is not None}
    return found


def linked_pairs(session: Session, child_ids: Collection[int]) -> list[tuple[int, int]]:
    """Give the pairs of these children that are linked with each other now, on whichever of their records it stands."""
    own = records_of(child_ids)
    one, other = own.alias("one"), own.alias("other")
    statement: Any = (
        select(one.c.whole, other.c.whole.label("other"))
        .join(ChildLink, col(ChildLink.child_id) == one.c.id)
        .join(other, other.c.id == col(ChildLink.other_id))
        .where(col(ChildLink.ended_at).is_(None))
    )
    return [(row.whole, row.other) for row in session.execute(statement.execution_options(**unscoped("child")))]
