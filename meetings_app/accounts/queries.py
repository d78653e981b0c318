"""Reads of people and reference data. Reference data holds no personal data and is open to everybody signed in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, Agency, Area, RoleGrant, School
from meetings_app.permissions import Actor, Grant, Role


@dataclass(frozen=True)
class Reference:
    """One row of reference data: an area, an agency or a school."""

    id: int
    code: str
    name: str


def areas(session: Session) -> list[Reference]:
    """Give every area, by code."""
    return _references(session, Area)


def agencies(session: Session) -> list[Reference]:
    """Give every agency, in the order they were set up."""
    return sorted(_references(session, Agency), key=lambda agency: agency.id)


def schools(session: Session) -> list[Reference]:
    """Give every school, by code."""
    return _references(session, School)


def _references(session: Session, model: type[Area] | type[Agency] | type[School]) -> list[Reference]:
    rows = session.execute(select(col(model.id), col(model.code), col(model.name)).order_by(col(model.code)))
    return [Reference(id=row.id or 0, code=row.code, name=row.name) for row in rows]


def areas_of(session: Session, actor: Actor, roles: frozenset[Role]) -> list[Reference]:
    """Give the areas that `actor` holds through any of `roles`, by code."""
    held = actor.areas(roles)
    return [area for area in areas(session) if held is None or area.id in held]


def actor_of(session: Session, account_id: int) -> Actor | None:
    """Give the person of an active account as one who acts, or None. Reads two rows sets in two statements."""
    account = session.execute(
        select(col(Account.id), col(Account.name), col(Account.agency_id), col(Account.school_id)).where(
            col(Account.id) == account_id, col(Account.state) == AccountState.ACTIVE
        )
    ).first()
    if account is None:
        return None
    grants = session.execute(
        select(col(RoleGrant.role), col(RoleGrant.area_id))
        .where(col(RoleGrant.account_id) == account_id, col(RoleGrant.ended_at).is_(None))
        .order_by(col(RoleGrant.id))
    )
    held = tuple(Grant(role=row.role, area_id=row.area_id) for row in grants)
    return Actor(
        account_id=account.id,
        name=account.name,
        agency_id=account.agency_id,
        school_id=account.school_id,
        grants=held,
    )


def names_of(session: Session, account_ids: Sequence[int]) -> dict[int, str]:
    """Give the names of the accounts, by id."""
    rows = session.execute(select(col(Account.id), col(Account.name)).where(col(Account.id).in_(set(account_ids))))
    return {row.id: row.name for row in rows if row.id is not None}


def people_of_agency(session: Session, agency_id: int, area_id: int | None = None) -> Sequence[Row[int | None, str]]:
    """Give id and name of the active people of an agency, by name; with an area, those with a role in it."""
    statement = select(col(Account.id), col(Account.name)).where(
        col(Account.agency_id) == agency_id, col(Account.state) != AccountState.DISABLED
    )
    if area_id is not None:
        held = select(col(RoleGrant.account_id)).where(
            col(RoleGrant.ended_at).is_(None),
            (col(RoleGrant.area_id) == area_id) | col(RoleGrant.area_id).is_(None),
        )
        statement = statement.where(col(Account.id).in_(held))
    return session.execute(statement.order_by(col(Account.name), col(Account.id))).all()
