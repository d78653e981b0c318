"""Signing in, step by step. The password is checked between two transactions, never inside one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts import second_factor
from meetings_app.accounts.models import Account, AccountState
from meetings_app.accounts.queries import actor_of
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.permissions import Actor

NOBODY = Actor(account_id=None, name="")


@dataclass(frozen=True)
class Candidate:
    """The account a person names, or nobody: both are checked with the same work."""

    account_id: int | None = None
    password_hash: str | None = None


def candidate(session: Session, email: str) -> Candidate:
    """Give what the password is checked against; an unknown, invited or disabled account gives nobody."""
    row = session.execute(
        select(col(Account.id), col(Account.password_hash)).where(
            col(Account.email) == email, col(Account.state) == AccountState.ACTIVE
        )
    ).first()
    return Candidate(row.id, row.password_hash) if row else Candidate()


def record_failure(session: Session, account_id: int | None, now: datetime) -> None:
    """Record that somebody failed to sign in."""
    record(session, NOBODY, now, EventKind.SIGN_IN_FAILED, account=account_id)


def record_success(session: Session, account_id: int, now: datetime) -> None:
    """Record that a person signed in, with every factor asked for."""
    record(session, actor_of(session, account_id) or NOBODY, now, EventKind.SIGNED_IN)


def active_account(session: Session, account_id: int | None) -> Account | None:
    """Give the account, while it is active."""
    statement = select(Account).where(col(Account.id) == account_id, col(Account.state) == AccountState.ACTIVE)
    return session.scalars(statement).one_or_none() if account_id is not None else None


def same_password(account: Account | None, checked: Candidate) -> bool:
    """Say whether the account still has the password that was checked; it may have been reset meanwhile."""
    return account is not None and account.password_hash == checked.password_hash


def prepare_second_factor(account: Account) -> None:
    """Give a fresh key to an account that has never used a code, so that a key once shown to nobody in particular
    is never the one in use."""
    if not has_second_factor(account):
        account.totp_secret = second_factor.new_secret()


def has_second_factor(account: Account) -> bool:
    """Say whether the person has set up the app: it counts from the first code that was right."""
    return account.totp_secret is not None and account.totp_last_step is not None


def use_code(session: Session, account: Account, code: str, now: datetime) -> bool:
    """Say whether the code is right and unused, and use it up. The first one also sets the second factor up."""
    step = second_factor.step_of(account.totp_secret, code, now) if account.totp_secret else None
    if step is None or not second_factor.spend(session, account.key, step):
        return False
    if account.totp_last_step is None:
        record(session, actor_of(session, account.key) or NOBODY, now, EventKind.SECOND_FACTOR_SET)
    return True
