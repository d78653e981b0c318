"""Reads of the weekly lists, narrowed to what the reader may see."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, RoleGrant
from meetings_app.permissions import Role
from meetings_app.weekly_list.models import WeeklyChange, WeeklyList, WeeklyRow
from meetings_app.weekly_list.rules import Listed


def newest_list(session: Session) -> WeeklyList | None:
    """Give the last list that was taken, or None before the first."""
    return session.scalars(select(WeeklyList).order_by(col(WeeklyList.number).desc()).limit(1)).first()


def list_numbered(session: Session, number: int) -> WeeklyList | None:
    """Give the list with this number, or None."""
    return session.scalars(select(WeeklyList).where(col(WeeklyList.number) == number)).first()


def rows_of(session: Session, list_id: int) -> Sequence[WeeklyRow]:
    """Give the rows of a list that the reader may see, in the order of the list."""
    return session.scalars(
        select(WeeklyRow).where(col(WeeklyRow.list_id) == list_id).order_by(col(WeeklyRow.place))
    ).all()


def changes_of(session: Session, list_id: int) -> Sequence[WeeklyChange]:
    """Give what changed, as far as the reader may see it, in the order in which it is said."""
    return session.scalars(
        select(WeeklyChange).where(col(WeeklyChange.list_id) == list_id).order_by(col(WeeklyChange.place))
    ).all()


def compared(rows: Sequence[WeeklyRow]) -> list[Listed]:
    """Give rows as lists are compared."""
    return [
        Listed(
            row.child_id, row.entry_id, row.area_id, row.area, row.reference, row.name, row.rating.value,
            row.overdue_days,
        )
        for row in rows
    ]  # fmt: skip


def recipients(session: Session) -> Sequence[Account]:
    """Give whom a list is sent to: every list holder who can sign in, by name."""
    holds: Any = sa.exists().where(
        col(RoleGrant.account_id) == col(Account.id), col(RoleGrant.role) == Role.LIST_HOLDER,
        col(RoleGrant.ended_at).is_(None),
    )  # fmt: skip
    wanted = select(Account).where(col(Account.state) == AccountState.ACTIVE, holds)
    return session.scalars(wanted.order_by(col(Account.name), col(Account.id))).all()
