"""What nobody has taken over: open actions whose owner has left or may not see the child, children without a lead."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, Agency, RoleGrant
from meetings_app.accounts.queries import may_lead_in
from meetings_app.actions.models import Action
from meetings_app.actions.queries import is_open, sees_child
from meetings_app.children.models import Child
from meetings_app.cse_list.models import ListEntry
from meetings_app.cse_list.queries import is_live
from meetings_app.home.waiting_rows import Reading, WaitingRow, in_areas
from meetings_app.permissions import Actor, Permission
from meetings_app.ratings.models import Rating, RiskRating
from meetings_app.text import day_in_words


def in_wrong_hands() -> ColumnElement[bool]:
    """Say of `Action`, joined with its `Account` and its `Child`, that its owner cannot do it as things stand."""
    sees = sa.exists().where(col(RoleGrant.account_id) == col(Account.id), sees_child()).correlate(Account, Child)
    return sa.or_(
        col(Account.state) == AccountState.DISABLED,
        col(Account.agency_id) != col(Action.agency_id),
        col(Child.id).is_not(None) & ~sees,
    )


def actions(by: Actor, _today: date) -> Reading:
    """Read the open actions of the person's areas that are in nobody's hands."""
    statement: Any = (
        select(
            col(Action.id), col(Action.reference), col(Action.child_id), col(Action.due_on), col(Child.name),
            col(Agency.name).label("agency"), col(Account.name).label("owner"),
        )
        .join(Account, col(Account.id) == col(Action.owner_id))
        .join(Agency, col(Agency.id) == col(Action.agency_id))
        .outerjoin(Child, col(Child.id) == col(Action.child_id))
        .where(is_open(), in_wrong_hands(), *in_areas(by, Permission.PREPARE_AGENDA, col(Action.area_id)))
    )  # fmt: skip
    return Reading(statement, col(Action.id), _action)


def _action(row: Any) -> WaitingRow:
    shown = () if row.name is None else (row.child_id,)
    return WaitingRow(
        row.id, row.reference, row.name or "", f"/actions/{row.reference}/reassign",
        f"{row.owner} has left, or may not see the child. Choose somebody of {row.agency}.", row.due_on, shown,
    )  # fmt: skip


def _rated_high_on() -> Any:
    """Give the day since which the child has been rated high without a break."""
    of_child = col(Rating.child_id) == col(ListEntry.child_id)
    last_other = (
        select(sa.func.coalesce(sa.func.max(col(Rating.id)), 0))
        .where(of_child, col(Rating.rating) != RiskRating.HIGH)
        .correlate(ListEntry)
        .scalar_subquery()
    )
    return (
        select(sa.func.min(col(Rating.decided_on)))
        .where(of_child, col(Rating.rating) == RiskRating.HIGH, col(Rating.id) > last_other)
        .correlate(ListEntry)
        .scalar_subquery()
    )


def leads(by: Actor, today: date) -> Reading:
    """Read the children on the list whose lead professional has left, or may not lead in the area any more.

    With them those rated high before today for whom no lead professional is named.
    """
    lives_there = may_lead_in(col(Child.area_id)).correlate(Account, Child)
    left = col(Account.id).is_not(None) & ((col(Account.state) == AccountState.DISABLED) | ~lives_there)
    nobody = sa.and_(
        col(ListEntry.current_rating) == RiskRating.HIGH, col(Child.lead_professional_id).is_(None),
        col(Child.lead_professional_name) == "", _rated_high_on() < today,
    )  # fmt: skip
    statement: Any = (
        select(
            col(ListEntry.id), col(ListEntry.child_id), col(ListEntry.next_review_on), col(Child.reference),
            col(Child.name), col(Child.lead_professional_id), col(Account.name).label("lead"),
            _rated_high_on().label("rated_on"),
        )
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .outerjoin(Account, col(Account.id) == col(Child.lead_professional_id))
        .where(is_live(), left | nobody, *in_areas(by, Permission.PREPARE_AGENDA, col(ListEntry.area_id)))
    )  # fmt: skip
    return Reading(statement, col(ListEntry.id), _lead)


def _lead(row: Any) -> WaitingRow:
    nobody = row.lead_professional_id is None
    said = (
        f"Rated high on {day_in_words(row.rated_on)}, and no lead professional is named. Enter one."
        if nobody
        else f"{row.lead} was the lead professional and has left, or has no role here. Enter another."
    )
    return WaitingRow(
        row.id, row.reference, row.name, f"/children/{row.reference}/lead", said, row.next_review_on, (row.child_id,),
        rated_on=row.rated_on if nobody else None,
    )  # fmt: skip
