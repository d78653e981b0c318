"""Reads for the pages of actions: a page of rows, the numbers beside each part, and one action whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency, Area
from meetings_app.actions.filters import ANSWERS, WEEK, ActionView, When, Whose
from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.queries import PAGE, is_open
from meetings_app.children.models import Child
from meetings_app.permissions import AREA_ROLES, Actor
from meetings_app.schedule.models import Meeting

MOST_COUNTED = 1_000
"""Beyond this the page says “more than 1,000”, so that counting costs the same however many there are."""

_OPEN_KEYS: tuple[Any, ...] = (col(Action.due_on), col(Action.id))
_ANSWERED_KEYS: tuple[Any, ...] = (col(Action.answered_on), col(Action.id))


@dataclass(frozen=True)
class Page:
    """One page of rows, and whether there are others before and after it."""

    rows: Sequence[Any]
    earlier: bool
    later: bool


def read_page(
    session: Session, by: Actor, view: ActionView, today: date, *, after: str = "", before: str = "", limit: int = PAGE
) -> Page:
    """Give up to `limit` actions after (or before) the one with a reference. Proposed ones are never shown.

    A child whom the person may not see has no name in its row: the outer join finds nobody.
    """
    keys, backwards = _ANSWERED_KEYS if view.answered else _OPEN_KEYS, bool(before)
    falls = view.answered != backwards
    statement = _rows().where(*conditions(by, view, today))
    place = _place(session, keys, before or after) if before or after else None
    if place is not None:
        here = sa.tuple_(*keys)
        statement = statement.where(here < sa.tuple_(*place) if falls else here > sa.tuple_(*place))
    ordered = statement.order_by(*(key.desc() if falls else key.asc() for key in keys))
    found = session.execute(ordered.limit(limit + 1)).all()
    more, shown = len(found) > limit, list(found[:limit])
    if backwards:
        return Page(shown[::-1], earlier=more, later=place is not None)
    return Page(shown, earlier=place is not None, later=more)


def counts(session: Session, by: Actor, views: Sequence[ActionView], today: date) -> list[int]:
    """Give how many actions each view holds, at most one more than `MOST_COUNTED` each, in one statement."""
    numbers = [count_of(by, view, today).label(f"view_{number}") for number, view in enumerate(views)]
    return [int(number) for number in session.execute(select(*numbers)).one()]


def count_of(by: Actor, view: ActionView, today: date) -> sa.ScalarSelect[int]:
    """Give the number of a view as part of a statement, so that a page asks for all its numbers at once."""
    narrow = select(sa.literal(1)).select_from(Action).where(*conditions(by, view, today))
    return select(sa.func.count()).select_from(narrow.limit(MOST_COUNTED + 1).subquery()).scalar_subquery()


def conditions(by: Actor, view: ActionView, today: date) -> list[ColumnElement[bool]]:
    """Give the conditions of a view; the person's scope is added to every statement besides."""
    wanted = [*_whose(by, view.whose), *_when(view, today)]
    if view.area:
        wanted.append(col(Action.area_id).in_(select(col(Area.id)).where(col(Area.code) == view.area)))
    return wanted


def _whose(by: Actor, whose: Whose) -> list[ColumnElement[bool]]:
    if whose is Whose.MINE:
        return [col(Action.owner_id) == by.account_id]
    if whose is Whose.AGENCY:
        return [col(Action.agency_id) == by.agency_id]
    held = by.areas(AREA_ROLES)
    # Said again although the scope says it too: beside its other ways to an action, no index of the areas is used.
    return [col(Action.area_id).in_(sorted(held))] if held else []


def _when(view: ActionView, today: date) -> list[ColumnElement[bool]]:
    due_on, week_ends = col(Action.due_on), today + WEEK
    if view.when is When.ANSWERED:
        return [
            col(Action.answered_on).is_not(None),
            col(Action.state).in_([ActionState(view.answer)] if view.answer else ANSWERS),
        ]
    return [
        is_open(),
        *{
            When.OVERDUE: [due_on < today],
            When.WEEK: [due_on >= today, due_on < week_ends],
            When.LATER: [due_on >= week_ends],
        }.get(view.when, []),
    ]


def find_shown(session: Session, reference: str) -> Any | None:
    """Give one action as its page shows it, or None where there is none or the person may not see it."""
    given = col(Action.state) != ActionState.PROPOSED
    return session.execute(_rows().where(col(Action.reference) == reference.strip().upper(), given)).first()


def _rows() -> Any:
    statement: Any = select(
        col(Action.id), col(Action.reference), col(Action.what), col(Action.state), col(Action.due_on),
        col(Action.first_due_on), col(Action.outcome), col(Action.answered_on), col(Action.created_at),
        col(Action.version), col(Action.child_id), col(Action.child_reference), col(Action.area_id),
        col(Action.agency_id), col(Action.owner_id), col(Action.meeting_id),
        col(Child.name).label("child_name"), col(Agency.name).label("agency"), col(Account.name).label("owner"),
        col(Area.name).label("area"), col(Meeting.reference).label("meeting"),
    )  # fmt: skip
    return (
        statement.join(Agency, col(Agency.id) == col(Action.agency_id))
        .join(Account, col(Account.id) == col(Action.owner_id))
        .join(Area, col(Area.id) == col(Action.area_id))
        .outerjoin(Child, col(Child.id) == col(Action.child_id))
        .outerjoin(Meeting, col(Meeting.id) == col(Action.meeting_id))
    )


def _place(session: Session, keys: Sequence[Any], reference: str) -> Sequence[Any] | None:
    """Give the sort key of the action a page begins after; None where it is not to be seen."""
    row = session.execute(select(*keys).where(col(Action.reference) == reference)).first()
    return None if row is None or None in tuple(row) else tuple(row)
