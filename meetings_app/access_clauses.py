"""The shapes that every criterion of what somebody may see is built from."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

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


def exists(outer: sa.Table, inner: sa.FromClause, *clauses: Clause) -> Clause:
    """Ask for a row of `inner` beside each row of `outer`, so that the cost follows what a page shows."""
    return sa.exists(sa.select(sa.literal_column("1")).select_from(inner).where(*clauses).correlate(outer))


def beside_both_children(model: type[Any], child: sa.Table, seen: Sequence[Clause], actor: Actor) -> Clause:
    """Rows between two children are for those who may see both; a record that points to another stands for that one."""
    if actor.areas(AREA_ROLES) is None:
        return sa.true()
    return sa.and_(*(beside_kept_child(model, column, child, seen) for column in ("child_id", "other_id")))


def beside_kept_child(model: type[Any], column: str, child: sa.Table, seen: Sequence[Clause]) -> Clause:
    """Rows beside a child are for those who may see the child whose record it is now: pointers are followed to the end.

    The records are followed beside each row, so that the cost is that of the rows a page shows.
    """
    own = model.__table__
    return exists(own, child, child.c.id == kept_record(own.c[column]), sa.or_(sa.false(), *seen))


def about_one_of(column: Any, children: Iterable[int]) -> Clause:
    """Ask that `column` holds one of the children, whichever of their records it names; never unknown."""
    wanted = [kept_record(sa.literal_column(str(int(child)))) for child in sorted(children)]
    clause: Clause = sa.func.coalesce(kept_record(sa.func.coalesce(column, 0)), 0).in_(wanted)
    return clause


def one_child(first: Any, second: Any) -> Clause:
    """Ask that two columns name one child, whichever of the child's records each of them holds."""
    clause: Clause = kept_record(first) == kept_record(second)
    return clause


class kept_record(FunctionElement[int]):  # noqa: N801 # Written in SQL like a function.
    """The record that the record of a child points to in the end, or that record itself; NULL where there is none."""

    type = sa.Integer()
    inherit_cache = True
    table = "child"


class kept_subject(kept_record):  # noqa: N801 # The same, for the records of networks.
    """The record that the record of a subject points to in the end, or that record itself."""

    inherit_cache = True
    table = "subject"


# Written out, for a common table expression has one name a statement, and a statement may be narrowed twice.
_RECORDS = """(WITH RECURSIVE kept_record(id, points_to) AS (
SELECT named.id, named.merged_into_id FROM :table AS named WHERE named.id = :record
UNION SELECT pointed_to.id, pointed_to.merged_into_id FROM :table AS pointed_to
JOIN kept_record ON pointed_to.id = kept_record.points_to
) SELECT kept_record.id FROM kept_record WHERE kept_record.points_to IS NULL)"""


@compiles(kept_record)
def _follow(element: kept_record, compiler: Any, **values: Any) -> str:
    return _RECORDS.replace(":table", element.table).replace(":record", compiler.process(element.clauses, **values))
