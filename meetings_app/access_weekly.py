"""Who may see what of the weekly lists: area staff every list of their areas, those it is sent to the newest alone.

An older list names children who have left since, and says what is not so any more.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from meetings_app.access_clauses import Clause, in_areas
from meetings_app.permissions import AREA_ROLES, LIST_ROLES, Actor
from meetings_app.weekly_list.models import WeeklyChange, WeeklyCopy, WeeklyList, WeeklyRecipient, WeeklyRow

_list: sa.Table = WeeklyList.__table__  # type: ignore[attr-defined]
_copy: sa.Table = WeeklyCopy.__table__  # type: ignore[attr-defined]
_NEWEST = sa.select(sa.func.max(_list.c.id)).scalar_subquery()


def clauses(actor: Actor) -> Iterator[tuple[type[Any], Sequence[Clause]]]:
    """Give by table what `actor` may see of it; any clause lets a row through."""
    readers, staff = actor.areas(LIST_ROLES), actor.areas(AREA_ROLES)
    models: tuple[type[Any], ...] = (WeeklyRow, WeeklyChange)
    for model in models:
        table: sa.Table = model.__table__
        newest = table.c.list_id == _NEWEST
        yield model, [in_areas(table.c.area_id, staff), sa.and_(in_areas(table.c.area_id, readers), newest)]
    yield WeeklyList, [_anywhere(readers), _anywhere(staff)]
    own = [_copy.c.account_id == actor.account_id] if actor.account_id is not None else []
    yield WeeklyCopy, [_anywhere(staff), *own]
    yield WeeklyRecipient, [_anywhere(staff)]


def _anywhere(areas: frozenset[int] | None) -> Clause:
    """What is about no one area is seen by whoever holds such a role in any."""
    return sa.true() if areas is None or areas else sa.false()
