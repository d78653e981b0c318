"""Reads of people and reference data. Reference data holds no personal data and is open to everybody signed in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Exists, String, and_, bindparam, cast, exists, func, literal_column, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, Agency, Area, ConflictOfInterest, RoleGrant, School
from meetings_app.db.asked_once import asked_once
from meetings_app.db.session import unscoped
from meetings_app.permissions import AREA_ROLES, Actor, Grant, Role
from meetings_app.web.filters import words


@dataclass(frozen=True)
class Reference:
    """One row of reference data: an area, an agency or a school."""

    id: int
    code: str
    name: str


def areas(session: Session) -> list[Reference]:
    """Give every area, by code."""
    return _references(session, Area)


@partial(asked_once, narrowed=False)
def agencies(session: Session) -> list[Reference]:
    """Give every agency, in the order they were set up."""
    return sorted(_references(session, Agency), key=lambda agency: agency.id)


def schools(session: Session) -> list[Reference]:
    """Give every school, by code."""
    return _references(session, School)


def _references(session: Session, model: type[Area] | type[Agency] | type[School]) -> list[Reference]:
    rows = session.execute(_BY_CODE[model])
    return [Reference(id=row.id or 0, code=row.code, name=row.name) for row in rows]


def areas_of(session: Session, actor: Actor, roles: frozenset[Role]) -> list[Reference]:
    """Give the areas that `actor` holds through any of `roles`, by code."""
    held = actor.areas(roles)
    return [area for area in areas(session) if held is None or area.id in held]


# Built once, because every page asks them: building a statement costs four times what sending it does.
# Read past the scope: the children a person is kept from are what their scope is made of.
KEPT_FROM = unscoped("conflict_of_interest")
_COMMA: Any = literal_column("','")
_KEPT_FROM: Any = (
    select(func.aggregate_strings(cast(ConflictOfInterest.child_id, String), _COMMA))
    .where(col(ConflictOfInterest.account_id) == col(Account.id), col(ConflictOfInterest.ended_at).is_(None))
    .correlate(Account)
    .scalar_subquery()
)
WHO: tuple[Any, ...] = (
    col(Account.name), col(Account.agency_id), col(Account.school_id), col(RoleGrant.role), col(RoleGrant.area_id),
    _KEPT_FROM.label("kept_from"),
)  # fmt: skip
"""What an actor is made of: one row a role, or one without a role."""
HELD: Any = (col(RoleGrant.account_id) == col(Account.id)) & col(RoleGrant.ended_at).is_(None)
_ACTIVE = (
    select(*WHO)
    .select_from(Account)
    .outerjoin(RoleGrant, HELD)
    .where(col(Account.id) == bindparam("account"), col(Account.state) == AccountState.ACTIVE)
    .order_by(col(RoleGrant.id))
    .execution_options(**KEPT_FROM)
)
_EVERY: Any = (
    select(col(Account.id).label("account_id"), *WHO)
    .select_from(Account)
    .outerjoin(RoleGrant, HELD)
    .where(
        col(Account.id).in_(bindparam("accounts", expanding=True)),
        col(Account.state).in_(bindparam("states", expanding=True)),
    )
    .order_by(col(Account.id), col(RoleGrant.id))
    .execution_options(**KEPT_FROM)
)
_NAMES = select(col(Account.id), col(Account.name)).where(col(Account.id).in_(bindparam("ids", expanding=True)))
_BY_CODE = {
    model: select(col(model.id), col(model.code), col(model.name)).order_by(col(model.code))
    for model in (Area, Agency, School)
}


def actor_of(session: Session, account_id: int) -> Actor | None:
    """Give the person of an active account as one who acts, or None."""
    rows = session.execute(_ACTIVE, {"account": account_id}).all()
    return actor_in(account_id, rows) if rows else None


def actors_of(session: Session, account_ids: Collection[int], *, set_up: bool = True) -> list[Actor]:
    """Give the people of those of the accounts that are active as ones who act, by account.

    Not only those `set_up`: also those who have not accepted their invitation yet, and may do all that once they have.
    """
    states = [AccountState.ACTIVE, *([] if set_up else [AccountState.INVITED])]
    rows: dict[int, list[Any]] = {}
    for row in session.execute(_EVERY, {"accounts": sorted(account_ids), "states": states}):
        rows.setdefault(row.account_id, []).append(row)
    return [actor_in(account_id, found) for account_id, found in rows.items()]


def actor_in(account_id: int, rows: Sequence[Any]) -> Actor:
    """Make the person of an account out of its rows of `WHO`."""
    held = tuple(Grant(role=row.role, area_id=row.area_id) for row in rows if row.role is not None)
    kept_from = frozenset(int(each) for each in (rows[0].kept_from or "").split(",") if each)
    return Actor(account_id, rows[0].name, rows[0].agency_id, rows[0].school_id, held, kept_from=kept_from)


def names_of(session: Session, account_ids: Sequence[int]) -> dict[int, str]:
    """Give the names of the accounts, by id."""
    if not account_ids:
        return {}
    rows = session.execute(_NAMES, {"ids": list(set(account_ids))})
    return {row.id: row.name for row in rows if row.id is not None}


_MAY_LEAD = frozenset({Role.LEAD_PROFESSIONAL, Role.SPECIALIST}) | AREA_ROLES


@asked_once
def possible_lead_professionals(session: Session, area_id: int, present_id: int | None = None) -> Sequence[Any]:
    """Give id, name, email and agency of those who may be lead professional in an area, by name.

    The present one (`present_id`) stays a choice whatever became of the account, so that saving for another reason
    erases nobody.
    """
    may = may_lead_in(area_id) & (col(Account.state) != AccountState.DISABLED)
    return _people(session, or_(may, col(Account.id) == present_id))


def may_lead_in(area: Any) -> Exists:
    """Say, in SQL, that the account of a statement holds a role by which it may be lead professional in an area."""
    return exists().where(
        col(RoleGrant.account_id) == col(Account.id), col(RoleGrant.role).in_(_MAY_LEAD),
        col(RoleGrant.ended_at).is_(None), (col(RoleGrant.area_id) == area) | col(RoleGrant.area_id).is_(None),
    )  # fmt: skip


def specialists(session: Session, present_ids: Collection[int] = ()) -> Sequence[Any]:
    """Give id, name, email and agency of the active people of the specialist service, and of `present_ids`, by name."""
    holds = select(col(RoleGrant.account_id)).where(
        col(RoleGrant.role) == Role.SPECIALIST, col(RoleGrant.ended_at).is_(None)
    )
    may = and_(col(Account.id).in_(holds), col(Account.state) == AccountState.ACTIVE)
    return _people(session, or_(may, col(Account.id).in_(present_ids)))


def _people(session: Session, who: ColumnElement[bool]) -> Sequence[Any]:
    return session.execute(
        select(col(Account.id), col(Account.name), col(Account.email), col(Agency.name).label("agency"))
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .where(who)
        .order_by(col(Account.name), col(Account.id))
    ).all()


@dataclass(frozen=True)
class Profile:
    """One account as a page shows it."""

    id: int
    email: str
    name: str
    agency: str
    school: str | None
    state: AccountState
    second_factor: bool
    invitation_ends_at: datetime | None
    version: int
    roles: tuple[str, ...]


def everybody(session: Session) -> list[Profile]:
    """Give every account with its present roles, by name; for those who manage accounts."""
    return _profiles(session, select_everybody=True)


def profile_of(session: Session, account_id: int | None) -> Profile | None:
    """Give one account with its present roles."""
    found = _profiles(session, account_id=account_id) if account_id is not None else []
    return found[0] if found else None


def _profiles(session: Session, account_id: int | None = None, *, select_everybody: bool = False) -> list[Profile]:
    statement: Any = (
        select(
            col(Account.id), col(Account.email), col(Account.name), col(Agency.name).label("agency"),
            col(School.name).label("school"), col(Account.state), col(Account.totp_last_step),
            col(Account.invitation_ends_at), col(Account.version),
        )
        .join(Agency, col(Agency.id) == col(Account.agency_id))
        .outerjoin(School, col(School.id) == col(Account.school_id))
        .order_by(col(Account.name), col(Account.id))
    )  # fmt: skip
    if not select_everybody:
        statement = statement.where(col(Account.id) == account_id)
    roles: dict[int, list[str]] = {}
    for grant in _grants(session, account_id):
        roles.setdefault(grant.account_id, []).append(grant.text)
    return [
        Profile(
            id=row.id or 0, email=row.email, name=row.name, agency=row.agency, school=row.school, state=row.state,
            second_factor=row.totp_last_step is not None, invitation_ends_at=row.invitation_ends_at,
            version=row.version, roles=tuple(roles.get(row.id or 0, ())),
        )
        for row in session.execute(statement)
    ]  # fmt: skip


@dataclass(frozen=True)
class GrantShown:
    """A present role of a person, in words."""

    id: int
    account_id: int
    text: str
    granted_at: datetime


def grants_of(session: Session, account_id: int) -> list[GrantShown]:
    """Give the present roles of an account, oldest first."""
    return _grants(session, account_id)


def grant_of(session: Session, account_id: int, grant_id: int) -> RoleGrant | None:
    """Give one present role of an account."""
    return session.scalars(
        select(RoleGrant).where(
            col(RoleGrant.id) == grant_id, col(RoleGrant.account_id) == account_id, col(RoleGrant.ended_at).is_(None)
        )
    ).one_or_none()


def _grants(session: Session, account_id: int | None) -> list[GrantShown]:
    statement: Any = (
        select(
            col(RoleGrant.id), col(RoleGrant.account_id), col(RoleGrant.role), col(RoleGrant.granted_at),
            col(Area.name).label("area"),
        )
        .outerjoin(Area, col(Area.id) == col(RoleGrant.area_id))
        .where(col(RoleGrant.ended_at).is_(None))
        .order_by(col(RoleGrant.account_id), col(RoleGrant.id))
    )  # fmt: skip
    if account_id is not None:
        statement = statement.where(col(RoleGrant.account_id) == account_id)
    return [
        GrantShown(row.id or 0, row.account_id, f"{words(row.role)}, {row.area or 'whole county'}", row.granted_at)
        for row in session.execute(statement)
    ]


def account_of_invitation(session: Session, token_hash: str, now: datetime) -> Account | None:
    """Give the account that waits for the person who holds this invitation, while it can be accepted."""
    statement = select(Account).where(
        col(Account.invitation_hash) == token_hash,
        col(Account.invitation_ends_at) > now,
        col(Account.state) == AccountState.INVITED,
    )
    return session.scalars(statement).one_or_none()


def id_of_email(session: Session, email: str) -> int | None:
    """Give the id of the account with this email address."""
    return session.scalars(select(col(Account.id)).where(col(Account.email) == email.strip().lower())).first()
