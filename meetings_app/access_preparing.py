"""Who may see what agencies say before a meeting: the chairs and coordinators of the area, and its own agency."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from meetings_app.access_clauses import Clause, in_areas
from meetings_app.permissions import AREA_ROLES, Actor, Role
from meetings_app.preparing.models import AgencyAttendance, AttendanceDraft, Chase, InformationDraft, InformationSent

_DRAFTS, _WITHOUT_CHILD = (InformationDraft, AttendanceDraft), (AttendanceDraft, AgencyAttendance)


def clauses(actor: Actor, of_child: Callable[[type[Any]], Clause]) -> Iterator[tuple[type[Any], Sequence[Clause]]]:
    """Give by table what `actor` may see of it; any clause lets a row through.

    An agency is its people who are members of the area, each for the children they may see (`of_child`). A draft is
    nobody else’s.
    """
    members, staff = actor.areas(frozenset({Role.REPRESENTATIVE}) | AREA_ROLES), actor.areas(AREA_ROLES)
    models: tuple[type[Any], ...] = (*_DRAFTS, InformationSent, AgencyAttendance, Chase)
    for model in models:
        table: sa.Table = model.__table__
        of_staff = in_areas(table.c.area_id, staff)
        seen = [of_staff] if model not in _DRAFTS else []
        if actor.agency_id is not None and model is not Chase:
            own = sa.and_(table.c.agency_id == actor.agency_id, in_areas(table.c.area_id, members))
            # The child of the row may be seen, or the meeting that the row is for is one of the actor’s areas as staff.
            there = [] if model in _WITHOUT_CHILD else [sa.or_(of_staff, of_child(model))]
            seen.append(sa.and_(own, *there))
        yield model, seen
