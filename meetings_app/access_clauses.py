"""The shapes that every criterion of what somebody may see is built from."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from meetings_app.permissions import AREA_ROLES, Actor

Clause = sa.ColumnElement[bool]
Narrowed = tuple[type[Any], Clause]
"""A table, and which of its rows somebody may see."""


def in_areas(column: Any, areas: frozenset[int] | None) -> Clause:
    """Ask that `column` is one of the areas; None means the whole county."""
    if areas is None:
        return sa.true()
    clause: Clause = column.in_([sa.literal_column(str(int(area))) for area in sorted(areas)])
    return clause


def exists(outer: sa.Table, inner: sa.Table, *clauses: Clause) -> Clause:
    """Ask for a row of `inner` beside each row of `outer`, so that the cost follows what a page shows."""
    return sa.exists(sa.select(sa.literal(1)).select_from(inner).where(*clauses).correlate(outer))


def beside_both_children(model: type[Any], child: sa.Table, seen: Sequence[Clause], actor: Actor) -> Clause:
    """Rows between two children are for those who may see both; a record that points to another stands for that one."""
    if actor.areas(AREA_ROLES) is None:
        return sa.true()
    own, pointing = model.__table__, child.alias("pointing")
    ends = []
    for column in ("child_id", "other_id"):
        kept = sa.select(sa.func.coalesce(pointing.c.merged_into_id, pointing.c.id))
        kept = kept.where(pointing.c.id == own.c[column]).correlate(own)
        ends.append(exists(own, child, child.c.id == kept.scalar_subquery(), sa.or_(sa.false(), *seen)))
    return sa.and_(*ends)
