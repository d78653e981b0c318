"""The two shapes that every criterion of what somebody may see is built from."""

from typing import Any

import sqlalchemy as sa

Clause = sa.ColumnElement[bool]


def in_areas(column: Any, areas: frozenset[int] | None) -> Clause:
    """Ask that `column` is one of the areas; None means the whole county."""
    if areas is None:
        return sa.true()
    clause: Clause = column.in_([sa.literal_column(str(int(area))) for area in sorted(areas)])
    return clause


def exists(outer: sa.Table, inner: sa.Table, *clauses: Clause) -> Clause:
    """Ask for a row of `inner` beside each row of `outer`, so that the cost follows what a page shows."""
    return sa.exists(sa.select(sa.literal(1)).select_from(inner).where(*clauses).correlate(outer))
