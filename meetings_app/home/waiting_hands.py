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


def leads(by: Actor, _today: date) -> Reading:
    """Read the children on the list whose lead professional has left, or may not lead in the area any more."""
    lives_there = may_lead_in(col(Child.area_id)).correlate(Account, Child)
    statement: Any = (
        select(
            col(ListEntry.id), col(ListEntry.child_id), col(ListEntry.next_review_on), col(Child.reference),
            col(Child.name), col(Account.name).label("lead"),
        )
        .join(Child, col(Child.id) == col(ListEntry.child_id))
        .join(Account, col(Account.id) == col(Child.lead_professional_id))
        .where(
            is_live(), (col(Account.state) == AccountState.DISABLED) | ~lives_there,
            *in_areas(by, Permission.PREPARE_AGENDA, col(ListEntry.area_id)),
        )
    )  # fmt: skip
    return Reading(statement, col(ListEntry.id), _lead)


def _lead(row: Any) -> WaitingRow:
    return WaitingRow(
        row.id, row.reference, row.name, f"/children/{row.reference}/lead",
        f"{row.lead} was the lead professional and has left, or has no role here. Enter another.",
        row.next_review_on, (row.child_id,),
    )  # fmt: skip
