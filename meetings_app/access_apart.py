"""The children a person is kept from, for they declared a conflict of interest: nothing of these, whatever their role.

A row is about a child by its own column, or through the row it belongs to; both are found in the tables themselves, so
that a new table about children is kept apart without anybody thinking of it. A suspect under 18 who has a child’s
record of their own is that child under another name, so the suspect’s record and all that hangs on it are kept apart
too. The text of a referral to the network meeting tells of the children it names, so it is about each of them. So is
every record that points to the child’s, and the one that the child’s points to.
Sources: `domain.md`, "RMM: one week".
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import with_loader_criteria

from meetings_app.access_clauses import Clause, Narrowed, about_one_of
from meetings_app.db.session import Scope
from meetings_app.networks.models import NetworkReferralChild, SuspectRecord
from meetings_app.permissions import Actor

_NAMES_A_CHILD = ("child_id", "other_id")
_suspect: sa.Table = SuspectRecord.__table__  # type: ignore[attr-defined]
_referred: sa.Table = NetworkReferralChild.__table__  # type: ignore[attr-defined]
_NAMED_BESIDE = {"subject": _suspect.c.subject_id, "network_referral": _referred.c.referral_id}
"""Tables whose rows are about the children that another table names beside them, by the column that points back."""
_ABOUT_AS_WELL = frozenset({*_NAMED_BESIDE, "network_item"})
"""What a row that names a child is about besides, where it points to it."""
_SAYS_NOTHING = frozenset({("minutes_text", "correction_id")})
"""Keys that make no row about a child. The pages show an edited text by its item; that it was edited everybody has to
know who signs, or the version they sign would seem to differ from it."""


def criteria_apart(actor: Actor, narrowed: Iterable[Narrowed]) -> Scope:
    """Give the criteria by table, each without what is about a child that the actor is kept from."""
    return Scope(
        {
            model.__table__.name: with_loader_criteria(model, _apart(actor, model, clause), include_aliases=True)
            for model, clause in narrowed
        }
    )


def _apart(actor: Actor, model: type[Any], clause: Clause) -> Clause:
    if not actor.kept_from:
        return clause
    about = _about(model.__table__, actor.kept_from)
    return clause if about is None else sa.and_(clause, sa.not_(about))


def _about(table: sa.Table, children: frozenset[int], way: frozenset[str] = frozenset()) -> Clause | None:
    """Give the clause for a row that is about one of the children, or None where no row of the table is about any."""
    if table.name == "child":
        return about_one_of(table.c.id, children)
    found: list[Clause] = [about_one_of(table.c[name], children) for name in _NAMES_A_CHILD if name in table.c]
    keys = sorted(table.foreign_keys, key=lambda key: key.parent.name)
    keys = [key for key in keys if (table.name, key.parent.name) not in _SAYS_NOTHING]
    if table.name in _NAMED_BESIDE:
        back = _NAMED_BESIDE[table.name]
        named: Any = sa.select(sa.literal_column("1")).select_from(back.table).where(back == table.c.id)
        found.append(sa.exists(named.where(about_one_of(back.table.c.child_id, children)).correlate(table)))
    elif found:
        # A row that names a child is about that child; what it says of a suspect, of a referral or of an item of a
        # network meeting is about those as well.
        pointed = frozenset() if table.name == _suspect.name else _ABOUT_AS_WELL
        keys = [key for key in keys if key.column.table.name in pointed]
    for key in keys:
        parent = key.column.table
        # Two tables may point to each other; the way back leads to no other child.
        about = None if parent.name in way | {table.name} else _about(parent, children, way | {table.name})
        if about is not None:
            row: Any = sa.select(sa.literal_column("1")).select_from(parent).where(key.column == key.parent, about)
            found.append(sa.exists(row.correlate(table)))
    return sa.or_(*found) if found else None
