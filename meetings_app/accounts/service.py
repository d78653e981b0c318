"""Changes of accounts: invitations, roles, passwords and the end of an account. Nothing here commits."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col

from meetings_app.accounts.gate import end_every_session, hash_of
from meetings_app.accounts.models import Account, AccountState, Agency, Area, RoleGrant, School
from meetings_app.accounts.rules import clean_email, clean_name
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
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
        email=email, name=name, agency_id=_agency(session, agency_code),
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


def _agency(session: Session, code: str) -> int:
    """Give the id of an agency, or name those there are: on the command line nobody sees a list to choose from."""
    known = session.scalars(select(col(Agency.code)).order_by(col(Agency.id))).all()
    message = f"Choose an agency. The agencies are: {', '.join(known)}"
    return _id_of(session, Agency, code, "agency", message)


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


def accept_invitation(session: Session, now: datetime, account: Account, password_hash: str) -> None:
    """Make an invited account active with the password its person chose; the invitation is used up."""
    account.password_hash, account.state = password_hash, AccountState.ACTIVE
    account.invitation_hash = account.invitation_ends_at = None
    session.flush()
    record(session, Actor(account_id=account.key, name=account.name), now, EventKind.ACCOUNT_ACCEPTED)


def change_password(session: Session, by: Actor, now: datetime, password_hash: str) -> None:
    """Change one's own password. Every session ends; the browser that asked is given a new one by its view."""
    account = _account(session, by.account_id)
    account.password_hash = password_hash
    end_every_session(session, account.key, now)
    _changed(session, by, now, account, "password")


def sign_out_everywhere(session: Session, by: Actor, now: datetime) -> None:
    """End every session of one's own account, in whatever browser it is."""
    account = _account(session, by.account_id)
    end_every_session(session, account.key, now)
    _changed(session, by, now, account, "signed out everywhere")


def add_role(
    session: Session,
    by: Actor,
    now: datetime,
    account_id: int,
    version: int,
    role: Role | str,
    area_codes: Sequence[str],
) -> None:
    """Give a person one more role, in areas or (none named) in the whole county. What is held already stays."""
    account = _managed(session, by, account_id, version)
    wanted = _role(role)
    if wanted is Role.SCHOOL and account.school_id is None:
        raise RuleBroken("role", "Only somebody who was invited for a school can hold this role")
    held = {
        (row.role, row.area_id)
        for row in session.execute(
            select(col(RoleGrant.role), col(RoleGrant.area_id)).where(
                col(RoleGrant.account_id) == account_id, col(RoleGrant.ended_at).is_(None)
            )
        )
    }
    fresh = [(wanted, area) for area in _areas(session, area_codes) if (wanted, area) not in held]
    if not fresh:
        raise RuleBroken("role", "The person has this role already")
    _grant(session, account.key, fresh, now)
    _changed(session, by, now, account, f"role {wanted.value} given")


def end_role(session: Session, by: Actor, now: datetime, account_id: int, version: int, grant_id: int) -> None:
    """End a role of a person; the grant stays on record. Nobody ends their own right to manage accounts."""
    account = _managed(session, by, account_id, version)
    grant = session.scalars(
        select(RoleGrant).where(
            col(RoleGrant.id) == grant_id, col(RoleGrant.account_id) == account_id, col(RoleGrant.ended_at).is_(None)
        )
    ).one_or_none()
    if grant is None:
        raise NotFound
    if account_id == by.account_id and grant.role is Role.ADMINISTRATOR:
        raise DomainError("You cannot end your own role as administrator. Ask another administrator.")
    grant.ended_at = now
    _changed(session, by, now, account, f"role {grant.role.value} ended")


def change_agency(session: Session, by: Actor, now: datetime, account_id: int, version: int, agency_code: str) -> None:
    """Let a person work for another agency. Every role ends, for each was held for the agency of before.

    Raises `RuleBroken` for `agency`, `DomainError` for one's own account, `Conflict` on an old version.
    """
    account = _managed(session, by, account_id, version)
    if account_id == by.account_id:
        raise DomainError("You cannot move your own account. Ask another administrator.")
    agency_id = _agency(session, agency_code)
    if agency_id == account.agency_id:
        raise RuleBroken("agency", "Choose an agency other than the present one")
    held = (col(RoleGrant.account_id) == account_id, col(RoleGrant.ended_at).is_(None))
    for grant in session.scalars(select(RoleGrant).where(*held)):
        grant.ended_at = now
    account.agency_id, account.school_id = agency_id, None
    _changed(session, by, now, account, "agency")


def disable(session: Session, by: Actor, now: datetime, account_id: int, version: int | None = None) -> None:
    """Stop a person from signing in, at once: sessions end, an open invitation too. Roles stay, for `reset`."""
    account = _managed(session, by, account_id, version)
    if account_id == by.account_id:
        raise DomainError("You cannot disable your own account. Ask another administrator.")
    account.state = AccountState.DISABLED
    account.invitation_hash = account.invitation_ends_at = None
    end_every_session(session, account.key, now)
    _changed(session, by, now, account, "disabled")


def reset(session: Session, by: Actor, now: datetime, account_id: int, version: int | None = None) -> str:
    """Take password and second factor away and invite the person again; gives the new invitation's token."""
    account = _managed(session, by, account_id, version)
    if account_id == by.account_id:
        raise DomainError("You cannot reset your own account. Ask another administrator.")
    account.state = AccountState.INVITED
    account.password_hash = account.totp_secret = account.totp_last_step = None
    token = _new_invitation(account, now)
    end_every_session(session, account.key, now)
    _changed(session, by, now, account, "reset")
    return token


def own_account(session: Session, by: Actor) -> Account:
    """Give one's own account."""
    return _account(session, by.account_id)


def _account(session: Session, account_id: int | None) -> Account:
    account = session.scalars(select(Account).where(col(Account.id) == account_id)).one_or_none()
    if account is None:
        raise NotFound
    return account


def _managed(session: Session, by: Actor, account_id: int, version: int | None) -> Account:
    _may_manage(by)
    account = _account(session, account_id)
    if version is not None and account.version != version:
        raise Conflict("Somebody else changed this account meanwhile. Look at it again, then make your change.")
    return account


def _changed(session: Session, by: Actor, now: datetime, account: Account, change: str) -> None:
    """Record the change, and count it on the account even where only rows beside it changed."""
    flag_modified(account, "state")
    session.flush()
    record(session, by, now, EventKind.ACCOUNT_CHANGED, account=account.key, change=change)
