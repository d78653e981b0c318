"""Who may see what of minutes on their way: edited text, files put back, corrections, and what happened to them."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from meetings_app.access_clauses import Clause, in_areas
from meetings_app.meetings.models import CheckOverride, NotesBefore
from meetings_app.minutes.models import MinutesCorrection, MinutesFile, MinutesStep, MinutesText, NoCorrection
from meetings_app.permissions import AREA_ROLES, Actor, Role

_correction: sa.Table = MinutesCorrection.__table__  # type: ignore[attr-defined]
_nothing: sa.Table = NoCorrection.__table__  # type: ignore[attr-defined]
_notes: sa.Table = NotesBefore.__table__  # type: ignore[attr-defined]


def clauses(
    actor: Actor, of_child: Clause, of_network_item: Clause, of_meeting: Clause
) -> Iterator[tuple[type[Any], Sequence[Clause]]]:
    """Give by table what `actor` may see of it; any clause lets a row through.

    Edited text, files put back and what was gone past before issuing are for the area’s staff, who see every item. A
    correction is for them and for whoever asked for it, where the child may be seen (`of_child`). One of the minutes of
    a network meeting is for the network chair and for whoever asked for it, where the item may be seen
    (`of_network_item`). That there is nothing to correct is for the same people. What the notes said before is for
    those who hold the meeting. What happened follows the meeting (`of_meeting`).
    """
    staff = actor.areas(AREA_ROLES)
    models: tuple[type[Any], ...] = (MinutesText, MinutesFile, CheckOverride)
    for model in models:
        yield model, [in_areas(model.__table__.c.area_id, staff)]
    theirs = _said(actor, _correction.c.area_id, _correction.c.proposed_by_id)
    seen = sa.or_(_correction.c.child_id.is_(None), of_child)
    item_seen = sa.or_(_correction.c.network_item_id.is_(None), of_network_item)
    yield MinutesCorrection, [sa.and_(sa.or_(*theirs), seen, item_seen)]
    yield NoCorrection, _said(actor, _nothing.c.area_id, _nothing.c.account_id)
    yield NotesBefore, _holding(actor, _notes.c.area_id)
    yield MinutesStep, [of_meeting]


def _said(actor: Actor, area_id: sa.ColumnElement[Any], account_id: sa.ColumnElement[Any]) -> list[Clause]:
    """What somebody says to a draft is theirs, and for those who hold the meeting."""
    theirs = _holding(actor, area_id)
    if actor.account_id is not None:
        theirs.append(account_id == actor.account_id)
    return theirs


def _holding(actor: Actor, area_id: sa.ColumnElement[Any]) -> list[Clause]:
    """For those who hold the meeting: the area’s staff or, where there is no area, the network chair."""
    of_area = area_id.is_not(None)
    theirs: list[Clause] = [sa.and_(of_area, in_areas(area_id, actor.areas(AREA_ROLES)))]
    if actor.has(Role.NETWORK_CHAIR):
        theirs.append(sa.not_(of_area))
    return theirs
