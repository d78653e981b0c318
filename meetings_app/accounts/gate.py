"""Who is behind a request: Flask-Login keeps an opaque token in the browser, the session itself is on the server."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g
from flask import session as cookie
from flask_login import LoginManager, UserMixin, login_user, logout_user
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, RoleGrant, SignInSession
from meetings_app.accounts.queries import HELD, KEPT_FROM, WHO, actor_in
from meetings_app.accounts.reference import NEWEST
from meetings_app.config import Settings
from meetings_app.permissions import Actor
from meetings_app.web.unsent import sign_forms_for

IDLE = timedelta(minutes=20)
ABSOLUTE = timedelta(hours=10)
CONFIRMED_FOR = timedelta(minutes=15)
"""How long a password counts as just given, for what cannot be undone; our default."""
_TOUCH_AFTER = timedelta(minutes=1)


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps: the token of the session on the server, never the account's id."""

    def __init__(self, token: str) -> None:
        self.token = token

    def get_id(self) -> str:
        """Give what goes into the browser's signed cookie."""
        return self.token


# Built once, because every page asks it: building a statement costs four times what sending it does.
_SIGNED_IN: Any = (
    select(
        col(SignInSession.id),
        col(SignInSession.account_id),
        col(SignInSession.created_at),
        col(SignInSession.last_seen_at),
        col(SignInSession.second_factor_at),
        col(SignInSession.confirmed_at),
        NEWEST.label("newest_rules"),
        *WHO,
    )
    .select_from(SignInSession)
    .outerjoin(
        Account,
        (col(Account.id) == col(SignInSession.account_id)) & (col(Account.state) == AccountState.ACTIVE),
    )
    .outerjoin(RoleGrant, HELD)
    .where(
        col(SignInSession.token_hash) == bindparam("token"),
        col(SignInSession.ended_at).is_(None),
        col(SignInSession.last_seen_at) > bindparam("last_seen"),
        col(SignInSession.created_at) > bindparam("created"),
    )
    .order_by(col(RoleGrant.id))
    .execution_options(**KEPT_FROM)
)


@dataclass(frozen=True)
class Gate:
    """Tells the guard who asks, by the session's token, within the idle and the absolute limit."""

    settings: Callable[[], Settings]

    def identify(self, session: Session) -> Actor | None:
        """Give the person whose session the browser's token names, or None."""
        token = cookie.get("_user_id")
        if not isinstance(token, str):
            return None
        now = self.settings().clock.now()
        rows = session.execute(
            _SIGNED_IN, {"token": hash_of(token), "last_seen": now - IDLE, "created": now - ABSOLUTE}
        ).all()
        if not rows:
            return None
        found = rows[0]
        g.sign_in_id, g.last_seen_at, g.confirmed_at = found.id, found.last_seen_at, found.confirmed_at
        g.signed_in_at = found.created_at
        g.newest_rules = found.newest_rules or 0
        if self.settings().second_factor_required and found.second_factor_at is None:
            g.halfway_account_id = found.account_id
            return None
        # A disabled account has no name here, for only active ones are joined.
        return actor_in(found.account_id, rows) if found.name is not None else None

    def seen(self) -> Callable[[Session], None] | None:
        """Give the write that keeps the session alive, at most once a minute."""
        now = self.settings().clock.now()
        last = g.get("last_seen_at")
        if last is None or now - last < _TOUCH_AFTER:
            return None
        sign_in_id = g.sign_in_id

        def touch(writing: Session) -> None:
            writing.execute(update(SignInSession).where(col(SignInSession.id) == sign_in_id).values(last_seen_at=now))

        return touch


def hash_of(token: str) -> str:
    """Give the hash under which a random token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin_session(session: Session, account: Account, now: datetime, *, second_factor: bool) -> None:
    """Begin a session on the server and hand its token to the browser; a former one in it is forgotten."""
    token = secrets.token_urlsafe(32)
    cookie.clear()
    session.add(
        SignInSession(
            token_hash=hash_of(token), account_id=account.key, created_at=now, last_seen_at=now,
            second_factor_at=now if second_factor else None, confirmed_at=now,
        )
    )  # fmt: skip
    login_user(SignedIn(token))
    if second_factor:
        sign_forms_for(account.key)


def end_session(session: Session, now: datetime) -> None:
    """End the browser's session on the server and in the browser."""
    if "sign_in_id" in g:
        session.execute(update(SignInSession).where(col(SignInSession.id) == g.sign_in_id).values(ended_at=now))
    logout_user()
    cookie.clear()


def time_left(now: datetime) -> timedelta:
    """Give how long the person of this request stays signed in if nothing more is heard of them."""
    left: timedelta = min(g.last_seen_at + IDLE, g.signed_in_at + ABSOLUTE) - now
    return left


def confirm(session: Session, now: datetime) -> None:
    """Note that the person has just given the password again."""
    session.execute(update(SignInSession).where(col(SignInSession.id) == g.sign_in_id).values(confirmed_at=now))


def confirmed_recently(now: datetime) -> bool:
    """Say whether the person gave the password within `CONFIRMED_FOR`; ask before signing, closing or exporting."""
    confirmed_at: datetime | None = g.get("confirmed_at")
    return confirmed_at is not None and now - confirmed_at < CONFIRMED_FOR


def end_every_session(session: Session, account_id: int, now: datetime) -> None:
    """End every session of an account, in whatever browser it is."""
    open_ones = (col(SignInSession.account_id) == account_id) & col(SignInSession.ended_at).is_(None)
    session.execute(update(SignInSession).where(open_ones).values(ended_at=now))


def install(app: Flask) -> None:
    """Set Flask-Login up; the guard asks the gate, so nothing here opens a page by itself."""
    manager = LoginManager(app, add_context_processor=False)
    manager.user_loader(lambda token: SignedIn(token))
