"""Reads of the weekly lists, narrowed to what the reader may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, Agency, RoleGrant
from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.permissions import PERMISSIONS, Permission, Role
from meetings_app.weekly_list.models import WeeklyChange, WeeklyCopy, WeeklyList, WeeklyRecipient, WeeklyRow
from meetings_app.weekly_list.rules import Listed

LIST_READERS = frozenset(role for role in Role if Permission.SEE_LIST in PERMISSIONS[role])


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
    """Give whom a list is sent to, by name: every list holder, and whoever was named and may see the list still."""
    named = select(col(WeeklyRecipient.account_id)).where(col(WeeklyRecipient.ended_at).is_(None))
    sent: Any = sa.or_(
        _holds([Role.LIST_HOLDER]), sa.and_(col(Account.id).in_(named), _holds(LIST_READERS))
    )  # fmt: skip
    wanted = select(Account).where(col(Account.state) == AccountState.ACTIVE, sent)
    return session.scalars(wanted.order_by(col(Account.name), col(Account.id))).all()


def _holds(roles: Collection[Role], areas: Collection[int] | None = None) -> ColumnElement[bool]:
    """Ask that an account holds one of the roles now: anywhere, or in one of `areas` or the whole county."""
    where = [] if areas is None else [col(RoleGrant.area_id).is_(None) | col(RoleGrant.area_id).in_(areas)]
    return sa.exists().where(
        col(RoleGrant.account_id) == col(Account.id), col(RoleGrant.role).in_(roles),
        col(RoleGrant.ended_at).is_(None), *where,
    )  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody who is or can be sent the list; `by_role` are sent it always, `named` until somebody ends it."""

    id: int
    name: str
    agency: str
    by_role: bool
    named: bool


def readers(session: Session, areas: Collection[int] | None) -> list[Person]:
    """Give by name who may see the list of one of `areas` (None: of any), and whether it is sent to them."""
    named = sa.exists().where(
        col(WeeklyRecipient.account_id) == col(Account.id), col(WeeklyRecipient.ended_at).is_(None)
    )
    statement: Any = (
        select(
            col(Account.id), col(Account.name), col(Agency.name).label("agency"),
            _holds([Role.LIST_HOLDER]).label("by_role"), named.label("named"),
        )
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .where(col(Account.state) == AccountState.ACTIVE, _holds(LIST_READERS, areas))
        .order_by(col(Account.name), col(Account.id))
    )  # fmt: skip
    rows = session.execute(statement)
    return [Person(row.id, row.name, row.agency, bool(row.by_role), bool(row.named)) for row in rows]


@dataclass(frozen=True)
class Copy:
    """One person who was told of a list, and when they first opened it; None where they have not."""

    name: str
    agency: str
    opened_at: datetime | None


def copies_of(session: Session, taken: WeeklyList) -> list[Copy]:
    """Give who was told of a list and who opened it, by name; the trail says the second."""
    told: Any = session.execute(
        select(col(Account.id), col(Account.name), col(Agency.name).label("agency"))
        .join(WeeklyCopy, col(WeeklyCopy.account_id) == col(Account.id))
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .where(col(WeeklyCopy.list_id) == taken.key)
        .order_by(col(Account.name), col(Account.id))
    ).all()
    opened = _opened(session, taken, [row.id for row in told])
    return [Copy(row.name, row.agency, opened.get(row.id)) for row in told]


def _opened(session: Session, taken: WeeklyList, account_ids: Collection[int]) -> dict[int, datetime]:
    """Give when each first opened the list. The trail is read from where it ended when the list was taken."""
    rows = session.execute(
        select(col(AuditEvent.actor_id), col(AuditEvent.at), col(AuditEvent.facts))
        .where(
            col(AuditEvent.actor_id).in_(account_ids), col(AuditEvent.id) > taken.trail_mark,
            col(AuditEvent.kind) == EventKind.WEEKLY_LIST_VIEWED.value,
        )
        .order_by(col(AuditEvent.id).desc())
    )  # fmt: skip
    return {row.actor_id: row.at for row in rows if row.actor_id and row.facts.get("number") == taken.number}


def told_of(account_id: int | None) -> ColumnElement[int]:
    """Give a piece of a statement: the number of the newest list where a person was told of it, else 0."""
    newest = select(sa.func.max(col(WeeklyList.number))).scalar_subquery()
    sent: Any = (
        select(col(WeeklyList.number))
        .join(WeeklyCopy, col(WeeklyCopy.list_id) == col(WeeklyList.id))
        .where(col(WeeklyCopy.account_id) == account_id, col(WeeklyList.number) == newest)
    )
    return sa.func.coalesce(sent.scalar_subquery(), 0)


def unopened(session: Session, number: int, account_id: int) -> WeeklyList | None:
    """Give the list of this number where a person has not opened it."""
    taken = list_numbered(session, number)
    return None if taken is None or _opened(session, taken, [account_id]) else taken


def lists(session: Session) -> Sequence[WeeklyList]:
    """Give the lists of the last year, newest first."""
    return session.scalars(select(WeeklyList).order_by(col(WeeklyList.number).desc()).limit(53)).all()
