"""Changes of accounts: invitations, roles, passwords and the end of an account. Nothing here commits."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.gate import hash_of
from meetings_app.accounts.models import Account, AccountState, Agency, Area, RoleGrant, School
from meetings_app.accounts.rules import clean_email, clean_name
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import NotFound, RuleBroken
from meetings_app.permissions import Actor, Permission, Role

INVITATION_LASTS = timedelta(days=7)
"""How long an invitation can be accepted; our default."""


def invite(
    session: Session,
    by: Actor,
    now: datetime,
    *,
    email: str,
    name: str,
    role: Role | str,
    agency_code: str,
    area_codes: Sequence[str] = (),
    school_code: str | None = None,
) -> tuple[Account, str]:
    """Make an account that waits for its person, and give it with the token of its invitation.

    No `area_codes` means the whole county. Only the hash of the token is stored, so this is the one time it can be
    shown. Raises `RuleBroken` for what cannot be used, `NotFound` for whoever may not manage accounts.
    """
    _may_manage(by)
    email, name = clean_email(email), clean_name(name)
    wanted = _role(role)
    if session.execute(select(col(Account.id)).where(col(Account.email) == email)).first() is not None:
        raise RuleBroken("email", "There is already an account with this email address")
    area_ids = _areas(session, area_codes)
    account = Account(
        email=email, name=name, agency_id=_id_of(session, Agency, agency_code, "agency", "Choose an agency"),
        school_id=_school(session, wanted, school_code), state=AccountState.INVITED, created_at=now,
    )  # fmt: skip
    session.add(account)
    session.flush()
    _grant(session, account.key, [(wanted, area_id) for area_id in area_ids], now)
    token = _new_invitation(account, now)
    record(session, by, now, EventKind.ACCOUNT_CREATED, account=account.key)
    return account, token


def _may_manage(by: Actor) -> None:
    if not by.may(Permission.MANAGE_ACCOUNTS):
        raise NotFound


def _role(role: Role | str) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise RuleBroken("role", f"Choose a role. The roles are: {', '.join(Role)}") from None


def _id_of(session: Session, model: type[Agency] | type[School], code: str | None, field: str, message: str) -> int:
    found = session.scalars(select(col(model.id)).where(col(model.code) == (code or ""))).first()
    if found is None:
        raise RuleBroken(field, message)
    return found


def _areas(session: Session, codes: Sequence[str]) -> list[int | None]:
    """Give the ids of the areas; none named means one grant for the whole county."""
    if not codes:
        return [None]
    rows = session.execute(select(col(Area.code), col(Area.id)).where(col(Area.code).in_(set(codes))))
    known: dict[str, int | None] = {row.code: row.id for row in rows}
    unknown = sorted(set(codes) - set(known))
    if unknown:
        raise RuleBroken("areas", f"There is no area {unknown[0]}")
    return [known[code] for code in sorted(known)]


def _school(session: Session, role: Role, code: str | None) -> int | None:
    if role is Role.SCHOOL:
        return _id_of(session, School, code, "school", "Choose the school this person works at")
    return _id_of(session, School, code, "school", "Choose a school from the list") if code else None


def _grant(session: Session, account_id: int, grants: Iterable[tuple[Role, int | None]], now: datetime) -> None:
    for role, area_id in grants:
        session.add(RoleGrant(account_id=account_id, role=role, area_id=area_id, granted_at=now))
    session.flush()


def _new_invitation(account: Account, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    account.invitation_hash, account.invitation_ends_at = hash_of(token), now + INVITATION_LASTS
    return token
