"""The children a person is kept from, for they declared a conflict of interest: nothing of these, whatever their role.

A row is about a child by its own column, or through the row it belongs to; both are found in the tables themselves, so
that a new table about children is kept apart without anybody thinking of it. Sources: `domain.md`, "RMM: one week".
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption

from meetings_app.access_clauses import Clause, Narrowed
from meetings_app.permissions import Actor

_NAMES_A_CHILD = ("child_id", "other_id")


def criteria_apart(actor: Actor, narrowed: Iterable[Narrowed]) -> Mapping[str, ORMOption]:
    """Give the criteria by table, each without what is about a child that the actor is kept from."""
    return {
        model.__table__.name: with_loader_criteria(model, _apart(actor, model, clause), include_aliases=True)
        for model, clause in narrowed
    }


def _apart(actor: Actor, model: type[Any], clause: Clause) -> Clause:
    if not actor.kept_from:
        return clause
    about = _about(model.__table__, [sa.literal_column(str(int(each))) for each in sorted(actor.kept_from)])
    return clause if about is None else sa.and_(clause, sa.not_(about))


def _about(table: sa.Table, children: list[sa.ColumnClause[Any]], way: frozenset[str] = frozenset()) -> Clause | None:
    """Give the clause for a row that is about one of the children, or None where no row of the table is about any."""
    if table.name == "child":
        return table.c.id.in_(children)
    own = [sa.func.coalesce(table.c[name], 0).in_(children) for name in _NAMES_A_CHILD if name in table.c]
    if own:
        return sa.or_(*own)
    through = []
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        parent = key.column.table
        # Two tables may point to each other; the way back leads to no other child.
        about = None if parent.name in way | {table.name} else _about(parent, children, way | {table.name})
        if about is not None:
            row = sa.select(sa.literal(1)).select_from(parent).where(key.column == key.parent, about)
            through.append(sa.exists(row.correlate(table)))
    return sa.or_(*through) if through else None
